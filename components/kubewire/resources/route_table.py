"""A route table with all of its routes and associations."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from kubewire.deferred import Later
from kubewire.errors import NotFoundError, RefusedError
from kubewire.model import REPLACE, Cidr, Ref
from kubewire.resources.base import NamedArgs, Resource
from kubewire.resources.references import named, named_set
from kubewire.resources.tagging import named_fields, on_create, owned_by, retag, where

if TYPE_CHECKING:
    from types_boto3_ec2.type_defs import RouteTableTypeDef, RouteTypeDef


class Via(StrEnum):
    """What a route leads to."""

    INTERNET_GATEWAY = "internet-gateway"
    NAT_GATEWAY = "nat-gateway"
    NETWORK_INTERFACE = "network-interface"
    TRANSIT_GATEWAY = "transit-gateway"
    PEERING_CONNECTION = "peering-connection"


# How CreateRoute and DescribeRouteTables name each target.
KEYS = {
    Via.INTERNET_GATEWAY: "GatewayId",
    Via.NAT_GATEWAY: "NatGatewayId",
    Via.NETWORK_INTERFACE: "NetworkInterfaceId",
    Via.TRANSIT_GATEWAY: "TransitGatewayId",
    Via.PEERING_CONNECTION: "VpcPeeringConnectionId",
}


NO_ROUTE = "There is no route defined for"
"""What ReplaceRoute says, under a code of many meanings: https://github.com/getmoto/moto/pull/6425."""


class Route(Ref):
    """Where packets to one range go: a reference, and what kind of thing it refers to."""

    via: Via


class RouteTableArgs(NamedArgs):
    """Inputs of a route table. The set of routes is whole: a route made by others is a difference."""

    vpc: Annotated[Ref, REPLACE]
    """The VPC that it routes in. Its own range always routes locally."""
    routes: dict[Cidr, Route] = {}
    """Destination to target."""
    subnets: dict[str, Later[str]] = {}
    """The subnets that use it, name to id."""


class RouteTableState(RouteTableArgs):
    """A route table as it is, without its local routes and what gateways propagate."""


class RouteTable(Resource[RouteTableArgs, RouteTableState]):
    """The routes that a set of subnets uses: one resource, however many there are."""

    Args, State = RouteTableArgs, RouteTableState

    def find(self, args: RouteTableArgs) -> list[str]:
        tables = self.cloud.ec2.describe_route_tables(Filters=owned_by(self.owner))["RouteTables"]
        return [table["RouteTableId"] for table in tables]

    def create(self, args: RouteTableArgs) -> str:
        tags = on_create("route-table", args, self.owner)
        made = self.cloud.ec2.create_route_table(
            VpcId=args.vpc.id, ClientToken=self.client_token, TagSpecifications=tags
        )
        return made["RouteTable"]["RouteTableId"]

    def read(self, object_id: str, known: RouteTableArgs | None) -> RouteTableState | None:
        table = self._describe(object_id)
        if table is None:
            return None
        targets = tuple(known.routes.values()) if known else ()
        routes = {}
        for row in table["Routes"]:
            if (route := _read_route(row, targets)) is not None:
                routes[row["DestinationCidrBlock"]] = route
        return RouteTableState(
            **named_fields(table.get("Tags", [])),
            vpc=named(table["VpcId"], known.vpc if known else None),
            routes=routes,
            subnets=named_set(_associations(table), known.subnets if known else None),
        )

    def converge(self, object_id: str, old: RouteTableState, new: RouteTableArgs) -> RouteTableState:
        for cidr in sorted(old.routes.keys() - new.routes.keys()):
            self.cloud.ec2.delete_route(RouteTableId=object_id, DestinationCidrBlock=str(cidr))
        for cidr, route in new.routes.items():
            was = old.routes.get(cidr)
            if was is None or (was.via, was.id) != (route.via, route.id):
                self._route(object_id, str(cidr), {KEYS[route.via]: route.id}, exists=was is not None)
        before, after = set(old.subnets.values()), set(new.subnets.values())
        if before - after:
            self._disassociate(object_id, before - after)
        for subnet in sorted(after - before):
            self._associate(object_id, subnet)
        retag(self.cloud, object_id, old, new, self.owner)
        return old.model_copy(update=dict(new))

    def delete(self, object_id: str, state: RouteTableState) -> None:
        self._disassociate(object_id, None)
        self.cloud.ec2.delete_route_table(RouteTableId=object_id)

    def _describe(self, object_id: str) -> RouteTableTypeDef | None:
        tables = self.cloud.ec2.describe_route_tables(RouteTableIds=[object_id])["RouteTables"]
        return tables[0] if tables else None

    def _route(self, table: str, cidr: str, target: dict[str, str], *, exists: bool) -> None:
        ec2 = self.cloud.ec2
        first, second = (ec2.replace_route, ec2.create_route) if exists else (ec2.create_route, ec2.replace_route)
        try:
            first(RouteTableId=table, DestinationCidrBlock=cidr, **target)  # type: ignore[arg-type]  # one of its keys
        except RefusedError as error:
            # Somebody made the route, or removed it, since we looked. It may have another target then.
            there = error.code == "RouteAlreadyExists"
            missing = error.code == "InvalidParameterValue" and NO_ROUTE in error.summary
            if not there and not missing:
                raise
            second(RouteTableId=table, DestinationCidrBlock=cidr, **target)  # type: ignore[arg-type]  # as above

    def _associate(self, table: str, subnet: str) -> None:
        try:
            self.cloud.ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
        except RefusedError as error:
            if error.code != "Resource.AlreadyAssociated":
                raise
            # It moves here from another table, whose own update may come later and then finds nothing to do.
            users = where({"association.subnet-id": subnet})
            found = self.cloud.ec2.describe_route_tables(Filters=users)["RouteTables"]
            holders = {other["RouteTableId"]: _associations(other).get(subnet) for other in found}
            association = next((held for holder, held in holders.items() if holder != table and held), None)
            if association:
                self.cloud.ec2.replace_route_table_association(AssociationId=association, RouteTableId=table)
            elif not holders.get(table):
                raise

    def _disassociate(self, table: str, subnets: set[str] | None) -> None:
        found = self._describe(table)
        for subnet, association in _associations(found).items() if found else ():
            if subnets is not None and subnet not in subnets:
                continue
            try:
                self.cloud.ec2.disassociate_route_table(AssociationId=association)
            except NotFoundError:
                # Another table took the subnet in the meantime, or the subnet is gone.
                continue


def _read_route(row: RouteTypeDef, known: tuple[Route, ...]) -> Route | None:
    # What no CreateRoute made isn't declared: the local route, propagated ones, those of gateway endpoints. A black
    # hole is a route like any other: while its target is stopped or not attached, another route wouldn't help, and
    # where the target is gone for good, its successor has another id.
    if row.get("Origin") != "CreateRoute" or "DestinationCidrBlock" not in row:
        return None
    for via, key in KEYS.items():
        if target := row.get(key):
            ref = named(str(target), *known)
            return Route(name=ref.name, id=ref.id, via=via)
    return None


def _associations(table: RouteTableTypeDef) -> dict[str, str]:
    """Give the table's subnets with the ids of their associations."""
    rows = table.get("Associations", [])
    return {row["SubnetId"]: row["RouteTableAssociationId"] for row in rows if "SubnetId" in row}
