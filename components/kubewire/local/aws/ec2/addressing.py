"""Addresses in subnets: which are AWS's own, which are taken, which are free."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address
from itertools import islice
from typing import Any, Final

from kubewire.local.aws.call import Call
from kubewire.local.aws.ec2.ranges import subnet_ipv6
from kubewire.local.aws.refusal import Refusal, invalid_parameter

# https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
RESERVED_AT_START: Final = 4
RESERVED: Final = 5
# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-prefix-eni.html
PREFIX: Final = 28


@dataclass
class Prefixes:
    """Ranges that interfaces have beside their addresses, by the interface's id: moto has no place for them."""

    of: dict[str, list[IPv4Network]] = field(default_factory=dict)


def prefixes_of(call: Call, interface_id: str) -> list[IPv4Network]:
    """The ranges of an interface, as a list that may be changed."""
    return call.notes(Prefixes).of.setdefault(interface_id, [])


def interfaces_in(call: Call, subnet_id: str) -> list[Any]:
    """The interfaces in a subnet, whoever's they are."""
    ec2: Any = call.ec2
    return [one for one in ec2.enis.values() if one.subnet.id == subnet_id]


def taken(call: Call, subnet: Any) -> set[IPv4Address]:
    """The addresses that are in use in a subnet, AWS's own aside."""
    found: set[IPv4Address] = set()
    for interface in interfaces_in(call, subnet.id):
        found |= {IPv4Address(one["PrivateIpAddress"]) for one in interface.private_ip_addresses}
        found.update(address for network in prefixes_of(call, interface.id) for address in network)
    return found


def available(call: Call, subnet: Any) -> int:
    """How many addresses are free in a subnet; those of ranges that lie on AWS's own were never free.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Subnet.html (AvailableIpAddressCount)
    """
    network: IPv4Network = subnet.cidr
    return network.num_addresses - len(taken(call, subnet) | _reserved(network))


def chosen(call: Call, subnet: Any, count: int, also: Iterable[IPv4Address] = ()) -> list[str]:
    """So many free addresses, the lowest first, and none of the others that the same call names.

    Raises:
        Refusal: there aren't so many.
    """
    found = [str(one) for one in islice(_free(subnet.cidr, taken(call, subnet) | set(also)), count)]
    if len(found) < count:
        raise Refusal(
            "InsufficientFreeAddressesInSubnet",
            "The specified subnet does not have enough free addresses to satisfy the request.",
        )
    return found


def chosen_prefixes(call: Call, subnet: Any, count: int, also: Iterable[IPv4Address] = ()) -> list[IPv4Network]:
    """So many free ranges of sixteen addresses.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-prefix-eni.html

    Raises:
        Refusal: there aren't so many.
    """
    if not count:
        return []
    used = taken(call, subnet) | _reserved(subnet.cidr) | set(also)
    blocks = subnet.cidr.subnets(new_prefix=PREFIX)
    found = list(islice((block for block in blocks if used.isdisjoint(block)), count))
    if len(found) < count:
        raise Refusal(
            "InsufficientCidrBlocks",
            "The specified subnet does not have enough free cidr blocks to satisfy the request.",
        )
    return found


def requested(call: Call, subnet: Any, text: str, *, message: str = "The specified address is already in use.") -> str:
    """An address that a caller asks for.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html (InvalidIPAddress.InUse)

    Raises:
        Refusal: it is none, lies outside the subnet, is AWS's own, or is in use.
    """
    try:
        address = IPv4Address(text)
    except ValueError as error:
        raise invalid_parameter(f"invalid value for parameter address: {text}") from error
    if address not in subnet.cidr:
        raise invalid_parameter("Address does not fall within the subnet's address range")
    if address in _reserved(subnet.cidr):
        raise invalid_parameter("Address is in subnet's reserved address range")
    if address in taken(call, subnet):
        raise Refusal("InvalidIPAddress.InUse", message)
    return text


def taken_ipv6(call: Call, subnet: Any) -> set[IPv6Address]:
    """The IPv6 addresses that are in use in a subnet."""
    return {IPv6Address(one) for interface in interfaces_in(call, subnet.id) for one in interface.ipv6_addresses}


def chosen_ipv6(call: Call, subnet: Any, count: int) -> list[str]:
    """So many free IPv6 addresses.

    Raises:
        Refusal: the subnet has no IPv6 range.
    """
    ranges = subnet_ipv6(subnet)
    if not ranges:
        raise _no_ipv6(subnet)
    used = taken_ipv6(call, subnet)
    first = int(ranges[0].network_address) + RESERVED_AT_START
    addresses = (IPv6Address(number) for number in range(first, first + len(used) + count))
    return [str(one) for one in islice((one for one in addresses if one not in used), count)]


def requested_ipv6(call: Call, subnet: Any, text: str) -> str:
    """An IPv6 address that a caller asks for.

    Raises:
        Refusal: it is none, lies outside the subnet, or is in use.
    """
    ranges = subnet_ipv6(subnet)
    if not ranges:
        raise _no_ipv6(subnet)
    try:
        address = IPv6Address(text)
    except ValueError as error:
        raise invalid_parameter(f"invalid value for parameter address: {text}") from error
    if not any(address in one for one in ranges):
        raise invalid_parameter("Address does not fall within the subnet's address range")
    if address in taken_ipv6(call, subnet):
        raise Refusal("InvalidIPAddress.InUse", "The specified address is already in use.")
    return str(address)


def _reserved(network: IPv4Network) -> set[IPv4Address]:
    return {network[number] for number in range(RESERVED_AT_START)} | {network[-1]}


def _free(network: IPv4Network, used: set[IPv4Address]) -> Iterator[IPv4Address]:
    numbers = range(RESERVED_AT_START, network.num_addresses - 1)
    return (network[number] for number in numbers if network[number] not in used)


def _no_ipv6(subnet: Any) -> Refusal:
    return invalid_parameter(f"The subnet '{subnet.id}' does not have an IPv6 CIDR block associated with it.")
