"""Ways to other networks: peered VPCs, and what a transit gateway reaches."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from kubewire.deferred import Later
from kubewire.model import AnyCidr, Described
from kubewire.network.names import Label, PeeringId, TransitGatewayId
from kubewire.unions import OneOf


class _Link(Described):
    name: Label
    """What the other side is called."""
    cidrs: tuple[AnyCidr, ...] = Field(min_length=1)
    """Its ranges: every table gets a route to each, and none may overlap the cluster's own."""


class PeeringLink(_Link):
    """A peered VPC. The connection is there and accepted."""

    kind: Literal["peering"] = "peering"
    connection: Later[PeeringId]
    """`pcx-0123456789abcdef0`."""


class TransitGatewayLink(_Link):
    """Networks behind a transit gateway, to which the VPC is attached."""

    kind: Literal["transit-gateway"] = "transit-gateway"
    gateway: Later[TransitGatewayId]
    """`tgw-0123456789abcdef0`."""


LinkDescription = Annotated[PeeringLink | TransitGatewayLink, OneOf()]
