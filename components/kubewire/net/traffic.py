"""Who sends what to whom: unions of boxes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kubewire.net.addresses import Addresses
from kubewire.net.kinds import Kinds


@dataclass(frozen=True, slots=True)
class Box:
    """Every kind from every source to every destination.

    Attributes:
        sources: who sends.
        destinations: to whom.
        kinds: what.
    """

    sources: Addresses
    destinations: Addresses
    kinds: Kinds

    def __bool__(self) -> bool:
        return bool(self.sources and self.destinations and self.kinds)

    def __and__(self, other: Box) -> Box:
        return Box(self.sources & other.sources, self.destinations & other.destinations, self.kinds & other.kinds)

    def without(self, other: Box) -> Iterator[Box]:
        """Give the parts of it outside another, at most three: they share no packet."""
        common = self & other
        if not common:
            yield self
            return
        yield Box(self.sources - common.sources, self.destinations, self.kinds)
        yield Box(common.sources, self.destinations - common.destinations, self.kinds)
        yield Box(common.sources, common.destinations, self.kinds - common.kinds)


@dataclass(frozen=True, slots=True, eq=False)
class Traffic:
    """A set of packets by source, destination and kind.

    The same set can be cut into boxes in many ways: sets are equal if they hold the same packets.

    Attributes:
        boxes: none is empty, and no packet is in two.
    """

    boxes: tuple[Box, ...] = ()

    @classmethod
    def of(cls, boxes: Iterable[Box]) -> Traffic:
        """Join boxes, which may overlap."""
        joined = cls()
        for box in boxes:
            joined |= cls((box,) if box else ())
        return joined

    @classmethod
    def between(cls, sources: Addresses, destinations: Addresses, kinds: Kinds) -> Traffic:
        """Give one box."""
        return cls.of([Box(sources, destinations, kinds)])

    def __bool__(self) -> bool:
        return bool(self.boxes)

    def __or__(self, other: Traffic) -> Traffic:
        return Traffic((*self.boxes, *(other - self).boxes))

    def __and__(self, other: Traffic) -> Traffic:
        return Traffic(tuple(common for mine in self.boxes for theirs in other.boxes if (common := mine & theirs)))

    def __sub__(self, other: Traffic) -> Traffic:
        left = list(self.boxes)
        for box in other.boxes:
            left = [part for mine in left for part in mine.without(box) if part]
        return Traffic(tuple(left))

    def __le__(self, other: Traffic) -> bool:
        return not self - other

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Traffic) and self <= other and other <= self

    __hash__ = None  # type: ignore[assignment]  # equal sets may be cut differently, and no digest is worth the price

    def __contains__(self, packet: tuple[int, int, int]) -> bool:
        source, destination, kind = packet
        return any(
            source in box.sources and destination in box.destinations and kind in box.kinds for box in self.boxes
        )

    def __str__(self) -> str:
        return "; ".join(f"{box.sources} -> {box.destinations} {box.kinds}" for box in self.boxes) or "nothing"
