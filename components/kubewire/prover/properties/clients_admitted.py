"""31. Nodes admit the source that the load balancer's mode implies: its clients, or itself."""

from __future__ import annotations

from collections.abc import Iterator

from kubewire.net.kinds import Kinds
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.properties.balancing import Admission, clients, own_peers, sendings
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
        keeps = sending.group.preserves_client
        who = f"{'clients' if keeps else 'connections'} of {sending}"
        nodes = list(each_receiver(network, sending.group))
        for peer in clients(network, sending) if keeps else own_peers(network, sending.balancer):
            for target, node in nodes:
                if isinstance(peer, Unknown) or isinstance(target.port, Unknown):
                    yield from (item for item in (peer, target.port) if isinstance(item, Unknown))
                    continue
                needed = Kinds.union(Kinds.ports(protocol, target.port) for protocol in sending.group.protocols)
                yield from admission.findings(who, sending, peer, target, node, needed)


PROPERTY = Property(
    31, "Nodes admit what load balancers send, from whom they send it", "healthy, but unreachable", _check
)
