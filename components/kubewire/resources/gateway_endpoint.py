"""A gateway endpoint: a service's addresses as routes, without the internet and at no cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator

from kubewire.deferred import Later
from kubewire.errors import InvalidInputError, RefusedError
from kubewire.model import REPLACE
from kubewire.resources.base import Resource
from kubewire.resources.calls import Calls, counted, made_or_retagged
from kubewire.resources.references import named, named_set
from kubewire.resources.tagging import named_fields, retag, where
from kubewire.resources.vpc_endpoints import (
    EndpointArgs,
    ServiceName,
    change_endpoint,
    delete_endpoint,
    difference,
    live_endpoint,
    make_endpoint,
    owned_endpoints,
)

if TYPE_CHECKING:
    from types_boto3_ec2.type_defs import VpcEndpointTypeDef

BY_GATEWAY = ("s3", "dynamodb")
"""https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html."""


def _by_gateway(service: str) -> str:
    if service.split(".", 3)[3] not in BY_GATEWAY:
        detail = "Gateway endpoints lead to `s3` and `dynamodb`. Declare an interface endpoint for anything else."
        raise InvalidInputError(f"{service} has no gateway endpoint", detail=detail)
    return service


class GatewayEndpointArgs(EndpointArgs):
    """Inputs of a gateway endpoint."""

    service: Annotated[ServiceName, AfterValidator(_by_gateway), REPLACE]
    """What it leads to: `com.amazonaws.<region>.s3`, or `….dynamodb`."""
    route_tables: dict[str, Later[str]] = {}
    """The route tables that get its route, name to id. Each takes one endpoint of a service."""


class GatewayEndpointState(GatewayEndpointArgs):
    """A gateway endpoint as it is."""

    prefix_list: str
    """Id of the prefix list with the service's addresses, which rules of security groups can name."""


class GatewayEndpoint(Resource[GatewayEndpointArgs, GatewayEndpointState]):
    """The way from a VPC to S3 or DynamoDB. AWS keeps its routes in the tables; nobody else may touch them."""

    Args, State = GatewayEndpointArgs, GatewayEndpointState

    @classmethod
    def calls(cls, old: GatewayEndpointState | None, new: GatewayEndpointArgs) -> Calls:
        # A new one has no tables yet.
        before = set(old.route_tables.values()) if old else set()
        changed = before != set(new.route_tables.values())
        return made_or_retagged("ec2:CreateVpcEndpoint", old, new) + counted(ModifyVpcEndpoint=changed)

    def find(self, args: GatewayEndpointArgs) -> list[str]:
        return owned_endpoints(self.cloud, self.owner)

    def create(self, args: GatewayEndpointArgs) -> str:
        return make_endpoint(
            self.cloud,
            self.owner,
            self.client_token,
            args,
            "Gateway",
            ServiceName=args.service,
            # The tables come with `converge`: one that can't be had must not keep the endpoint from being made.
        )

    def read(self, object_id: str, known: GatewayEndpointArgs | None) -> GatewayEndpointState | None:
        endpoint = live_endpoint(self.cloud, object_id, "Gateway")
        if endpoint is None:
            return None
        return GatewayEndpointState(
            **named_fields(endpoint.get("Tags", [])),
            vpc=named(endpoint["VpcId"], known.vpc if known else None),
            service=endpoint["ServiceName"],
            route_tables=named_set(endpoint.get("RouteTableIds", []), known.route_tables if known else None),
            prefix_list=self._prefix_list(endpoint["ServiceName"]),
        )

    def converge(self, object_id: str, old: GatewayEndpointState, new: GatewayEndpointArgs) -> GatewayEndpointState:
        def missing(endpoint: VpcEndpointTypeDef) -> dict[str, Any]:
            return difference("RouteTable", endpoint.get("RouteTableIds", []), new.route_tables)

        try:
            change_endpoint(self.cloud, object_id, new.name, missing)
        except RefusedError as error:
            if error.code == "RouteAlreadyExists":
                error.detail += " Another endpoint to this service uses the table. Delete that, or leave the table out."
                error.path = "routeTables"
            raise
        retag(self.cloud, object_id, old, new, self.owner)
        return old.model_copy(update=dict(new))

    def delete(self, object_id: str, state: GatewayEndpointState) -> None:
        delete_endpoint(self.cloud, object_id, state.name)

    def _prefix_list(self, service: str) -> str:
        # A customer may have a list of that name, too.
        filters = where({"prefix-list-name": service, "owner-id": "AWS"})
        found = self.cloud.ec2.describe_managed_prefix_lists(Filters=filters)["PrefixLists"]
        return found[0]["PrefixListId"] if found else ""
