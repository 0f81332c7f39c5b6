from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.local.aws.case import Case, ec2

API = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference"
GUIDE = "https://docs.aws.amazon.com/vpc/latest/userguide"
SUBNET_TABLES = f"{GUIDE}/subnet-route-tables.html"

VPC = ec2.create_vpc(CidrBlock="10.0.0.0/16").keep(vpc="Vpc.VpcId")
DUAL_STACK = ec2.create_vpc(CidrBlock="10.0.0.0/16", AmazonProvidedIpv6CidrBlock=True).keep(vpc="Vpc.VpcId")
SUBNET = ec2.create_subnet(VpcId="$vpc", CidrBlock="10.0.1.0/24").keep(subnet="Subnet.SubnetId")
TABLE = ec2.create_route_table(VpcId="$vpc").keep(table="RouteTable.RouteTableId")
INTERFACE = ec2.create_network_interface(SubnetId="$subnet").keep(eni="NetworkInterface.NetworkInterfaceId")
GATEWAY = (
    ec2.create_internet_gateway().keep(igw="InternetGateway.InternetGatewayId"),
    ec2.attach_internet_gateway(InternetGatewayId="$igw", VpcId="$vpc"),
)
ROUTES = ec2.describe_route_tables(RouteTableIds=["$table"])
MORE_SPECIFIC = (
    "The destination CIDR block {} is equal to or more specific than one of this VPC's CIDR blocks. "
    "This route can target only an interface or an instance."
)


def route(destination: str, **target: str) -> dict[str, str]:
    member = "DestinationIpv6CidrBlock" if ":" in destination else "DestinationCidrBlock"
    return {"RouteTableId": "$table", member: destination, **(target or {"NetworkInterfaceId": "$eni"})}


BASE = (VPC, SUBNET, TABLE, INTERFACE)

