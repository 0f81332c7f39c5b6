"""Address ranges in EC2's calls, and AWS's words about them."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network
from typing import Any, Final, TypeVar

from kubewire.local.aws.call import Call
from kubewire.local.aws.refusal import Refusal, invalid_parameter

LIVE: Final = ("associating", "associated")
"""The states of a range that is there, or is coming."""

Network = TypeVar("Network", IPv4Network, IPv6Network)


def ipv4(text: str, parameter: str = "cidrBlock") -> IPv4Network:
    """A range as AWS reads it: host bits are dropped.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSubnet.html (CidrBlock)

    Raises:
        Refusal: it isn't one.
    """
    try:
        if "/" in text:
            return IPv4Network(text, strict=False)
    except ValueError:
        pass
    raise invalid_parameter(f"Value ({text}) for parameter {parameter} is invalid. This is not a valid CIDR block.")


def ipv6(text: str, parameter: str = "ipv6CidrBlock") -> IPv6Network:
    """The same for IPv6.

    Raises:
        Refusal: it isn't one.
    """
    try:
        if "/" in text:
            return IPv6Network(text, strict=False)
    except ValueError:
        pass
    raise invalid_parameter(f"Value ({text}) for parameter {parameter} is invalid. This is not a valid CIDR block.")


def vpc_ipv4(vpc: Any, *, ready: bool = False) -> list[IPv4Network]:
    """The IPv4 ranges that a VPC has now, or those alone that subnets can be in; former ones are kept beside them."""
    return [IPv4Network(one["cidr_block"], strict=False) for one in _associated(vpc, ipv6=False, ready=ready)]


def vpc_ipv6(vpc: Any, *, ready: bool = False) -> list[IPv6Network]:
    """The same of its IPv6 ranges."""
    return [IPv6Network(one["cidr_block"], strict=False) for one in _associated(vpc, ipv6=True, ready=ready)]


def subnet_ipv6(subnet: Any) -> list[IPv6Network]:
    """The IPv6 ranges that a subnet has now."""
    return [
        IPv6Network(one["ipv6CidrBlock"])
        for one in subnet.ipv6_cidr_block_associations.values()
        if one["ipv6CidrBlockState"]["State"] in LIVE
    ]


def subnets_of(call: Call, vpc_id: str) -> list[Any]:
    """A VPC's subnets."""
    zones: Iterable[dict[str, Any]] = call.ec2.subnets.values()
    return [subnet for zone in zones for subnet in zone.values() if subnet.vpc_id == vpc_id]


def fits(network: Network, inside: Iterable[Network], beside: Iterable[Network]) -> None:
    """Make sure that a subnet's range lies in one of its VPC's, and overlaps no other subnet's.

    https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html

    Raises:
        Refusal: it doesn't.
    """
    if not any(network.subnet_of(one) for one in inside):
        raise Refusal("InvalidSubnet.Range", f"The CIDR '{network}' is invalid.")
    if any(network.overlaps(other) for other in beside):
        raise Refusal("InvalidSubnet.Conflict", f"The CIDR '{network}' conflicts with another subnet")


def _associated(vpc: Any, *, ipv6: bool, ready: bool) -> list[dict[str, Any]]:
    states = LIVE[1:] if ready else LIVE
    return [one for one in vpc.get_cidr_block_association_set(ipv6=ipv6) if one["cidr_block_state"]["state"] in states]
