"""34. No client on a node is sent back to that node with its own address.

An internal load balancer that keeps clients' addresses leaves its own out of the packet, so the node gets one from
itself, and the answer doesn't go back through the load balancer. An internet-facing one is reached by a way out of the
VPC, which gives another address.
https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-troubleshooting.html#loopback-timeout
"""

from __future__ import annotations

from collections.abc import Iterator

from kubewire.net.kinds import Kinds
from kubewire.prover.facts.services import TargetType
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.properties.across import across
from kubewire.prover.properties.balancing import Sending, passed_on, sendings
from kubewire.prover.properties.property import Property
from kubewire.prover.properties.receivers import receivers
from kubewire.prover.reach.endpoints import Endpoint
from kubewire.prover.reach.network import Network
from kubewire.prover.reach.stages import Way, first_of, stop
from kubewire.prover.verdict import Finding


def _check(network: Network) -> Iterator[Finding]:
    for sending in sendings(network):
        if isinstance(sending, Unknown):
            yield sending
        elif not sending.balancer.internet_facing and sending.group.preserves_client:
            yield from network.unreadable
            yield from _back(network, sending)


def _back(network: Network, sending: Sending) -> Iterator[Finding]:
    """Follow a client of each class from one of the targets."""
    wanted = Kinds.union(Kinds.ports(protocol, sending.listener.port) for protocol in sending.listener.protocols)
    seen: set[tuple[int, str | None]] = set()
    for target, one in receivers(network, sending.group):
        if isinstance(one, Unknown):
            yield one
        for client in _clients(network, sending, one) if isinstance(one, Endpoint) else ():
            for name in sending.balancer.subnets:
                subnet = network.facts.subnet(name)
                key = network.class_of(client), subnet.name if subnet else None
                if key in seen:
                    continue
                seen.add(key)
                there = across(network, client, sending.balancer, subnet)
                lost = stop(client.host, "it is the client's own, so the answer bypasses the load balancer")
                way = Way(client.label, str(sending), (*there, passed_on(sending, target), lost))
                passes = Way(client.label, str(sending), there).passes
                reached = wanted & passes.certain
                if reached:
                    summary = f"{client.label} gets no answer of {sending} when it is sent back to {client.node}"
                    yield way.witness(first_of(reached), summary)
                elif wanted & passes.possible:
                    yield from (Unknown(comes_from=unknown) for unknown in sorted(passes.unknowns))


def _clients(network: Network, sending: Sending, target: Endpoint) -> list[Endpoint]:
    """Give who would be its own target: a node and its pods, or a pod that is one."""
    if sending.group.type is TargetType.IP:
        return [target]
    return [one for one in network.of_node(target.node) if one.version == target.version]


PROPERTY = Property(34, "No client is sent back to its own node", "the client on the same node times out", _check)
