"""What becomes of packets to an endpoint, by the route table of whoever sends them."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.reach.endpoints import Endpoint
from kubewire.prover.reach.routes import Row, Ways, leaves, written


class Fate(StrEnum):
    """Where a route table sends packets to an endpoint."""

    ARRIVES = "to its own interface"
    STRAYS = "to another interface"
    NOBODY = "into the VPC, where nobody has the address"
    LEAVES = "out of the VPC"
    DROPPED = "to something that is gone"
    NO_ROUTE = "nowhere"
    UNKNOWN = "not known"


Arrival = tuple[Fate, str]
"""A fate, and by which way out or unknown value; empty where the fate says all."""


def arrivals(tables: Iterable[Ways], endpoint: Endpoint) -> tuple[Fate, ...]:
    """Give what becomes of packets to an endpoint, for every table."""
    return tuple(fate(ways, endpoint)[0] for ways in tables)


def fate(ways: Ways, endpoint: Endpoint) -> Arrival:
    """Say what becomes of packets that one table routes to an endpoint."""
    fates = {_of_row(row, endpoint) for row in ways.over(endpoint.first, endpoint.last)}
    if ways.unknowns:
        return Fate.UNKNOWN, ways.unknowns[0]
    if len(fates) > 1:
        return Fate.UNKNOWN, endpoint.unknown or "which of its addresses is meant"
    return fates.pop()


def _of_row(row: Row | None, endpoint: Endpoint) -> Arrival:
    if row is None:
        return Fate.NO_ROUTE, ""
    if row.route is None:
        return (Fate.ARRIVES, "") if endpoint.own else (Fate.NOBODY, "")
    if row.route.black_hole:
        return Fate.DROPPED, ""
    if leaves(row.route.via):
        return Fate.LEAVES, row.route.via.value
    if isinstance(row.route.target, Unknown):
        return Fate.UNKNOWN, row.route.target.comes_from
    return (Fate.ARRIVES if row.route.target == endpoint.interface.name else Fate.STRAYS), ""


def told(ways: Ways, endpoint: Endpoint) -> str:
    """Say which row decides, by its words in the table."""
    row = ways.at(endpoint.first)
    return f"{row.range} -> {written(row.route)}" if row else "no route"
