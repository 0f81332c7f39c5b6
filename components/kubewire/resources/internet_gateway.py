"""An internet gateway."""

from __future__ import annotations

from typing import Annotated

from kubewire.errors import NotFoundError
from kubewire.model import REPLACE, Ref
from kubewire.resources.base import NamedArgs, Resource
from kubewire.resources.calls import Calls, counted
from kubewire.resources.references import named
from kubewire.resources.tagging import named_fields, on_create, owned_by, retag


class InternetGatewayArgs(NamedArgs):
    """Inputs of an internet gateway."""

    # It can't move: AWS lets it go from a VPC only when nothing there has a public address any more.
    vpc: Annotated[Ref, REPLACE]
    """The VPC that it serves. A VPC has one at most."""
    attached: bool = True
    """Whether it is attached to its VPC. Without that it serves nobody."""


class InternetGatewayState(InternetGatewayArgs):
    """An internet gateway as it is. Nothing says whose a detached one is: it has the VPC that was declared."""


class InternetGateway(Resource[InternetGatewayArgs, InternetGatewayState]):
    """The way between a VPC's public addresses and the internet."""

    Args, State = InternetGatewayArgs, InternetGatewayState

    @classmethod
    def calls(cls, old: InternetGatewayState | None, new: InternetGatewayArgs) -> Calls:
        before = old is not None and old.attached
        attached, detached = new.attached and not before, before and not new.attached
        return super().calls(old, new) + counted(AttachInternetGateway=attached, DetachInternetGateway=detached)

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
        declared = known.vpc if known else None
        return InternetGatewayState(
            **named_fields(gateways[0].get("Tags", [])),
            vpc=named(attached[0], declared) if attached else declared or Ref(name="", id=""),
            attached=bool(attached),
        )

    def converge(self, object_id: str, old: InternetGatewayState, new: InternetGatewayArgs) -> InternetGatewayState:
        if new.attached and not old.attached:
            self.cloud.ec2.attach_internet_gateway(InternetGatewayId=object_id, VpcId=new.vpc.id)
        if old.attached and not new.attached:
            self.cloud.ec2.detach_internet_gateway(InternetGatewayId=object_id, VpcId=old.vpc.id)
        retag(self.cloud, object_id, old, new, self.owner)
        return old.model_copy(update=dict(new))

    def delete(self, object_id: str, state: InternetGatewayState) -> None:
        # Attached elsewhere since? What counts is where it is now.
        now = self.read(object_id, state)
        if now and now.attached:
            try:
                self.cloud.ec2.detach_internet_gateway(InternetGatewayId=object_id, VpcId=now.vpc.id)
            except NotFoundError as error:
                # Detached already, by a call whose answer was lost say. The gateway itself is still to go.
                if error.code != "Gateway.NotAttached":
                    raise
        self.cloud.ec2.delete_internet_gateway(InternetGatewayId=object_id)
