"""Who may open a connection: ranges, prefix lists, security groups, or everybody, written out."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from ipaddress import IPv4Network, IPv6Network, collapse_addresses
from itertools import count
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, TypeAdapter, ValidationError

from kubewire.deferred import Later
from kubewire.errors import InvalidInputError
from kubewire.faults import faults
from kubewire.model import AnyCidr, Described, Network
from kubewire.network.names import GroupId, PeerName, PrefixListId
from kubewire.resources.traffic import CidrPeer, GroupPeer, PrefixListPeer

Peer = CidrPeer | GroupPeer | PrefixListPeer


class Anywhere(Enum):
    """The whole internet. It is never a default and never hides in a range."""

    ANYWHERE = "anywhere"


ANYWHERE = Anywhere.ANYWHERE
WORLD = IPv4Network("0.0.0.0/0")
WORLD6 = IPv6Network("::/0")
WIDEST, WIDEST6 = 8, 16
"""The shortest prefixes of a range: no one holds more, and a few wider ones together are everybody again."""
OWN_NAMES = ("nodes", "pods", "pods IPv6")
"""Whom the network's own rules name so."""
MOST_ENTRIES = 1000
"""https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html"""


class PrefixListSource(Described):
    """The ranges of a managed prefix list."""

    prefix_list: Later[PrefixListId]
    """`pl-0123456789abcdef0`."""
    name: PeerName = "prefix list"
    """What to call it."""
    entries: int = Field(ge=1, le=MOST_ENTRIES)
    """The most entries that it can have: AWS counts a rule for each."""


class GroupSource(Described):
    """The interfaces in a security group."""

    group: Later[GroupId]
    """`sg-0123456789abcdef0`."""
    name: PeerName = "group"
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
_RANGE: TypeAdapter[Network] = TypeAdapter(NarrowCidr)
FORMS = "`anywhere`, a range, `{group: sg-…}`, or `{prefixList: pl-…, entries: …}`"


def _kind(given: Any) -> Any:
    """Tell which kind of source is meant here: a union would say of a mistake what each kind finds wrong with it."""
    match given:
        case Anywhere() | PrefixListSource() | GroupSource():
            return given
        case Anywhere.ANYWHERE.value:
            return ANYWHERE
        case {"group": _}:
            return GroupSource(**given)
        case {"prefixList": _} | {"prefix_list": _}:
            return PrefixListSource(**given)
        case str() | IPv4Network() | IPv6Network():
            try:
                return _RANGE.validate_python(given)
            except ValidationError as error:
                raise faults(error)[0] from None
        case _:
            raise InvalidInputError("this is no source", detail=f"Write {FORMS}.")


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
    """Give who several sources are, each once and by a name of its own.

    Neighbouring ranges are merged, for rules are few. A group or a list that others name differently is still one.
    """
    found = [peer for source in sources for peer in peers(source, ipv6=ipv6).values()]
    ranges = [peer.cidr for peer in found if isinstance(peer, CidrPeer)]
    merged = {*collapse_addresses(cidr for cidr in ranges if isinstance(cidr, IPv4Network))}
    merged6 = {*collapse_addresses(cidr for cidr in ranges if isinstance(cidr, IPv6Network))}
    named: dict[str, Peer] = {str(cidr): CidrPeer(cidr=cidr) for cidr in (*sorted(merged), *sorted(merged6))}
    referred: dict[Any, GroupPeer | PrefixListPeer] = {}
    for peer in found:
        if not isinstance(peer, CidrPeer):
            known = referred.setdefault((peer.kind, peer.id), peer)
            if weight(peer) > weight(known):
                referred[peer.kind, peer.id] = peer
    for peer in referred.values():
        named[_free(peer.name, {*named, *OWN_NAMES})] = peer
    return named


def _free(name: str, taken: set[str]) -> str:
    """Give a name that nobody has: two lists may be called alike, and one as the network calls its own."""
    if name not in taken:
        return name
    return next(numbered for number in count(2) if (numbered := f"{name} {number}") not in taken)


def weight(peer: Peer) -> int:
    """Say how many rules a rule counts for: one, or one for each entry that a prefix list can have.

    https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
    """
    return peer.max_entries if isinstance(peer, PrefixListPeer) else 1
