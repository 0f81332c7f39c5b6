"""A VPC."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator

from kubewire.deferred import Later
from kubewire.model import REPLACE, Cidr
from kubewire.resources.address_ranges import vpc_or_subnet
from kubewire.resources.base import NamedArgs, Resource
from kubewire.resources.calls import Calls, counted
from kubewire.resources.tagging import named_fields, on_create, owned_by, retag, where

if TYPE_CHECKING:
    from types_boto3_ec2.type_defs import CreateVpcRequestTypeDef


class VpcArgs(NamedArgs):
    """Inputs of a VPC."""

    cidr: Annotated[Cidr, AfterValidator(vpc_or_subnet), REPLACE]
    """Its primary IPv4 range, /16 to /28."""
    # AWS shows no range's pool: what is declared is believed, and an import knows of none.
    ipam_pool: Annotated[Later[str] | None, REPLACE] = None
    """Id of the IPAM pool that the range is allocated from, `ipam-pool-…`. AWS refuses a range that isn't the pool's,
    or is taken. https://docs.aws.amazon.com/vpc/latest/ipam/create-vpc-ipam.html"""
    dns_hostnames: bool = True
    """Whether instances get DNS names. Needed by private hosted zones."""
    dns_support: bool = True
    """Whether Amazon's resolver answers in the VPC."""


class VpcState(VpcArgs):
    """A VPC as it is."""

    main_route_table: str
    """Id of the table that subnets without one of their own use."""
    default_security_group: str
    """Id of the group that interfaces without one get."""


class Vpc(Resource[VpcArgs, VpcState]):
    """A virtual private cloud: the address space that a cluster lives in."""

    Args, State = VpcArgs, VpcState

    @classmethod
    def calls(cls, old: VpcState | None, new: VpcArgs) -> Calls:
        # A new one has DNS support, and no host names.
        support, hostnames = (old.dns_support, old.dns_hostnames) if old else (True, False)
        attributes = (new.dns_support != support) + (new.dns_hostnames != hostnames)
        return super().calls(old, new) + counted(ModifyVpcAttribute=attributes)

    def find(self, args: VpcArgs) -> list[str]:
        vpcs = self.cloud.ec2.describe_vpcs(Filters=owned_by(self.owner))["Vpcs"]
        return [vpc["VpcId"] for vpc in vpcs]

    def create(self, args: VpcArgs) -> str:
        asked: CreateVpcRequestTypeDef = {
            "CidrBlock": str(args.cidr),
            "TagSpecifications": on_create("vpc", args, self.owner),
        }
        if args.ipam_pool is not None:
            asked["Ipv4IpamPoolId"] = args.ipam_pool
        made = self.cloud.ec2.create_vpc(**asked)
        return made["Vpc"]["VpcId"]

    def read(self, object_id: str, known: VpcArgs | None) -> VpcState | None:
        ec2 = self.cloud.ec2
        vpcs = ec2.describe_vpcs(VpcIds=[object_id])["Vpcs"]
        if not vpcs or vpcs[0]["State"] != "available":
            return None
        hostnames = ec2.describe_vpc_attribute(VpcId=object_id, Attribute="enableDnsHostnames")
        support = ec2.describe_vpc_attribute(VpcId=object_id, Attribute="enableDnsSupport")
        tables = ec2.describe_route_tables(Filters=where({"vpc-id": object_id, "association.main": "true"}))
        groups = ec2.describe_security_groups(Filters=where({"vpc-id": object_id, "group-name": "default"}))
        if not tables["RouteTables"] or not groups["SecurityGroups"]:
            # What AWS makes with a VPC may show up a moment after it.
            return None
        return VpcState(
            **named_fields(vpcs[0].get("Tags", [])),
            cidr=vpcs[0]["CidrBlock"],
            ipam_pool=known.ipam_pool if known else None,
            dns_hostnames=hostnames["EnableDnsHostnames"]["Value"],
            dns_support=support["EnableDnsSupport"]["Value"],
            main_route_table=tables["RouteTables"][0]["RouteTableId"],
            default_security_group=groups["SecurityGroups"][0]["GroupId"],
        )

    def converge(self, object_id: str, old: VpcState, new: VpcArgs) -> VpcState:
        ec2 = self.cloud.ec2
        # Host names need DNS support, so it is switched on first and off last; AWS takes one attribute a call.
        if new.dns_support and not old.dns_support:
            ec2.modify_vpc_attribute(VpcId=object_id, EnableDnsSupport={"Value": True})
        if new.dns_hostnames != old.dns_hostnames:
            ec2.modify_vpc_attribute(VpcId=object_id, EnableDnsHostnames={"Value": new.dns_hostnames})
        if old.dns_support and not new.dns_support:
            ec2.modify_vpc_attribute(VpcId=object_id, EnableDnsSupport={"Value": False})
        retag(self.cloud, object_id, old, new, self.owner)
        return old.model_copy(update=dict(new))

    def delete(self, object_id: str, state: VpcState) -> None:
        self.cloud.ec2.delete_vpc(VpcId=object_id)
