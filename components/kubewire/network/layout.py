"""How a range is laid out in subnets: by zone, role and index, so that additions at the end move nothing.

A range is cut into eight blocks, one for each zone by its place in the list. In a zone's block the slots of the layout
follow each other, each at the next address that its size allows. So what comes later, a zone at the end of the zones or
a slot at the end of the layout, never moves what is there; and a slot that is reserved keeps its place for later.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network
from typing import Annotated

from pydantic import Field

from kubewire.errors import InvalidInputError
from kubewire.model import Described
from kubewire.resources.address_ranges import LARGEST, SMALLEST

ZONE_BITS = 3
"""A range has room for eight zones; the largest region has six."""
MOST_SLOTS = 16
"""Slots in the layout of the VPC's own range."""
MOST_SECONDARY_SLOTS = 4
"""Slots in the layout of a secondary range, of which a VPC has four by default."""
IPV6_SUBNET = 64
"""The prefix length of every IPv6 subnet on AWS. https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html"""


class Role(StrEnum):
    """What a subnet is for."""

    PRIVATE = "private"
    """Nodes and internal load balancers; the internet is reached by NAT, if at all."""
    PUBLIC = "public"
    """NAT gateways and internet-facing load balancers."""
    ISOLATED = "isolated"
    """Nodes or data that never reach the internet: no way out, whatever NAT there is."""
    PODS = "pods"
    """Pods that have addresses of the VPC; routed as private ones are."""
    RESERVED = "reserved"
    """No subnet: a gap that is kept for later."""


class Slot(Described):
    """A place in every zone's block."""

    role: Role
    """What the subnet in it is for."""
    prefix: int = Field(ge=LARGEST, le=SMALLEST)
    """Its prefix length."""
    index: int = Field(default=0, ge=0, lt=MOST_SLOTS)
    """Which of its role: zone, role and index are what a subnet is known by, whatever stands before it."""


Layout = Annotated[tuple[Slot, ...], Field(min_length=1, max_length=MOST_SLOTS)]
"""The slots of a zone's block in their order. Add new ones at the end; a reserved one may become a subnet later."""


@dataclass(frozen=True)
class Carved:
    """A subnet to be made.

    Attributes:
        zone: where.
        role: what for.
        index: which of its role.
        cidr: its IPv4 range.
        number: the number of its /64 in the VPC's IPv6 range; every zone has 32.
    """

    zone: str
    role: Role
    index: int
    cidr: IPv4Network
    number: int

    @property
    def key(self) -> str:
        """Tell it from the others of its role; stays the same whatever is added."""
        return f"{self.zone}-{self.index}" if self.index else self.zone


def standard_layout(cidr: IPv4Network) -> tuple[Slot, ...]:
    """Give half of a zone's block to the private subnet and a quarter to the public one; a quarter stays free."""
    block = cidr.prefixlen + ZONE_BITS
    return (Slot(role=Role.PRIVATE, prefix=block + 1), Slot(role=Role.PUBLIC, prefix=block + 2))


def carve(cidr: IPv4Network, zones: Sequence[str], layout: Sequence[Slot], block: int = 0) -> list[Carved]:
    """Lay out a range.

    Args:
        cidr: the range.
        zones: zones in their order, up to eight.
        layout: what each zone has.
        block: which of the VPC's ranges it is: 0 for its own, 1 and up for secondary ones.

    Raises:
        InvalidInputError: the slots don't fit into a zone's part of the range.
    """
    carved: list[Carved] = []
    parts = list(cidr.subnets(prefixlen_diff=ZONE_BITS))
    for place, (zone, part) in enumerate(zip(zones, parts, strict=False)):
        free = int(part.network_address)
        for position, slot in enumerate(layout):
            size = 1 << (IPv4Network(0).max_prefixlen - slot.prefix)
            first = -(-free // size) * size
            free = first + size
            if free > int(part.broadcast_address) + 1:
                raise _too_much(cidr, part, position, slot)
            if slot.role is not Role.RESERVED:
                own = IPv4Network((first, slot.prefix))
                carved.append(Carved(zone, slot.role, slot.index, own, _number(place, block, position)))
    return carved


def _number(place: int, block: int, position: int) -> int:
    """Number a slot's /64: of the 32 that a zone has, the first half is for the VPC's own range."""
    before = MOST_SLOTS + (block - 1) * MOST_SECONDARY_SLOTS if block else 0
    return place * 2 * MOST_SLOTS + before + position


def check_slots(slots: Iterable[tuple[str, Slot]]) -> None:
    """Refuse two slots that are known by the same role and index, and a role without its first slot.

    Args:
        slots: each with its path.
    """
    slots = list(slots)
    seen: set[tuple[Role, int]] = set()
    for path, slot in slots:
        if slot.role is not Role.RESERVED and (slot.role, slot.index) in seen:
            detail = "A subnet is known by zone, role and index. Give this one the next `index`."
            message = f"there are two {slot.role} slots with index {slot.index}"
            raise InvalidInputError(message, detail=detail, path=f"{path}.index")
        seen.add((slot.role, slot.index))
    for path, slot in slots:
        if slot.role is not Role.RESERVED and (slot.role, 0) not in seen:
            detail = "Nodes, NAT gateways and load balancers stand in the first one. Give one of them the index 0."
            raise InvalidInputError(f"there is no first {slot.role} slot", detail=detail, path=f"{path}.index")


def _too_much(cidr: IPv4Network, part: IPv4Network, position: int, slot: Slot) -> InvalidInputError:
    detail = (
        f"Of {cidr} every zone has a /{part.prefixlen}, room for {1 << (slot.prefix - part.prefixlen)} of "
        f"/{slot.prefix}; gaps that sizes leave count too. Choose larger prefix lengths, or a larger range."
        if slot.prefix >= part.prefixlen
        else f"Of {cidr} every zone has a /{part.prefixlen}. Choose a prefix length above it, or a larger range."
    )
    return InvalidInputError(f"there is no room for a /{slot.prefix}", detail=detail, path=f"layout[{position}]")


def ipv6_of(whole: str | IPv6Network, number: int) -> str:
    """Give the /64 with a number of the VPC's IPv6 range."""
    network = IPv6Network(whole)
    first = int(network.network_address) + (number << IPV6_SUBNET)
    return str(IPv6Network((first, IPV6_SUBNET)))
