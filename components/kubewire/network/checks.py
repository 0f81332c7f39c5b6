"""What must fit together in a cluster network: each check refuses with the field's path and the way out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from ipaddress import IPv4Network
from itertools import combinations

from kubewire.errors import InvalidInputError
from kubewire.network.carving import Carved, Role
from kubewire.resources import address_ranges
from kubewire.resources.security_group import RESERVED_PREFIX

# https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html (AWS: /16 to /28; below /22 zones get too small)
LARGEST_VPC, SMALLEST_VPC = 16, 22
# https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
KEPT_BY_AWS = 5


def vpc_size(cidr: IPv4Network) -> None:
    """Refuse a VPC that AWS doesn't take or that zones don't fit into."""
    if not LARGEST_VPC <= cidr.prefixlen <= SMALLEST_VPC:
        detail = f"Choose a prefix from /{LARGEST_VPC} to /{SMALLEST_VPC}."
        raise InvalidInputError(f"{cidr} is no size for the VPC of a cluster", detail=detail, path="cidr")


def disjoint(ranges: Mapping[str, IPv4Network]) -> None:
    """Refuse ranges that share addresses: one of the two would be a black hole."""
    for (path, first), (other_path, other) in combinations(ranges.items(), 2):
        if first.overlaps(other):
            raise InvalidInputError(
                f"{other} overlaps {path} {first}",
                detail="VPC, pod and Service ranges must be apart, or some addresses lead nowhere. Move one of them.",
                path=other_path,
            )


def for_hosts(ranges: Mapping[str, IPv4Network]) -> None:
    """Refuse ranges in which nothing can have an address, nor a route: AWS has none inside 169.254.168.0/22."""
    for path, cidr in ranges.items():
        try:
            address_ranges.for_hosts(cidr)
        except InvalidInputError as error:
            raise InvalidInputError(error.summary, detail=error.detail, path=path) from error


def network_name(name: str) -> str:
    """Refuse a name by which AWS would refuse the security groups that are named after the network."""
    if f"{name}-".startswith(RESERVED_PREFIX):
        detail = "The security groups are named after the network, and AWS keeps `sg-…` for their ids. Choose another."
        raise InvalidInputError(f"no network can be named {name}", detail=detail)
    return name


def node_prefix(prefix: int, pods: IPv4Network) -> None:
    """Refuse a node's part of the pods' range that is larger than the whole."""
    if prefix < pods.prefixlen:
        detail = f"Choose a prefix from /{pods.prefixlen} to /28, or a larger range of pods."
        raise InvalidInputError(f"{pods} has no part of size /{prefix}", detail=detail, path="pods.nodePrefix")


def zones(region: str, names: Sequence[str]) -> None:
    """Refuse zones of another region, and zones named twice."""
    for index, zone in enumerate(names):
        if zone[:-1] != region:
            detail = f"Zones of {region} are named {region}a, {region}b and so on."
            raise InvalidInputError(f"{zone} is not in {region}", detail=detail, path=f"zones[{index}]")
        if zone in names[:index]:
            raise InvalidInputError(f"{zone} is there twice", detail="Remove one.", path=f"zones[{index}]")


def node_ports(first: int, last: int) -> None:
    """Refuse an empty range of node ports."""
    if first > last:
        raise InvalidInputError(f"{first} to {last} is no range", detail="Swap the two.", path="nodePorts")


def nodes(
    declared: Sequence[tuple[str, str, IPv4Network]], known_zones: Sequence[str], pods: IPv4Network, prefix: int
) -> None:
    """Refuse nodes outside the zones, and pod ranges that aren't a node's own part of the pods' range.

    Args:
        declared: name, zone and pod range of each.
        known_zones: the network's zones.
        pods: the range of all pods.
        prefix: the prefix length of every node's part.
    """
    names: set[str] = set()
    for index, (name, zone, cidr) in enumerate(declared):
        path = f"nodes[{index}]"
        if name in names:
            raise InvalidInputError(f"there are two nodes {name}", detail="Rename one.", path=f"{path}.name")
        names.add(name)
        if zone not in known_zones:
            detail = f"The network has {', '.join(known_zones)}. Add the zone, or move the node."
            raise InvalidInputError(f"the network has no zone {zone}", detail=detail, path=f"{path}.zone")
        if not cidr.subnet_of(pods) or cidr.prefixlen != prefix:
            detail = f"Choose a /{prefix} of {pods}."
            raise InvalidInputError(
                f"{cidr} is no node's part of the pods' range", detail=detail, path=f"{path}.podCidr"
            )
    _apart([(name, cidr) for name, _, cidr in declared])


def _apart(ranges: Sequence[tuple[str, IPv4Network]]) -> None:
    # All have one prefix length, so two that share an address are equal.
    owners: dict[IPv4Network, str] = {}
    for index, (name, cidr) in enumerate(ranges):
        if cidr in owners:
            detail = "Each node needs a range of its own, or one answers for the other's pods."
            message = f"{cidr} belongs to {owners[cidr]} already"
            raise InvalidInputError(message, detail=detail, path=f"nodes[{index}].podCidr")
        owners[cidr] = name


def room(zones_of_nodes: Sequence[str], subnets: Sequence[Carved]) -> None:
    """Refuse more nodes than a zone's private subnet has addresses for."""
    for subnet in subnets:
        number, most = Counter(zones_of_nodes)[subnet.zone], subnet.cidr.num_addresses - KEPT_BY_AWS
        if subnet.role is Role.PRIVATE and number > most:
            detail = f"Its subnet {subnet.cidr} has {most} addresses. Spread the nodes, or give the VPC a larger range."
            raise InvalidInputError(f"{number} nodes are too many for {subnet.zone}", detail=detail, path="nodes")
