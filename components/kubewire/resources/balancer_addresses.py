"""The addresses of a network load balancer: of which families they are, and who chooses them.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SubnetMapping.html
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import PlainSerializer, model_validator

from kubewire.deferred import Later
from kubewire.errors import InvalidInputError
from kubewire.model import Model

if TYPE_CHECKING:
    from types_boto3_elbv2.type_defs import AvailabilityZoneTypeDef, SubnetMappingTypeDef


class IpAddressType(StrEnum):
    """By which families clients reach a load balancer.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-ip-address-type.html
    """

    IPV4 = "ipv4"
    DUALSTACK = "dualstack"
    """By IPv6 too; its subnets have a range of that."""


class Addressing(StrEnum):
    """Who says which addresses a load balancer has."""

    CHOSEN = "chosen"
    """AWS chooses them."""
    ELASTIC = "elastic"
    """They are elastic addresses, of an internet-facing one."""
    PRIVATE = "private"
    """They are addresses of its subnets, of an internal one."""
    IPV6 = "ipv6"
    """Only those of IPv6 are given."""


class SubnetAddress(Model):
    """What a load balancer's addresses in one of its subnets are."""

    allocation_id: Later[str | None] = None
    """The elastic address, `eipalloc-…`, that clients of an internet-facing one reach it by."""
    private_ipv4: Annotated[IPv4Address, PlainSerializer(str)] | None = None
    """The address, one of the subnet's, that clients of an internal one reach it by."""
    ipv6: Annotated[IPv6Address, PlainSerializer(str)] | None = None
    """Its IPv6 address, one of the subnet's."""

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if self.allocation_id is not None and self.private_ipv4 is not None:
            detail = "The one is an internet-facing load balancer's, the other an internal one's."
            raise InvalidInputError("an elastic and a private address", detail=detail, path="privateIpv4")
        if self.allocation_id is None and self.private_ipv4 is None and self.ipv6 is None:
            detail = "Give one, or leave the subnet's entry out: AWS chooses."
            raise InvalidInputError("no address", detail=detail)
        return self

    @property
    def addressing(self) -> Addressing:
        """Say who chooses the main one."""
        if self.allocation_id is not None:
            return Addressing.ELASTIC
        return Addressing.PRIVATE if self.private_ipv4 is not None else Addressing.IPV6


def addressing_of(addresses: Mapping[str, SubnetAddress]) -> Addressing:
    """Say who chooses a load balancer's addresses: in each of its subnets the same."""
    return next((one.addressing for one in addresses.values()), Addressing.CHOSEN)


def placement(subnets: Mapping[str, str], addresses: Mapping[str, SubnetAddress]) -> dict[str, Any]:
    """Write subnets as the parameters of CreateLoadBalancer and SetSubnets, with the addresses that are given.

    Args:
        subnets: names to ids.
        addresses: subnets' names to addresses in them.
    """
    if not addresses:
        return {"Subnets": list(subnets.values())}
    return {"SubnetMappings": [_mapping(subnet, addresses[name]) for name, subnet in subnets.items()]}


def _mapping(subnet: str, address: SubnetAddress) -> SubnetMappingTypeDef:
    mapping: SubnetMappingTypeDef = {"SubnetId": subnet}
    if address.allocation_id is not None:
        mapping["AllocationId"] = address.allocation_id
    if address.private_ipv4 is not None:
        mapping["PrivateIPv4Address"] = str(address.private_ipv4)
    if address.ipv6 is not None:
        mapping["IPv6Address"] = str(address.ipv6)
    return mapping


def found_addresses(zones: list[AvailabilityZoneTypeDef], subnets: Mapping[str, str]) -> dict[str, SubnetAddress]:
    """Read the addresses that were given to a load balancer; AWS tells no others.

    Args:
        zones: where it is, as DescribeLoadBalancers answers.
        subnets: names to ids.
    """
    names = {subnet: name for name, subnet in subnets.items()}
    found: dict[str, SubnetAddress] = {}
    for zone in zones:
        for row in zone.get("LoadBalancerAddresses", []):
            fields = {
                "allocation_id": row.get("AllocationId"),
                "private_ipv4": row.get("PrivateIPv4Address"),
                "ipv6": row.get("IPv6Address"),
            }
            if any(fields.values()):
                found[names[zone["SubnetId"]]] = SubnetAddress.model_validate(fields)
    return found
