"""What surely passes and what may pass, where values are unknown."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING

from kubewire.net.kinds import Kinds

if TYPE_CHECKING:
    from collections.abc import Iterable

_EVERYTHING, _NOTHING = Kinds.everything(), Kinds.nothing()


@dataclass(frozen=True, slots=True)
class Bounds:
    """A set of kinds of traffic, from below and from above: the two are the same where all is known.

    Attributes:
        certain: passes whatever the unknown values turn out to be.
        possible: passes if they turn out so.
        unknowns: the values that the difference comes from.
    """

    certain: Kinds
    possible: Kinds
    unknowns: frozenset[str] = frozenset()

    def __and__(self, other: Bounds) -> Bounds:
        if self is EVERYTHING:
            return other
        return Bounds(self.certain & other.certain, self.possible & other.possible, self.unknowns | other.unknowns)

    def __or__(self, other: Bounds) -> Bounds:
        return Bounds(self.certain | other.certain, self.possible | other.possible, self.unknowns | other.unknowns)


EVERYTHING = Bounds(_EVERYTHING, _EVERYTHING)
NOTHING = Bounds(_NOTHING, _NOTHING)


def exactly(kinds: Kinds) -> Bounds:
    """Give a set of which all is known."""
    return Bounds(kinds, kinds)


def at_most(kinds: Kinds, unknown: str) -> Bounds:
    """Give a set that may be anything from nothing to this, as an unknown value decides."""
    return Bounds(_NOTHING, kinds, frozenset({unknown}))


def all_of(parts: Iterable[Bounds]) -> Bounds:
    """Give what passes every part."""
    return reduce(and_, (part for part in parts if part is not EVERYTHING), EVERYTHING)


def any_of(parts: Iterable[Bounds]) -> Bounds:
    """Give what passes some part."""
    return reduce(or_, parts, NOTHING)


def one_of(parts: Iterable[Bounds], unknown: str) -> Bounds:
    """Give what passes one part that an unknown value chooses. At least one part is given."""
    parts = list(parts)
    same = all(part == parts[0] for part in parts)
    joined = Bounds(all_of(parts).certain, any_of(parts).possible, any_of(parts).unknowns)
    return parts[0] if same else Bounds(joined.certain, joined.possible, joined.unknowns | {unknown})
