from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.local.aws.case import Case, config, ec2
from tests.integration.local.aws.endpoint_steps import (
    CREATE,
    DELETE,
    DESCRIBE,
    GATEWAY,
    GATEWAYS,
    GONE,
    LIMITS,
    LIST,
    MODIFY,
    ROUTES,
    S3,
    STS,
    TABLE,
    kept,
)
from tests.integration.local.aws.network import API, OTHER_VPC, SUBNET, VPC

GATEWAY_CASES = [
    Case(
        "a gateway endpoint is available at once and puts its route into its tables",
        GATEWAYS,
        VPC,
        TABLE,
        LIST,
        GATEWAY.answers(
            {
                "VpcEndpoint.State": "available",
                "VpcEndpoint.VpcEndpointType": "Gateway",
                "VpcEndpoint.RouteTableIds": ["$table"],
                "VpcEndpoint.DnsEntries": [],
            }
        ),
        ROUTES.answers(
            {
                "RouteTables[0].Routes[1].GatewayId": "$vpce",
                "RouteTables[0].Routes[1].DestinationPrefixListId": "$pl",
                "RouteTables[0].Routes[1].State": "active",
            }
        ),
        ec2.describe_route_tables(Filters=[{"Name": "route.gateway-id", "Values": ["$vpce"]}]).answers(
            {"RouteTables[].RouteTableId": ["$table"]}
        ),
    ),
    Case(
        "a second endpoint to a service in one table",
        GATEWAYS,
        VPC,
        TABLE,
        LIST,
        GATEWAY,
        GATEWAY.refused(
            "RouteAlreadyExists", "route table $table already has a route with destination-prefix-list-id $pl"
        ),
        ec2.create_vpc_endpoint(
            VpcId="$vpc", ServiceName="com.amazonaws.eu-west-1.dynamodb", RouteTableIds=["$table"]
        ).answers({"VpcEndpoint.State": "available"}),
    ),
    Case(
        "a table is added and removed",
        MODIFY,
        VPC,
        TABLE,
        GATEWAY,
        ec2.create_route_table(VpcId="$vpc").keep(added="RouteTable.RouteTableId"),
        ec2.modify_vpc_endpoint(
            VpcEndpointId="$vpce", AddRouteTableIds=["$added"], RemoveRouteTableIds=["$table"]
        ).answers({"Return": True}),
        DESCRIBE.answers({"VpcEndpoints[0].RouteTableIds": ["$added"]}),
        ROUTES.answers({"length(RouteTables[0].Routes)": 1}),
        ec2.describe_route_tables(RouteTableIds=["$added"]).answers({"RouteTables[0].Routes[1].GatewayId": "$vpce"}),
    ),
    Case(
        "a table that has the route already",
        MODIFY,
        VPC,
        TABLE,
        LIST,
        GATEWAY,
        ec2.modify_vpc_endpoint(VpcEndpointId="$vpce", AddRouteTableIds=["$table"]).refused(
            "RouteAlreadyExists", "route table $table already has a route with destination-prefix-list-id $pl"
        ),
    ),
    Case(
        "an endpoint's route is nobody else's to remove",
        GATEWAYS,
        VPC,
        TABLE,
        LIST,
        GATEWAY,
        ec2.delete_route(RouteTableId="$table", DestinationPrefixListId="$pl").refused(
            "InvalidParameterValue", "cannot remove VPC endpoint route $pl in route table $table"
        ),
    ),
    Case(
        "a table of another VPC",
        GATEWAYS,
        VPC,
        OTHER_VPC,
        ec2.create_route_table(VpcId="$other").keep(table="RouteTable.RouteTableId"),
        GATEWAY.refused("InvalidParameter", "route table $table does not belong to VPC $vpc"),
    ),
    Case(
        "a gateway endpoint goes with its routes and leaves its table",
        f"{API}/API_DeleteVpcEndpoints.html",
        VPC,
        TABLE,
        GATEWAY,
        DELETE.answers({"Unsuccessful": []}),
        DESCRIBE.refused(*GONE),
        ROUTES.answers({"length(RouteTables[0].Routes)": 1}),
    ),
    Case(
        "a table goes and its endpoint stays",
        GATEWAYS,
        VPC,
        TABLE,
        GATEWAY,
        ec2.delete_route_table(RouteTableId="$table"),
        DESCRIBE.answers({"VpcEndpoints[0].RouteTableIds": []}),
        DELETE.answers({"Unsuccessful": []}),
    ),
    Case(
        "an endpoint keeps its VPC",
        f"{API}/API_DeleteVpc.html",
        VPC,
        ec2.create_vpc_endpoint(VpcId="$vpc", ServiceName=S3).keep(vpce="VpcEndpoint.VpcEndpointId"),
        ec2.delete_vpc(VpcId="$vpc").refused(*kept("vpc", "$vpc")),
        DELETE,
        ec2.delete_vpc(VpcId="$vpc"),
    ),
    Case(
        "twenty gateway endpoints a region",
        LIMITS,
        VPC,
        config(quotas={"gateway-endpoints-per-region": 1}),
        ec2.create_vpc_endpoint(VpcId="$vpc", ServiceName=S3),
        ec2.create_vpc_endpoint(VpcId="$vpc", ServiceName=S3).refused(
            "VpcEndpointLimitExceeded", "The maximum number of VPC endpoints has been reached."
        ),
    ),
    Case(
        "subnets for a gateway endpoint",
        CREATE,
        VPC,
        SUBNET,
        ec2.create_vpc_endpoint(VpcId="$vpc", ServiceName=S3, SubnetIds=["$subnet"]).refused(
            "InvalidParameter", "SubnetIds is not supported for endpoints of type Gateway"
        ),
    ),
    Case(
        "a gateway to a service that has none",
        CREATE,
        VPC,
        ec2.create_vpc_endpoint(VpcId="$vpc", ServiceName=STS).refused(
            "InvalidParameter", "Endpoint type (Gateway) does not match available service types ([Interface])."
        ),
    ),
    Case(
        "a service that isn't, and one of another region",
        CREATE,
        VPC,
        *[
            ec2.create_vpc_endpoint(VpcId="$vpc", ServiceName=name).refused(
                "InvalidServiceName", f"The Vpc Endpoint Service '{name}' does not exist"
            )
            for name in ("com.amazonaws.eu-west-1.nothing", "com.amazonaws.eu-north-1.s3")
        ],
    ),
]


@pytest.mark.parametrize("case", GATEWAY_CASES, ids=repr)
def test_endpoints_are_as_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)
