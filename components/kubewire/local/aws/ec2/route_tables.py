"""Route tables: which there are, how many, how they are listed, and what keeps one from being deleted."""

from __future__ import annotations

from typing import Any, Final

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.ec2.identities import well_formed
from kubewire.local.aws.ec2.route_rows import rows_of
from kubewire.local.aws.ec2.selection import listed, selected
from kubewire.local.aws.ec2.tags import tags_of
from kubewire.local.aws.quotas import quota
from kubewire.local.aws.refusal import Refusal, dependency_violation
from kubewire.local.aws.rules import Proceed, after, answers, before, exists

_LIMITS: Final = "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html"
ROUTE_TABLES: Final = quota("route-tables-per-vpc", default=200, page=_LIMITS)

# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeRouteTables.html
FILTERS: Final = {
    "association.gateway-id": "Associations.GatewayId",
    "association.main": "Associations.Main",
    "association.route-table-association-id": "Associations.RouteTableAssociationId",
    "association.route-table-id": "Associations.RouteTableId",
    "association.subnet-id": "Associations.SubnetId",
    "owner-id": "OwnerId",
    "route-table-id": "RouteTableId",
    "route.destination-cidr-block": "Routes.DestinationCidrBlock",
    "route.destination-ipv6-cidr-block": "Routes.DestinationIpv6CidrBlock",
    "route.destination-prefix-list-id": "Routes.DestinationPrefixListId",
    "route.egress-only-internet-gateway-id": "Routes.EgressOnlyInternetGatewayId",
    "route.gateway-id": "Routes.GatewayId",
    "route.instance-id": "Routes.InstanceId",
    "route.nat-gateway-id": "Routes.NatGatewayId",
    "route.origin": "Routes.Origin",
    "route.state": "Routes.State",
    "route.transit-gateway-id": "Routes.TransitGatewayId",
    "route.vpc-peering-connection-id": "Routes.VpcPeeringConnectionId",
    "vpc-id": "VpcId",
}


@exists("ec2", "RouteTableId", "RouteTableIds")
def route_table_exists(call: Call, table_id: str) -> None:
    """Refuse a route table that isn't the caller's, or isn't at all.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
    """
    well_formed("InvalidRouteTableId", "rtb", table_id)
    if table_id not in call.ec2.route_tables:
        raise Refusal("InvalidRouteTableID.NotFound", f"The routeTable ID '{table_id}' does not exist")


@before("ec2", "CreateRouteTable")
def route_table_quota(call: Call) -> None:
    """Refuse one route table too many in a VPC; the main one counts.

    https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
    """
    vpc_id = call.parameters["VpcId"]
    if sum(table.vpc_id == vpc_id for table in call.ec2.route_tables.values()) >= call.limit(ROUTE_TABLES):
        raise Refusal("RouteTableLimitExceeded", "The maximum number of route tables has been reached.")


@after("ec2", "CreateRouteTable")
def made_route_table(call: Call, answer: Answer) -> None:
    """Answer with the routes as they would be listed.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRouteTable.html
    """
    _complete(call, answer["RouteTable"])


@answers("ec2", "DescribeRouteTables")
def listed_route_tables(call: Call, proceed: Proceed) -> Answer:
    """List them with what their routes are now, and by any of AWS's filters, of which moto has a part.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeRouteTables.html
    """
    answer = listed(call, proceed)
    tables = answer.get("RouteTables", [])
    for table in tables:
        _complete(call, table)
    answer["RouteTables"] = selected(call, tables, FILTERS)
    return answer


@before("ec2", "DeleteRouteTable")
def route_table_in_use(call: Call) -> None:
    """Refuse to delete the main table, or one that a subnet or a gateway uses.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteRouteTable.html
    """
    table_id = call.parameters["RouteTableId"]
    if call.ec2.route_tables[table_id].all_associations_ids:
        raise dependency_violation("routeTable", table_id)


def _complete(call: Call, table: dict[str, Any]) -> None:
    table_id = table["RouteTableId"]
    table["Routes"] = rows_of(call, call.ec2.route_tables[table_id])
    table["Tags"] = tags_of(call, table_id)
    table["PropagatingVgws"] = []
