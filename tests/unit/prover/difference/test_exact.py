"""The difference in sets against the pairwise difference of a checker that follows one packet at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from random import Random

import pytest

from kubewire.net.addresses import point
from kubewire.prover.difference.delta import Turn
from kubewire.prover.difference.difference import Difference, difference
from kubewire.prover.difference.flows import Flow, Inside, Outside
from kubewire.prover.difference.joints import Piece
from kubewire.prover.facts.facts import Facts
from kubewire.prover.reach.endpoints import Role
from tests.unit.prover.bruteforce.networks import Draw
from tests.unit.prover.bruteforce.packets import Host, Kind, delivered, hosts
from tests.unit.prover.bruteforce.test_agreement import KINDS, PLACES, Asked, pairs
from tests.unit.prover.bruteforce.worlds import worlds
from tests.unit.prover.difference.outsiders import OUTSIDERS, public_ones, received

ROUNDS, EACH = 4, 20
WORLDS = 4
SOME = KINDS[::2]
PARTS = ("groups", "tables", "acls", "subnets", "interfaces")
Who = tuple[str, bool, int]
"""A node by its name, a pod by its node and address."""
Packet = tuple[Who, Who, Kind]


def changed(before: Facts, other: Facts, seed: int) -> Facts:
    """A network with some parts of another one."""
    random = Random(seed)  # noqa: S311 - repeatable on purpose
    chosen = random.sample(PARTS, random.choice([1, 1, 2, 3]))
    after = before.model_copy(update={part: getattr(other, part) for part in chosen})
    if random.random() < 0.3:
        (cluster,) = after.clusters
        fewer = cluster.model_copy(update={"nodes": tuple(random.sample(cluster.nodes, 2))})
        after = after.model_copy(update={"clusters": (fewer,)})
    return after


def who(host: Host) -> Who:
    return host.node, host.is_pod, point(host.address) if host.is_pod else 0


def packets(facts: Facts) -> set[Packet]:
    return {
        (who(source), who(destination), kind)
        for source, destination in pairs(facts)
        for kind in delivered(facts, source, destination, KINDS)
    }


def is_in(host: Who, pieces: tuple[Piece, ...]) -> bool:
    node, is_pod, place = host
    role = Role.POD if is_pod else Role.NODE
    return any((one.node, one.role) == (node, role) and one.first <= place <= one.last for one in pieces)


def inside(found: Difference, turn: Turn) -> Iterator[Flow]:
    return (
        flow
        for flow in found.flows
        if flow.turn is turn and isinstance(flow.source, Inside) and isinstance(flow.destination, Inside)
    )


def expanded(found: Difference, turn: Turn, everybody: set[Who]) -> Counter[Packet]:
    """Give every packet of the sets of one sort, with how many of them it is in."""
    counted: Counter[Packet] = Counter()
    for flow in inside(found, turn):
        assert isinstance(flow.source, Inside)
        assert isinstance(flow.destination, Inside)
        sources = [one for one in everybody if is_in(one, flow.source.pieces)]
        destinations = [one for one in everybody if is_in(one, flow.destination.pieces)]
        kinds = [kind for kind in KINDS if PLACES[kind] in flow.kinds]
        counted.update(
            (one, other, kind) for one in sources for other in destinations if one[0] != other[0] for kind in kinds
        )
    return counted


def everybody(*networks: Facts) -> set[Who]:
    return {who(host) for facts in networks for host in hosts(facts, facts.clusters[0])}


@pytest.mark.parametrize("part", range(ROUNDS))
def test_sets_are_the_pairwise_difference(part: int) -> None:
    seen: Counter[Turn] = Counter()
    for seed in range(part * EACH, (part + 1) * EACH):
        before = Draw(seed).facts
        after = changed(before, Draw(seed + 100_000).facts, seed)
        (found,) = difference(before, after)
        was, will = packets(before), packets(after)
        people = everybody(before, after)
        for turn, expected in ((Turn.GAINED, will - was), (Turn.LOST, was - will), (Turn.UNSURE, set())):
            told = expanded(found, turn, people)
            assert set(told) == expected, (seed, turn)
            assert set(told.values()) <= {1}, (seed, turn, "a packet is in two sets")
            seen[turn] += len(told)
    assert seen[Turn.GAINED]
    assert seen[Turn.LOST]


def test_a_new_network_gains_all_that_it_reaches_and_a_destroyed_one_loses_it() -> None:
    facts = Draw(7).facts
    gone = facts.model_copy(update={"clusters": ()})
    for before, after, turn in ((None, facts, Turn.GAINED), (gone, facts, Turn.GAINED), (facts, gone, Turn.LOST)):
        (found,) = difference(before, after)
        assert set(expanded(found, turn, everybody(facts))) == packets(facts)
        assert {flow.turn for flow in found.flows} - {Turn.UNSURE} == {turn}


@pytest.mark.parametrize("seed", range(20))
def test_nothing_changes_where_nothing_does(seed: int) -> None:
    facts = Draw(seed, unknown=0.1).facts
    (found,) = difference(facts, facts.model_copy(deep=True))
    assert found.flows == ()


@pytest.mark.parametrize("part", range(ROUNDS // 2))
def test_what_is_unknown_is_kept_apart(part: int) -> None:
    """Whatever unknown values turn out to be, what is said to be gained or lost is, and there is no more of either."""
    unsure = 0
    for seed in range(part * EACH, (part + 1) * EACH):
        draw, other = Draw(seed, unknown=0.04), Draw(seed + 100_000, unknown=0.04)
        before, after = draw.facts, changed(draw.facts, other.facts, seed)
        (found,) = difference(before, after)
        values = {**other.unknowns, **draw.unknowns}
        people = everybody(*(next(worlds(facts, values, 0, 1)) for facts in (before, after)))
        told = {turn: set(expanded(found, turn, people)) for turn in Turn}
        unsure += len(told[Turn.UNSURE])
        for was, will in zip(*(worlds(facts, values, seed, WORLDS) for facts in (before, after)), strict=True):
            before_packets, after_packets = packets(was), packets(will)
            gained, lost = after_packets - before_packets, before_packets - after_packets
            assert told[Turn.GAINED] <= gained, seed
            assert told[Turn.LOST] <= lost, seed
            rest = (gained | lost) - told[Turn.GAINED] - told[Turn.LOST] - told[Turn.UNSURE]
            assert all(_depends(packet, before, was) and _depends(packet, after, will) for packet in rest), seed
    assert unsure


def _depends(packet: Packet, facts: Facts, world: Facts) -> bool:
    """Whether unknown values decide on a packet."""
    found = {who(host): host for host in hosts(world, world.clusters[0])}
    certain, possible = Asked(facts).passes(found[packet[0]], found[packet[1]])
    return PLACES[packet[2]] in possible - certain


@pytest.mark.parametrize("part", range(ROUNDS // 2))
def test_others_reach_what_the_sets_say(part: int) -> None:
    seen: Counter[Turn] = Counter()
    for seed in range(part * EACH, (part + 1) * EACH):
        before = public_ones(Draw(seed).facts, seed)
        after = public_ones(changed(before, Draw(seed + 100_000).facts, seed), seed + seed % 2)
        (found,) = difference(before, after)
        was, will = received(before, KINDS), received(after, KINDS)
        for source in OUTSIDERS:
            for target in everybody(before, after):
                for kind in SOME:
                    expected = _turn(was.get((source, target)), will.get((source, target)), kind)
                    flows = [flow for flow in found.flows if _has(flow, source, target, kind)]
                    assert [flow.turn for flow in flows] == expected, (seed, source, target, kind)
                    seen.update(expected)
    assert seen[Turn.GAINED]
    assert seen[Turn.LOST]


def _turn(was: Mapping[Kind, bool | None] | None, will: Mapping[Kind, bool | None] | None, kind: Kind) -> list[Turn]:
    """Compare two answers, of which None is that it isn't known."""
    before, after = (False if one is None else one[kind] for one in (was, will))
    if before == after:
        return []
    if before is None or after is None:
        return [Turn.UNSURE]
    return [Turn.GAINED if after else Turn.LOST]


def _has(flow: Flow, source: str, target: Who, kind: Kind) -> bool:
    return (
        isinstance(flow.source, Outside)
        and isinstance(flow.destination, Inside)
        and not flow.source.group
        and point(ip_address(source)) in flow.source.addresses
        and is_in(target, flow.destination.pieces)
        and PLACES[kind] in flow.kinds
    )