CASES = [
    Case(
        "a table begins with the local route",
        SUBNET_TABLES,
        VPC,
        TABLE.answers(
            {
                "RouteTable.Routes": [
                    {
                        "DestinationCidrBlock": "10.0.0.0/16",
                        "GatewayId": "local",
                        "Origin": "CreateRouteTable",
                        "State": "active",
                    }
                ],
                "RouteTable.Associations": [],
                "RouteTable.PropagatingVgws": [],
                "RouteTable.Tags": [],
                "RouteTable.OwnerId": "123456789012",
            }
        ),
    ),
    Case(
        "each range of a VPC has a local route",
        SUBNET_TABLES,
        DUAL_STACK,
        TABLE.answers({"RouteTable.Routes[].GatewayId": ["local", "local"]}),
        ec2.associate_vpc_cidr_block(VpcId="$vpc", CidrBlock="10.1.0.0/16").keep(
            id="CidrBlockAssociation.AssociationId"
        ),
        ROUTES.answers(
            {"RouteTables[0].Routes[?GatewayId=='local'].DestinationCidrBlock": ["10.0.0.0/16", "10.1.0.0/16"]}
        ),
        ec2.disassociate_vpc_cidr_block(AssociationId="$id"),
        ROUTES.answers({"RouteTables[0].Routes[?GatewayId=='local'].DestinationCidrBlock": ["10.0.0.0/16"]}),
    ),
    Case(
        "a route to an internet gateway",
        f"{API}/API_CreateRoute.html",
        VPC,
        TABLE,
        *GATEWAY,
        ec2.create_route(**route("0.0.0.0/0", GatewayId="$igw")).answers({"Return": True}),
        ROUTES.answers(
            {
                "RouteTables[0].Routes[1]": {
                    "DestinationCidrBlock": "0.0.0.0/0",
                    "GatewayId": "$igw",
                    "Origin": "CreateRoute",
                    "State": "active",
                }
            }
        ),
    ),
    Case(
        "a route's host bits are dropped",
        f"{API}/API_CreateRoute.html",
        *BASE,
        ec2.create_route(**route("100.68.0.18/18")),
        ROUTES.answers({"RouteTables[0].Routes[1].DestinationCidrBlock": "100.68.0.0/18"}),
        ec2.delete_route(RouteTableId="$table", DestinationCidrBlock="100.68.0.1/18"),
        ROUTES.answers({"length(RouteTables[0].Routes)": 1}),
    ),
    Case(
        "an IPv6 route is written as AWS writes it",
        f"{API}/API_CreateRoute.html",
        *BASE,
        ec2.create_route(**route("2001:0DB8:0::1/32")),
        ROUTES.answers({"RouteTables[0].Routes[1].DestinationIpv6CidrBlock": "2001:db8::/32"}),
    ),
    Case(
        "a destination that is none",
        f"{API}/errors-overview.html",
        *BASE,
        ec2.create_route(**route("10.0.0.0")).refused(
            "InvalidParameterValue",
            "Value (10.0.0.0) for parameter destinationCidrBlock is invalid. This is not a valid CIDR block.",
        ),
        ec2.create_route(**route("2001:db8::/129")).refused(
            "InvalidParameterValue",
            "Value (2001:db8::/129) for parameter destinationIpv6CidrBlock is invalid. This is not a valid CIDR block.",
        ),
    ),
    Case(
        "a route without a destination",
        f"{API}/API_CreateRoute.html",
        *BASE,
        ec2.create_route(RouteTableId="$table", NetworkInterfaceId="$eni").refused(
            "MissingParameter",
            "The request must contain exactly one of: destinationCidrBlock, destinationIpv6CidrBlock, "
            "destinationPrefixListId",
        ),
    ),
    Case(
        "a route with two destinations",
        f"{API}/API_CreateRoute.html",
        *BASE,
        ec2.create_route(**route("0.0.0.0/0"), DestinationIpv6CidrBlock="::/0").refused(
            "InvalidParameterCombination",
            "The request must contain exactly one of: destinationCidrBlock, destinationIpv6CidrBlock, "
            "destinationPrefixListId",
        ),
    ),
    Case(
        "the same route with the same target is no second one",
        f"{API}/API_CreateRoute.html",
        *BASE,
        ec2.create_route(**route("192.0.2.0/24")),
        ec2.create_route(**route("192.0.2.0/24")).answers({"Return": True}),
        ROUTES.answers({"length(RouteTables[0].Routes)": 2}),
    ),
    Case(
        "the same route with another target",
        f"{API}/errors-overview.html",
        *BASE,
        *GATEWAY,
        ec2.create_route(**route("192.0.2.0/24")),
        ec2.create_route(**route("192.0.2.7/24", GatewayId="$igw")).refused(
            "RouteAlreadyExists", "The route identified by 192.0.2.0/24 already exists."
        ),
        ROUTES.answers({"RouteTables[0].Routes[1].NetworkInterfaceId": "$eni"}),
    ),
    Case(
        "the same IPv6 route with another target",
        f"{API}/errors-overview.html",
        *BASE,
        *GATEWAY,
        ec2.create_route(**route("2001:db8::/32")),
        ec2.create_route(**route("2001:db8::/32", GatewayId="$igw")).refused(
            "RouteAlreadyExists", "The route identified by 2001:db8::/32 already exists."
        ),
    ),
    Case(
        "a route for the VPC's own range to a gateway",
        SUBNET_TABLES,
        VPC,
        TABLE,
        *GATEWAY,
        ec2.create_route(**route("10.0.0.0/16", GatewayId="$igw")).refused(
            "InvalidParameterValue", MORE_SPECIFIC.format("10.0.0.0/16")
        ),
    ),
    Case(
        "a route for the VPC's own range to an interface is there already",
        SUBNET_TABLES,
        *BASE,
        ec2.create_route(**route("10.0.0.0/16")).refused(
            "RouteAlreadyExists", "The route identified by 10.0.0.0/16 already exists."
        ),
    ),
    Case(
        "a route for a subnet to a gateway",
        SUBNET_TABLES,
        VPC,
        SUBNET,
        TABLE,
        *GATEWAY,
        ec2.create_route(**route("10.0.1.0/24", GatewayId="$igw")).refused(
            "InvalidParameterValue", MORE_SPECIFIC.format("10.0.1.0/24")
        ),
    ),
    Case(
        "a route for a whole subnet to an interface",
        SUBNET_TABLES,
        *BASE,
        ec2.create_route(**route("10.0.1.0/24")),
        ROUTES.answers({"RouteTables[0].Routes[1].Origin": "CreateRoute"}),
    ),
    Case(
        "a route for a part of a subnet",
        SUBNET_TABLES,
        *BASE,
        ec2.create_route(**route("10.0.1.0/25")).refused(
            "InvalidParameterValue", "Route destination doesn't match any subnet CIDR blocks."
        ),
    ),
    Case(
        "a route for a part of the VPC where no subnet is",
        SUBNET_TABLES,
        *BASE,
        ec2.create_route(**route("10.0.9.0/24")).refused(
            "InvalidParameterValue", "Route destination doesn't match any subnet CIDR blocks."
        ),
    ),
    Case(
        "a route around the VPC",
        SUBNET_TABLES,
        *BASE,
        *GATEWAY,
        ec2.create_route(**route("10.0.0.0/8", GatewayId="$igw")),
    ),
    Case(
        "a route for a part of a VPC's second range",
        SUBNET_TABLES,
        *BASE,
        ec2.associate_vpc_cidr_block(VpcId="$vpc", CidrBlock="10.1.0.0/16"),
        ec2.create_route(**route("10.1.7.0/24")).refused(
            "InvalidParameterValue", "Route destination doesn't match any subnet CIDR blocks."
        ),
    ),
    Case(
        "a route into AWS's own services",
        SUBNET_TABLES,
        *BASE,
        ec2.create_route(**route("169.254.169.254/32")).refused(
            "InvalidParameterValue",
            "The destination CIDR block 169.254.169.254/32 is reserved and can't be used in a route.",
        ),
        ec2.create_route(**route("169.254.168.0/22")).refused(
            "InvalidParameterValue",
            "The destination CIDR block 169.254.168.0/22 is reserved and can't be used in a route.",
        ),
        ec2.create_route(**route("fd00:ec2::254/128")).refused(
            "InvalidParameterValue",
            "The destination CIDR block fd00:ec2::254/128 is reserved and can't be used in a route.",
        ),
    ),
    Case(
        "a route around AWS's own services",
        SUBNET_TABLES,
        *BASE,
        ec2.create_route(**route("169.254.0.0/16")),
        ec2.create_route(**route("169.254.172.0/24")),
    ),
    Case(
        "replacing a route",
        f"{API}/API_ReplaceRoute.html",
        *BASE,
        *GATEWAY,
        ec2.create_route(**route("192.0.2.0/24")),
        ec2.replace_route(**route("192.0.2.9/24", GatewayId="$igw")),
        ROUTES.answers(
            {
                "RouteTables[0].Routes[1]": {
                    "DestinationCidrBlock": "192.0.2.0/24",
                    "GatewayId": "$igw",
                    "Origin": "CreateRoute",
                    "State": "active",
                }
            }
        ),
    ),
    Case(
        "replacing a route that isn't there",
        f"{API}/API_ReplaceRoute.html",
        *BASE,
        ec2.replace_route(**route("192.0.2.0/24")).refused(
            "InvalidParameterValue",
            "There is no route defined for '192.0.2.0/24' in the route table. Use CreateRoute instead.",
        ),
    ),
    Case(
        "the local route can be given an interface, and its own way back",
        f"{GUIDE}/replace-local-route-target.html",
        *BASE,
        ec2.replace_route(**route("10.0.0.0/16")),
        ROUTES.answers(
            {
                "RouteTables[0].Routes[].[NetworkInterfaceId, Origin]": [["$eni", "CreateRouteTable"]],
            }
        ),
        ec2.replace_route(RouteTableId="$table", DestinationCidrBlock="10.0.0.0/16", LocalTarget=True),
        ROUTES.answers({"RouteTables[0].Routes[].[GatewayId, State]": [["local", "active"]]}),
    ),
    Case(
        "the local route can't be given a gateway",
        SUBNET_TABLES,
        *BASE,
        *GATEWAY,
        ec2.replace_route(**route("10.0.0.0/16", GatewayId="$igw")).refused(
            "InvalidParameterValue", MORE_SPECIFIC.format("10.0.0.0/16")
        ),
    ),
    Case(
        "no other route is local",
        f"{API}/API_ReplaceRoute.html",
        *BASE,
        ec2.create_route(**route("192.0.2.0/24")),
        ec2.replace_route(RouteTableId="$table", DestinationCidrBlock="192.0.2.0/24", LocalTarget=True).refused(
            "InvalidParameterValue", "local-target only allowed with network local destination CIDRs"
        ),
    ),
    Case(
        "the local route can't be removed",
        SUBNET_TABLES,
        *BASE,
        ec2.delete_route(RouteTableId="$table", DestinationCidrBlock="10.0.0.0/16").refused(
            "InvalidParameterValue", "cannot remove local route 10.0.0.0/16 in route table $table"
        ),
        ec2.replace_route(**route("10.0.0.0/16")),
        ec2.delete_route(RouteTableId="$table", DestinationCidrBlock="10.0.0.0/16").refused(
            "InvalidParameterValue", "cannot remove local route 10.0.0.0/16 in route table $table"
        ),
    ),
    Case(
        "removing a route that isn't there",
        f"{API}/API_DeleteRoute.html",
        *BASE,
        ec2.delete_route(RouteTableId="$table", DestinationCidrBlock="192.0.2.0/24").refused(
            "InvalidRoute.NotFound", "no route with destination-cidr-block 192.0.2.0/24 in route table $table"
        ),
        ec2.delete_route(RouteTableId="$table", DestinationIpv6CidrBlock="::/0").refused(
            "InvalidRoute.NotFound", "no route with destination-ipv6-cidr-block ::/0 in route table $table"
        ),
    ),
    Case(
        "removing an IPv6 route",
        f"{API}/API_DeleteRoute.html",
        *BASE,
        ec2.create_route(**route("::/0")),
        ec2.delete_route(RouteTableId="$table", DestinationIpv6CidrBlock="::/0"),
        ROUTES.answers({"length(RouteTables[0].Routes)": 1}),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_routes_are_as_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)
