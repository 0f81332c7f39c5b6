"""What describes a Service's records in Route53."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from kubewire.errors import InvalidInputError
from kubewire.resources.record_routing import FailoverRole, FailoverRouting, SimpleRouting, WeightedRouting
from kubewire.services.dns.zones import APEX, InZone
from kubewire.services.families import MOST_FAMILIES, IPFamily
from kubewire.unions import OneOf

Routing = Annotated[SimpleRouting | WeightedRouting | FailoverRouting, OneOf()]
Ttl = Annotated[int, Field(ge=0, le=2_147_483_647)]
"""Seconds that resolvers may remember an answer."""


class DnsRecord(InZone):
    """A record that leads to a Service."""

    routing: Routing = SimpleRouting()
    """How it is chosen among others of its name, other stacks' too. Default: there are none."""


class DnsAlias(DnsRecord):
    """The name has the load balancer's addresses. It may be the zone's apex, and resolvers ask one time less."""

    kind: Literal["alias"] = "alias"
    evaluate_target_health: bool = True
    """Whether it is no answer while no target is healthy, where there is another one."""

    @model_validator(mode="after")
    def _is_watched(self) -> DnsAlias:
        routing = self.routing
        primary = isinstance(routing, FailoverRouting) and routing.role is FailoverRole.PRIMARY
        if primary and not self.evaluate_target_health and routing.health_check_id is None:  # type: ignore[union-attr]
            detail = "Nobody would see that it fails. Leave this out, or give it a `healthCheckId`."
            raise InvalidInputError("a primary that nobody watches", detail=detail, path="evaluateTargetHealth")
        return self


class DnsValues(DnsRecord):
    """A record that says something itself."""

    ttl: Ttl = 300
    """Seconds that resolvers may remember it."""

    @model_validator(mode="after")
    def _is_watched(self) -> DnsValues:
        routing = self.routing
        primary = isinstance(routing, FailoverRouting) and routing.role is FailoverRole.PRIMARY
        if primary and routing.health_check_id is None:  # type: ignore[union-attr]
            detail = "Nobody would see that it fails. Give it a `healthCheckId`, or make it an `alias`."
            raise InvalidInputError("a primary that nobody watches", detail=detail, path="routing")
        return self


class DnsCname(DnsValues):
    """The name is another name for the load balancer's."""

    kind: Literal["cname"] = "cname"

    @model_validator(mode="after")
    def _is_below_the_apex(self) -> DnsCname:
        if self.name == APEX:
            detail = "The apex has records of its own, and nothing stands beside a CNAME. Make it an `alias`."
            raise InvalidInputError("no CNAME at a zone's apex", detail=detail, path="name")
        return self


BalancerDns = Annotated[DnsAlias | DnsCname, OneOf()]
"""A name of a load balancer."""


class NodeAddresses(StrEnum):
    """Which IPv4 addresses of nodes a name has."""

    PRIVATE = "private"
    """Those that their VPC, and what is linked to it, reach them by."""
    PUBLIC = "public"
    """Those that the internet reaches them by."""


class NodeDns(DnsValues):
    """The name has the addresses of all nodes. Clients need the node port besides."""

    addresses: NodeAddresses
    """Which of their IPv4 addresses."""
    ip_families: Annotated[tuple[IPFamily, ...], Field(min_length=1, max_length=MOST_FAMILIES)] = (IPFamily.IPV4,)
    """The families of addresses that it has. A node has one IPv6 address, which everybody reaches it by."""
