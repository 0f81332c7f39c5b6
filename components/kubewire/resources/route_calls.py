"""The calls that change one table's routes, one call a route: AWS has none for several. Many may run abreast."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from kubewire.errors import CloudError
from kubewire.resources.base import Cloud
from kubewire.resources.calls import Calls, counted
from kubewire.resources.destinations import Destination, parameter
from kubewire.resources.routing import KEYS, Route

ALREADY_THERE = "RouteAlreadyExists"
NO_ROUTE = "There is no route defined for"
"""What ReplaceRoute says, under a code of many meanings: https://github.com/getmoto/moto/pull/6425."""


class RouteCalls:
    """Changes the routes of one table."""

    def __init__(self, cloud: Cloud, table: str) -> None:
        self._ec2 = cloud.ec2
        self._table = table

    def create(self, destination: Destination, route: Route) -> None:
        """Make a route. Raises RefusedError, `is_there` of it, if another one is there for its destination."""
        self._call(self._ec2.create_route, destination, route)

    def replace(self, destination: Destination, route: Route) -> None:
        """Give a route another target. Raises RefusedError, `is_missing` of it, if it isn't there."""
        self._call(self._ec2.replace_route, destination, route)

    def delete(self, destination: Destination) -> None:
        """Remove a route. Raises NotFoundError if it's gone."""
        named: Any = parameter(destination)
        self._ec2.delete_route(RouteTableId=self._table, **named)

    def _call(self, call: Callable[..., Any], destination: Destination, route: Route) -> None:
        call(RouteTableId=self._table, **parameter(destination), **{KEYS[route.via]: route.id})


def exchanged(old: Mapping[Destination, Route], new: Mapping[Destination, Route]) -> Calls:
    """Count the calls between two sets of routes: one for each that differs."""
    changed = [destination for destination, route in new.items() if not route.same(old.get(destination))]
    replaced = sum(destination in old for destination in changed)
    return counted(DeleteRoute=len(old.keys() - new.keys()), ReplaceRoute=replaced, CreateRoute=len(changed) - replaced)


def is_there(error: CloudError) -> bool:
    """Whether a route could not be made for there is one."""
    return error.code == ALREADY_THERE


def is_missing(error: CloudError) -> bool:
    """Whether a route could not be replaced for there is none."""
    return error.code == "InvalidParameterValue" and NO_ROUTE in error.summary
