"""The subnets, made or found, and the tables of those that were found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import IPv4Network

import pulumi

from kubewire.deferred import Later
from kubewire.errors import InvalidInputError
from kubewire.functions.get_subnets import ExistingSubnet, GetSubnets, GetSubnetsArgs, GetSubnetsResult, SubnetsById
from kubewire.functions.selection import ByTags
from kubewire.model import Ref
from kubewire.network.layout import Carved, Role, ipv6_of
from kubewire.network.parts.declarer import Declarer
from kubewire.network.parts.vpc import VpcPart
from kubewire.network.subnets import CarvedSubnets, ExistingSubnets, SubnetsByIds, SubnetSelection
from kubewire.resources.subnet import Subnet, SubnetArgs

# Where a cloud controller looks for subnets of a load balancer:
# https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/subnet_discovery/
ROLE_TAGS = {Role.PUBLIC: "kubernetes.io/role/elb", Role.PRIVATE: "kubernetes.io/role/internal-elb"}
CLUSTER_TAG = "kubernetes.io/cluster/"


@dataclass
class SubnetsPart:
    """Where things are.

    Attributes:
        of: role, then key (a zone, with the index where it isn't the first), to the subnet.
        cidrs: the range of a zone's first subnet for nodes.
        tables: the tables of subnets that were found, by role.
        existing: what was found, one answer a role.
    """

    of: defaultdict[Role, dict[str, Ref]] = field(default_factory=lambda: defaultdict(dict))
    cidrs: dict[str, IPv4Network] = field(default_factory=dict)
    tables: defaultdict[Role, dict[str, Ref]] = field(default_factory=lambda: defaultdict(dict))

    existing: list[GetSubnetsResult] = field(default_factory=list)

    def one_per_zone(self, role: Role, zones: Iterable[str]) -> dict[str, Ref]:
        """Give each zone's first subnet of a role."""
        return {zone: self.of[role][zone] for zone in zones if zone in self.of[role]}


def make_subnets(declarer: Declarer, vpc: VpcPart) -> SubnetsPart:
    """Make the subnets, or find them.

    Raises:
        InvalidInputError: those that are there don't fit the network's zones.
    """
    part = SubnetsPart()
    args = declarer.args
    for carved in args.carved:
        part.of[carved.role][carved.key] = _make(declarer, vpc, carved)
        if carved.role is args.node_role and not carved.index:
            part.cidrs[carved.zone] = carved.cidr
    if isinstance(args.subnets, ExistingSubnets):
        _find(declarer, vpc, part, Role.PRIVATE, args.subnets.private)
        if args.subnets.public:
            _find(declarer, vpc, part, Role.PUBLIC, args.subnets.public)
    return part


def _make(declarer: Declarer, vpc: VpcPart, carved: Carved) -> Ref:
    args = declarer.args
    tags = dict(args.tags)
    if carved.role in ROLE_TAGS:
        tags[ROLE_TAGS[carved.role]] = "1"
    if args.cluster:
        tags[f"{CLUSTER_TAG}{args.cluster}"] = "shared"
    described = SubnetArgs(
        name=f"{args.name}-{carved.role}-{carved.key}",
        vpc=vpc.ref,
        cidr=carved.cidr,
        zone=carved.zone,
        ipv6_cidr=_ipv6(vpc.ipv6_cidr, carved.number) if vpc.ipv6_cidr is not None else None,
        assigns_ipv6=vpc.ipv6_cidr is not None,
        moves=isinstance(args.subnets, CarvedSubnets) and args.subnets.moves,
        tags=tags,
    )
    return declarer.named(Subnet, described, after=vpc.settled).ref


def _ipv6(whole: Later[str], number: int) -> Later[str]:
    if isinstance(whole, pulumi.Output):
        return whole.apply(lambda cidr: ipv6_of(cidr, number))
    return ipv6_of(whole, number)


def _find(declarer: Declarer, vpc: VpcPart, part: SubnetsPart, role: Role, selection: SubnetSelection) -> None:
    args, path = declarer.args, f"{declarer.args.name}: subnets.{role}"
    if isinstance(selection, SubnetsByIds):
        select: SubnetsById | ByTags = SubnetsById(ids=selection.ids)
    else:
        select = ByTags(tags=selection.tags)
    found = declarer.asked(
        GetSubnets, GetSubnetsArgs(vpc=vpc.ref.id, select=select), f"subnets.{role}.{selection.kind}"
    )
    part.existing.append(found)
    for subnet in found.subnets:
        ref = Ref(name=subnet.name or subnet.id, id=subnet.id)
        _check(subnet, part.of[role], args.zones, role, path)
        if args.ipv6 and subnet.ipv6_cidr is None:
            detail = "Leave out `vpc.ipv6Cidr`, or choose subnets that have an IPv6 range."
            raise InvalidInputError(f"{subnet.id} has no IPv6", detail=detail, path=path)
        part.of[role][subnet.zone] = ref
        part.tables[role][subnet.route_table] = Ref(name=f"table of {ref.name}", id=subnet.route_table)
        if role is args.node_role:
            part.cidrs[subnet.zone] = subnet.cidr
    missing = [zone for zone in args.zones if zone not in part.of[role]]
    if missing:
        detail = f"Found are {', '.join(subnet.id for subnet in found.subnets)}. Name one in each zone, or fewer zones."
        raise InvalidInputError(f"no {role} subnet in {', '.join(missing)}", detail=detail, path=path)


def _check(subnet: ExistingSubnet, known: dict[str, Ref], zones: tuple[str, ...], role: Role, path: str) -> None:
    if subnet.zone not in zones:
        detail = "Add the zone to `zones`, or choose narrower tags."
        raise InvalidInputError(f"{subnet.id} is in {subnet.zone}", detail=detail, path=path)
    if subnet.zone in known:
        detail = f"Both {known[subnet.zone].id} and {subnet.id} fit. Choose narrower tags, or name ids."
        raise InvalidInputError(f"two {role} subnets in {subnet.zone}", detail=detail, path=path)
    if role is Role.PUBLIC and not subnet.public:
        detail = f"Its table {subnet.route_table} has no route to an internet gateway."
        raise InvalidInputError(f"{subnet.id} is not public", detail=detail, path=path)
