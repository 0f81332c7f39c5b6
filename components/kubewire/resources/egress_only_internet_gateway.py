"""An egress-only internet gateway."""

from __future__ import annotations

from typing import Annotated

from kubewire.model import REPLACE, Ref
from kubewire.resources.base import NamedArgs, Resource
from kubewire.resources.references import named
from kubewire.resources.tagging import named_fields, on_create, owned_by, retag


class EgressOnlyInternetGatewayArgs(NamedArgs):
    """Inputs of an egress-only internet gateway."""

    vpc: Annotated[Ref, REPLACE]
    """The VPC that it serves."""


class EgressOnlyInternetGatewayState(EgressOnlyInternetGatewayArgs):
    """An egress-only internet gateway as it is."""


class EgressOnlyInternetGateway(Resource[EgressOnlyInternetGatewayArgs, EgressOnlyInternetGatewayState]):
    """The way out for a VPC's IPv6 addresses; nobody outside can open a connection through it."""

    Args, State = EgressOnlyInternetGatewayArgs, EgressOnlyInternetGatewayState

    def find(self, args: EgressOnlyInternetGatewayArgs) -> list[str]:
        found = self.cloud.ec2.describe_egress_only_internet_gateways(Filters=owned_by(self.owner))
        return [gateway["EgressOnlyInternetGatewayId"] for gateway in found["EgressOnlyInternetGateways"]]

    def create(self, args: EgressOnlyInternetGatewayArgs) -> str:
        tags = on_create("egress-only-internet-gateway", args, self.owner)
        made = self.cloud.ec2.create_egress_only_internet_gateway(
            VpcId=args.vpc.id, ClientToken=self.client_token, TagSpecifications=tags
        )
        return made["EgressOnlyInternetGateway"]["EgressOnlyInternetGatewayId"]

    def read(
        self, object_id: str, known: EgressOnlyInternetGatewayArgs | None
    ) -> EgressOnlyInternetGatewayState | None:
        answer = self.cloud.ec2.describe_egress_only_internet_gateways(EgressOnlyInternetGatewayIds=[object_id])
        gateways = answer["EgressOnlyInternetGateways"]
        # It is made attached; one that is attached to nothing is on its way out.
        attached = gateways[0].get("Attachments", []) if gateways else []
        if not attached:
            return None
        return EgressOnlyInternetGatewayState(
            **named_fields(gateways[0].get("Tags", [])), vpc=named(attached[0]["VpcId"], known.vpc if known else None)
        )

    def converge(
        self, object_id: str, old: EgressOnlyInternetGatewayState, new: EgressOnlyInternetGatewayArgs
    ) -> EgressOnlyInternetGatewayState:
        retag(self.cloud, object_id, old, new, self.owner)
        return old.model_copy(update=dict(new))

    def delete(self, object_id: str, state: EgressOnlyInternetGatewayState) -> None:
        self.cloud.ec2.delete_egress_only_internet_gateway(EgressOnlyInternetGatewayId=object_id)
