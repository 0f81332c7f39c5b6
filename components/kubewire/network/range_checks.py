"""Which ranges and zones fit together: each check refuses with the field's path and the way out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Network, IPv6Network
from itertools import combinations

from kubewire.errors import InvalidInputError
from kubewire.model import Network
from kubewire.network.description import NetworkDescription
from kubewire.network.layout import Role, check_slots
from kubewire.network.plan import laid_out
from kubewire.network.pods import OverlayPods, RoutedPods
from kubewire.network.subnets import CarvedSubnets, ExistingSubnets
from kubewire.network.vpcs import ExistingVpc, NewVpc
from kubewire.resources import address_ranges
from kubewire.resources.destinations import not_reserved

LONGEST_IPV6 = 59
"""The prefix length that still has a /64 for each of the 32 subnets of a zone."""
SHORTEST_IPV6 = 44
NO_HOSTS6 = tuple(map(IPv6Network, ("::/127", "fe80::/10", "ff00::/8")))
"""Unspecified, loopback, link-local and multicast (RFC 6890)."""


def zones(region: str, names: Sequence[str]) -> None:
    """Refuse zones of another region, and zones named twice."""
    for index, zone in enumerate(names):
        if zone[:-1] != region:
            detail = f"Zones of {region} are named {region}a, {region}b and so on."
            raise InvalidInputError(f"{zone} is not in {region}", detail=detail, path=f"zones[{index}]")
        if zone in names[:index]:
            raise InvalidInputError(f"{zone} is there twice", detail="Remove one.", path=f"zones[{index}]")


def subnets(args: NetworkDescription) -> None:
    """Refuse subnets that don't fit into the VPC's ranges, and a VPC without any."""
    if isinstance(args.subnets, CarvedSubnets) and args.vpc.cidr is None:
        detail = "Write the part of the VPC that they may use, or name subnets that are there (`kind: existing`)."
        raise InvalidInputError("no range to carve subnets from", detail=detail, path="vpc.cidr")
    if isinstance(args.subnets, ExistingSubnets) and isinstance(args.vpc, NewVpc):
        detail = "Leave `subnets` out, or name the VPC that they are in."
        raise InvalidInputError("a new VPC has no subnets yet", detail=detail, path="subnets.kind")
    if isinstance(args.subnets, ExistingSubnets):
        _beside_existing(args)
    check_slots(
        (f"{path}.layout[{index}]", slot)
        for path, _, slots in laid_out(args.vpc, args.subnets)
        for index, slot in enumerate(slots)
    )
    _ = args.carved


def _beside_existing(args: NetworkDescription) -> None:
    """Refuse more subnets of the roles that existing ones have: whose ways out would be theirs?"""
    for number, more in enumerate(args.vpc.secondary):
        for index, slot in enumerate(more.layout or ()):
            if slot.role in (Role.PRIVATE, Role.PUBLIC):
                detail = "Beside existing subnets there are `pods`, `isolated` and `reserved` ones."
                path = f"vpc.secondary[{number}].layout[{index}].role"
                raise InvalidInputError(f"{slot.role} subnets are there already", detail=detail, path=path)


def declared_ranges(args: NetworkDescription) -> dict[str, Network]:
    """Give every range that must be apart from the others, by its path."""
    ranges: dict[str, Network | None] = {"vpc.cidr": args.vpc.cidr}
    ranges |= {f"vpc.secondary[{index}].cidr": more.cidr for index, more in enumerate(args.vpc.secondary)}
    if isinstance(args.vpc, ExistingVpc):
        ranges["vpc.ipv6Cidr"] = args.vpc.ipv6_cidr
    if isinstance(args.pods, RoutedPods | OverlayPods):
        ranges["pods.cidr"] = args.pods.cidr
    if isinstance(args.pods, RoutedPods):
        ranges["pods.cidr6"] = args.pods.cidr6
    ranges |= {"serviceCidr": args.service_cidr, "serviceCidr6": args.service_cidr6}
    for number, link in enumerate(args.links):
        ranges |= {f"links[{number}].cidrs[{index}]": cidr for index, cidr in enumerate(link.cidrs)}
    return {path: cidr for path, cidr in ranges.items() if cidr is not None}


def disjoint(ranges: Mapping[str, Network]) -> None:
    """Refuse ranges that share addresses: one of the two would be a black hole; and those that no host can have."""
    for path, cidr in ranges.items():
        try:
            for_hosts(cidr)
        except InvalidInputError as error:
            raise InvalidInputError(error.summary, detail=error.detail, path=path) from error
    for (path, first), (other_path, other) in combinations(ranges.items(), 2):
        if first.version == other.version and first.overlaps(other):
            raise InvalidInputError(
                f"{other} overlaps {path} {first}",
                detail="The ranges of the VPC, of pods, of Services and of linked networks must be apart, or some "
                "addresses lead nowhere. Move one of them.",
                path=other_path,
            )


def for_hosts(cidr: Network) -> None:
    """Refuse a range in which no machine can have an address, or that AWS keeps for its own services."""
    if isinstance(cidr, IPv4Network):
        address_ranges.for_hosts(cidr)
        return
    special = next((part for part in NO_HOSTS6 if part.overlaps(cidr)), None)
    if special:
        detail = f"{special} has a meaning of its own. Choose a part of fd00::/8, or a global range."
        raise InvalidInputError(f"machines can't have addresses in {cidr}", detail=detail)
    not_reserved(cidr)


def families(args: NetworkDescription) -> None:
    """Refuse IPv6 for some where the subnets have none, and an IPv6 range that is too small."""
    if not args.ipv6:
        wants: dict[str, object] = {
            "pods.cidr6": isinstance(args.pods, RoutedPods) and args.pods.cidr6,
            "serviceCidr6": args.service_cidr6,
        }
        for number, link in enumerate(args.links):
            wants |= {f"links[{number}].cidrs[{index}]": cidr.version == 6 for index, cidr in enumerate(link.cidrs)}  # noqa: PLR2004 - the family
        for path, wanted in wants.items():
            if wanted:
                detail = "Set `vpc.ipv6`, or `vpc.ipv6Cidr` of an existing VPC; or leave this out."
                raise InvalidInputError("the subnets have no IPv6", detail=detail, path=path)
    if isinstance(args.vpc, ExistingVpc) and args.vpc.ipv6_cidr:
        _ipv6_part(args.vpc.ipv6_cidr, len(args.zones))


def _ipv6_part(cidr: IPv6Network, number: int) -> None:
    if not SHORTEST_IPV6 <= cidr.prefixlen <= LONGEST_IPV6:
        detail = f"Choose a prefix from /{SHORTEST_IPV6} to /{LONGEST_IPV6}."
        raise InvalidInputError(f"{cidr} is no size for subnets", detail=detail, path="vpc.ipv6Cidr")
    if number > 1 << (LONGEST_IPV6 - cidr.prefixlen):
        detail = f"Every zone takes a /{LONGEST_IPV6}. Choose a larger one."
        raise InvalidInputError(f"{cidr} is too small for {number} zones", detail=detail, path="vpc.ipv6Cidr")
