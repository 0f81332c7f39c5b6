"""The VPC, with its ranges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

import pulumi

from kubewire.declared import Declared, later
from kubewire.deferred import Later
from kubewire.errors import InvalidInputError
from kubewire.functions.get_vpc import GetVpc, GetVpcArgs, GetVpcResult, VpcById
from kubewire.functions.selection import ByTags
from kubewire.model import Ref
from kubewire.network import vpcs
from kubewire.network.parts.declarer import Declarer
from kubewire.network.range_checks import declared_ranges
from kubewire.resources.security_group_rules import SecurityGroupRules, SecurityGroupRulesArgs
from kubewire.resources.vpc import Vpc, VpcArgs
from kubewire.resources.vpc_cidr_blocks import VpcCidrBlocks, VpcCidrBlocksArgs


@dataclass(frozen=True)
class VpcPart:
    """The VPC that everything is in.

    Attributes:
        ref: the VPC.
        cidrs: its IPv4 ranges, those that it gets here among them.
        ipv6_cidr: its IPv6 range, or the part of it that subnets are in.
        found: whether it was there.
        internet_gateway: the gateway that an existing VPC has.
        settled: what must be there before a subnet is made.
        existing: what it was, where it was there.
    """

    ref: Ref
    cidrs: tuple[IPv4Network, ...]
    ipv6_cidr: Later[str] | None
    found: bool
    internet_gateway: str | None
    settled: Sequence[pulumi.Resource]
    existing: GetVpcResult | None = None


def make_vpc(declarer: Declarer) -> VpcPart:
    """Make the VPC, or find it.

    Raises:
        InvalidInputError: the one that is there doesn't have the ranges that are declared.
    """
    vpc = declarer.args.vpc
    return _new(declarer, vpc) if isinstance(vpc, vpcs.NewVpc) else _existing(declarer, vpc)


def _new(declarer: Declarer, vpc: vpcs.NewVpc) -> VpcPart:
    args = declarer.args
    made = declarer.named(Vpc, VpcArgs(name=args.name, cidr=vpc.cidr, ipam_pool=vpc.ipam_pool, tags=args.tags))
    blocks = _blocks(declarer, vpc, made.ref, ipv6=vpc.ipv6)
    if vpc.lock_default_group:
        group = Ref(name="default", id=later(made.output("default_security_group")))
        locked = SecurityGroupRulesArgs(group=group, exclusive=True)
        # AWS opens a new group to IPv6, too, when the range comes: it must not come in between.
        declarer.declare(SecurityGroupRules, locked, name=f"{args.name}-default", after=blocks)
    ipv6 = later(blocks[0].output("ipv6_cidr")) if vpc.ipv6 else None
    return VpcPart(made.ref, _cidrs(vpc, ()), ipv6, found=False, internet_gateway=None, settled=blocks)


def _existing(declarer: Declarer, vpc: vpcs.VpcById | vpcs.VpcByTags) -> VpcPart:
    select = VpcById(id=vpc.id) if isinstance(vpc, vpcs.VpcById) else ByTags(tags=vpc.tags)
    found = declarer.asked(GetVpc, GetVpcArgs(select=select), f"vpc.{vpc.kind}")
    _check(declarer, found)
    ref = Ref(name=found.name or found.id, id=found.id)
    blocks = _blocks(declarer, vpc, ref, ipv6=False)
    ipv6 = str(vpc.ipv6_cidr) if vpc.ipv6_cidr else None
    cidrs, gateway = _cidrs(vpc, found.cidrs), found.internet_gateway
    return VpcPart(ref, cidrs, ipv6, found=True, internet_gateway=gateway, settled=blocks, existing=found)


def _blocks(declarer: Declarer, vpc: vpcs.NewVpc | vpcs.ExistingVpc, ref: Ref, *, ipv6: bool) -> list[Declared]:
    if not vpc.secondary and not ipv6:
        return []
    args = VpcCidrBlocksArgs(vpc=ref, cidrs=tuple(more.cidr for more in vpc.secondary), ipv6=ipv6)
    return [declarer.declare(VpcCidrBlocks, args, name=declarer.args.name)]


def _cidrs(vpc: vpcs.NewVpc | vpcs.ExistingVpc, found: tuple[IPv4Network, ...]) -> tuple[IPv4Network, ...]:
    own = found or ((vpc.cidr,) if vpc.cidr else ())
    return tuple(dict.fromkeys((*own, *(more.cidr for more in vpc.secondary))))


def _check(declarer: Declarer, found: GetVpcResult) -> None:
    """Refuse the network's own VPC, ranges that the VPC doesn't have, and others that overlap what it has."""
    args = declarer.args
    vpc = args.vpc
    if _is_own(found, args.name):
        detail = (
            "As nobody would declare it, it would be deleted, with its internet gateway first. Leave `kind: new`; or "
            "give both away before: `pulumi state delete`, and take the `kubewire:` tags off the VPC."
        )
        path = f"{args.name}: vpc.kind"
        raise InvalidInputError(f"{found.id} is what this network has made", detail=detail, path=path)
    if vpc.cidr and not any(vpc.cidr.subnet_of(cidr) for cidr in found.cidrs):
        detail = f"{found.id} has {', '.join(map(str, found.cidrs))}. Choose a part of one."
        raise InvalidInputError(f"{vpc.cidr} is no part of the VPC", detail=detail, path=f"{args.name}: vpc.cidr")
    if isinstance(vpc, vpcs.ExistingVpc) and vpc.ipv6_cidr:
        part = vpc.ipv6_cidr
        if not any(part.subnet_of(cidr) for cidr in found.ipv6_cidrs):
            detail = f"{found.id} has {', '.join(map(str, found.ipv6_cidrs)) or 'none'}. Choose a part of one."
            raise InvalidInputError(f"{part} is no part of the VPC", detail=detail, path=f"{args.name}: vpc.ipv6Cidr")
    secondary = {more.cidr for more in vpc.secondary}
    if found.cidrs and found.cidrs[0] in secondary:
        detail = "Leave it out: carve subnets from it by `vpc.cidr`."
        summary = f"{found.cidrs[0]} is the VPC's first range"
        raise InvalidInputError(summary, detail=detail, path=f"{args.name}: vpc.secondary")
    for path, cidr in declared_ranges(args).items():
        if path == "vpc.cidr" or not isinstance(cidr, IPv4Network):
            continue
        overlapped = next((own for own in found.cidrs if own not in secondary and own.overlaps(cidr)), None)
        if overlapped:
            detail = "Some addresses would lead nowhere. Choose another range."
            summary = f"{cidr} overlaps {overlapped} of {found.id}"
            raise InvalidInputError(summary, detail=detail, path=f"{args.name}: {path}")


def _is_own(found: GetVpcResult, network: str) -> bool:
    """Whether a VPC is the one that a network of this name in this stack made."""
    stack, _, resource = (found.declared_by or "").partition(" ")
    own = f"kubewire:network:ClusterNetwork/{Vpc.token()}/{network}"
    return stack == f"{pulumi.get_project()}/{pulumi.get_stack()}" and resource.endswith(own)
