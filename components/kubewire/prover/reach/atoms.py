"""Addresses, cut wherever a rule cuts them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kubewire.net.addresses import Addresses, Range, bounds


@dataclass(frozen=True, slots=True)
class Atoms:
    """The line of addresses in pieces that no range of interest divides.

    Attributes:
        starts: where each piece starts, ascending; the first is 0.
    """

    starts: tuple[int, ...]

    @classmethod
    def of(cls, ranges: Iterable[Range]) -> Atoms:
        """Cut the line at both ends of each range."""
        return cls((0,)).cut_by(ranges)

    def cut_by(self, ranges: Iterable[Range]) -> Atoms:
        """Cut the pieces further, at both ends of each range."""
        ends = {place for first, last in map(bounds, ranges) for place in (first, last + 1)}
        return Atoms(tuple(sorted({*self.starts, *ends} - {Addresses.SIZE})))

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Give the first and last piece that a stretch of addresses touches."""
        return bisect_right(self.starts, first) - 1, bisect_right(self.starts, last) - 1

    def split(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        """Cut a stretch of addresses into parts that lie in one piece each."""
        low, high = self.span(first, last)
        for index in range(low, high + 1):
            end = last if index == high else self.starts[index + 1] - 1
            yield max(first, self.starts[index]), end
