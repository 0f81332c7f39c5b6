"""Who may open a connection: ranges, prefix lists, security groups, or everybody, written out."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from ipaddress import IPv4Network, IPv6Network, collapse_addresses
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from kubewire.deferred import Later
from kubewire.errors import InvalidInputError
from kubewire.model import AnyCidr, Described
from kubewire.network.names import GroupId, PrefixListId
from kubewire.resources.traffic import CidrPeer, GroupPeer, PrefixListPeer

Network = IPv4Network | IPv6Network
Peer = CidrPeer | GroupPeer | PrefixListPeer


class Anywhere(Enum):
    """The whole internet. It is never a default and never hides in a range."""

    ANYWHERE = "anywhere"


ANYWHERE = Anywhere.ANYWHERE
WORLD = IPv4Network("0.0.0.0/0")
WORLD6 = IPv6Network("::/0")
WIDEST, WIDEST6 = 8, 16
"""The shortest prefixes of a range: no one holds more, and a few wider ones together are everybody again."""
MOST_ENTRIES = 1000
"""https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html"""


class PrefixListSource(Described):
    """The ranges of a managed prefix list."""

    prefix_list: Later[PrefixListId]
    """`pl-0123456789abcdef0`."""
    name: str = Field(default="prefix list", min_length=1, max_length=64)
    """What to call it."""
    entries: int = Field(ge=1, le=MOST_ENTRIES)
    """The most entries that it can have: AWS counts a rule for each."""


class GroupSource(Described):
    """The interfaces in a security group."""

    group: Later[GroupId]
    """`sg-0123456789abcdef0`."""
    name: str = Field(default="group", min_length=1, max_length=64)
    """What to call it."""


def _narrow(cidr: Network) -> Network:
    if cidr in (WORLD, WORLD6):
        raise InvalidInputError(f"{cidr} is everybody", detail="Write `anywhere` if that is what you mean.")
    widest = WIDEST if cidr.version == WORLD.version else WIDEST6
    if cidr.prefixlen < widest:
        detail = f"Write `anywhere` if you mean everybody, or ranges of /{widest} and narrower."
        raise InvalidInputError(f"{cidr} is a large part of the internet", detail=detail)
    return cidr


NarrowCidr = Annotated[AnyCidr, AfterValidator(_narrow)]
"""A range that isn't everybody."""


def _kind(given: Any) -> Any:
    """Tell which kind of source is meant here: a union would say of a mistake what each kind finds wrong with it."""
    match given:
        case Anywhere.ANYWHERE.value:
            return ANYWHERE
        case {"group": _}:
            return GroupSource(**given)
        case dict():
            return PrefixListSource(**given)
        case _:
            return given


Source = Annotated[Anywhere | PrefixListSource | GroupSource | NarrowCidr, BeforeValidator(_kind)]


def peers(source: Source, *, ipv6: bool = False) -> dict[str, Peer]:
    """Give who a source is to firewall rules, by what to call them.

    Args:
        source: the source.
        ipv6: whether `anywhere` is everybody's IPv6 too.
    """
    match source:
        case Anywhere():
            both = [WORLD, WORLD6] if ipv6 else [WORLD]
            return {str(cidr): CidrPeer(cidr=cidr) for cidr in both}
        case PrefixListSource():
            peer = PrefixListPeer(name=source.name, id=source.prefix_list, max_entries=source.entries)
            return {source.name: peer}
        case GroupSource():
            return {source.name: GroupPeer(name=source.name, id=source.group)}
        case _:
            return {str(source): CidrPeer(cidr=source)}


def all_peers(sources: Iterable[Source], *, ipv6: bool = False) -> dict[str, Peer]:
    """Give who several sources are, each once; neighbouring ranges are merged, for rules are few."""
    named = {name: peer for source in sources for name, peer in peers(source, ipv6=ipv6).items()}
    ranges = [peer.cidr for peer in named.values() if isinstance(peer, CidrPeer)]
    merged = {*collapse_addresses(cidr for cidr in ranges if isinstance(cidr, IPv4Network))}
    merged6 = {*collapse_addresses(cidr for cidr in ranges if isinstance(cidr, IPv6Network))}
    whole = {str(cidr): CidrPeer(cidr=cidr) for cidr in (*sorted(merged), *sorted(merged6))}
    return {**whole, **{name: peer for name, peer in named.items() if not isinstance(peer, CidrPeer)}}


def weight(peer: Peer) -> int:
    """Say how many rules a rule counts for: one, or one for each entry that a prefix list can have.

    https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
    """
    return peer.max_entries if isinstance(peer, PrefixListPeer) else 1
