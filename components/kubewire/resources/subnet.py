"""A subnet."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv6Network
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, model_validator

from kubewire.deferred import Later
from kubewire.errors import InvalidInputError
from kubewire.model import REPLACE, UNIQUE, Cidr, Cidr6, Ref
from kubewire.resources.address_ranges import ipv6_subnet, vpc_or_subnet
from kubewire.resources.base import NamedArgs, Resource
from kubewire.resources.calls import Calls, counted
from kubewire.resources.references import named
from kubewire.resources.subnet_ipv6 import SubnetIpv6, associated
from kubewire.resources.tagging import named_fields, on_create, owned_by, retag

if TYPE_CHECKING:
    from types_boto3_ec2.type_defs import CreateSubnetRequestTypeDef

MOVES = (
    "A subnet is kept by its zone, its role and its place among its like. With another range it is replaced, and what "
    "is in it too: machines, interfaces, load balancers. Keep zones and slots that you want no more where they are, "
    "without nodes, and add new ones at the end. `moves: true` (a network's `subnets.moves`) moves it on purpose, into "
    "a range that no subnet has at present."
)


class SubnetArgs(NamedArgs):
    """Inputs of a subnet."""

    vpc: Annotated[Ref, REPLACE, UNIQUE]
    """The VPC that it is a part of."""
    cidr: Annotated[Cidr, AfterValidator(vpc_or_subnet), REPLACE, UNIQUE]
    """Its part of one of the VPC's ranges, /16 to /28. AWS keeps five addresses of it for itself."""
    ipv6_cidr: Later[Annotated[Cidr6, AfterValidator(ipv6_subnet)]] | None = None
    """Its part of the VPC's IPv6 range, a /64."""
    zone: Annotated[str, REPLACE]
    """The availability zone, `eu-west-1a`."""
    public_addresses: bool = False
    """Whether instances get public addresses without asking."""
    assigns_ipv6: bool = False
    """Whether interfaces get IPv6 addresses without asking."""
    moves: bool = False
    """Whether a plan may give it another range, which replaces it and all that is in it. Nothing of this is on AWS."""

    @model_validator(mode="after")
    def _assigns_what_it_has(self) -> SubnetArgs:
        if self.assigns_ipv6 and self.ipv6_cidr is None:
            detail = "Give the subnet an IPv6 range, or leave this out."
            raise InvalidInputError("there is no IPv6 range to assign from", detail=detail, path="assignsIpv6")
        return self


class SubnetState(SubnetArgs):
    """A subnet as it is."""

    arn: str
    """Its ARN."""


class Subnet(Resource[SubnetArgs, SubnetState]):
    """A range of addresses in one availability zone."""

    Args, State = SubnetArgs, SubnetState

    @classmethod
    def refuse_change(cls, old: Mapping[str, Any], new: SubnetArgs) -> list[InvalidInputError]:
        before, after = old.get("cidr"), str(new.cidr)
        if new.moves or not isinstance(before, str) or before == after:
            return []
        return [InvalidInputError(f"{new.name} would move from {before} to {after}", detail=MOVES, path="cidr")]

    @classmethod
    def calls(cls, old: SubnetState | None, new: SubnetArgs) -> Calls:
        # A new one is made with its IPv6 range, and assigns nothing.
        public, assigns = (old.public_addresses, old.assigns_ipv6) if old else (False, False)
        was = old.ipv6_cidr if old else new.ipv6_cidr
        left, got = was not in (None, new.ipv6_cidr), new.ipv6_cidr not in (None, was)
        off = assigns and (left or not new.assigns_ipv6)
        on = new.assigns_ipv6 and (off or not assigns)
        return super().calls(old, new) + counted(
            ModifySubnetAttribute=(new.public_addresses != public) + off + on,
            DisassociateSubnetCidrBlock=left,
            AssociateSubnetCidrBlock=got,
        )

    def find(self, args: SubnetArgs) -> list[str]:
        subnets = self.cloud.ec2.describe_subnets(Filters=owned_by(self.owner))["Subnets"]
        return [subnet["SubnetId"] for subnet in subnets]

    def create(self, args: SubnetArgs) -> str:
        asked: CreateSubnetRequestTypeDef = {
            "VpcId": args.vpc.id,
            "CidrBlock": str(args.cidr),
            "AvailabilityZone": args.zone,
            "TagSpecifications": on_create("subnet", args, self.owner),
        }
        if args.ipv6_cidr is not None:
            asked["Ipv6CidrBlock"] = str(args.ipv6_cidr)
        return self.cloud.ec2.create_subnet(**asked)["Subnet"]["SubnetId"]

    def read(self, object_id: str, known: SubnetArgs | None) -> SubnetState | None:
        subnets = self.cloud.ec2.describe_subnets(SubnetIds=[object_id])["Subnets"]
        # Nothing can stand in a pending one.
        if not subnets or subnets[0]["State"] == "pending":
            return None
        subnet = subnets[0]
        ipv6 = associated(subnet)
        return SubnetState.model_validate(
            {
                **named_fields(subnet.get("Tags", [])),
                "vpc": named(subnet["VpcId"], known.vpc if known else None),
                "cidr": subnet["CidrBlock"],
                "ipv6_cidr": ipv6,
                "zone": subnet["AvailabilityZone"],
                "public_addresses": subnet["MapPublicIpOnLaunch"],
                # What assigns from a range that has gone assigns nothing.
                "assigns_ipv6": subnet.get("AssignIpv6AddressOnCreation", False) and ipv6 is not None,
                "moves": known.moves if known else False,
                "arn": subnet["SubnetArn"],
            }
        )

    def converge(self, object_id: str, old: SubnetState, new: SubnetArgs) -> SubnetState:
        if new.public_addresses != old.public_addresses:
            self.cloud.ec2.modify_subnet_attribute(
                SubnetId=object_id, MapPublicIpOnLaunch={"Value": new.public_addresses}
            )
        ipv6 = new.ipv6_cidr
        if (new.ipv6_cidr, new.assigns_ipv6) != (old.ipv6_cidr, old.assigns_ipv6):
            kept = SubnetIpv6(self.cloud, object_id, new.name).become(new.ipv6_cidr, assigns=new.assigns_ipv6)
            ipv6 = None if kept is None else IPv6Network(kept)
        retag(self.cloud, object_id, old, new, self.owner)
        return old.model_copy(update={**dict(new), "ipv6_cidr": ipv6})

    def delete(self, object_id: str, state: SubnetState) -> None:
        self.cloud.ec2.delete_subnet(SubnetId=object_id)
