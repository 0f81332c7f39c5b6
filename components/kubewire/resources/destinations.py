"""Where a route's packets are for: a range of either family, or a prefix list."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network
from typing import Annotated, Any, Final, NewType

from pydantic import Discriminator, Field, Tag

from kubewire.errors import InvalidInputError
from kubewire.model import AnyCidr

PrefixListId = NewType("PrefixListId", str)
"""Id of a managed prefix list, `pl-0123456789abcdef0`."""


def _kind(given: Any) -> str:
    return "prefix-list" if isinstance(given, str) and given.startswith("pl-") else "range"


Destination = Annotated[
    Annotated[AnyCidr, Tag("range")]
    | Annotated[PrefixListId, Field(pattern=r"^pl-([0-9a-f]{8}|[0-9a-f]{17})$"), Tag("prefix-list")],
    Discriminator(_kind),
]
"""A range without host bits, or the id of a prefix list; a plain string on the wire, as the key of a mapping too."""

RESERVED: Final = (IPv4Network("169.254.168.0/22"), IPv6Network("fd00:ec2::/32"))
"""Of AWS's own services. https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html"""

# How CreateRoute and DescribeRouteTables name each kind.
_IPV4, _IPV6, _LIST = "DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId"


def parameter(destination: Destination) -> dict[str, str]:
    """Write a destination as the calls for one route take it.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRoute.html
    """
    match destination:
        case IPv4Network():
            return {_IPV4: str(destination)}
        case IPv6Network():
            return {_IPV6: str(destination)}
        case _:
            return {_LIST: destination}


def destination_of(row: Mapping[str, Any]) -> Destination:
    """Read the destination of a described route."""
    if _IPV4 in row:
        return IPv4Network(row[_IPV4], strict=False)
    if _IPV6 in row:
        return IPv6Network(row[_IPV6], strict=False)
    return PrefixListId(row[_LIST])


def within(destination: Destination, other: IPv4Network | IPv6Network) -> bool:
    """Whether a destination is a range that lies in another."""
    match destination, other:
        case (IPv4Network() as network, IPv4Network() as around):
            return network.subnet_of(around)
        case (IPv6Network() as network, IPv6Network() as around):
            return network.subnet_of(around)
    return False


def not_reserved(destination: Destination) -> None:
    """Refuse a range that AWS keeps for its own services on every instance. One around it is allowed.

    Raises:
        InvalidInputError: it is one.
    """
    reserved = next((one for one in RESERVED if within(destination, one)), None)
    if reserved:
        detail = f"AWS takes no route for {reserved} or a part of it. Leave it out."
        raise InvalidInputError(f"{destination} belongs to AWS's own services", detail=detail)
