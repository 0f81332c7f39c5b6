"""IPAM: what a pool has, and what has been taken of it. moto has no IPAM.

A pool is seen in the region alone that it was made in, so here an IPAM serves its home region.

https://docs.aws.amazon.com/vpc/latest/ipam/what-it-is-ipam.html
"""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Network
from typing import Any

from moto.ec2.utils import random_resource_id

from kubewire.local.aws.call import Call
from kubewire.local.aws.refusal import Refusal, invalid_parameter


@dataclass
class Provisioned:
    """A range that a pool has, or is to have."""

    identity: str
    network: IPv4Network
    state: str


@dataclass
class Allocation:
    """A part of a pool that somebody has: a VPC, or another pool."""

    identity: str
    network: IPv4Network
    resource: str


@dataclass
class Pool:
    """A pool; its row is as DescribeIpamPools answers it, without its tags."""

    row: dict[str, Any]
    provisioned: list[Provisioned] = field(default_factory=list)
    allocations: list[Allocation] = field(default_factory=list)


@dataclass
class Ipams:
    """All that an account has of it in a region."""

    ipams: dict[str, dict[str, Any]] = field(default_factory=dict)
    pools: dict[str, Pool] = field(default_factory=dict)


def new_id(kind: str) -> str:
    """An id as IPAM's things have them: `ipam-pool-0…`."""
    return f"{kind}-0{random_resource_id(16)}"


def pool_named(call: Call, identity: str) -> Pool:
    """A pool.

    Raises:
        Refusal: there is none like it. The words are ours.
    """
    pool = call.notes(Ipams).pools.get(identity)
    if pool is None:
        raise Refusal("InvalidIpamPoolId.NotFound", f"The IPAM pool ID '{identity}' does not exist")
    return pool


def check_allocation(call: Call, identity: str, network: IPv4Network) -> Pool:
    """Make sure that a pool can give a range to a VPC of this region.

    https://docs.aws.amazon.com/vpc/latest/ipam/create-vpc-ipam.html

    Raises:
        Refusal: the pool is another region's, doesn't have the range, has given it away, or gives no such sizes.
            The words are ours.
    """
    pool = pool_named(call, identity)
    if pool.row["Locale"] != call.region:
        raise invalid_parameter(f"The locale of the IPAM pool {identity} is not {call.region}.")
    check_free(pool, network)
    least, most = pool.row.get("AllocationMinNetmaskLength", 0), pool.row.get("AllocationMaxNetmaskLength", 32)
    if not least <= network.prefixlen <= most:
        raise invalid_parameter(f"The netmask length {network.prefixlen} is not from {least} to {most}.")
    return pool


def allocate(call: Call, identity: str, network: IPv4Network, resource: str) -> None:
    """Give a part of a pool to somebody. Raises a Refusal as `check_allocation` does."""
    pool = check_allocation(call, identity, network)
    pool.allocations.append(Allocation(new_id("ipam-pool-alloc"), network, resource))


def check_free(pool: Pool, network: IPv4Network) -> None:
    """Make sure that a pool has a range, and has given none of it away.

    Raises:
        Refusal: it hasn't, or has. The words are ours.
    """
    identity = pool.row["IpamPoolId"]
    if not any(one.state == "provisioned" and network.subnet_of(one.network) for one in pool.provisioned):
        raise invalid_parameter(f"The CIDR {network} is not provisioned to the IPAM pool {identity}.")
    if any(network.overlaps(one.network) for one in pool.allocations):
        raise invalid_parameter(f"The CIDR {network} overlaps an allocation of the IPAM pool {identity}.")


def release(call: Call, resource: str, cidr: str | None = None) -> None:
    """Take back what somebody had: one range of it, or all."""
    for pool in call.notes(Ipams).pools.values():
        pool.allocations = [
            one for one in pool.allocations if one.resource != resource or cidr not in (None, str(one.network))
        ]
