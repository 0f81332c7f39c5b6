"""In and out of the VPC: what the route table of a subnet makes of connections from and to outside."""

from __future__ import annotations

from collections.abc import Iterator

from kubewire.net.kinds import Kinds
from kubewire.prover.facts.network import Subnet, Via
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.reach.bounds import EVERYTHING, at_most
from kubewire.prover.reach.network import Network
from kubewire.prover.reach.routes import Row, Ways
from kubewire.prover.reach.stages import Stage, stop
from kubewire.prover.reach.world import internet

OUTWARD = (Via.NAT_GATEWAY, Via.EGRESS_ONLY_GATEWAY)
"""They let nobody in: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html,
https://docs.aws.amazon.com/vpc/latest/userguide/egress-only-internet-gateway.html"""
Public = str | Unknown | None
"""A public address; None without one."""
Part = tuple[int, int, Stage]
"""Addresses outside, from first to last, and what a table makes of them."""


def inward(network: Network, subnet: Subnet | None, first: int, last: int, public: Public) -> Iterator[Part]:
    """Say whether connections come in from outside, by the routes that their answers would take."""
    for start, end, place, row in _rows(network, subnet, first, last):
        yield start, end, _in_by(place, row, start, public)


def outward(network: Network, subnet: Subnet | None, first: int, last: int, public: Public) -> Iterator[Part]:
    """Say whether connections get out."""
    for start, end, place, row in _rows(network, subnet, first, last):
        yield start, end, _out_by(place, row, public)


def unsure(place: str, unknown: str) -> Stage:
    """Make a stage of which it isn't known what passes."""
    return Stage(place, at_most(Kinds.everything(), unknown), lambda _kind: f"depends on {unknown}")


def passing(place: str, why: str) -> Stage:
    """Make a stage that lets everything through."""
    return Stage(place, EVERYTHING, lambda _kind: why)


def _rows(
    network: Network, subnet: Subnet | None, first: int, last: int
) -> Iterator[tuple[int, int, str, Row | Unknown | None]]:
    ways: Ways | None = network.ways_of(subnet) if subnet else None
    if ways is None:
        where = f"the routes of subnet {subnet.name}" if subnet else "the subnet"
        yield first, last, "route table", Unknown(comes_from=where)
    elif ways.unknowns:
        yield first, last, f"route table {ways.table.name}", Unknown(comes_from=ways.unknowns[0])
    else:
        for start, end, row in ways.within(first, last):
            yield start, end, f"route table {ways.table.name}", row


def _in_by(place: str, row: Row | Unknown | None, start: int, public: Public) -> Stage:
    match row:
        case Unknown(comes_from=unknown):
            return unsure(place, unknown)
        case None:
            return stop(place, "no route leads back")
    via = Via.LOCAL if row.route is None else row.route.via
    if row.route and row.route.black_hole:
        return stop(place, f"{row}, so no answer gets back")
    if via is Via.LOCAL:
        return passing(place, f"{row}")
    if via is Via.INTERNET_GATEWAY:
        if start not in internet():
            return stop(place, f"{row}, and the internet has no private addresses")
        return _by_public(place, row, public, "so nobody finds it")
    if via in OUTWARD:
        return stop(place, f"{row}, which lets nobody in")
    if via is Via.ENDPOINT:
        return stop(place, f"{row}, which opens no connections")
    return unsure(place, f"what is behind {row}")


def _out_by(place: str, row: Row | Unknown | None, public: Public) -> Stage:
    match row:
        case Unknown(comes_from=unknown):
            return unsure(place, unknown)
        case None:
            return stop(place, "no route")
    if row.route is None:
        return unsure(place, "who in the VPC has the address")
    if row.route.black_hole:
        return stop(place, f"{row}")
    if row.route.via is Via.INTERNET_GATEWAY:
        return _by_public(place, row, public, "so no answer gets back")
    if row.route.via in OUTWARD:
        rewritten = ", with its source rewritten" if row.route.via is Via.NAT_GATEWAY else ""
        return passing(place, f"{row}{rewritten}")
    return unsure(place, f"what is behind {row}")


def _by_public(place: str, row: Row, public: Public, otherwise: str) -> Stage:
    if isinstance(public, Unknown):
        return unsure(place, public.comes_from)
    if public is None:
        return stop(place, f"{row}, and it has no public address, {otherwise}")
    return passing(place, f"{row}")
