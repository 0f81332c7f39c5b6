"""Which ranges AWS takes for VPCs and subnets."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network

from kubewire.errors import InvalidInputError

LARGEST, SMALLEST = 16, 28
"""Prefix lengths. https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html"""

IPV6_SUBNETS = range(44, 65, 4)
"""Prefix lengths of a subnet's IPv6 range. https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html"""

NO_HOSTS = tuple(map(IPv4Network, ("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4")))
"""This network, loopback, link-local and multicast: no machine can have such an address (RFC 6890)."""


def for_hosts(cidr: IPv4Network) -> IPv4Network:
    """Refuse a range in which no machine can have an address."""
    special = next((part for part in NO_HOSTS if part.overlaps(cidr)), None)
    if special:
        detail = f"{special} has a meaning of its own. Choose a private range, for example in 10.0.0.0/8."
        raise InvalidInputError(f"machines can't have addresses in {cidr}", detail=detail)
    return cidr


def vpc_or_subnet(cidr: IPv4Network) -> IPv4Network:
    """Refuse a range that no VPC and no subnet can have."""
    if not LARGEST <= cidr.prefixlen <= SMALLEST:
        detail = f"Choose a prefix from /{LARGEST} to /{SMALLEST}."
        raise InvalidInputError(f"{cidr} is no size that AWS takes", detail=detail)
    return for_hosts(cidr)


def ipv6_subnet(cidr: IPv6Network) -> IPv6Network:
    """Refuse an IPv6 range that no subnet can have."""
    if cidr.prefixlen not in IPV6_SUBNETS:
        detail = "Choose a /64 of the VPC's range; AWS takes larger ones in steps of four bits, up to /44."
        raise InvalidInputError(f"{cidr} is no size that AWS takes", detail=detail)
    return cidr
