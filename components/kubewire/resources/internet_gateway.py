"""An internet gateway."""

from __future__ import annotations

from kubewire.model import Ref
from kubewire.resources.base import NamedArgs, Resource
from kubewire.resources.references import named
from kubewire.resources.tagging import named_fields, on_create, owned_by, retag

DETACHED = ""


class InternetGatewayArgs(NamedArgs):
    """Inputs of an internet gateway."""

    vpc: Ref
    """The VPC that it is attached to. A VPC has one at most."""


class InternetGatewayState(InternetGatewayArgs):
    """An internet gateway as it is; a detached one has a VPC without an id."""


class InternetGateway(Resource[InternetGatewayArgs, InternetGatewayState]):
    """The way between a VPC's public addresses and the internet."""

    Args, State = InternetGatewayArgs, InternetGatewayState

    def find(self, args: InternetGatewayArgs) -> list[str]:
        gateways = self.cloud.ec2.describe_internet_gateways(Filters=owned_by(self.owner))["InternetGateways"]
        return [gateway["InternetGatewayId"] for gateway in gateways]

    def create(self, args: InternetGatewayArgs) -> str:
        tags = on_create("internet-gateway", args, self.owner)
        made = self.cloud.ec2.create_internet_gateway(TagSpecifications=tags)
        return made["InternetGateway"]["InternetGatewayId"]

    def read(self, object_id: str, known: InternetGatewayArgs | None) -> InternetGatewayState | None:
        gateways = self.cloud.ec2.describe_internet_gateways(InternetGatewayIds=[object_id])["InternetGateways"]
        if not gateways:
            return None
        attached = [item["VpcId"] for item in gateways[0].get("Attachments", [])]
        return InternetGatewayState(
            **named_fields(gateways[0].get("Tags", [])),
            vpc=named(attached[0] if attached else DETACHED, known.vpc if known else None),
        )

    def converge(self, object_id: str, old: InternetGatewayState, new: InternetGatewayArgs) -> InternetGatewayState:
        ec2 = self.cloud.ec2
        if old.vpc.id != new.vpc.id:
            if old.vpc.id != DETACHED:
                ec2.detach_internet_gateway(InternetGatewayId=object_id, VpcId=old.vpc.id)
            ec2.attach_internet_gateway(InternetGatewayId=object_id, VpcId=new.vpc.id)
        retag(self.cloud, object_id, old, new, self.owner)
        return old.model_copy(update=dict(new))

    def delete(self, object_id: str, state: InternetGatewayState) -> None:
        # Attached elsewhere since? What counts is where it is now.
        now = self.read(object_id, state)
        if now and now.vpc.id != DETACHED:
            self.cloud.ec2.detach_internet_gateway(InternetGatewayId=object_id, VpcId=now.vpc.id)
        self.cloud.ec2.delete_internet_gateway(InternetGatewayId=object_id)
