"""The routes that one owner puts into a table that belongs to others."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Annotated

from pydantic import ValidationInfo, model_validator

from kubewire.errors import NotFoundError, RefusedError
from kubewire.found import Found, is_declared
from kubewire.model import REPLACE, Model, Ref
from kubewire.resources.abreast import abreast
from kubewire.resources.base import Cloud, Owner, Resource
from kubewire.resources.calls import Calls
from kubewire.resources.destinations import Destination
from kubewire.resources.references import named
from kubewire.resources.route_calls import ALREADY_THERE, RouteCalls, exchanged, is_missing, is_there
from kubewire.resources.routing import Route, check_routes, routes_in, table_of


class RoutesArgs(Model):
    """Inputs of a set of routes."""

    table: Annotated[Ref, REPLACE]
    """The table that they are put into."""
    routes: dict[Destination, Route] = {}
    """Destination to target: IPv4 and IPv6 ranges, and ids of prefix lists."""
    idle_interfaces: bool = False
    """Whether interfaces may be without a running machine, as those are that were made ahead of their nodes: a route to
    one is a black hole then, and no difference."""

    @model_validator(mode="after")
    def _routes_can_be(self, info: ValidationInfo) -> RoutesArgs:
        if is_declared(type(self), info):
            check_routes(self.routes)
        return self


class RoutesState(RoutesArgs, Found):
    """A set of routes as it is; the table's routes of others aren't in it."""

    placed: dict[Destination, str] = {}
    """The routes that are this owner's, to the id of the target that each was given: AWS puts no tags on routes."""


class Routes(Resource[RoutesArgs, RoutesState]):
    """One owner's routes in a table, beside those of others, which are never changed.

    A declared route that is there already, with the declared target, is taken for this owner's: the answer to the call
    that made it may have been lost. One with another target is somebody else's, unless the state says that this owner
    put a route there: then it's drift, and is put right. An import takes no routes, for nothing says whose they are.
    """

    Args, State = RoutesArgs, RoutesState

    def __init__(self, cloud: Cloud, owner: Owner) -> None:
        super().__init__(cloud, owner)
        # What was this owner's before an update. If that fails half-way, what it didn't get to is still ours.
        self._begun: RoutesState | None = None

    @classmethod
    def calls(cls, old: RoutesState | None, new: RoutesArgs) -> Calls:
        return exchanged(old.routes if old else {}, new.routes)

    def create(self, args: RoutesArgs) -> str:
        # The routes are put there by `converge`. A stranger's in the way is refused here, before anything is made.
        _leave_strangers(args, self._found(args), {})
        return args.table.id

    def read(self, object_id: str, known: RoutesArgs | None) -> RoutesState | None:
        table = table_of(self.cloud, object_id)
        if table is None:
            return None
        ours = known.placed if isinstance(known, RoutesState) else {}
        begun = self._begun.placed if self._begun else {}
        names = [route for one in (self._begun, known) if one for route in one.routes.values()]
        routes, placed = {}, {}
        idle = known.idle_interfaces if known else False
        for destination, route in routes_in(table, names, idle_interfaces=idle).items():
            wanted = known.routes.get(destination) if known else None
            declared = route.id if wanted is not None and wanted.id == route.id else None
            target = ours.get(destination) or declared or begun.get(destination)
            if target:
                routes[destination], placed[destination] = route, target
        ref = named(object_id, known.table if known else None)
        return RoutesState(table=ref, routes=routes, idle_interfaces=idle, placed=placed)

    def converge(self, object_id: str, old: RoutesState, new: RoutesArgs) -> RoutesState:
        self._begun = self._begun or old
        found = self._found(new)
        _leave_strangers(new, found, old.placed)
        self._remove(object_id, found, {one: target for one, target in old.placed.items() if one not in new.routes})
        calls = RouteCalls(self.cloud, object_id)
        changed = [destination for destination, route in new.routes.items() if not route.same(found.get(destination))]
        puts = {str(one): partial(self._put, calls, new, one, exists=one in found) for one in changed}
        abreast(self.cloud.clock, "routes", puts)
        placed = {destination: route.id for destination, route in new.routes.items()}
        return RoutesState(**dict(new), placed=placed)

    def delete(self, object_id: str, state: RoutesState) -> None:
        table = table_of(self.cloud, object_id)
        self._remove(object_id, routes_in(table) if table else {}, state.placed)

    def _remove(self, table: str, found: Mapping[Destination, Route], ours: Mapping[Destination, str]) -> None:
        """Remove those of our routes that are there and still lead to the target that we gave them."""
        calls = RouteCalls(self.cloud, table)
        there = [one for one, target in ours.items() if one in found and found[one].id == target]
        abreast(self.cloud.clock, "routes", {str(one): partial(_delete, calls, one) for one in there})

    def _found(self, args: RoutesArgs) -> dict[Destination, Route]:
        table = table_of(self.cloud, args.table.id)
        if table is None:
            message = f"there is no route table {args.table.id}"
            raise NotFoundError(message, code="InvalidRouteTableID.NotFound", operation="ec2:DescribeRouteTables")
        return routes_in(table, args.routes.values(), idle_interfaces=args.idle_interfaces)

    def _put(self, calls: RouteCalls, args: RoutesArgs, destination: Destination, *, exists: bool) -> None:
        route = args.routes[destination]
        if exists:
            try:
                calls.replace(destination, route)
            except RefusedError as error:
                if not is_missing(error):
                    raise
                # Somebody removed it since we looked.
            else:
                return
        try:
            calls.create(destination, route)
        except RefusedError as error:
            if not is_there(error):
                raise
            # Somebody made one since we looked.
            found = self._found(args)
            _leave_strangers(args, found, {})
            if not route.same(found.get(destination)):
                raise


def _leave_strangers(args: RoutesArgs, found: Mapping[Destination, Route], ours: Mapping[Destination, str]) -> None:
    """Refuse to put a route where another owner has one. Raises RefusedError."""
    for destination, route in args.routes.items():
        there = found.get(destination)
        if there is None or there.id == route.id or destination in ours:
            continue
        raise RefusedError(
            f"{args.table.name} routes {destination} to {there.id or 'another target'} already ({there.via})",
            code=ALREADY_THERE,
            operation="ec2:CreateRoute",
            detail="This stack didn't make that route, and never changes it. Remove it, or leave it out here.",
            path=f'routes["{destination}"]',
        )


def _delete(calls: RouteCalls, destination: Destination) -> None:
    try:
        calls.delete(destination)
    except NotFoundError:
        # Somebody removed it since we looked.
        return
