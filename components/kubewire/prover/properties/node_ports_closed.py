"""27. Node ports are reachable from the declared sources only.

Whoever a rule of the nodes' groups admits at a node port, and whom no source, node, pod or control plane is, must not
have a way in: by the routes of the nodes' subnets, and past their ACLs.
"""

from __future__ import annotations

from collections.abc import Iterator

from kubewire.net.addresses import Addresses
from kubewire.net.kinds import PORTED, Kinds
from kubewire.prover.facts.cluster import Apart
from kubewire.prover.facts.firewall import GroupPeer
from kubewire.prover.facts.services import Service
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.properties.declared import callers, insiders, member_ways, stranger
from kubewire.prover.properties.exposure import Opening, openings
from kubewire.prover.properties.property import Property
from kubewire.prover.properties.serving import alike, kinds_by_version, unknown_node_ports, with_node_ports
from kubewire.prover.reach.endpoints import Endpoint, Role
from kubewire.prover.reach.entering import entering, public_address
from kubewire.prover.reach.firewall import Answers
from kubewire.prover.reach.further import wider
from kubewire.prover.reach.network import Network
from kubewire.prover.reach.stages import Stage, Way, first_of
from kubewire.prover.reach.world import example
from kubewire.prover.verdict import Finding


def _check(network: Network) -> Iterator[Finding]:
    services = with_node_ports(network)
    if not services:
        return
    yield from network.unreadable
    yield from (Unknown(comes_from=item) for item in wider(network.facts, network.cluster.nodes))
    own, nodes = insiders(network), list(_nodes(network))
    for peers, group in alike(services):
        who = callers(network, () if isinstance(peers, Unknown) else (*peers, *_plane(network)))
        wanted, unknowns = kinds_by_version(network, group)
        yield from unknowns
        open_ends = [*([peers] if isinstance(peers, Unknown) else ()), *who.unknowns]
        unsure = _perhaps(network, group)
        for node in nodes:
            for opening in openings(network, node.interface.groups, wanted[node.version] | unsure, who, own):
                if isinstance(opening, Unknown):
                    yield opening
                    continue
                for client, stages in _ways(network, opening, node):
                    yield from _judged(Way(client, node.label, stages), opening, wanted[node.version], group, open_ends)


def _judged(
    way: Way, opening: Opening, wanted: Kinds, services: list[Service], open_ends: list[Unknown]
) -> Iterator[Finding]:
    """Say what a stranger reaches surely, and else what it may reach."""
    passes = way.passes
    reached = opening.surely & wanted & passes.certain
    if reached and open_ends:
        yield from open_ends
    elif reached:
        labels = [one.label for one in services if _has(one, reached)]
        who = f"{way.source} reaches {reached} of {way.destination}"
        summary = f"{who} by {opening.rule.name!r}, and is no declared source of {', '.join(labels)}"
        yield way.witness(first_of(reached), summary)
    elif maybe := opening.maybe & passes.possible:
        unknowns = {*opening.unknowns, *passes.unknowns} if maybe & wanted else set()
        chosen = [] if maybe <= wanted else [port.comes_from for one in services for port in unknown_node_ports(one)]
        yield from (Unknown(comes_from=unknown) for unknown in sorted({*unknowns, *chosen}))


def _ways(network: Network, opening: Opening, node: Endpoint) -> Iterator[tuple[str, tuple[Stage, ...]]]:
    if isinstance(opening.who, Addresses):
        for start, end, stages in entering(network, opening.who, node, stranger):
            yield example(Addresses.span(start, end)), stages
        return
    for way in member_ways(network, opening.who, node, Answers.SOME):
        if not isinstance(way, Unknown):
            yield way


def _perhaps(network: Network, services: list[Service]) -> Kinds:
    """Give the kinds of traffic to ports that the API server will choose: any of its range."""
    open_ones = {port.protocol for one in services for port in one.ports if isinstance(port.node_port, Unknown)}
    ports = network.cluster.node_ports
    if isinstance(ports, Unknown):
        return Kinds.union(Kinds.protocol(protocol) for protocol in open_ones)
    return Kinds.union(Kinds.ports(protocol, ports.first, ports.last) for protocol in PORTED if protocol in open_ones)


def _nodes(network: Network) -> Iterator[Endpoint]:
    """Give one node of each class: a public address, which no rule looks at, makes another."""
    for members in network.classes:
        if members[0].role is Role.NODE:
            found = {_sort(public_address(member)): member for member in reversed(members)}
            yield from found.values()


def _sort(public: str | Unknown | None) -> str:
    return "unknown" if isinstance(public, Unknown) else "none" if public is None else "some"


def _plane(network: Network) -> list[GroupPeer]:
    plane = network.cluster.control_plane
    return [peer for peer in plane.peers if isinstance(peer, GroupPeer)] if isinstance(plane, Apart) else []


def _has(service: Service, reached: Kinds) -> bool:
    return any(
        isinstance(port.node_port, int) and bool(Kinds.ports(port.protocol, port.node_port) & reached)
        for port in service.ports
    )


PROPERTY = Property(27, "Node ports are reachable from the declared sources only", "exposure", _check)
