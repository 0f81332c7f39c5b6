"""Pairs of classes, as few rectangles: what every one of some sends to every one of others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import TypeVar

from kubewire.net.kinds import Kinds
from kubewire.net.points import Points
from kubewire.prover.difference.delta import Delta, Turn

S = TypeVar("S", bound=Hashable)
D = TypeVar("D", bound=Hashable)
P = TypeVar("P", bound=Points)

Rectangle = tuple[frozenset[S], frozenset[D], Kinds]


def covers(pairs: Mapping[tuple[S, D], Kinds], vacuous: Iterable[tuple[S, D]] = ()) -> list[Rectangle[S, D]]:
    """Join pairs into rectangles, each with traffic of its own; no packet is in two.

    Args:
        pairs: who, whom, and what.
        vacuous: pairs that stand for no packet at all, so that they may be in any rectangle.
    """
    empty = frozenset(vacuous)
    whole = _by_kinds(pairs, empty)
    parted = _joined_kinds(_by_kinds(cut, empty) for cut in _cut(pairs))
    return parted if len(parted) <= len(whole) else whole


def atoms(found: Iterable[P]) -> list[P]:
    """Cut sets by each other: the parts share nothing, and each set is some of them together."""
    parts: list[P] = []
    for whole in dict.fromkeys(found):
        rest = whole
        cut: list[P] = []
        for part in parts:
            cut += [common for common in (part & rest, part - rest) if common]
            rest = rest - part
        parts = [*cut, *([rest] if rest else [])]
    return parts


def _cut(pairs: Mapping[tuple[S, D], Kinds]) -> Iterator[dict[tuple[S, D], Kinds]]:
    for atom in atoms(pairs.values()):
        yield {pair: atom for pair, kinds in pairs.items() if kinds & atom}


def _by_kinds(pairs: Mapping[tuple[S, D], Kinds], vacuous: frozenset[tuple[S, D]]) -> list[Rectangle[S, D]]:
    """Join what has the same traffic."""
    alike: defaultdict[Kinds, set[tuple[S, D]]] = defaultdict(set)
    for pair, kinds in pairs.items():
        alike[kinds].add(pair)
    return [(*sets, kinds) for kinds, members in alike.items() for sets in _rectangles(members, vacuous)]


def _rectangles(members: set[tuple[S, D]], vacuous: frozenset[tuple[S, D]]) -> list[tuple[frozenset[S], frozenset[D]]]:
    sources, destinations = {source for source, _ in members}, {destination for _, destination in members}
    padded = members | {(one, other) for one, other in vacuous if one in sources and other in destinations}
    tried = []
    for pairs in (members, padded):
        by_sources = list(_joined((one, other) for one, other in pairs).items())
        by_destinations = [(ones, others) for others, ones in _joined((other, one) for one, other in pairs).items()]
        tried += [[sets for sets in found if _holds(sets, members)] for found in (by_destinations, by_sources)]
    return min(tried, key=len)


def _holds(sets: tuple[frozenset[S], frozenset[D]], members: set[tuple[S, D]]) -> bool:
    return any((one, other) in members for one in sets[0] for other in sets[1])


def _joined(pairs: Iterable[tuple[S, D]]) -> dict[frozenset[S], frozenset[D]]:
    """Join those on the right that have the same on the left."""
    left: defaultdict[D, set[S]] = defaultdict(set)
    for one, other in pairs:
        left[other].add(one)
    right: defaultdict[frozenset[S], set[D]] = defaultdict(set)
    for other, ones in left.items():
        right[frozenset(ones)].add(other)
    return {ones: frozenset(others) for ones, others in right.items()}


def _joined_kinds(parts: Iterable[list[Rectangle[S, D]]]) -> list[Rectangle[S, D]]:
    """Join rectangles that differ by their traffic alone."""
    found: defaultdict[tuple[frozenset[S], frozenset[D]], list[Kinds]] = defaultdict(list)
    for sources, destinations, kinds in (one for part in parts for one in part):
        found[sources, destinations].append(kinds)
    return [(*sets, Kinds.union(several)) for sets, several in found.items()]


def ported(
    found: Mapping[str, Mapping[S, Kinds]],
) -> Iterator[tuple[frozenset[S], tuple[tuple[str, Kinds], ...]]]:
    """Join what has ports of its own each, by who it is that sends to them.

    Args:
        found: by name, what who sends.
    """
    alike: defaultdict[frozenset[S], list[tuple[str, Kinds]]] = defaultdict(list)
    for label, by_source in found.items():
        by_kinds: defaultdict[Kinds, set[S]] = defaultdict(set)
        for source, kinds in by_source.items():
            by_kinds[kinds].add(source)
        for kinds, sources in by_kinds.items():
            alike[frozenset(sources)].append((label, kinds))
    return ((sources, tuple(sorted(ports, key=lambda one: one[0]))) for sources, ports in alike.items())


def turned(
    deltas: Mapping[str, Mapping[S, Delta]],
) -> Iterator[tuple[Turn, frozenset[S], tuple[tuple[str, Kinds], ...]]]:
    """Join what becomes of ways, by who sends and sort of change."""
    for turn in Turn:
        found = {
            label: {source: kinds for source, changed in one.items() if (kinds := changed.of(turn))}
            for label, one in deltas.items()
        }
        yield from ((turn, sources, ports) for sources, ports in ported(found))
