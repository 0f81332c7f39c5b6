"""Routes: made, replaced and removed. moto keeps them; what may become one is said here.

Where a route may lead to is in `route_targets`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from moto.ec2.models.route_tables import Route, RouteTable

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.ec2.prefix_lists import prefix_list_of, weight
from kubewire.local.aws.ec2.ranges import ipv4, ipv6
from kubewire.local.aws.ec2.route_destinations import check_beside_local, is_local, not_reserved
from kubewire.local.aws.ec2.route_targets import target_of
from kubewire.local.aws.quotas import quota
from kubewire.local.aws.refusal import Refusal, invalid_parameter
from kubewire.local.aws.rules import Proceed, answers

_LIMITS: Final = "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html"
ROUTES: Final = quota("routes-per-route-table", default=500, page=_LIMITS)

# mypy takes moto's class for an abstract one.
_MAKE: Final[Any] = Route

# How Route's constructor names a destination, by the parameter that gives it, with AWS's word for it in a message.
_DESTINATIONS: Final = {
    "DestinationCidrBlock": ("destination_cidr_block", "destination-cidr-block"),
    "DestinationIpv6CidrBlock": ("destination_ipv6_cidr_block", "destination-ipv6-cidr-block"),
    "DestinationPrefixListId": ("destination_prefix_list", "destination-prefix-list-id"),
}


@dataclass(frozen=True)
class _Destination:
    """Where a route's packets are for.

    Attributes:
        parameter: which of the call's gives it.
        text: as AWS writes it: a range without host bits, or a prefix list's id.
        members: for Route's constructor.
    """

    parameter: str
    text: str
    members: Mapping[str, Any]


@answers("ec2", "CreateRoute")
def created(call: Call, _proceed: Proceed) -> Answer:
    """Make a route, unless there is one to that destination. With the same target it is the same route.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRoute.html
    """
    table, destination = _table(call), _destination(call)
    route = _route(call, table, destination)
    present = table._routes.get(route.id)  # noqa: SLF001 - moto has no public name for it
    if present is not None and _target(present) != _target(route):
        raise Refusal("RouteAlreadyExists", f"The route identified by {destination.text} already exists.")
    if present is None:
        _check_quota(call, table, route)
        table._routes[route.id] = route  # noqa: SLF001 - as above
    return {"Return": True}


@answers("ec2", "ReplaceRoute")
def replaced(call: Call, _proceed: Proceed) -> Answer:
    """Give a route another target. The local route can get one, too, and its own back.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReplaceRoute.html
    """
    table, destination = _table(call), _destination(call)
    route = _route(call, table, destination)
    if route.id not in table._routes:  # noqa: SLF001 - as above
        raise invalid_parameter(
            f"There is no route defined for '{destination.text}' in the route table. Use CreateRoute instead."
        )
    table._routes[route.id] = route  # noqa: SLF001 - as above
    return {}


@answers("ec2", "DeleteRoute")
def removed(call: Call, _proceed: Proceed) -> Answer:
    """Remove a route, but never the local one.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteRoute.html
    """
    table, destination = _table(call), _destination(call)
    route: Route = _MAKE(table, **_members(destination))
    if is_local(call, table, destination.text):
        raise invalid_parameter(f"cannot remove local route {destination.text} in route table {table.id}")
    if table._routes.pop(route.id, None) is None:  # noqa: SLF001 - as above
        word = _DESTINATIONS[destination.parameter][1]
        raise Refusal("InvalidRoute.NotFound", f"no route with {word} {destination.text} in route table {table.id}")
    return {}


def _table(call: Call) -> RouteTable:
    return call.ec2.route_tables[call.parameters["RouteTableId"]]


def _destination(call: Call) -> _Destination:
    """Read a call's one destination: host bits are dropped, as CreateRoute's page says."""
    given = [name for name in _DESTINATIONS if call.parameters.get(name)]
    if len(given) != 1:
        names = ", ".join(f"{name[0].lower()}{name[1:]}" for name in _DESTINATIONS)
        code = "InvalidParameterCombination" if given else "MissingParameter"
        raise Refusal(code, f"The request must contain exactly one of: {names}")
    parameter = given[0]
    text = call.parameters[parameter]
    value: Any = text
    if parameter == "DestinationCidrBlock":
        text = value = str(ipv4(text, "destinationCidrBlock"))
    elif parameter == "DestinationIpv6CidrBlock":
        text = value = str(ipv6(text, "destinationIpv6CidrBlock"))
    else:
        value = prefix_list_of(call, text)
    return _Destination(parameter, text, {_DESTINATIONS[parameter][0]: value})


def _members(destination: _Destination) -> dict[str, Any]:
    return {"destination_cidr_block": None, "destination_ipv6_cidr_block": None, **destination.members}


def _route(call: Call, table: RouteTable, destination: _Destination) -> Route:
    """Make the route that a call describes, if there may be one like it. It isn't in the table yet."""
    target = target_of(call, table, is_range=destination.parameter != "DestinationPrefixListId")
    if destination.parameter != "DestinationPrefixListId":
        not_reserved(destination.text)
        check_beside_local(call, table, destination.text, target)
    route: Route = _MAKE(table, **_members(destination), **target.members)
    return route


def _target(route: Route) -> tuple[str | None, ...]:
    return (
        route.gateway_id,
        route.network_interface_id,
        route.nat_gateway_id,
        route.egress_only_internet_gateway_id,
        route.transit_gateway_id,
        route.vpc_peering_connection_id,
        route.carrier_gateway_id,
    )


def _check_quota(call: Call, table: RouteTable, added: Route) -> None:
    """Refuse one route too many. IPv4 and IPv6 are counted apart, and a prefix list as its maximum of entries.

    The local routes don't count, nor what a gateway propagates.

    https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
    """
    family = _family(added)
    used = sum(_weight(route) for route in table.routes if not route.local and _family(route) == family)
    if used + _weight(added) > call.limit(ROUTES):
        raise Refusal("RouteLimitExceeded", "The maximum number of routes has been reached.")


def _family(route: Route) -> str:
    if route.destination_prefix_list is not None:
        return str(route.destination_prefix_list.address_family)
    return "IPv6" if route.destination_ipv6_cidr_block else "IPv4"


def _weight(route: Route) -> int:
    return 1 if route.destination_prefix_list is None else weight(route.destination_prefix_list)
