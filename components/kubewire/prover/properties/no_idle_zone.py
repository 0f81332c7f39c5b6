"""35. Every zone with targets is one of the load balancer's, or it sends to all zones from each.

https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html#availability-zones
"""

from __future__ import annotations

from collections.abc import Iterator

from kubewire.prover.facts.network import Subnet
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.properties.balancing import Sending, sendings
from kubewire.prover.properties.property import Property
from kubewire.prover.properties.receivers import receivers
from kubewire.prover.reach.endpoints import Endpoint
from kubewire.prover.reach.network import Network
from kubewire.prover.verdict import Finding
from kubewire.prover.witness import Witness


def _check(network: Network) -> Iterator[Finding]:
    for sending in sendings(network):
        if isinstance(sending, Unknown):
            yield sending
            continue
        crosses = sending.balancer.cross_zone if sending.group.cross_zone is None else sending.group.cross_zone
        if crosses is True:
            continue
        for finding in _idle(network, sending):
            # With an idle zone, all depends on whether it crosses.
            yield crosses if isinstance(crosses, Unknown) and isinstance(finding, Witness) else finding


def _idle(network: Network, sending: Sending) -> Iterator[Finding]:
    enabled, unsure = set[str](), list[Finding]()
    for name in sending.balancer.subnets:
        zone = _zone(network.facts.subnet(name), str(name))
        if isinstance(zone, Unknown):
            unsure.append(zone)
        else:
            enabled.add(zone)
    idle: dict[str, str] = {}
    for target, one in receivers(network, sending.group):
        if target.every_zone:
            continue
        if not isinstance(one, Endpoint):
            yield one or Unknown(comes_from=f"the zone of target {target.name}")
            continue
        zone = _zone(network.subnet_of(one.interface), f"the subnet of {one.node}")
        if isinstance(zone, Unknown):
            yield zone
        elif zone not in enabled:
            idle.setdefault(zone, target.name)
    for zone, example in sorted(idle.items()):
        zones = ", ".join(sorted(enabled))
        idles = f"{sending} sends nothing to {example} in {zone}: it is in {zones}, and doesn't cross zones"
        yield from unsure or [Witness(summary=idles)]


def _zone(subnet: Subnet | None, otherwise: str) -> str | Unknown:
    return Unknown(comes_from=f"the zone of {otherwise}") if subnet is None else subnet.zone


PROPERTY = Property(35, "Every zone with targets gets something of the traffic", "an idle zone", _check)
