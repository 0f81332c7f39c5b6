"""The prover against a checker that follows one packet at a time, on thousands of random networks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

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
    LOCAL,
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
ROUNDS, EACH = 20, 110
MOST_WORLDS = 24


def pairs(facts: Facts) -> Iterator[tuple[Host, Host]]:
    found = list(hosts(facts, facts.clusters[0]))
    return ((one, other) for one in found for other in found if one.node != other.node)


def place(kind: Kind) -> int:
    kinds = Kinds.icmp(kind.port, kind.code) if kind.protocol == ICMP else Kinds.ports(kind.protocol, kind.port)
    return kinds.lowest()


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
def test_every_packet_gets_where_the_prover_says(part: int) -> None:
    for seed in range(part * EACH, (part + 1) * EACH):
        facts = Draw(seed).facts
        asked = Asked(facts)
        for source, destination in pairs(facts):
            certain, possible = asked.passes(source, destination)
            for kind in KINDS:
                passes = delivered(facts, source, destination, kind)
                said = (place(kind) in certain, place(kind) in possible)
                assert said == (passes, passes), (seed, source, destination, kind)


@pytest.mark.parametrize("part", range(ROUNDS // 4))
def test_nothing_unknown_makes_it_wrong(part: int) -> None:
    unsure = 0
    for seed in range(part * EACH, (part + 1) * EACH):
        draw = Draw(seed, unknown=0.05)
        asked = Asked(draw.facts)
        for world in worlds(draw.facts, draw.unknowns, MOST_WORLDS):
            for source, destination in pairs(world):
                certain, possible = asked.passes(source, destination)
                for kind in KINDS[::2]:
                    passes = delivered(world, source, destination, kind)
                    assert passes or place(kind) not in certain, (seed, source, destination, kind)
                    assert not passes or place(kind) in possible, (seed, source, destination, kind)
                    unsure += place(kind) in possible - certain
    assert unsure


def wrong(facts: Facts) -> set[int]:
    """Give the numbers of the properties that some packet or address breaks."""
    found: set[int] = set()
    for source, destination in pairs(facts):
        if not all(delivered(facts, source, destination, kind) for kind in KINDS):
            found.add({0: 13, 1: 15, 2: 14}[source.is_pod + destination.is_pod])
        if any(
            delivered(facts, source, destination, kind) and not answered(facts, source, destination, kind)
            for kind in KINDS
        ):
            found.add(18)
        if destination.is_pod:
            found |= _wrong_route(facts, source, destination)
    return found


def _wrong_route(facts: Facts, source: Host, destination: Host) -> set[int]:
    """Judge the route to a pod whose address isn't its interface's own."""
    if destination.address in destination.interface.prefixes or destination.interface.prefixes:
        return set()
    checked = {10} if destination.interface.checks else set()
    table = str(facts.subnets[str(source.interface.subnet)].table)
    route = winning(facts, table, destination.address)
    if route is None or isinstance(route, str):
        return {6} | checked
    cidr = [item for item in [route.destination] if hasattr(item, "range")]
    if cidr and cidr[0].range.prefixlen == 0:
        checked.add(6)
    if route.via is not Via.INTERFACE and not route.black_hole:
        checked.add(9)
    elif route.target != destination.node or route.black_hole:
        checked.add(78)
    return checked


@pytest.mark.parametrize("part", range(ROUNDS))
def test_every_verdict_is_that_of_all_packets(part: int) -> None:
    concerned = [item for item in PROPERTIES if item.number in {6, 7, 8, 9, 10, 13, 14, 15, 18}]
    seen: Counter[str] = Counter()
    for seed in range(part * EACH, (part + 1) * EACH):
        facts = Draw(seed).facts
        said = {proof.number: proof.verdict.verdict for proof in prove(facts, concerned)}
        assert "not proven" not in said.values(), seed
        broken = {number for number, verdict in said.items() if verdict == "broken"}
        merged = {78 if number in {7, 8} else number for number in broken}
        assert merged == wrong(facts), seed
        seen.update(said.values())
    assert seen["broken"]
    assert seen["holds"]


def test_draws_are_of_every_sort() -> None:
    facts = [Draw(seed).facts for seed in range(200)]
    routes = [route for one in facts for table in one.tables.values() for route in table.routes]
    assert {route.via for route in routes} >= {Via.INTERFACE, Via.NAT_GATEWAY, Via.TRANSIT_GATEWAY}
    assert any(route.black_hole for route in routes)
    assert LOCAL in {winning(one, "first", one.interfaces["a"].address) for one in facts}  # type: ignore[arg-type]  # nothing is unknown
    assert {len(one.interfaces) for one in facts} == {len(NODES)}
    assert set(PODS) == set(NODES)
