"""A route table with all of its routes and associations."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

from pydantic import ValidationInfo, model_validator

from kubewire.deferred import Later
from kubewire.errors import NotFoundError, RefusedError
from kubewire.found import Found, is_declared
from kubewire.model import REPLACE, Ref
from kubewire.resources.abreast import abreast
from kubewire.resources.base import NamedArgs, Resource
from kubewire.resources.calls import Calls, came, counted, went
from kubewire.resources.destinations import Destination
from kubewire.resources.references import named, named_set
from kubewire.resources.route_calls import RouteCalls, exchanged, is_missing, is_there
from kubewire.resources.routing import Route, check_routes, routes_in, table_of
from kubewire.resources.tagging import named_fields, on_create, owned_by, retag, where

if TYPE_CHECKING:
    from types_boto3_ec2.type_defs import RouteTableTypeDef


class RouteTableArgs(NamedArgs):
    """Inputs of a route table. The set of routes is whole: a route made by others is a difference."""

    vpc: Annotated[Ref, REPLACE]
    """The VPC that it routes in. Its own range always routes locally."""
    routes: dict[Destination, Route] = {}
    """Destination to target: IPv4 and IPv6 ranges, and ids of prefix lists."""
    subnets: dict[str, Later[str]] = {}
    """The subnets that use it, name to id."""
    idle_interfaces: bool = False
    """Whether interfaces may be without a running machine, as those are that were made ahead of their nodes: a route to
    one is a black hole then, and no difference."""

    @model_validator(mode="after")
    def _routes_can_be(self, info: ValidationInfo) -> RouteTableArgs:
        if is_declared(type(self), info):
            check_routes(self.routes)
        return self


class RouteTableState(RouteTableArgs, Found):
    """A route table as it is, without its local routes, and those of gateways and of endpoints."""


class RouteTable(Resource[RouteTableArgs, RouteTableState]):
    """The routes that a set of subnets uses: one resource, however many there are."""

    Args, State = RouteTableArgs, RouteTableState

    @classmethod
    def calls(cls, old: RouteTableState | None, new: RouteTableArgs) -> Calls:
        before = old.subnets.values() if old else ()
        return (
            super().calls(old, new)
            + exchanged(old.routes if old else {}, new.routes)
            + counted(
                AssociateRouteTable=came(before, new.subnets.values()),
                DisassociateRouteTable=went(before, new.subnets.values()),
            )
        )

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
        table = table_of(self.cloud, object_id)
        if table is None:
            return None
        idle = known.idle_interfaces if known else False
        return RouteTableState(
            **named_fields(table.get("Tags", [])),
            vpc=named(table["VpcId"], known.vpc if known else None),
            routes=routes_in(table, known.routes.values() if known else (), idle_interfaces=idle),
            subnets=named_set(_associations(table), known.subnets if known else None),
            idle_interfaces=idle,
        )

    def converge(self, object_id: str, old: RouteTableState, new: RouteTableArgs) -> RouteTableState:
        calls, clock = RouteCalls(self.cloud, object_id), self.cloud.clock
        stale = sorted(old.routes.keys() - new.routes.keys(), key=str)
        abreast(clock, "routes", {str(one): partial(calls.delete, one) for one in stale})
        changed = {one: route for one, route in new.routes.items() if not route.same(old.routes.get(one))}
        puts = {str(one): partial(_put, calls, one, route, exists=one in old.routes) for one, route in changed.items()}
        abreast(clock, "routes", puts)
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
        found = table_of(self.cloud, table)
        for subnet, association in _associations(found).items() if found else ():
            if subnets is not None and subnet not in subnets:
                continue
            try:
                self.cloud.ec2.disassociate_route_table(AssociationId=association)
            except NotFoundError:
                # Another table took the subnet in the meantime, or the subnet is gone.
                continue


def _put(calls: RouteCalls, destination: Destination, route: Route, *, exists: bool) -> None:
    first, second = (calls.replace, calls.create) if exists else (calls.create, calls.replace)
    try:
        first(destination, route)
    except RefusedError as error:
        # Somebody made the route, or removed it, since we looked. It may have another target then.
        if not is_there(error) and not is_missing(error):
            raise
        second(destination, route)


def _associations(table: RouteTableTypeDef) -> dict[str, str]:
    """Give the table's subnets with the ids of their associations."""
    rows = table.get("Associations", [])
    return {row["SubnetId"]: row["RouteTableAssociationId"] for row in rows if "SubnetId" in row}
