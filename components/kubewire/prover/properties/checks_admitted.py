"""32. Nodes admit the health checks, which come from the load balancer's own addresses."""

from __future__ import annotations

from collections.abc import Iterator

from kubewire.net.kinds import Kinds
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.properties.balancing import Admission, own_peers, sendings
from kubewire.prover.properties.property import Property
from kubewire.prover.properties.receivers import each_receiver
from kubewire.prover.reach.network import Network
from kubewire.prover.verdict import Finding


def _check(network: Network) -> Iterator[Finding]:
    yield from network.unreadable
    admission = Admission(network)
    for sending in sendings(network):
        if isinstance(sending, Unknown):
            yield sending
            continue
        check, who = sending.group.health_check, f"health checks of {sending}"
        nodes = list(each_receiver(network, sending.group))
        for peer in own_peers(network, sending.balancer):
            for target, node in nodes:
                port = target.port if check.port is None else check.port
                if isinstance(peer, Unknown) or isinstance(port, Unknown):
                    yield from (item for item in (peer, port) if isinstance(item, Unknown))
                    continue
                needed = Kinds.ports(check.protocol, port)
                yield from admission.findings(who, sending, peer, None, node, needed)


PROPERTY = Property(32, "The health check's port and source are admitted", "all targets are unhealthy", _check)
