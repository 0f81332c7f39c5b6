"""19. The control plane reaches every kubelet and every webhook port."""

from __future__ import annotations

from collections.abc import Iterator

from kubewire.net.addresses import bounds
from kubewire.net.kinds import IpProtocol, Kinds
from kubewire.prover.facts.firewall import Direction, GroupPeer, PrefixListPeer, RangePeer
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.properties.property import Property
from kubewire.prover.properties.ranges import unreadable_nodes
from kubewire.prover.reach.endpoints import Role
from kubewire.prover.reach.firewall import Peer
from kubewire.prover.reach.network import Network
from kubewire.prover.verdict import Finding
from kubewire.prover.witness import Hop, Outcome, Witness

KUBELET = 10250
"""https://kubernetes.io/docs/reference/networking/ports-and-protocols/"""


def _check(network: Network) -> Iterator[Finding]:
    plane = network.cluster.control_plane
    if isinstance(plane, Unknown):
        yield plane
        return
    yield from unreadable_nodes(network)
    webhooks = Kinds.union(Kinds.ports(IpProtocol.TCP, port) for port in plane.webhook_ports)
    needed = {Role.NODE: Kinds.ports(IpProtocol.TCP, KUBELET), Role.POD: webhooks}
    peers = list(_peers(network, plane.peer))
    for group in network.classes:
        endpoint, kinds = group.members[0], needed[group.members[0].role]
        for peer in peers:
            if isinstance(peer, Unknown):
                yield peer
                continue
            passes = network.firewall.admitted(endpoint.interface.groups, Direction.INGRESS, peer)
            stopped = kinds - passes.possible
            if stopped:
                place = f"security groups of interface {endpoint.interface.name}"
                yield Witness(
                    summary=f"the control plane can't reach {stopped} of {endpoint.label}",
                    source=f"control plane ({plane.peer})",
                    destination=endpoint.label,
                    traffic=str(stopped),
                    hops=(Hop(place=place, outcome=Outcome.STOPS, decided_by="no ingress rule admits it"),),
                )
            elif not kinds <= passes.certain:
                yield from (Unknown(comes_from=unknown) for unknown in sorted(passes.unknowns))


def _peers(network: Network, peer: RangePeer | GroupPeer | PrefixListPeer) -> Iterator[Peer | Unknown]:
    """Give the control plane as rules see it, cut wherever one of them cuts its range."""
    match peer:
        case RangePeer(range=Unknown() as unknown):
            yield unknown
        case RangePeer(range=item):
            for first, last in network.firewall.atoms.split(*bounds(item)):
                yield network.firewall.peer(first, last, None, None)
        case GroupPeer(group=Unknown() as unknown):
            yield unknown
        case GroupPeer(group=group):
            # Its addresses may be any of the VPC's, so what names it by range doesn't count for sure.
            last = len(network.firewall.atoms.starts) - 1
            yield Peer(0, last, "the control plane's addresses", frozenset({group}))
        case PrefixListPeer(prefix_list=name):
            yield Unknown(comes_from=f"the ranges of prefix list {name}")


PROPERTY = Property(19, "The control plane reaches every kubelet and webhook port", "logs and exec hang", _check)
