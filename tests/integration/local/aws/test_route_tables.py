from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.local.aws.case import Case, config, ec2

API = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference"
GUIDE = "https://docs.aws.amazon.com/vpc/latest/userguide"
ERRORS = f"{API}/errors-overview.html"
ASSOCIATE = f"{API}/API_AssociateRouteTable.html"
REPLACE = f"{API}/API_ReplaceRouteTableAssociation.html"

VPC = ec2.create_vpc(CidrBlock="10.0.0.0/16").keep(vpc="Vpc.VpcId")
OTHER_VPC = ec2.create_vpc(CidrBlock="10.1.0.0/16").keep(other="Vpc.VpcId")
SUBNET = ec2.create_subnet(VpcId="$vpc", CidrBlock="10.0.1.0/24").keep(subnet="Subnet.SubnetId")
TABLE = ec2.create_route_table(VpcId="$vpc").keep(table="RouteTable.RouteTableId")
SECOND = ec2.create_route_table(VpcId="$vpc").keep(second="RouteTable.RouteTableId")
ELSEWHERE = ec2.create_route_table(VpcId="$other").keep(elsewhere="RouteTable.RouteTableId")
MAIN = ec2.describe_route_tables(
    Filters=[{"Name": "vpc-id", "Values": ["$vpc"]}, {"Name": "association.main", "Values": ["true"]}]
).keep(main="RouteTables[0].RouteTableId", first="RouteTables[0].Associations[0].RouteTableAssociationId")
ASSOCIATED = ec2.associate_route_table(RouteTableId="$table", SubnetId="$subnet").keep(association="AssociationId")
GATEWAY = (
    ec2.create_internet_gateway().keep(igw="InternetGateway.InternetGatewayId"),
    ec2.attach_internet_gateway(InternetGatewayId="$igw", VpcId="$vpc"),
)
IN_USE = ("DependencyViolation", "The routeTable '$table' has dependencies and cannot be deleted.")
GONE = ("InvalidAssociationID.NotFound", "The association ID 'rtbassoc-0123456789abcdef0' does not exist")


def by(name: str, *values: str) -> dict[str, list[dict[str, object]]]:
    return {"Filters": [{"Name": name, "Values": list(values)}]}


