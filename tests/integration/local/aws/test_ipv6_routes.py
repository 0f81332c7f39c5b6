from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.local.aws.case import Case, ec2
from tests.integration.local.aws.test_route_targets import (
    BASE,
    ELSEWHERE,
    ERRORS,
    GUIDE,
    INSTANCE,
    INTERFACE,
    ROUTE,
    STATE,
    to,
)

CASES = [
    Case(
        "an IPv6 route to an egress-only gateway",
        f"{GUIDE}/egress-only-internet-gateway.html",
        *BASE,
        ec2.create_egress_only_internet_gateway(VpcId="$vpc").keep(
            eigw="EgressOnlyInternetGateway.EgressOnlyInternetGatewayId"
        ),
        ec2.create_route(RouteTableId="$table", DestinationIpv6CidrBlock="::/0", EgressOnlyInternetGatewayId="$eigw"),
        ROUTE.answers({"RouteTables[0].Routes[1].[EgressOnlyInternetGatewayId, State]": ["$eigw", "active"]}),
        ec2.create_route(**to(EgressOnlyInternetGatewayId="$eigw")).refused(
            "InvalidParameterValue", "An egress-only internet gateway can only be the target of an IPv6 route."
        ),
        ec2.delete_egress_only_internet_gateway(EgressOnlyInternetGatewayId="$eigw"),
        ROUTE.answers({"RouteTables[0].Routes[1].State": "blackhole"}),
    ),
    Case(
        "an IPv6 route to an interface that goes away is a black hole, too",
        STATE,
        *BASE,
        *INSTANCE,
        ec2.create_route(RouteTableId="$table", DestinationIpv6CidrBlock="2001:db8::/32", NetworkInterfaceId="$eni"),
        ROUTE.answers({"RouteTables[0].Routes[1].State": "active"}),
        ec2.terminate_instances(InstanceIds=["$instance"]),
        ROUTE.answers({"RouteTables[0].Routes[1].[DestinationIpv6CidrBlock, State]": ["2001:db8::/32", "blackhole"]}),
    ),
    Case(
        "an IPv6 route to an egress-only gateway beside another target",
        ERRORS,
        *BASE,
        INTERFACE,
        ec2.create_egress_only_internet_gateway(VpcId="$vpc").keep(
            eigw="EgressOnlyInternetGateway.EgressOnlyInternetGatewayId"
        ),
        ec2.create_route(RouteTableId="$table", DestinationIpv6CidrBlock="::/0", NetworkInterfaceId="$eni"),
        ec2.create_route(
            RouteTableId="$table", DestinationIpv6CidrBlock="::/0", EgressOnlyInternetGatewayId="$eigw"
        ).refused("RouteAlreadyExists", "The route identified by ::/0 already exists."),
        ec2.replace_route(RouteTableId="$table", DestinationIpv6CidrBlock="::/0", EgressOnlyInternetGatewayId="$eigw"),
        ROUTE.answers({"RouteTables[0].Routes[1].[EgressOnlyInternetGatewayId, State]": ["$eigw", "active"]}),
        ec2.replace_route(**to(EgressOnlyInternetGatewayId="$eigw")).refused(
            "InvalidParameterValue", "An egress-only internet gateway can only be the target of an IPv6 route."
        ),
    ),
    Case(
        "a route to another VPC's egress-only gateway",
        f"{GUIDE}/egress-only-internet-gateway.html",
        *ELSEWHERE,
        ec2.create_egress_only_internet_gateway(VpcId="$other").keep(
            eigw="EgressOnlyInternetGateway.EgressOnlyInternetGatewayId"
        ),
        ec2.create_route(
            RouteTableId="$table", DestinationIpv6CidrBlock="::/0", EgressOnlyInternetGatewayId="$eigw"
        ).refused(
            "InvalidParameterValue",
            "route table $table and egress only internet gateway $eigw belong to different networks",
        ),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_ipv6_routes_are_as_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)
