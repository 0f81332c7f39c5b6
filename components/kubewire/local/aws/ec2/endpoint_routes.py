"""The routes of gateway endpoints: AWS puts one into each of their route tables, and nobody else may touch it.

https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from moto.ec2.models.route_tables import Route

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.refusal import Refusal, invalid_parameter
from kubewire.local.aws.rules import after, before

# mypy takes moto's class for an abstract one.
_MAKE: Final[Any] = Route


def must_be_free(call: Call, vpc_id: str, service: str, tables: Sequence[str]) -> None:
    """Refuse tables of another VPC, and those that have a route to the service's prefix list: one is all they take."""
    prefix_list = _prefix_list_of(call, service)
    for table_id in tables:
        table: Any = call.ec2.route_tables[table_id]
        if table.vpc_id != vpc_id:
            # Nobody has reported AWS's own words; these are ours.
            raise Refusal("InvalidParameter", f"route table {table_id} does not belong to VPC {vpc_id}")
        if _route(table, prefix_list.id) is not None:
            message = f"route table {table_id} already has a route with destination-prefix-list-id {prefix_list.id}"
            raise Refusal("RouteAlreadyExists", message)


def add_routes(call: Call, endpoint: Any, tables: Sequence[str]) -> None:
    """Lead the service's addresses to the endpoint, in these tables."""
    prefix_list = _prefix_list_of(call, endpoint.service_name)
    for table_id in tables:
        table: Any = call.ec2.route_tables[table_id]
        route = _MAKE(table, None, None, destination_prefix_list=prefix_list, gateway=endpoint)
        table._routes[route.id] = route  # noqa: SLF001 - moto has no public name for it
    endpoint.route_table_ids = [*endpoint.route_table_ids, *tables]


def remove_routes(call: Call, endpoint: Any, tables: Sequence[str]) -> None:
    """Take the routes away again."""
    prefix_list = _prefix_list_of(call, endpoint.service_name)
    for table_id in tables:
        table: Any = call.ec2.route_tables.get(table_id)
        route = _route(table, prefix_list.id) if table else None
        if route is not None and route.gateway is endpoint:
            del table._routes[route.id]  # noqa: SLF001 - as above
    endpoint.route_table_ids = [one for one in endpoint.route_table_ids if one not in tables]


@before("ec2", "DeleteRoute", "ReplaceRoute")
def endpoints_own_route(call: Call) -> None:
    """Refuse to change the route that an endpoint made; only the endpoint can.

    https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
    """
    prefix_list_id = call.parameters.get("DestinationPrefixListId")
    table: Any = call.ec2.route_tables[call.parameters["RouteTableId"]]
    route = _route(table, prefix_list_id) if prefix_list_id else None
    if route is not None and getattr(route.gateway, "id", "") in call.ec2.vpc_end_points:
        what = "remove" if call.operation == "DeleteRoute" else "replace"
        raise invalid_parameter(f"cannot {what} VPC endpoint route {prefix_list_id} in route table {table.id}")


@after("ec2", "DeleteRouteTable")
def endpoints_forget_the_table(call: Call, _answer: Answer) -> None:
    """A table that goes is no endpoint's any more."""
    table_id = call.parameters["RouteTableId"]
    endpoints: Any = call.ec2.vpc_end_points
    for endpoint in endpoints.values():
        endpoint.route_table_ids = [one for one in endpoint.route_table_ids if one != table_id]


def _prefix_list_of(call: Call, service: str) -> Any:
    lists: Any = call.ec2.managed_prefix_lists
    return next(one for one in lists.values() if one.prefix_list_name == service and one.owner_id == "AWS")


def _route(table: Any, prefix_list_id: str) -> Any:
    return table._routes.get(f"{table.id}~{prefix_list_id}")  # noqa: SLF001 - as above
