"""A subnet."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from kubewire.model import REPLACE, UNIQUE, Cidr, Ref
from kubewire.resources.address_ranges import vpc_or_subnet
from kubewire.resources.base import NamedArgs, Resource
from kubewire.resources.references import named
from kubewire.resources.tagging import named_fields, on_create, owned_by, retag


class SubnetArgs(NamedArgs):
    """Inputs of a subnet."""

    vpc: Annotated[Ref, REPLACE, UNIQUE]
    """The VPC that it is a part of."""
    cidr: Annotated[Cidr, AfterValidator(vpc_or_subnet), REPLACE, UNIQUE]
    """Its part of the VPC's range, /16 to /28. AWS keeps five addresses of it for itself."""
    zone: Annotated[str, REPLACE]
    """The availability zone, `eu-west-1a`."""
    public_addresses: bool = False
    """Whether instances get public addresses without asking."""


class SubnetState(SubnetArgs):
    """A subnet as it is."""

    arn: str
    """Its ARN."""


class Subnet(Resource[SubnetArgs, SubnetState]):
    """A range of addresses in one availability zone."""

    Args, State = SubnetArgs, SubnetState

    def find(self, args: SubnetArgs) -> list[str]:
        subnets = self.cloud.ec2.describe_subnets(Filters=owned_by(self.owner))["Subnets"]
        return [subnet["SubnetId"] for subnet in subnets]

    def create(self, args: SubnetArgs) -> str:
        made = self.cloud.ec2.create_subnet(
            VpcId=args.vpc.id,
            CidrBlock=str(args.cidr),
            AvailabilityZone=args.zone,
            TagSpecifications=on_create("subnet", args, self.owner),
        )
        return made["Subnet"]["SubnetId"]

    def read(self, object_id: str, known: SubnetArgs | None) -> SubnetState | None:
        subnets = self.cloud.ec2.describe_subnets(SubnetIds=[object_id])["Subnets"]
        # Nothing can stand in a pending one.
        if not subnets or subnets[0]["State"] == "pending":
            return None
        subnet = subnets[0]
        return SubnetState(
            **named_fields(subnet.get("Tags", [])),
            vpc=named(subnet["VpcId"], known.vpc if known else None),
            cidr=subnet["CidrBlock"],
            zone=subnet["AvailabilityZone"],
            public_addresses=subnet["MapPublicIpOnLaunch"],
            arn=subnet["SubnetArn"],
        )

    def converge(self, object_id: str, old: SubnetState, new: SubnetArgs) -> SubnetState:
        if new.public_addresses != old.public_addresses:
            self.cloud.ec2.modify_subnet_attribute(
                SubnetId=object_id, MapPublicIpOnLaunch={"Value": new.public_addresses}
            )
        retag(self.cloud, object_id, old, new, self.owner)
        return old.model_copy(update=dict(new))

    def delete(self, object_id: str, state: SubnetState) -> None:
        self.cloud.ec2.delete_subnet(SubnetId=object_id)
