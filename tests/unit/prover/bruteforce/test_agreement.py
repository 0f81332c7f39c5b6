"""The prover against a checker that follows one packet at a time, on thousands of random networks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from ipaddress import ip_network

import pytest

from kubewire.net.addresses import point
from kubewire.net.kinds import Kinds
from kubewire.prover.facts.facts import Facts
from kubewire.prover.facts.network import Via
from kubewire.prover.properties import PROPERTIES
from kubewire.prover.prove import prove
from kubewire.prover.reach.endpoints import Endpoint, Role
from kubewire.prover.reach.network import Network
from kubewire.prover.reach.paths import Paths
from tests.unit.prover.bruteforce.networks import NODES, PODS, Draw
from tests.unit.prover.bruteforce.packets import (
    ESP,
    ICMP,
    SCTP,
    TCP,
    UDP,
    Host,
    Kind,
    answered,
    delivered,
    hosts,
    winning,
)
from tests.unit.prover.bruteforce.worlds import worlds

KINDS = (
    Kind(TCP, 79),
    Kind(TCP, 80),
    Kind(TCP, 81),
    Kind(TCP, 40000),
    Kind(TCP, 40001),
    Kind(UDP, 80),
    Kind(UDP, 40000),
    Kind(ICMP, 8),
    Kind(ICMP, 3, 4),
    Kind(ICMP, 0, 0),
    Kind(ESP),
    Kind(SCTP, 80),
)
CONCERNED = [item for item in PROPERTIES if item.number in {6, 7, 8, 9, 10, 13, 14, 15, 18}]
ROUNDS, OPEN_ROUNDS, EACH = 6, 5, 100
WORLDS = 6


def pairs(facts: Facts) -> Iterator[tuple[Host, Host]]:
    found = list(hosts(facts, facts.clusters[0]))
    return ((one, other) for one in found for other in found if one.node != other.node)


def place(kind: Kind) -> int:
    kinds = Kinds.icmp(kind.port, kind.code) if kind.protocol == ICMP else Kinds.ports(kind.protocol, kind.port)
    return kinds.lowest()


PLACES = {kind: place(kind) for kind in KINDS}


class Asked:
    """The prover, asked for single packets."""

    def __init__(self, facts: Facts) -> None:
        self.network = Network(facts, facts.clusters[0])
        self.paths = Paths(self.network)
        self._ways: dict[tuple[int, int], tuple[Kinds, Kinds]] = {}

    def endpoint(self, host: Host) -> Endpoint:
        role = Role.POD if host.is_pod else Role.NODE
        own = [item for item in self.network.endpoints if (item.node, item.role) == (host.node, role)]
        return next(item for item in own if item.first <= point(host.address) <= item.last)

    def passes(self, source: Host, destination: Host) -> tuple[Kinds, Kinds]:
        start, end = self.endpoint(source), self.endpoint(destination)
        key = (id(start), id(end))
        if key not in self._ways:
            bounds = self.paths.way(start, end).passes
            self._ways[key] = (bounds.certain, bounds.possible)
        return self._ways[key]


@pytest.mark.parametrize("part", range(ROUNDS))
def test_every_packet_and_every_verdict(part: int) -> None:
    seen: Counter[str] = Counter()
    for seed in range(part * EACH, (part + 1) * EACH):
        facts = Draw(seed).facts
        asked = Asked(facts)
        wrong: set[int] = set()
        for source, destination in pairs(facts):
            passing = delivered(facts, source, destination, KINDS)
            certain, possible = asked.passes(source, destination)
            assert passing == {kind for kind in KINDS if PLACES[kind] in certain}, (seed, source, destination)
            assert passing == {kind for kind in KINDS if PLACES[kind] in possible}, (seed, source, destination)
            wrong |= _wrong_packets(facts, source, destination, passing)
        said = {proof.number: proof.verdict.verdict for proof in prove(facts, CONCERNED)}
        assert "not proven" not in said.values(), seed
        assert {number for number, verdict in said.items() if verdict == "broken"} == wrong, seed
        seen.update(said.values())
    assert seen["broken"]
    assert seen["holds"]


def _wrong_packets(facts: Facts, source: Host, destination: Host, passing: set[Kind]) -> set[int]:
    """Give the numbers of the properties that packets of one host to another break."""
    found = set() if len(passing) == len(KINDS) else {{0: 13, 1: 15, 2: 14}[source.is_pod + destination.is_pod]}
    if not all(answered(facts, source, destination, kind) for kind in passing):
        found.add(18)
    return found | (_wrong_route(facts, source, destination) if destination.is_pod else set())


def _wrong_route(facts: Facts, source: Host, destination: Host) -> set[int]:
    """Judge the row for a pod whose address isn't its interface's own."""
    if destination.interface.prefixes:
        return set()
    found = {10} if destination.interface.checks else set()
    row = winning(facts, str(facts.subnets[str(source.interface.subnet)].table), destination.address)
    if row is None:
        return {6} | found
    cidr, route = row
    assert not isinstance(route, str)
    leaves = route.via is not Via.INTERFACE
    is_longer = cidr.prefixlen > ip_network(PODS[destination.node]).prefixlen
    if cidr.prefixlen == 0:
        found.add(6)
    if leaves and not route.black_hole:
        found.add(9)
    if is_longer and (leaves or route.target != destination.node or route.black_hole):
        found.add(8)
    if not is_longer and (route.black_hole or (not leaves and route.target != destination.node)):
        found.add(7)
    return found


@pytest.mark.parametrize("part", range(OPEN_ROUNDS))
def test_nothing_unknown_makes_it_wrong(part: int) -> None:
    unsure = 0
    for seed in range(part * EACH, (part + 1) * EACH):
        draw = Draw(seed, unknown=0.05)
        asked = Asked(draw.facts)
        for world in worlds(draw.facts, draw.unknowns, seed, WORLDS):
            for source, destination in pairs(world):
                certain, possible = asked.passes(source, destination)
                passing = delivered(world, source, destination, KINDS[::2])
                for kind in KINDS[::2]:
                    passes = kind in passing
                    assert passes or PLACES[kind] not in certain, (seed, source, destination, kind)
                    assert not passes or PLACES[kind] in possible, (seed, source, destination, kind)
                    unsure += PLACES[kind] in possible - certain
    assert unsure


def test_draws_are_of_every_sort() -> None:
    facts = [Draw(seed).facts for seed in range(200)]
    routes = [route for one in facts for table in one.tables.values() for route in table.routes]
    assert {route.via for route in routes} >= {Via.INTERFACE, Via.NAT_GATEWAY, Via.TRANSIT_GATEWAY}
    assert any(route.black_hole for route in routes)
    assert {len(one.interfaces) for one in facts} == {len(NODES)}
    assert set(PODS) == set(NODES)
