"""The VPC of a cluster: a new one, or one that is there."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import Annotated, Literal

from pydantic import Field, model_validator

from kubewire.deferred import Later
from kubewire.errors import InvalidInputError
from kubewire.functions.get_vpc import VpcId
from kubewire.functions.selection import TagValues
from kubewire.model import Cidr, Cidr6, Described
from kubewire.network.layout import MOST_SECONDARY_SLOTS, ZONE_BITS, Layout, Role, Slot
from kubewire.network.names import IpamPoolId
from kubewire.resources.address_ranges import LARGEST, SMALLEST, for_hosts
from kubewire.unions import OneOf

# AWS takes /16 to /28; below /22 the subnets of a zone get too small.
# https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
SMALLEST_CARVED = 22
MOST_SECONDARY = 4
"""Secondary ranges: as above, five in all by default."""


def _size(cidr: IPv4Network, path: str) -> None:
    if not LARGEST <= cidr.prefixlen <= SMALLEST_CARVED:
        detail = f"Choose a prefix from /{LARGEST} to /{SMALLEST_CARVED}."
        raise InvalidInputError(f"{cidr} is no size for the VPC of a cluster", detail=detail, path=path)
    try:
        for_hosts(cidr)
    except InvalidInputError as error:
        raise InvalidInputError(error.summary, detail=error.detail, path=path) from error


class SecondaryCidr(Described):
    """A range that the VPC gets beside its own: for pods, or when the first one is full."""

    cidr: Cidr
    """The range, /16 to /22. AWS says which ones go with the VPC's own: often 100.64.0.0/10."""
    layout: Annotated[Layout, Field(max_length=MOST_SECONDARY_SLOTS)] | None = None
    """What every zone has in it. Default: one subnet for pods, the next of those without a layout."""

    def slots(self, index: int) -> tuple[Slot, ...]:
        """Give the layout.

        Args:
            index: of the subnet for pods, where no layout is written.
        """
        prefix = min(SMALLEST, self.cidr.prefixlen + ZONE_BITS)
        return self.layout or (Slot(role=Role.PODS, prefix=prefix, index=index),)

    @model_validator(mode="after")
    def _has_a_size(self) -> SecondaryCidr:
        _size(self.cidr, "cidr")
        return self


class NewVpc(Described):
    """A VPC of the stack's own."""

    kind: Literal["new"] = "new"
    cidr: Cidr
    """Its range, /16 to /22."""
    ipam_pool: Later[IpamPoolId] | None = None
    """The IPAM pool that the range is taken from; AWS refuses a range that isn't free in it."""
    secondary: tuple[SecondaryCidr, ...] = Field(default=(), max_length=MOST_SECONDARY)
    """More ranges. Add new ones at the end."""
    ipv6: bool = False
    """Whether it has IPv6 too: a /56 of Amazon's, of which every subnet gets a /64."""
    lock_default_group: bool = True
    """Whether the VPC's default security group is emptied: whatever forgets to name a group reaches nothing then."""

    @model_validator(mode="after")
    def _has_a_size(self) -> NewVpc:
        _size(self.cidr, "cidr")
        return self


class ExistingVpc(Described):
    """A VPC that others made: found when the plan is made, and never changed beyond what is declared here."""

    cidr: Cidr | None = None
    """The part of it that subnets are carved from; nothing else may use it. Not needed with subnets that are there."""
    secondary: tuple[SecondaryCidr, ...] = Field(default=(), max_length=MOST_SECONDARY)
    """Ranges that it gets in addition, and loses with the stack."""
    ipv6_cidr: Cidr6 | None = None
    """The part of its IPv6 range, /56 to /59, that subnets get theirs from. Default: subnets are IPv4 only."""

    @model_validator(mode="after")
    def _has_a_size(self) -> ExistingVpc:
        if self.cidr:
            _size(self.cidr, "cidr")
        return self


class VpcById(ExistingVpc):
    """An existing VPC, by its id."""

    kind: Literal["id"] = "id"
    id: VpcId
    """`vpc-0123456789abcdef0`."""


class VpcByTags(ExistingVpc):
    """An existing VPC, by its tags."""

    kind: Literal["tags"] = "tags"
    tags: TagValues
    """Tags that it has, and no other VPC of the region."""


VpcDescription = Annotated[NewVpc | VpcById | VpcByTags, OneOf()]
