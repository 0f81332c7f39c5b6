"""Questions about ranges that several properties ask."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kubewire.net.addresses import Range, bounds
from kubewire.prover.facts.network import RangeDestination, RouteTable
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.reach.network import Network


def inside(inner: Range, outer: Range) -> bool:
    """Whether one range lies in another, or is the same."""
    (first, last), (low, high) = bounds(inner), bounds(outer)
    return low <= first and last <= high


def tables_of_vpc(network: Network) -> Iterator[RouteTable]:
    """Give the route tables of the cluster's VPC, and those of which it isn't known."""
    vpc = network.cluster.vpc
    for table in network.facts.tables.values():
        if isinstance(vpc, Unknown) or isinstance(table.vpc, Unknown) or table.vpc == vpc:
            yield table


def destinations(table: RouteTable) -> Iterator[Range]:
    """Give the ranges that a table's rows name."""
    return (route.destination.range for route in table.routes if isinstance(route.destination, RangeDestination))


def open_tables(network: Network) -> Iterator[Unknown]:
    """Give what may add rows to the tables of nodes."""
    return (Unknown(comes_from=unknown) for ways in network.tables.values() for unknown in ways.unknowns)


def overlaps(ranges: Iterable[tuple[str, Range]]) -> Iterator[tuple[tuple[str, Range], tuple[str, Range]]]:
    """Give neighbours that share addresses, in one sweep: each range that starts in an earlier one, with that one."""
    widest: tuple[str, Range] | None = None
    for owner, item in sorted(ranges, key=lambda pair: (bounds(pair[1])[0], -bounds(pair[1])[1])):
        if widest is not None and bounds(item)[0] <= bounds(widest[1])[1]:
            yield widest, (owner, item)
        if widest is None or bounds(item)[1] > bounds(widest[1])[1]:
            widest = owner, item
