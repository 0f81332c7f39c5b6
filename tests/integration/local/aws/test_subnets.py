from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.local.aws.case import Case, Step, config, ec2

API = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference"
SIZES = "https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html"
LIMITS = "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html"
HOSTNAMES = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/hostname-types.html"

VPC = ec2.create_vpc(CidrBlock="10.0.0.0/16").keep(vpc="Vpc.VpcId")
SUBNET = ec2.create_subnet(VpcId="$vpc", CidrBlock="10.0.1.0/24").keep(subnet="Subnet.SubnetId")
DELETE = ec2.delete_subnet(SubnetId="$subnet")
IN_USE = ("DependencyViolation", "The subnet '$subnet' has dependencies and cannot be deleted.")
ZONES = "eu-west-1a, eu-west-1b, eu-west-1c"


def subnet(cidr: str) -> Step:
    return ec2.create_subnet(VpcId="$vpc", CidrBlock=cidr)


def out_of_range(cidr: str) -> tuple[str, str]:
    return "InvalidSubnet.Range", f"The CIDR '{cidr}' is invalid."


CASES = [
    Case(
        "a subnet is pending when it is made, and available then",
        f"{API}/API_Subnet.html",
        VPC,
        SUBNET.answers({"Subnet.State": "pending"}),
        ec2.describe_subnets(SubnetIds=["$subnet"]).answers({"Subnets[].State": ["available"]}),
    ),
    Case("a subnet smaller than /28", SIZES, VPC, subnet("10.0.0.0/29").refused(*out_of_range("10.0.0.0/29"))),
    Case("a subnet of exactly /28", SIZES, VPC, subnet("10.0.0.0/28").answers({"Subnet.AvailableIpAddressCount": 11})),
    Case(
        "a subnet as large as its VPC", SIZES, VPC, subnet("10.0.0.0/16").answers({"Subnet.CidrBlock": "10.0.0.0/16"})
    ),
    Case("a subnet larger than its VPC", SIZES, VPC, subnet("10.0.0.0/15").refused(*out_of_range("10.0.0.0/15"))),
    Case("a subnet outside its VPC", SIZES, VPC, subnet("10.1.0.0/24").refused(*out_of_range("10.1.0.0/24"))),
    Case(
        "host bits of a subnet are dropped",
        f"{API}/API_CreateSubnet.html",
        VPC,
        subnet("10.0.7.9/24").answers({"Subnet.CidrBlock": "10.0.7.0/24"}),
    ),
    Case(
        "a subnet that overlaps another",
        SIZES,
        VPC,
        SUBNET,
        subnet("10.0.0.0/22").refused("InvalidSubnet.Conflict", "The CIDR '10.0.0.0/22' conflicts with another subnet"),
    ),
    Case(
        "host bits don't hide that subnets overlap",
        SIZES,
        VPC,
        SUBNET,
        subnet("10.0.1.77/26").refused(
            "InvalidSubnet.Conflict", "The CIDR '10.0.1.64/26' conflicts with another subnet"
        ),
    ),
    Case(
        "a deleted subnet's range is free again",
        SIZES,
        VPC,
        SUBNET,
        DELETE,
        SUBNET,
    ),
    Case(
        "what is no range of a subnet",
        f"{API}/errors-overview.html",
        VPC,
        subnet("10.0.1.0/33").refused(
            "InvalidParameterValue",
            "Value (10.0.1.0/33) for parameter cidrBlock is invalid. This is not a valid CIDR block.",
        ),
    ),
    Case(
        "a subnet of no VPC",
        f"{API}/API_CreateSubnet.html",
        ec2.create_subnet(CidrBlock="10.0.1.0/24").refused(
            "MissingParameter", "The request must contain the parameter vpcId"
        ),
    ),
    Case(
        "a subnet of a VPC that isn't there",
        f"{API}/API_CreateSubnet.html",
        ec2.create_subnet(VpcId="vpc-0123456789abcdef0", CidrBlock="10.0.1.0/24").refused(
            "InvalidVpcID.NotFound", "The vpc ID 'vpc-0123456789abcdef0' does not exist"
        ),
    ),
    Case(
        "a subnet in a zone of another region",
        f"{API}/API_CreateSubnet.html",
        VPC,
        ec2.create_subnet(VpcId="$vpc", CidrBlock="10.0.1.0/24", AvailabilityZone="us-east-1a").refused(
            "InvalidParameterValue",
            "Value (us-east-1a) for parameter availabilityZone is invalid. "
            f"Subnets can currently only be created in the following availability zones: {ZONES}.",
        ),
    ),
    Case(
        "as many subnets as a VPC may have",
        LIMITS,
        config(quotas={"subnets-per-vpc": 2}),
        VPC,
        subnet("10.0.1.0/24"),
        subnet("10.0.2.0/24"),
        subnet("10.0.3.0/24").refused("SubnetLimitExceeded", "The maximum number of subnets has been reached."),
    ),
    Case(
        "an IPv6 range where the VPC has none",
        f"{API}/API_CreateSubnet.html",
        VPC,
        ec2.create_subnet(VpcId="$vpc", CidrBlock="10.0.1.0/24", Ipv6CidrBlock="2001:db8::/64").refused(
            *out_of_range("2001:db8::/64")
        ),
    ),
    Case(
        "an IPv6 range of a size that AWS doesn't have",
        SIZES,
        VPC,
        ec2.create_subnet(VpcId="$vpc", CidrBlock="10.0.1.0/24", Ipv6CidrBlock="2001:db8::/66").refused(
            *out_of_range("2001:db8::/66")
        ),
    ),
    Case(
        "an IPv6 range of the VPC's, twice",
        SIZES,
        ec2.create_vpc(CidrBlock="10.0.0.0/16", AmazonProvidedIpv6CidrBlock=True).keep(vpc="Vpc.VpcId"),
        ec2.describe_vpcs(VpcIds=["$vpc"]).keep(ipv6="Vpcs[0].Ipv6CidrBlockAssociationSet[0].Ipv6CidrBlock"),
        ec2.create_subnet(VpcId="$vpc", CidrBlock="10.0.1.0/24", Ipv6CidrBlock="$ipv6"),
        ec2.create_subnet(VpcId="$vpc", CidrBlock="10.0.2.0/24", Ipv6CidrBlock="$ipv6").refused(
            "InvalidSubnet.Conflict", "The CIDR '$ipv6' conflicts with another subnet"
        ),
    ),
    Case(
        "instances are named by address unless it is said otherwise",
        HOSTNAMES,
        VPC,
        SUBNET.answers({"Subnet.PrivateDnsNameOptionsOnLaunch.HostnameType": "ip-name"}),
        ec2.modify_subnet_attribute(SubnetId="$subnet", PrivateDnsHostnameTypeOnLaunch="resource-name"),
        ec2.describe_subnets(SubnetIds=["$subnet"]).answers(
            {"Subnets[].PrivateDnsNameOptionsOnLaunch.HostnameType": ["resource-name"]}
        ),
    ),
    Case(
        "a subnet that isn't there",
        f"{API}/errors-overview.html",
        VPC,
        SUBNET,
        ec2.describe_subnets(SubnetIds=["$subnet", "subnet-0123456789abcdef0"]).refused(
            "InvalidSubnetID.NotFound", "The subnet ID 'subnet-0123456789abcdef0' does not exist"
        ),
    ),
    Case(
        "deleting a subnet twice",
        f"{API}/API_DeleteSubnet.html",
        VPC,
        SUBNET,
        DELETE,
        DELETE.refused("InvalidSubnetID.NotFound", "The subnet ID '$subnet' does not exist"),
    ),
    Case(
        "a subnet with an interface",
        f"{API}/API_DeleteSubnet.html",
        VPC,
        SUBNET,
        ec2.create_network_interface(SubnetId="$subnet").keep(eni="NetworkInterface.NetworkInterfaceId"),
        DELETE.refused(*IN_USE),
        ec2.delete_network_interface(NetworkInterfaceId="$eni"),
        DELETE,
    ),
    Case(
        "a subnet with a NAT gateway",
        f"{API}/API_DeleteSubnet.html",
        VPC,
        SUBNET,
        ec2.create_nat_gateway(SubnetId="$subnet", ConnectivityType="private"),
        DELETE.refused(*IN_USE),
    ),
    Case(
        "a route table forgets a deleted subnet",
        f"{API}/API_DeleteSubnet.html",
        VPC,
        SUBNET,
        ec2.create_route_table(VpcId="$vpc").keep(table="RouteTable.RouteTableId"),
        ec2.associate_route_table(RouteTableId="$table", SubnetId="$subnet"),
        DELETE,
        ec2.describe_route_tables(RouteTableIds=["$table"]).answers({"RouteTables[].Associations[]": []}),
        ec2.delete_route_table(RouteTableId="$table"),
        ec2.delete_vpc(VpcId="$vpc"),
    ),
    Case(
        "two attributes of a subnet in a call",
        f"{API}/API_ModifySubnetAttribute.html",
        VPC,
        SUBNET,
        ec2.modify_subnet_attribute(
            SubnetId="$subnet", MapPublicIpOnLaunch={"Value": True}, AssignIpv6AddressOnCreation={"Value": True}
        ).refused("InvalidParameterCombination", "Fields for multiple attribute types specified"),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_subnets_are_as_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)
