from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.local.aws.case import Case, config, ec2

API = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference"
GUIDE = "https://docs.aws.amazon.com/vpc/latest/userguide"
LIMITS = f"{GUIDE}/amazon-vpc-limits.html"
VPC = ec2.create_vpc(CidrBlock="10.0.0.0/16").keep(vpc="Vpc.VpcId")
SUBNET = ec2.create_subnet(VpcId="$vpc", CidrBlock="10.0.1.0/24").keep(subnet="Subnet.SubnetId")
TABLE = ec2.create_route_table(VpcId="$vpc").keep(table="RouteTable.RouteTableId")
INTERFACE = ec2.create_network_interface(SubnetId="$subnet").keep(eni="NetworkInterface.NetworkInterfaceId")
ROUTES = ec2.describe_route_tables(RouteTableIds=["$table"])


def route(destination: str, **target: str) -> dict[str, str]:
    member = "DestinationIpv6CidrBlock" if ":" in destination else "DestinationCidrBlock"
    return {"RouteTableId": "$table", member: destination, **(target or {"NetworkInterfaceId": "$eni"})}


BASE = (VPC, SUBNET, TABLE, INTERFACE)

CASES = [
    Case(
        "so many routes and no more",
        LIMITS,
        config(quotas={"routes-per-route-table": 2}),
        *BASE,
        ec2.create_route(**route("192.0.2.0/24")),
        ec2.create_route(**route("198.51.100.0/24")),
        ec2.create_route(**route("203.0.113.0/24")).refused(
            "RouteLimitExceeded", "The maximum number of routes has been reached."
        ),
        ec2.replace_route(**route("198.51.100.0/24")),
        ec2.delete_route(RouteTableId="$table", DestinationCidrBlock="192.0.2.0/24"),
        ec2.create_route(**route("203.0.113.0/24")),
    ),
    Case(
        "IPv6 routes are counted apart",
        LIMITS,
        config(quotas={"routes-per-route-table": 1}),
        *BASE,
        ec2.create_route(**route("192.0.2.0/24")),
        ec2.create_route(**route("2001:db8::/32")),
        ec2.create_route(**route("2001:db9::/32")).refused(
            "RouteLimitExceeded", "The maximum number of routes has been reached."
        ),
    ),
    Case(
        "a prefix list counts as the most entries that it can have",
        LIMITS,
        config(quotas={"routes-per-route-table": 4}),
        *BASE,
        ec2.create_managed_prefix_list(PrefixListName="five", MaxEntries=5, AddressFamily="IPv4").keep(
            list="PrefixList.PrefixListId"
        ),
        ec2.create_route(RouteTableId="$table", DestinationPrefixListId="$list", NetworkInterfaceId="$eni").refused(
            "RouteLimitExceeded", "The maximum number of routes has been reached."
        ),
    ),
    Case(
        "a route for a prefix list",
        f"{API}/API_CreateRoute.html",
        *BASE,
        ec2.create_managed_prefix_list(PrefixListName="five", MaxEntries=5, AddressFamily="IPv4").keep(
            list="PrefixList.PrefixListId"
        ),
        ec2.create_route(RouteTableId="$table", DestinationPrefixListId="$list", NetworkInterfaceId="$eni"),
        ROUTES.answers({"RouteTables[0].Routes[1].DestinationPrefixListId": "$list"}),
        ec2.delete_route(RouteTableId="$table", DestinationPrefixListId="$list"),
        ROUTES.answers({"length(RouteTables[0].Routes)": 1}),
    ),
    Case(
        "a second route for a prefix list",
        f"{API}/errors-overview.html",
        *BASE,
        ec2.create_network_interface(SubnetId="$subnet").keep(second="NetworkInterface.NetworkInterfaceId"),
        ec2.create_managed_prefix_list(PrefixListName="five", MaxEntries=5, AddressFamily="IPv4").keep(
            list="PrefixList.PrefixListId"
        ),
        ec2.create_route(RouteTableId="$table", DestinationPrefixListId="$list", NetworkInterfaceId="$eni"),
        ec2.create_route(RouteTableId="$table", DestinationPrefixListId="$list", NetworkInterfaceId="$eni"),
        ec2.create_route(RouteTableId="$table", DestinationPrefixListId="$list", NetworkInterfaceId="$second").refused(
            "RouteAlreadyExists", "The route identified by $list already exists."
        ),
        ec2.replace_route(RouteTableId="$table", DestinationPrefixListId="$list", NetworkInterfaceId="$second"),
        ROUTES.answers({"RouteTables[0].Routes[1].NetworkInterfaceId": "$second"}),
    ),
    Case(
        "a prefix list and ranges of its family are counted together, those of the other apart",
        LIMITS,
        config(quotas={"routes-per-route-table": 5}),
        *BASE,
        ec2.create_managed_prefix_list(PrefixListName="five", MaxEntries=5, AddressFamily="IPv6").keep(
            list="PrefixList.PrefixListId"
        ),
        ec2.create_route(RouteTableId="$table", DestinationPrefixListId="$list", NetworkInterfaceId="$eni"),
        ec2.create_route(**route("192.0.2.0/24")),
        ec2.create_route(**route("2001:db8::/32")).refused(
            "RouteLimitExceeded", "The maximum number of routes has been reached."
        ),
    ),
    Case(
        "a route for a prefix list that isn't there",
        f"{API}/errors-overview.html",
        *BASE,
        ec2.create_route(
            RouteTableId="$table", DestinationPrefixListId="pl-0123456789abcdef0", NetworkInterfaceId="$eni"
        ).refused("InvalidPrefixListID.NotFound", "The prefix list ID 'pl-0123456789abcdef0' does not exist"),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_routes_are_counted_as_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)
