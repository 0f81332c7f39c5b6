"""Where a route table sends what, by the longest prefix.

https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kubewire.net.addresses import Addresses, Range, bounds
from kubewire.prover.facts.network import PrefixListDestination, RangeDestination, Route, RouteTable, Via
from kubewire.prover.facts.unknown import Unknown


@dataclass(frozen=True, slots=True)
class Row:
    """A row that packets can match: a declared route, or one of the VPC's ranges.

    Attributes:
        range: what it matches.
        route: the declared route; None for a local one.
    """

    range: Range
    route: Route | None

    def __str__(self) -> str:
        return f"{self.range} -> {written(self.route)}"


def written(route: Route | None) -> str:
    """Say what a route leads to."""
    if route is None:
        return "local"
    name = "not known" if isinstance(route.target, Unknown) else route.target
    return f"{route.via} {name}" + (" (black hole)" if route.black_hole else "")


class Ways:
    """A route table, flattened: for every stretch of addresses the row that wins."""

    def __init__(self, table: RouteTable, local: Iterable[Range], prefix_lists: dict[str, tuple[Range, ...]]) -> None:
        self.table = table
        self.unknowns = list(table.open_ends)
        rows = [Row(item, None) for item in local]
        rows += [
            Row(route.destination.range, route)
            for route in table.routes
            if isinstance(route.destination, RangeDestination)
        ]
        listed: dict[Range, Route] = {}
        for route in table.routes:
            if not isinstance(route.destination, PrefixListDestination):
                continue
            ranges = prefix_lists.get(route.destination.prefix_list)
            if ranges is None and route.via is not Via.ENDPOINT:
                # A gateway endpoint's list is Amazon's own, of public addresses.
                self.unknowns.append(f"the ranges of prefix list {route.destination.prefix_list}")
            for item in ranges or ():
                other = listed.setdefault(item, route)
                if (other.via, other.target) != (route.via, route.target):
                    either = Unknown(comes_from=f"which of two prefix lists AWS prefers for {item}")
                    listed[item] = route.model_copy(update={"target": either, "via": Via.INTERFACE})
        # A range that is written out goes before the same range in a list.
        rows += [Row(item, route) for item, route in listed.items()]
        self._starts, self._rows = _flattened(rows)

    def at(self, place: int) -> Row | None:
        """Give the row that an address matches, None without one."""
        return self._rows[bisect_right(self._starts, place) - 1]

    def over(self, first: int, last: int) -> Iterator[Row | None]:
        """Give the rows that addresses of a stretch match, in their order."""
        for index in range(bisect_right(self._starts, first) - 1, bisect_right(self._starts, last)):
            yield self._rows[index]

    def within(self, first: int, last: int) -> Iterator[tuple[int, int, Row | None]]:
        """Cut a stretch of addresses by the rows that they match."""
        at = bisect_right(self._starts, first) - 1
        while at < len(self._starts) and self._starts[at] <= last:
            end = self._starts[at + 1] - 1 if at + 1 < len(self._starts) else Addresses.SIZE - 1
            yield max(first, self._starts[at]), min(last, end), self._rows[at]
            at += 1


def leaves(via: Via) -> bool:
    """Whether a route of this sort leads out of the VPC."""
    return via not in (Via.LOCAL, Via.INTERFACE)


def _flattened(rows: list[Row]) -> tuple[list[int], list[Row | None]]:
    """Sweep once over all rows, wide before narrow, with the open ones on a stack.

    Of two rows for one range the first counts, which is the local one: AWS takes no second.
    """
    starts: list[int] = [0]
    winners: list[Row | None] = [None]
    open_rows: list[tuple[int, Row]] = []

    def turn(place: int, row: Row | None) -> None:
        if starts[-1] == place:
            winners[-1] = row
        elif winners[-1] is not row:
            starts.append(place)
            winners.append(row)

    def close_before(place: int) -> None:
        while open_rows and open_rows[-1][0] < place:
            end, _ = open_rows.pop()
            while open_rows and open_rows[-1][0] == end:
                open_rows.pop()
            turn(end + 1, open_rows[-1][1] if open_rows else None)

    seen: set[tuple[int, int]] = set()
    spans = sorted(((*bounds(row.range), row) for row in rows), key=lambda item: (item[0], -item[1]))
    for first, last, row in spans:
        if (first, last) in seen:
            continue
        seen.add((first, last))
        close_before(first)
        turn(first, row)
        open_rows.append((last, row))
    close_before(Addresses.SIZE)
    return starts, winners
