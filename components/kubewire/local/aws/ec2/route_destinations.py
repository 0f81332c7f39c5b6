"""What routes may be for, beside a VPC's own."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Final

from moto.ec2.models.route_tables import RouteTable

from kubewire.local.aws.call import Call
from kubewire.local.aws.ec2.ranges import subnet_ipv6, subnets_of
from kubewire.local.aws.ec2.route_rows import local_ranges
from kubewire.local.aws.ec2.route_targets import Target
from kubewire.local.aws.refusal import invalid_parameter

RESERVED: Final = (IPv4Network("169.254.168.0/22"), IPv6Network("fd00:ec2::/32"))
"""Of AWS's own services: https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html"""


def not_reserved(destination: str) -> None:
    """Refuse ranges that AWS uses for its own services on every instance. One around them is allowed.

    https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html
    """
    if any(_within(destination, reserved) for reserved in RESERVED):
        raise invalid_parameter(f"The destination CIDR block {destination} is reserved and can't be used in a route.")


def is_local(call: Call, table: RouteTable, destination: str) -> bool:
    """Whether a destination is one of the VPC's ranges."""
    return any(destination == str(local) for local in local_ranges(call, table.vpc_id))


def check_beside_local(call: Call, table: RouteTable, destination: str, target: Target) -> None:
    """Refuse what lies in the VPC, unless it's a whole subnet and leads to what may stand between subnets.

    A VPC's own range can be given such a target, too, by ReplaceRoute, and with it its own back. A table that a
    gateway uses takes a part of the range even where it is no subnet's: that isn't told apart here, as AWS's page on
    gateway route tables wants a subnet's range there, too.

    https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html
    https://docs.aws.amazon.com/vpc/latest/userguide/gateway-route-tables.html
    """
    local = is_local(call, table, destination)
    if target.members.get("local"):
        if not local:
            raise invalid_parameter("local-target only allowed with network local destination CIDRs")
        return
    if not any(_within(destination, one) for one in local_ranges(call, table.vpc_id)):
        return
    if not target.inside:
        raise invalid_parameter(
            f"The destination CIDR block {destination} is equal to or more specific than one of this VPC's CIDR "
            "blocks. This route can target only an interface or an instance."
        )
    if not local and destination not in _subnet_ranges(call, table.vpc_id):
        raise invalid_parameter("Route destination doesn't match any subnet CIDR blocks.")


def _subnet_ranges(call: Call, vpc_id: str) -> set[str]:
    subnets = subnets_of(call, vpc_id)
    return {str(one.cidr) for one in subnets if one.cidr_block} | {
        str(v6) for one in subnets for v6 in subnet_ipv6(one)
    }


def _within(destination: str, other: IPv4Network | IPv6Network) -> bool:
    match ip_network(destination), other:
        case (IPv4Network() as network, IPv4Network() as around):
            return network.subnet_of(around)
        case (IPv6Network() as network, IPv6Network() as around):
            return network.subnet_of(around)
    return False