CASES = [
    Case(
        "a table that isn't there",
        ERRORS,
        ec2.describe_route_tables(RouteTableIds=["rtb-0123456789abcdef0"]).refused(
            "InvalidRouteTableID.NotFound", "The routeTable ID 'rtb-0123456789abcdef0' does not exist"
        ),
        ec2.delete_route_table(RouteTableId="rtb-0123456789abcdef0").refused(
            "InvalidRouteTableID.NotFound", "The routeTable ID 'rtb-0123456789abcdef0' does not exist"
        ),
    ),
    Case(
        "what is no table's id",
        ERRORS,
        VPC,
        ec2.describe_route_tables(RouteTableIds=["$vpc"]).refused(
            "InvalidRouteTableId.Malformed", 'Invalid id: "$vpc" (expecting "rtb-...")'
        ),
    ),
    Case(
        "so many tables a VPC and no more",
        f"{GUIDE}/amazon-vpc-limits.html",
        config(quotas={"route-tables-per-vpc": 2}),
        VPC,
        TABLE,
        ec2.create_route_table(VpcId="$vpc").refused(
            "RouteTableLimitExceeded", "The maximum number of route tables has been reached."
        ),
        ec2.delete_route_table(RouteTableId="$table"),
        TABLE,
    ),
    Case(
        "a repeated token makes no second table",
        "https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html",
        VPC,
        ec2.create_route_table(VpcId="$vpc", ClientToken="once").keep(table="RouteTable.RouteTableId"),
        ec2.create_route_table(VpcId="$vpc", ClientToken="once").answers({"RouteTable.RouteTableId": "$table"}),
        ec2.describe_route_tables(**by("vpc-id", "$vpc")).answers({"length(RouteTables)": 2}),
    ),
    Case(
        "pages of tables",
        "https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-pagination.html",
        VPC,
        *[ec2.create_route_table(VpcId="$vpc")] * 6,
        ec2.describe_route_tables(MaxResults=5, **by("vpc-id", "$vpc"))
        .keep(rest="NextToken")
        .answers({"length(RouteTables)": 5}),
        ec2.describe_route_tables(NextToken="$rest").answers({"length(RouteTables)": 2, "NextToken": None}),
    ),
    Case(
        "tables by their tags",
        f"{API}/API_DescribeRouteTables.html",
        VPC,
        ec2.create_route_table(
            VpcId="$vpc",
            TagSpecifications=[{"ResourceType": "route-table", "Tags": [{"Key": "Name", "Value": "private-a"}]}],
        )
        .keep(table="RouteTable.RouteTableId")
        .answers({"RouteTable.Tags": [{"Key": "Name", "Value": "private-a"}]}),
        ec2.describe_route_tables(**by("tag:Name", "private-?")).answers({"RouteTables[].RouteTableId": ["$table"]}),
        ec2.describe_route_tables(**by("tag-key", "Name")).answers({"RouteTables[].RouteTableId": ["$table"]}),
        ec2.describe_route_tables(**by("tag:Name", "private-")).answers({"RouteTables": []}),
    ),
    Case(
        "tables by what they route",
        f"{API}/API_DescribeRouteTables.html",
        VPC,
        SUBNET,
        TABLE,
        *GATEWAY,
        ec2.create_route(RouteTableId="$table", DestinationIpv6CidrBlock="::/0", GatewayId="$igw"),
        ec2.describe_route_tables(**by("route.gateway-id", "$igw")).answers({"RouteTables[].RouteTableId": ["$table"]}),
        ec2.describe_route_tables(**by("route.destination-ipv6-cidr-block", "::/0")).answers(
            {"RouteTables[].RouteTableId": ["$table"]}
        ),
        ec2.describe_route_tables(**by("route.origin", "CreateRoute")).answers(
            {"RouteTables[].RouteTableId": ["$table"]}
        ),
    ),
    Case(
        "tables by what uses them",
        f"{API}/API_DescribeRouteTables.html",
        VPC,
        SUBNET,
        TABLE,
        ASSOCIATED,
        ec2.describe_route_tables(**by("association.subnet-id", "$subnet")).answers(
            {"RouteTables[].RouteTableId": ["$table"]}
        ),
        ec2.describe_route_tables(**by("association.route-table-association-id", "$association")).answers(
            {"RouteTables[].RouteTableId": ["$table"]}
        ),
    ),
    Case(
        "a subnet uses a table",
        ASSOCIATE,
        VPC,
        SUBNET,
        TABLE,
        ASSOCIATED.answers({"AssociationState": {"State": "associated"}}),
        ec2.describe_route_tables(RouteTableIds=["$table"]).answers(
            {
                "RouteTables[0].Associations": [
                    {
                        "Main": False,
                        "RouteTableAssociationId": "$association",
                        "RouteTableId": "$table",
                        "SubnetId": "$subnet",
                        "AssociationState": {"State": "associated"},
                    }
                ]
            }
        ),
    ),
    Case(
        "a subnet that uses a table already, and the same again",
        ASSOCIATE,
        VPC,
        SUBNET,
        TABLE,
        ASSOCIATED,
        ec2.associate_route_table(RouteTableId="$table", SubnetId="$subnet").answers({"AssociationId": "$association"}),
    ),
    Case(
        "a subnet that uses another table",
        ERRORS,
        VPC,
        SUBNET,
        TABLE,
        SECOND,
        ASSOCIATED,
        ec2.associate_route_table(RouteTableId="$second", SubnetId="$subnet").refused(
            "Resource.AlreadyAssociated",
            "the specified association for route table $second conflicts with an existing association",
        ),
        ec2.disassociate_route_table(AssociationId="$association"),
        ec2.associate_route_table(RouteTableId="$second", SubnetId="$subnet"),
    ),
    Case(
        "another VPC's subnet",
        f"{GUIDE}/subnet-route-tables.html",
        VPC,
        OTHER_VPC,
        TABLE,
        ec2.create_subnet(VpcId="$other", CidrBlock="10.1.1.0/24").keep(subnet="Subnet.SubnetId"),
        ec2.associate_route_table(RouteTableId="$table", SubnetId="$subnet").refused(
            "InvalidParameterValue", "route table $table and subnet $subnet belong to different networks"
        ),
    ),
    Case(
        "a subnet that isn't there",
        ERRORS,
        VPC,
        TABLE,
        ec2.associate_route_table(RouteTableId="$table", SubnetId="subnet-0123456789abcdef0").refused(
            "InvalidSubnetID.NotFound", "The subnet ID 'subnet-0123456789abcdef0' does not exist"
        ),
    ),
    Case(
        "an association with nothing, and with two",
        ASSOCIATE,
        VPC,
        SUBNET,
        TABLE,
        *GATEWAY,
        ec2.associate_route_table(RouteTableId="$table").refused(
            "MissingParameter", "The request must contain exactly one of subnetId or gatewayId"
        ),
        ec2.associate_route_table(RouteTableId="$table", SubnetId="$subnet", GatewayId="$igw").refused(
            "InvalidParameterCombination", "The request must contain exactly one of subnetId or gatewayId"
        ),
    ),
    Case(
        "a gateway uses a table",
        f"{GUIDE}/gateway-route-tables.html",
        VPC,
        TABLE,
        *GATEWAY,
        ec2.associate_route_table(RouteTableId="$table", GatewayId="$igw"),
        ec2.describe_route_tables(**by("association.gateway-id", "$igw")).answers(
            {"RouteTables[].RouteTableId": ["$table"]}
        ),
        ec2.delete_route_table(RouteTableId="$table").refused(*IN_USE),
    ),
    Case(
        "a gateway that isn't the VPC's",
        f"{GUIDE}/gateway-route-tables.html",
        VPC,
        TABLE,
        ec2.create_internet_gateway().keep(igw="InternetGateway.InternetGatewayId"),
        ec2.associate_route_table(RouteTableId="$table", GatewayId="$igw").refused(
            "InvalidParameterValue", "route table $table and network gateway $igw belong to different networks"
        ),
        ec2.associate_route_table(RouteTableId="$table", GatewayId="igw-0123456789abcdef0").refused(
            "InvalidGatewayID.NotFound", "The gateway ID 'igw-0123456789abcdef0' does not exist"
        ),
    ),
    Case(
        "deleting a table that a subnet uses",
        f"{API}/API_DeleteRouteTable.html",
        VPC,
        SUBNET,
        TABLE,
        ASSOCIATED,
        ec2.delete_route_table(RouteTableId="$table").refused(*IN_USE),
        ec2.disassociate_route_table(AssociationId="$association"),
        ec2.delete_route_table(RouteTableId="$table"),
        ec2.describe_route_tables(RouteTableIds=["$table"]).refused(
            "InvalidRouteTableID.NotFound", "The routeTable ID '$table' does not exist"
        ),
    ),
    Case(
        "deleting a table with routes",
        f"{API}/API_DeleteRouteTable.html",
        VPC,
        TABLE,
        *GATEWAY,
        ec2.create_route(RouteTableId="$table", DestinationCidrBlock="0.0.0.0/0", GatewayId="$igw"),
        ec2.delete_route_table(RouteTableId="$table"),
    ),
    Case(
        "deleting the main table",
        f"{API}/API_DeleteRouteTable.html",
        VPC,
        MAIN,
        ec2.delete_route_table(RouteTableId="$main").refused(
            "DependencyViolation", "The routeTable '$main' has dependencies and cannot be deleted."
        ),
    ),
    Case(
        "a subnet without a table of its own uses the main one without an association",
        f"{GUIDE}/subnet-route-tables.html",
        VPC,
        SUBNET,
        MAIN.answers({"RouteTables[0].Associations[].Main": [True], "RouteTables[0].Associations[].SubnetId": []}),
        ec2.describe_route_tables(**by("association.subnet-id", "$subnet")).answers({"RouteTables": []}),
    ),
    Case(
        "the main table can't be left without its place",
        f"{GUIDE}/replace-main-route-table.html",
        VPC,
        MAIN,
        ec2.disassociate_route_table(AssociationId="$first").refused(
            "InvalidParameterValue", "cannot disassociate the main route table association $first"
        ),
    ),
    Case(
        "another table becomes the main one",
        f"{GUIDE}/replace-main-route-table.html",
        VPC,
        MAIN,
        TABLE,
        ec2.replace_route_table_association(AssociationId="$first", RouteTableId="$table")
        .keep(next="NewAssociationId")
        .answers({"AssociationState.State": "associated"}),
        ec2.describe_route_tables(RouteTableIds=["$table"]).answers(
            {"RouteTables[0].Associations[].[Main, RouteTableAssociationId]": [[True, "$next"]]}
        ),
        ec2.delete_route_table(RouteTableId="$main"),
        ec2.delete_route_table(RouteTableId="$table").refused(*IN_USE),
    ),
    Case(
        "a subnet moves to another table",
        REPLACE,
        VPC,
        SUBNET,
        TABLE,
        SECOND,
        ASSOCIATED,
        ec2.replace_route_table_association(AssociationId="$association", RouteTableId="$second").keep(
            next="NewAssociationId"
        ),
        ec2.describe_route_tables(RouteTableIds=["$second"]).answers(
            {"RouteTables[0].Associations[].[SubnetId, RouteTableAssociationId]": [["$subnet", "$next"]]}
        ),
        ec2.delete_route_table(RouteTableId="$table"),
        ec2.disassociate_route_table(AssociationId="$association").refused(
            "InvalidAssociationID.NotFound", "The association ID '$association' does not exist"
        ),
    ),
    Case(
        "a subnet can't move to another VPC's table",
        REPLACE,
        VPC,
        SUBNET,
        TABLE,
        OTHER_VPC,
        ELSEWHERE,
        ASSOCIATED,
        ec2.replace_route_table_association(AssociationId="$association", RouteTableId="$elsewhere").refused(
            "InvalidParameterValue", "route table $elsewhere and subnet $subnet belong to different networks"
        ),
    ),
    Case(
        "another VPC's table can't become the main one",
        REPLACE,
        VPC,
        MAIN,
        OTHER_VPC,
        ELSEWHERE,
        ec2.replace_route_table_association(AssociationId="$first", RouteTableId="$elsewhere").refused(
            "InvalidParameterValue", "route table $elsewhere and network $vpc belong to different networks"
        ),
    ),
    Case(
        "an association that isn't there",
        ERRORS,
        VPC,
        TABLE,
        ec2.disassociate_route_table(AssociationId="rtbassoc-0123456789abcdef0").refused(*GONE),
        ec2.replace_route_table_association(AssociationId="rtbassoc-0123456789abcdef0", RouteTableId="$table").refused(
            *GONE
        ),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_route_tables_are_as_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)
