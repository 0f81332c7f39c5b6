from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.local.aws.case import Case, advance, config, ec2

API = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference"
BLOCKS = "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html"
LIMITS = "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html"

VPC = ec2.create_vpc(CidrBlock="10.0.0.0/16").keep(vpc="Vpc.VpcId")
SUBNET = ec2.create_subnet(VpcId="$vpc", CidrBlock="10.0.1.0/24").keep(subnet="Subnet.SubnetId")
IN_USE = ("DependencyViolation", "The vpc '$vpc' has dependencies and cannot be deleted.")
DELETE = ec2.delete_vpc(VpcId="$vpc")

CASES = [
    Case(
        "a VPC is pending when it is made, and available then",
        f"{API}/API_Vpc.html",
        ec2.create_vpc(CidrBlock="10.0.0.0/16").answers({"Vpc.State": "pending"}).keep(vpc="Vpc.VpcId"),
        ec2.describe_vpcs(VpcIds=["$vpc"]).answers({"Vpcs[].State": ["available"]}),
    ),
    Case(
        "a VPC is pending for as long as is configured",
        f"{API}/API_Vpc.html",
        config(durations={"vpc.available": 10}),
        VPC,
        advance(9),
        ec2.describe_vpcs(VpcIds=["$vpc"]).answers({"Vpcs[].State": ["pending"]}),
        ec2.describe_vpcs(Filters=[{"Name": "state", "Values": ["pending"]}]).answers({"Vpcs[].VpcId": ["$vpc"]}),
        advance(1),
        ec2.describe_vpcs(VpcIds=["$vpc"]).answers({"Vpcs[].State": ["available"]}),
    ),
    Case(
        "a VPC is pending for about a second at AWS's pace",
        f"{API}/API_Vpc.html",
        config(pace="aws"),
        VPC,
        ec2.describe_vpcs(VpcIds=["$vpc"]).answers({"Vpcs[].State": ["pending"]}),
        advance(5),
        ec2.describe_vpcs(VpcIds=["$vpc"]).answers({"Vpcs[].State": ["available"]}),
    ),
    Case(
        "host bits are dropped",
        f"{API}/API_CreateVpc.html",
        ec2.create_vpc(CidrBlock="100.68.0.18/18").answers({"Vpc.CidrBlock": "100.68.0.0/18"}),
    ),
    Case(
        "a VPC larger than /16",
        BLOCKS,
        ec2.create_vpc(CidrBlock="10.0.0.0/15").refused("InvalidVpc.Range", "The CIDR '10.0.0.0/15' is invalid."),
    ),
    Case(
        "a VPC smaller than /28",
        BLOCKS,
        ec2.create_vpc(CidrBlock="10.0.0.0/29").refused("InvalidVpc.Range", "The CIDR '10.0.0.0/29' is invalid."),
    ),
    Case(
        "a VPC of exactly /28",
        BLOCKS,
        ec2.create_vpc(CidrBlock="10.0.0.0/28").answers({"Vpc.CidrBlock": "10.0.0.0/28"}),
    ),
    Case(
        "what is no range",
        f"{API}/errors-overview.html",
        ec2.create_vpc(CidrBlock="10.0.0.0").refused(
            "InvalidParameterValue",
            "Value (10.0.0.0) for parameter cidrBlock is invalid. This is not a valid CIDR block.",
        ),
    ),
    Case(
        "a tenancy that AWS doesn't have",
        f"{API}/API_CreateVpc.html",
        ec2.create_vpc(CidrBlock="10.0.0.0/16", InstanceTenancy="shared").refused(
            "InvalidParameterValue", "Invalid value 'shared' for InstanceTenancy."
        ),
    ),
    Case(
        "five VPCs a region, the default one counted",
        LIMITS,
        *[ec2.create_vpc(CidrBlock=f"10.{number}.0.0/16") for number in range(4)],
        ec2.create_vpc(CidrBlock="10.9.0.0/16").refused(
            "VpcLimitExceeded", "The maximum number of VPCs has been reached."
        ),
    ),
    Case(
        "an account may have asked for more VPCs",
        LIMITS,
        config(quotas={"vpcs-per-region": 6}),
        *[ec2.create_vpc(CidrBlock=f"10.{number}.0.0/16") for number in range(5)],
    ),
    Case(
        "a deleted VPC counts no more",
        LIMITS,
        config(quotas={"vpcs-per-region": 2}),
        VPC,
        DELETE,
        ec2.create_vpc(CidrBlock="10.1.0.0/16"),
    ),
    Case(
        "a VPC that isn't there",
        f"{API}/errors-overview.html",
        ec2.describe_vpcs(VpcIds=["vpc-0123456789abcdef0"]).refused(
            "InvalidVpcID.NotFound", "The vpc ID 'vpc-0123456789abcdef0' does not exist"
        ),
    ),
    Case(
        "deleting a VPC twice",
        f"{API}/API_DeleteVpc.html",
        VPC,
        DELETE,
        DELETE.refused("InvalidVpcID.NotFound", "The vpc ID '$vpc' does not exist"),
    ),
    Case("a VPC with a subnet", f"{API}/API_DeleteVpc.html", VPC, SUBNET, DELETE.refused(*IN_USE)),
    Case(
        "a VPC with an internet gateway",
        f"{API}/API_DeleteVpc.html",
        VPC,
        ec2.create_internet_gateway().keep(gateway="InternetGateway.InternetGatewayId"),
        ec2.attach_internet_gateway(InternetGatewayId="$gateway", VpcId="$vpc"),
        DELETE.refused(*IN_USE),
        ec2.detach_internet_gateway(InternetGatewayId="$gateway", VpcId="$vpc"),
        DELETE,
    ),
    Case(
        "a VPC with an egress-only internet gateway",
        f"{API}/API_DeleteVpc.html",
        VPC,
        ec2.create_egress_only_internet_gateway(VpcId="$vpc"),
        DELETE.refused(*IN_USE),
    ),
    Case(
        "a VPC with a security group of its owner's",
        f"{API}/API_DeleteVpc.html",
        VPC,
        ec2.create_security_group(VpcId="$vpc", GroupName="nodes", Description="nodes").keep(group="GroupId"),
        DELETE.refused(*IN_USE),
        ec2.delete_security_group(GroupId="$group"),
        DELETE,
    ),
    Case(
        "a VPC with a route table of its owner's",
        f"{API}/API_DeleteVpc.html",
        VPC,
        ec2.create_route_table(VpcId="$vpc").keep(table="RouteTable.RouteTableId"),
        DELETE.refused(*IN_USE),
        ec2.delete_route_table(RouteTableId="$table"),
        DELETE,
    ),
    Case(
        "a VPC with a network ACL of its owner's",
        f"{API}/API_DeleteVpc.html",
        VPC,
        ec2.create_network_acl(VpcId="$vpc"),
        DELETE.refused(*IN_USE),
    ),
    Case(
        "what belongs to a VPC goes with it",
        f"{API}/API_DeleteVpc.html",
        VPC,
        DELETE,
        *[
            call(Filters=[{"Name": "vpc-id", "Values": ["$vpc"]}]).answers({f"{items}[]": []})
            for call, items in (
                (ec2.describe_network_acls, "NetworkAcls"),
                (ec2.describe_route_tables, "RouteTables"),
                (ec2.describe_security_groups, "SecurityGroups"),
            )
        ],
    ),
    Case(
        "two attributes in a call",
        f"{API}/API_ModifyVpcAttribute.html",
        VPC,
        ec2.modify_vpc_attribute(
            VpcId="$vpc", EnableDnsSupport={"Value": True}, EnableDnsHostnames={"Value": True}
        ).refused("InvalidParameterCombination", "Fields for multiple attribute types specified"),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_vpcs_are_as_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)
