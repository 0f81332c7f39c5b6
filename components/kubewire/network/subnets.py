"""The subnets of a cluster: carved from the VPC's range, or there already."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from kubewire.functions.get_subnets import SubnetId
from kubewire.functions.selection import TagValues
from kubewire.model import Described
from kubewire.network.layout import Layout
from kubewire.unions import OneOf


class CarvedSubnets(Described):
    """Subnets of the stack's own, in every zone."""

    kind: Literal["carved"] = "carved"
    layout: Layout | None = None
    """What every zone has in the VPC's range. Default: half of it private, a quarter public, a quarter free."""
    moves: bool = False
    """Whether a plan may give a subnet another range. What is in it is replaced then, so a plan that would is refused
    as long as this isn't set."""


class SubnetsByIds(Described):
    """Existing subnets, by their ids."""

    kind: Literal["ids"] = "ids"
    ids: Annotated[tuple[SubnetId, ...], Field(min_length=1)]
    """One in each zone."""


class SubnetsByTags(Described):
    """Existing subnets of the VPC, by their tags."""

    kind: Literal["tags"] = "tags"
    tags: TagValues
    """Tags that they all have: one subnet in each zone."""


SubnetSelection = Annotated[SubnetsByIds | SubnetsByTags, OneOf()]


class ExistingSubnets(Described):
    """Subnets that others made. They stay as they are; their route tables get the pods' routes and those of links."""

    kind: Literal["existing"] = "existing"
    private: SubnetSelection
    """Where nodes are."""
    public: SubnetSelection | None = None
    """Where internet-facing load balancers are, if there are any."""


SubnetsDescription = Annotated[CarvedSubnets | ExistingSubnets, OneOf()]
