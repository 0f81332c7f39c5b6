"""Route tables, and the gateways that they lead to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

from kubewire.cloud.live.keys import Keys, in_vpc, named
from kubewire.net.addresses import Range
from kubewire.prover.facts.network import PrefixListDestination, RangeDestination, Route, RouteTable, Via

if TYPE_CHECKING:
    from types_boto3_ec2.type_defs import RouteTableTypeDef

    from kubewire.resources.base import Cloud

# How DescribeRouteTables names what a row leads to, the first that is there.
TARGETS: Mapping[str, Via] = {
    "NatGatewayId": Via.NAT_GATEWAY,
    "TransitGatewayId": Via.TRANSIT_GATEWAY,
    "VpcPeeringConnectionId": Via.PEERING_CONNECTION,
    "EgressOnlyInternetGatewayId": Via.EGRESS_ONLY_GATEWAY,
    "NetworkInterfaceId": Via.INTERFACE,
    "InstanceId": Via.OTHER,
    "GatewayId": Via.OTHER,
    "CarrierGatewayId": Via.OTHER,
    "LocalGatewayId": Via.OTHER,
    "CoreNetworkArn": Via.OTHER,
    "OdbNetworkArn": Via.OTHER,
}
LOCAL = "local"


def main_key(vpc: str) -> str:
    """Name a VPC's main table that has no name of its own, as plans do."""
    return f"main table of {vpc}"


def table_rows(cloud: Cloud, vpc: str, vpc_key: str, keys: Keys) -> Sequence[RouteTableTypeDef]:
    """List the route tables of a VPC with all of their rows, and name them."""
    rows = cloud.ec2.describe_route_tables(Filters=in_vpc(vpc))["RouteTables"]
    keys.add({row["RouteTableId"]: named(row) or (main_key(vpc_key) if is_main(row) else "") for row in rows})
    return rows


def is_main(row: RouteTableTypeDef) -> bool:
    """Whether subnets that name no table use this one."""
    return any(item.get("Main") for item in row.get("Associations", []))


def name_gateways(cloud: Cloud, vpc: str, keys: Keys) -> None:
    """Name the gateways of a VPC, which routes and reports refer to."""
    attached: Any = [{"Name": "attachment.vpc-id", "Values": [vpc]}]
    gateways = cloud.ec2.describe_internet_gateways(Filters=attached)["InternetGateways"]
    keys.add({row["InternetGatewayId"]: named(row) for row in gateways})
    nats = cloud.ec2.describe_nat_gateways(Filters=in_vpc(vpc))["NatGateways"]
    keys.add({row["NatGatewayId"]: named(row) for row in nats})
    # This call has no filter by VPC.
    outward = cloud.ec2.describe_egress_only_internet_gateways()["EgressOnlyInternetGateways"]
    keys.add({row["EgressOnlyInternetGatewayId"]: named(row) for row in outward})


def tables_of(rows: Sequence[RouteTableTypeDef], vpc: str, own: tuple[Range, ...], keys: Keys) -> Iterator[RouteTable]:
    """Read route tables.

    Args:
        rows: as AWS describes them.
        vpc: the key of their VPC.
        own: the VPC's ranges: AWS routes them locally, and nothing is said of that here unless somebody changed it.
        keys: the names of what routes lead to.
    """
    for row in rows:
        key = keys.of(row["RouteTableId"])
        routes = [_route(item, keys) for item in row["Routes"] if not _is_local(item)]
        bent = [
            f"{route.destination} in {key}, which leads to {route.via} in the place of local"
            for route in routes
            if isinstance(route.destination, RangeDestination) and route.destination.range in own
        ]
        yield RouteTable(name=key, vpc=vpc, routes=tuple(routes), open_ends=tuple(bent))


def strangers_among(rows: Sequence[RouteTableTypeDef], keys: Keys) -> Iterator[str]:
    """Give the tables that route what comes in by a gateway: outside the model.

    https://docs.aws.amazon.com/vpc/latest/userguide/gateway-route-tables.html
    """
    for row in rows:
        for item in row.get("Associations", []):
            if item.get("GatewayId"):
                yield f"route table {keys.of(row['RouteTableId'])}, which routes for gateway {item['GatewayId']}"


def _is_local(row: Mapping[str, Any]) -> bool:
    return row.get("GatewayId") == LOCAL


def _route(row: Mapping[str, Any], keys: Keys) -> Route:
    listed = row.get("DestinationPrefixListId")
    cidr = row.get("DestinationCidrBlock") or row.get("DestinationIpv6CidrBlock")
    name = next((name for name in TARGETS if row.get(name)), "")
    target = str(row.get(name) or "nothing")
    return Route(
        destination=PrefixListDestination(prefix_list=keys.of(listed))
        if listed
        else RangeDestination(range=ip_network(str(cidr), strict=False)),
        via=_via(name, target, listed=bool(listed)),
        target=keys.of(target),
        black_hole=row.get("State") == "blackhole",
    )


def _via(name: str, target: str, *, listed: bool) -> Via:
    if name == "GatewayId":
        if target.startswith("igw-"):
            return Via.INTERNET_GATEWAY
        # A gateway endpoint's rows are for Amazon's own lists; those of others lead to appliances.
        return Via.ENDPOINT if target.startswith("vpce-") and listed else Via.OTHER
    return TARGETS.get(name, Via.OTHER)
