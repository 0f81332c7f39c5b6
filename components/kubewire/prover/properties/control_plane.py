"""19. The control plane reaches every kubelet and every webhook port."""

from __future__ import annotations

from collections.abc import Iterator

from kubewire.net.addresses import bounds
from kubewire.net.kinds import IpProtocol, Kinds
from kubewire.prover.facts.cluster import OnNodes
from kubewire.prover.facts.firewall import GroupPeer, PrefixListPeer, RangePeer
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.properties.property import Property
from kubewire.prover.reach.endpoints import Role
from kubewire.prover.reach.firewall import Peer
from kubewire.prover.reach.network import Network
from kubewire.prover.reach.paths import Paths
from kubewire.prover.reach.stages import Way, first_of
from kubewire.prover.verdict import Finding

KUBELET = 10250
"""https://kubernetes.io/docs/reference/networking/ports-and-protocols/"""


def _check(network: Network) -> Iterator[Finding]:
    plane = network.cluster.control_plane
    if isinstance(plane, Unknown):
        yield plane
        return
    yield from network.unreadable
    if isinstance(plane, OnNodes):
        yield from _among_nodes(network)
        return
    webhooks = Kinds.union(Kinds.ports(IpProtocol.TCP, port) for port in plane.webhook_ports)
    needed = {Role.NODE: Kinds.ports(IpProtocol.TCP, KUBELET), Role.POD: webhooks}
    paths = Paths(network)
    peers = [(where, peer) for where in plane.peers for peer in _peers(network, where)]
    for group in network.classes:
        endpoint, kinds = group[0], needed[group[0].role]
        for where, peer in peers:
            if isinstance(peer, Unknown):
                yield peer
                continue
            yield from _asked(paths.into(f"control plane ({where})", peer, endpoint), kinds)


def _among_nodes(network: Network) -> Iterator[Finding]:
    """Follow what a node asks of others: their kubelets, and pods at whatever ports their webhooks have."""
    needed = {Role.NODE: Kinds.ports(IpProtocol.TCP, KUBELET), Role.POD: Kinds.protocol(IpProtocol.TCP)}
    paths = Paths(network)
    for source, destination in network.pairs():
        if source.role is Role.NODE:
            yield from _asked(paths.way(source, destination), needed[destination.role])


def _asked(way: Way, kinds: Kinds) -> Iterator[Finding]:
    passes = way.passes
    stopped = kinds - passes.possible
    if stopped:
        yield way.witness(first_of(stopped), f"the control plane can't reach {stopped} of {way.destination}")
    elif not kinds <= passes.certain:
        yield from (Unknown(comes_from=unknown) for unknown in sorted(passes.unknowns))


def _peers(network: Network, peer: RangePeer | GroupPeer | PrefixListPeer) -> Iterator[Peer | Unknown]:
    """Give the control plane as rules see it, cut wherever one of them cuts its range."""
    if isinstance(peer, PrefixListPeer):
        yield Unknown(comes_from=f"the ranges of prefix list {peer.prefix_list}")
        return
    said = peer.range if isinstance(peer, RangePeer) else peer.group
    if isinstance(said, Unknown):
        yield said
    elif isinstance(said, str):
        # Its addresses may be any of the VPC's, so what names it by range doesn't count for sure.
        last = len(network.firewall.atoms.starts) - 1
        yield Peer(0, last, "the control plane's addresses", frozenset({said}))
    else:
        for first, last in network.firewall.atoms.split(*bounds(said)):
            yield network.firewall.peer(first, last, None, None)


PROPERTY = Property(19, "The control plane reaches every kubelet and webhook port", "logs and exec hang", _check)
