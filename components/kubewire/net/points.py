"""A set of points on a line."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar, Self


@dataclass(frozen=True, slots=True)
class Points:
    """A set of whole numbers from 0 to `SIZE` - 1, written as the places where membership changes.

    `(2, 5, 9, 10)` holds 2, 3, 4 and 9. There is one way to write each set, so equal sets are equal values.

    Attributes:
        cuts: ascending; an even number of them.
    """

    SIZE: ClassVar[int]
    cuts: tuple[int, ...] = ()

    @classmethod
    def everything(cls) -> Self:
        """Give the whole line."""
        return cls((0, cls.SIZE))

    @classmethod
    def nothing(cls) -> Self:
        """Give the empty set."""
        return cls()

    @classmethod
    def span(cls, first: int, last: int) -> Self:
        """Give the points from one to another, both included. Raises ValueError where they don't lie on the line."""
        if not 0 <= first <= last < cls.SIZE:
            msg = f"{first} to {last} isn't a part of the line from 0 to {cls.SIZE - 1}"
            raise ValueError(msg)
        return cls((first, last + 1))

    @classmethod
    def union(cls, sets: Iterable[Self]) -> Self:
        """Join many sets at once, in one sweep over their spans."""
        spans = sorted(span for points in sets for span in points.spans())
        cuts: list[int] = []
        for first, last in spans:
            if cuts and first <= cuts[-1]:
                cuts[-1] = max(cuts[-1], last + 1)
            else:
                cuts += (first, last + 1)
        return cls(tuple(cuts))

    def spans(self) -> Iterator[tuple[int, int]]:
        """Give its unbroken parts, first and last point, ascending."""
        return ((self.cuts[at], self.cuts[at + 1] - 1) for at in range(0, len(self.cuts), 2))

    def lowest(self) -> int:
        """Give its first point. Raises IndexError if it is empty."""
        return self.cuts[0]

    def __bool__(self) -> bool:
        return bool(self.cuts)

    def __len__(self) -> int:
        return sum(last - first + 1 for first, last in self.spans())

    def __contains__(self, point: int) -> bool:
        return bisect_right(self.cuts, point) % 2 == 1

    def __or__(self, other: Self) -> Self:
        if not other.cuts or self.cuts == other.cuts:
            return self
        return other if not self.cuts else self._combined(other, (False, True, True, True))

    def __and__(self, other: Self) -> Self:
        if not self.cuts:
            return self
        if self.cuts in (other.cuts, (0, self.SIZE)) or not other.cuts:
            return other
        return self if other.cuts == (0, self.SIZE) else self._combined(other, (False, False, False, True))

    def __sub__(self, other: Self) -> Self:
        if not other.cuts or not self.cuts:
            return self
        if other.cuts in (self.cuts, (0, self.SIZE)):
            return type(self)()
        return self._combined(other, (False, True, False, False))

    def __invert__(self) -> Self:
        return type(self).everything() - self

    def __le__(self, other: Self) -> bool:
        if other.cuts in (self.cuts, (0, self.SIZE)):
            return True
        places = ((bisect_right(other.cuts, first), last) for first, last in self.spans())
        return all(place % 2 == 1 and last < other.cuts[place] for place, last in places)

    def _combined(self, other: Self, kept: tuple[bool, bool, bool, bool]) -> Self:
        """Sweep over both; `kept` says what to keep of what lies in none, in this, in the other, in both."""
        mine, theirs = (*self.cuts, self.SIZE + 1), (*other.cuts, self.SIZE + 1)
        at, beside = 0, 0
        cuts: list[int] = []
        inside = False
        while (point := min(mine[at], theirs[beside])) <= self.SIZE:
            at += mine[at] == point
            beside += theirs[beside] == point
            if kept[at % 2 + 2 * (beside % 2)] != inside:
                inside = not inside
                cuts.append(point)
        return type(self)(tuple(cuts))
