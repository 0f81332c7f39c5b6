"""One route: what it leads to, what AWS takes, and how a table's routes are read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network
from typing import TYPE_CHECKING, Any, Final

from kubewire.errors import InvalidInputError
from kubewire.model import Ref
from kubewire.resources.destinations import Destination, destination_of, not_reserved, within

if TYPE_CHECKING:
    from types_boto3_ec2.type_defs import RouteTableTypeDef

    from kubewire.resources.base import Cloud


class Via(StrEnum):
    """What a route leads to."""

    INTERNET_GATEWAY = "internet-gateway"
    EGRESS_ONLY_INTERNET_GATEWAY = "egress-only-internet-gateway"
    NAT_GATEWAY = "nat-gateway"
    NETWORK_INTERFACE = "network-interface"
    TRANSIT_GATEWAY = "transit-gateway"
    PEERING_CONNECTION = "peering-connection"
    VIRTUAL_PRIVATE_GATEWAY = "virtual-private-gateway"
    BLACKHOLE = "blackhole"
    """Found, never declared: packets are dropped, for the target is gone, detached or stopped."""
    OTHER = "other"
    """Found, never declared: somebody's route to what kubewire makes no routes to."""


# How CreateRoute and DescribeRouteTables name each target.
KEYS: Final[Mapping[Via, str]] = {
    Via.INTERNET_GATEWAY: "GatewayId",
    Via.EGRESS_ONLY_INTERNET_GATEWAY: "EgressOnlyInternetGatewayId",
    Via.NAT_GATEWAY: "NatGatewayId",
    Via.NETWORK_INTERFACE: "NetworkInterfaceId",
    Via.TRANSIT_GATEWAY: "TransitGatewayId",
    Via.PEERING_CONNECTION: "VpcPeeringConnectionId",
    Via.VIRTUAL_PRIVATE_GATEWAY: "GatewayId",
}
_OTHER_KEYS: Final = ("CarrierGatewayId", "LocalGatewayId", "CoreNetworkArn", "OdbNetworkArn", "InstanceId")

MOST_ROUTES: Final = 1000
"""Of one address family in one table, where AWS raised the quota of 500.
https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html"""

NAT64: Final = IPv6Network("64:ff9b::/96")
"""IPv4 addresses as IPv6 writes them; a NAT gateway translates.
https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-nat64-dns64.html"""


class Route(Ref):
    """Where packets to one destination go: a reference, and what kind of thing it refers to.

    A route that leads nowhere reads with its target's name and id, and `blackhole` in place of what the target was.
    So it differs from what is declared, and the next run replaces it, by the declared target, which often is a new one.
    Where that is only stopped or detached, the route stays a black hole until it's back, and shows again till then.
    """

    via: Via

    def same(self, other: Route | None) -> bool:
        """Whether another one leads to the same target; one that is a black hole doesn't."""
        return other is not None and (self.via, self.id) == (other.via, other.id)


def check_routes(routes: Mapping[Destination, Route]) -> None:
    """Refuse what AWS takes in no table.

    https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html

    Raises:
        InvalidInputError: one of the routes can't be, or they are too many.
    """
    for destination, route in routes.items():
        try:
            not_reserved(destination)
            _check_target(destination, route.via)
        except InvalidInputError as error:
            path = f'routes["{destination}"]'
            raise InvalidInputError(error.summary, detail=error.detail, path=path) from None
    for family, word in ((IPv4Network, "IPv4"), (IPv6Network, "IPv6")):
        number = sum(isinstance(destination, family) for destination in routes)
        if number > MOST_ROUTES:
            detail = f"A table holds {MOST_ROUTES} at most. Put neighbouring ranges with one target into one."
            raise InvalidInputError(f"{number} routes for {word}", detail=detail, path="routes")


def table_of(cloud: Cloud, table_id: str) -> RouteTableTypeDef | None:
    """Describe a table, with all of its routes: one call. None if it isn't there, where AWS doesn't refuse it."""
    tables = cloud.ec2.describe_route_tables(RouteTableIds=[table_id])["RouteTables"]
    return tables[0] if tables else None


def routes_in(
    table: RouteTableTypeDef, known: Iterable[Route] = (), *, idle_interfaces: bool = False, propagated: bool = False
) -> dict[Destination, Route]:
    """Read a table's routes, with the names that their targets are known by.

    Left out is what no CreateRoute made: local routes, propagated ones, and those that an endpoint of a gateway's
    kind brings with it.

    Args:
        table: as it's described.
        known: routes to the targets, with their names.
        idle_interfaces: whether a black hole at an interface is a route like any other.
        propagated: whether routes that a gateway propagates or a route server advertises are read too, and those that
            somebody put in the place of local ones.
            https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Route.html
    """
    names = {route.id: route.name for route in known}
    rows = {destination_of(row): row for row in table["Routes"] if _is_created(row, propagated=propagated)}
    return {destination: _read(row, names, idle_interfaces=idle_interfaces) for destination, row in rows.items()}


def _check_target(destination: Destination, via: Via) -> None:
    if via not in KEYS:
        raise InvalidInputError(f"no route is declared to lead to {via}", detail="Name what it leads to.")
    if via is Via.EGRESS_ONLY_INTERNET_GATEWAY and isinstance(destination, IPv4Network):
        # https://docs.aws.amazon.com/vpc/latest/userguide/egress-only-internet-gateway.html
        detail = "For IPv4, use a NAT gateway."
        raise InvalidInputError("an egress-only internet gateway passes IPv6 alone", detail=detail)
    if via is Via.NAT_GATEWAY and isinstance(destination, IPv6Network) and not within(destination, NAT64):
        detail = f"For IPv6, use an egress-only internet gateway; a NAT gateway takes {NAT64} of it."
        raise InvalidInputError("a NAT gateway passes IPv4 alone", detail=detail)


def _is_created(row: Mapping[str, Any], *, propagated: bool) -> bool:
    if row.get("GatewayId") == "local" or not (propagated or row.get("Origin") == "CreateRoute"):
        return False
    # The endpoint's own list of tables brings it and takes it away.
    # https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html#gateway-endpoint-routing
    return not ("DestinationPrefixListId" in row and str(row.get("GatewayId")).startswith("vpce-"))


def _read(row: Mapping[str, Any], names: Mapping[str, str], *, idle_interfaces: bool) -> Route:
    via = _via(row)
    keys = [*KEYS.values(), *_OTHER_KEYS]
    target = str(row[KEYS[via]] if via in KEYS else next((row[key] for key in keys if row.get(key)), ""))
    if row.get("State") == "blackhole" and not (idle_interfaces and via is Via.NETWORK_INTERFACE):
        via = Via.BLACKHOLE
    return Route(name=names.get(target, target), id=target, via=via)


def _via(row: Mapping[str, Any]) -> Via:
    match str(row.get("GatewayId", "")).partition("-")[0]:
        case "vgw":
            return Via.VIRTUAL_PRIVATE_GATEWAY
        case "vpce":
            return Via.OTHER
        case _:
            return next((via for via, key in KEYS.items() if row.get(key)), Via.OTHER)
