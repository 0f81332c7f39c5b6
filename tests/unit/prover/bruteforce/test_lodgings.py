"""The prover against the checker of packets, where pods have addresses of the VPC and nodes are yet to come."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

import pytest

from kubewire.net.addresses import point
from kubewire.net.kinds import Kinds
from kubewire.prover.facts.facts import Facts
from kubewire.prover.facts.network import Route, Via
from kubewire.prover.properties import PROPERTIES
from kubewire.prover.prove import prove
from kubewire.prover.reach.endpoints import Endpoint, Role
from kubewire.prover.reach.network import Network
from kubewire.prover.reach.paths import Paths
from tests.unit.prover.bruteforce.lodgings import alike, lodged, lodgers
from tests.unit.prover.bruteforce.packets import Host, Kind, answered, delivered, winning
from tests.unit.prover.bruteforce.test_agreement import KINDS, PLACES

CONCERNED = [item for item in PROPERTIES if item.number in {9, 13, 14, 15, 18}]
ROUNDS, EACH = 5, 30
Pair = tuple[Host, Host]


def pairs(facts: Facts) -> dict[tuple[object, ...], list[Pair]]:
    """Give all pairs on different nodes with different addresses, by whom they stand for."""
    found, sorts = list(lodgers(facts, facts.clusters[0])), defaultdict[tuple[object, ...], list[Pair]](list)
    for one in found:
        for other in found:
            if one.node != other.node and one.address != other.address:
                sorts[alike(one), alike(other)].append((one, other))
    return sorts


class Asked:
    """The prover, asked for the bounds of what gets from one to another."""

    def __init__(self, facts: Facts) -> None:
        self.network = Network(facts, facts.clusters[0])
        self.paths = Paths(self.network)

    def endpoint(self, host: Host) -> Endpoint:
        role = Role.POD if host.is_pod else Role.NODE
        return next(
            one
            for one in self.network.of_node(host.node)
            if one.role is role
            and one.first <= point(host.address) <= one.last
            and (one.interface.subnet, one.interface.groups) == (host.interface.subnet, host.interface.groups)
        )

    def bounds(self, source: Host, destination: Host) -> tuple[Kinds, Kinds]:
        passes = self.paths.way(self.endpoint(source), self.endpoint(destination)).passes
        return passes.certain, passes.possible


Wrong = tuple[int, Kind | None]


def wrong(facts: Facts, source: Host, destination: Host, passing: set[Kind]) -> Iterator[Wrong]:
    """Give the numbers of the properties that packets of one to the other break, each with the kind of packet."""
    for kind in KINDS:
        if kind not in passing:
            yield {0: 13, 1: 15, 2: 14}[source.is_pod + destination.is_pod], kind
        elif not answered(facts, source, destination, kind):
            yield 18, kind
    table = str(facts.subnets[str(source.interface.subnet)].table)
    # Of ranges that AWS knows as an interface's own, other properties tell.
    asked = destination.is_pod and not destination.interface.prefixes
    row = winning(facts, table, destination.address) if asked else None
    if row and isinstance(row[1], Route) and row[1].via is not Via.INTERFACE and not row[1].black_hole:
        yield 9, None


@pytest.mark.parametrize("part", range(ROUNDS))
def test_every_packet_and_every_verdict(part: int) -> None:
    """What holds does so wherever they are, and what is broken wherever they are is told."""
    seen: Counter[str] = Counter()
    for seed in range(part * EACH, (part + 1) * EACH):
        facts = lodged(seed)
        asked = Asked(facts)
        anywhere, everywhere = set[Wrong](), set[Wrong]()
        for members in pairs(facts).values():
            certain, possible = asked.bounds(*members[0])
            broken: list[set[Wrong]] = []
            for source, destination in members:
                passing = delivered(facts, source, destination, KINDS)
                assert {kind for kind in KINDS if PLACES[kind] in certain} <= passing, (seed, source, destination)
                assert passing <= {kind for kind in KINDS if PLACES[kind] in possible}, (seed, source, destination)
                broken.append(set(wrong(facts, source, destination, passing)))
            anywhere |= set.union(*broken)
            everywhere |= set.intersection(*broken)
        for proof in prove(facts, CONCERNED):
            number, said = proof.number, proof.verdict.verdict
            seen[said] += 1
            assert said == "broken" or number not in {at for at, _ in everywhere}, (seed, number, said)
            assert said != ("holds" if number in {at for at, _ in anywhere} else "broken"), (seed, number, said)
    assert seen["holds"]
    assert seen["broken"]


def test_some_are_left_open() -> None:
    said = Counter(proof.verdict.verdict for seed in range(40) for proof in prove(lodged(seed), CONCERNED))
    assert all(said[word] > 5 for word in ("holds", "broken", "not proven")), said
