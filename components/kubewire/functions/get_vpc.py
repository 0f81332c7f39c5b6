"""An existing VPC."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from kubewire.errors import InvalidInputError, NotFoundError
from kubewire.functions.base import Function
from kubewire.functions.selection import ByTags, name_of, shown
from kubewire.model import Cidr, Cidr6, Model
from kubewire.resources.base import RESOURCE_TAG, STACK_TAG
from kubewire.resources.tagging import where

if TYPE_CHECKING:
    from types_boto3_ec2.type_defs import VpcTypeDef

VpcId = Annotated[str, Field(pattern=r"^vpc-[0-9a-f]{8,17}$")]
"""Id of a VPC, `vpc-0123456789abcdef0`."""


class VpcById(Model):
    """The VPC with this id."""

    by: Literal["id"] = "id"
    """Tells it from a selection by tags."""
    id: VpcId
    """Its id."""


class GetVpcArgs(Model):
    """Which VPC. Exactly one must fit."""

    select: Annotated[VpcById | ByTags, Field(discriminator="by")]
    """Its id, or tags that no other VPC of the region bears all of."""


class GetVpcResult(Model):
    """A VPC as it is."""

    id: str
    """Its id."""
    name: str
    """Its Name tag; empty without one."""
    cidrs: tuple[Cidr, ...]
    """Its IPv4 ranges, the primary one first."""
    ipv6_cidrs: tuple[Cidr6, ...]
    """Its IPv6 ranges."""
    main_route_table: str
    """Id of the table that subnets without one of their own use."""
    default_security_group: str
    """Id of the group that interfaces without one get."""
    internet_gateway: str | None = None
    """Id of the internet gateway that is attached to it."""
    dns_support: bool
    """Whether Amazon's resolver answers in the VPC."""
    dns_hostnames: bool
    """Whether instances get DNS names."""
    declared_by: str | None = None
    """Who declares it, where that is a stack of kubewire's: the stack, a blank, the resource."""


class GetVpc(Function[GetVpcArgs, GetVpcResult]):
    """Looks up one existing VPC, by its id or by its tags."""

    Args, Result = GetVpcArgs, GetVpcResult

    def run(self, args: GetVpcArgs) -> GetVpcResult:
        vpc = self._by_id(args.select.id) if isinstance(args.select, VpcById) else self._by_tags(args.select)
        ec2, vpc_id = self.cloud.ec2, vpc["VpcId"]
        tables = ec2.describe_route_tables(Filters=where({"vpc-id": vpc_id, "association.main": "true"}))
        groups = ec2.describe_security_groups(Filters=where({"vpc-id": vpc_id, "group-name": "default"}))
        if not tables["RouteTables"] or not groups["SecurityGroups"]:
            raise _not_ours(vpc)
        gateways = ec2.describe_internet_gateways(Filters=where({"attachment.vpc-id": vpc_id}))["InternetGateways"]
        hostnames = ec2.describe_vpc_attribute(VpcId=vpc_id, Attribute="enableDnsHostnames")
        support = ec2.describe_vpc_attribute(VpcId=vpc_id, Attribute="enableDnsSupport")
        return GetVpcResult(
            id=vpc_id,
            name=name_of(vpc.get("Tags", [])),
            cidrs=_cidrs(vpc),
            ipv6_cidrs=tuple(
                IPv6Network(item["Ipv6CidrBlock"])
                for item in vpc.get("Ipv6CidrBlockAssociationSet", [])
                if item["Ipv6CidrBlockState"]["State"] == "associated"
            ),
            main_route_table=tables["RouteTables"][0]["RouteTableId"],
            default_security_group=groups["SecurityGroups"][0]["GroupId"],
            internet_gateway=gateways[0]["InternetGatewayId"] if gateways else None,
            dns_support=support["EnableDnsSupport"]["Value"],
            dns_hostnames=hostnames["EnableDnsHostnames"]["Value"],
            declared_by=_declarer(vpc),
        )

    def _by_id(self, vpc_id: str) -> VpcTypeDef:
        try:
            found = self.cloud.ec2.describe_vpcs(VpcIds=[vpc_id])["Vpcs"]
        except NotFoundError:
            found = []
        if not found:
            detail = (
                f"Region {self.cloud.region()} of this account was asked. Correct the id, the region or the profile."
            )
            raise InvalidInputError(f"there is no VPC {vpc_id}", detail=detail, path="select.id")
        return found[0]

    def _by_tags(self, select: ByTags) -> VpcTypeDef:
        # The values are compared here, to the letter: in a filter, `*` and `?` stand for any text.
        keys = [{"Name": "tag-key", "Values": [key]} for key in sorted(select.tags)]
        vpcs = self.cloud.ec2.describe_vpcs(Filters=keys)["Vpcs"]  # type: ignore[arg-type]  # a list of filters
        found = [vpc for vpc in vpcs if select.fits(vpc.get("Tags", []))]
        if len(found) == 1:
            return found[0]
        if found:
            listed = ", ".join(sorted(shown(vpc["VpcId"], vpc.get("Tags", [])) for vpc in found))
            detail = f"They are {listed}. Name one by its id, or add a tag that only one of them bears."
            raise InvalidInputError(f"{len(found)} VPCs have {select.shown()}", detail=detail, path="select.tags")
        detail = f"Region {self.cloud.region()} of this account was asked. Correct the tags, the region or the profile."
        raise InvalidInputError(f"no VPC has {select.shown()}", detail=detail, path="select.tags")


def _cidrs(vpc: VpcTypeDef) -> tuple[IPv4Network, ...]:
    """Give the associated IPv4 ranges, the primary one first whatever the order that AWS lists them in."""
    cidrs = [
        item["CidrBlock"]
        for item in vpc.get("CidrBlockAssociationSet", [])
        if item["CidrBlockState"]["State"] == "associated"
    ]
    return tuple(IPv4Network(cidr) for cidr in sorted(cidrs, key=lambda cidr: cidr != vpc["CidrBlock"]))


def _declarer(vpc: VpcTypeDef) -> str | None:
    tags = {tag["Key"]: tag["Value"] for tag in vpc.get("Tags", [])}
    return f"{tags[STACK_TAG]} {tags[RESOURCE_TAG]}" if {STACK_TAG, RESOURCE_TAG} <= tags.keys() else None


def _not_ours(vpc: VpcTypeDef) -> InvalidInputError:
    """Refuse a VPC that another account shares: who doesn't own it sees neither its main table nor its default group.

    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-sharing.html
    """
    owner = vpc.get("OwnerId", "another account")
    detail = f"{owner} owns it. Use a profile or a role of that account."
    return InvalidInputError(f"{vpc['VpcId']} shows neither its main route table nor its default group", detail=detail)
