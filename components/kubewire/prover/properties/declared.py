"""Who may connect from outside, as Services declare it: questions that several properties ask."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kubewire.net.addresses import Addresses
from kubewire.prover.facts.cluster import Apart
from kubewire.prover.facts.firewall import GroupPeer, PrefixListPeer, RangePeer
from kubewire.prover.facts.network import Interface
from kubewire.prover.facts.services import Service
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.reach.endpoints import Endpoint
from kubewire.prover.reach.entering import entering
from kubewire.prover.reach.firewall import Answers, Peer
from kubewire.prover.reach.network import Network
from kubewire.prover.reach.paths import Paths
from kubewire.prover.reach.stages import Stage
from kubewire.prover.reach.world import example

Peers = tuple[RangePeer | GroupPeer | PrefixListPeer, ...]


@dataclass(frozen=True)
class Callers:
    """Some peers, as what they stand for.

    Attributes:
        peers: as they are declared: a rule that names one of them lets in nobody else.
        addresses: those of ranges, and of prefix lists whose ranges are known.
        groups: security groups by name.
        unread: those of the peers of which it isn't known who they are.
    """

    peers: frozenset[RangePeer | GroupPeer | PrefixListPeer]
    addresses: Addresses
    groups: frozenset[str]
    unread: Peers

    @property
    def unknowns(self) -> list[Unknown]:
        """Give what would say who the others are."""
        return [who_is(peer) for peer in self.unread]


def who_is(peer: RangePeer | GroupPeer | PrefixListPeer) -> Unknown:
    """Say what would tell who a peer is."""
    match peer:
        case RangePeer(range=Unknown() as unknown) | GroupPeer(group=Unknown() as unknown):
            return unknown
        case _:
            return Unknown(comes_from=f"the ranges of {peer}")


def declared(service: Service) -> Peers | Unknown:
    """Give the declared sources of a Service, or say that there is no telling."""
    if service.sources is not None:
        return service.sources
    if service.source_ranges:
        return tuple(RangePeer(range=item) for item in service.source_ranges)
    return Unknown(comes_from=f"who may connect to {service.label} from outside: nothing declares it")


def callers(network: Network, peers: Peers) -> Callers:
    """Give who they are."""
    addresses, groups, unread = [Addresses.nothing()], set[str](), list[RangePeer | GroupPeer | PrefixListPeer]()
    for peer in peers:
        match peer:
            case RangePeer(range=item) if not isinstance(item, Unknown):
                addresses.append(Addresses.of(item))
            case GroupPeer(group=str() as group):
                groups.add(group)
            case PrefixListPeer(prefix_list=name) if name in network.facts.prefix_lists:
                addresses.append(Addresses.of(*network.facts.prefix_lists[name]))
            case _:
                unread.append(peer)
    return Callers(frozenset(peers), Addresses.union(addresses), frozenset(groups), tuple(unread))


def insiders(network: Network) -> Addresses:
    """Give the addresses of nodes, pods and the control plane: nobody has to declare those."""
    cluster = network.cluster
    own = [item for node in cluster.nodes for item in node.pod_ranges]
    plane = [
        peer.range
        for peer in (cluster.control_plane.peers if isinstance(cluster.control_plane, Apart) else ())
        if isinstance(peer, RangePeer) and not isinstance(peer.range, Unknown)
    ]
    nodes = [Addresses.span(one.first, one.last) for one in network.endpoints if one.unknown is None]
    return Addresses.union([Addresses.of(*own, *cluster.pod_ranges, *plane), *nodes])


def stranger(network: Network, first: int, last: int) -> Peer:
    """Describe somebody in no security group."""
    return network.firewall.peer(first, last, None, None)


def members(network: Network, group: str) -> list[Interface] | Unknown:
    """Give the interfaces in a group that aren't nodes', or what would say them."""
    if group not in network.facts.groups:
        return Unknown(comes_from=f"who is in security group {group}")
    return network.strangers_in.get(group, [])


def arriving(network: Network, who: Callers, to: Endpoint) -> Iterator[tuple[str, tuple[Stage, ...]] | Unknown]:
    """Give what is between declared sources and a node, apart from the routes: how they come near is theirs to say."""
    for start, end, stages in entering(network, who.addresses, to, stranger, Answers.EVERY):
        yield example(Addresses.span(start, end)), stages[1:]
    for group in sorted(who.groups):
        found = members(network, group)
        if isinstance(found, Unknown):
            # Rules that name the group let all of it in, wherever it is.
            last = len(network.firewall.atoms.starts) - 1
            peer = Peer(0, last, f"the addresses in security group {group}", frozenset({group}))
            yield f"group {group}", Paths(network).into(f"group {group}", peer, to).stages
            continue
        for one in found:
            yield from member_ways(network, one, to)


def member_ways(
    network: Network, one: Interface, to: Endpoint, answers: Answers = Answers.EVERY
) -> Iterator[tuple[str, tuple[Stage, ...]] | Unknown]:
    """Give what is between an interface of the VPC's and a node."""
    address = one.address if to.version == 4 else one.ipv6  # noqa: PLR2004 - IP's version
    if address is None:
        return
    if isinstance(address, Unknown):
        yield address
        return
    place = Addresses.one(address).spans()
    for first, last in place:
        peer = network.firewall.peer(first, last, None, one)
        stages = Paths(network).into(one.name, peer, to, answers).stages
        yield f"{one.name} ({address})", stages if one.subnet != to.interface.subnet else stages[1:-1]
