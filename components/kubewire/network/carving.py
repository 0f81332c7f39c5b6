"""How a VPC's range is carved into subnets.

The range is cut into eight blocks, one a zone by its place in the list; of a block the first half is the private
subnet, the third quarter the public one, and the last quarter stays free. So a zone added at the end moves nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Network

BLOCK_BITS = 3


class Role(StrEnum):
    """What a subnet is for."""

    PRIVATE = "private"
    """Nodes and internal load balancers."""
    PUBLIC = "public"
    """NAT gateways and internet-facing load balancers."""


@dataclass(frozen=True)
class Carved:
    """A subnet to be made."""

    zone: str
    role: Role
    cidr: IPv4Network


def carve(cidr: IPv4Network, zones: Sequence[str]) -> list[Carved]:
    """Give every zone its two subnets."""
    blocks = list(cidr.subnets(prefixlen_diff=BLOCK_BITS))
    carved = []
    for zone, block in zip(zones, blocks, strict=False):
        private, rest = block.subnets()
        public, _free = rest.subnets()
        carved += [Carved(zone, Role.PRIVATE, private), Carved(zone, Role.PUBLIC, public)]
    return carved
