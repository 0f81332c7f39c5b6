from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.local.aws.case import Case, ec2
from tests.integration.local.aws.group_steps import OTHER_VPC, VPC, made

API = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference"
GUIDE = "https://docs.aws.amazon.com/vpc/latest/userguide"
LIMITS = f"{GUIDE}/amazon-vpc-limits.html"
SUBNET = ec2.create_subnet(VpcId="$vpc", CidrBlock="10.0.1.0/24").keep(subnet="Subnet.SubnetId")

CASES = [
    Case(
        "an interface with a group that isn't there",
        f"{API}/API_CreateNetworkInterface.html",
        VPC,
        SUBNET,
        ec2.create_network_interface(SubnetId="$subnet", Groups=["sg-0123456789abcdef0"]).refused(
            "InvalidGroup.NotFound", "The security group 'sg-0123456789abcdef0' does not exist"
        ),
        ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": ["$vpc"]}]).answers(
            {"SecurityGroups[].GroupName": ["default"]}
        ),
    ),
    Case(
        "an interface with another VPC's group",
        f"{API}/API_CreateNetworkInterface.html",
        VPC,
        SUBNET,
        OTHER_VPC,
        made(vpc="$other"),
        ec2.create_network_interface(SubnetId="$subnet", Groups=["$group"]).refused(
            "InvalidParameter", "Security group $group and subnet $subnet belong to different networks."
        ),
    ),
    Case(
        "an interface with six groups",
        LIMITS,
        VPC,
        SUBNET,
        *[made(f"g{number}", keep=f"g{number}") for number in range(6)],
        ec2.create_network_interface(SubnetId="$subnet", Groups=[f"$g{number}" for number in range(6)]).refused(
            "SecurityGroupsPerInterfaceLimitExceeded",
            "The maximum number of security groups per interface has been reached.",
        ),
        ec2.create_network_interface(SubnetId="$subnet", Groups=[f"$g{number}" for number in range(5)]).keep(
            eni="NetworkInterface.NetworkInterfaceId"
        ),
        ec2.modify_network_interface_attribute(
            NetworkInterfaceId="$eni", Groups=[f"$g{number}" for number in range(6)]
        ).refused(
            "SecurityGroupsPerInterfaceLimitExceeded",
            "The maximum number of security groups per interface has been reached.",
        ),
    ),
    Case(
        "an instance with another VPC's group, or one that isn't there",
        f"{API}/API_RunInstances.html",
        VPC,
        SUBNET,
        OTHER_VPC,
        made(vpc="$other"),
        ec2.run_instances(
            ImageId="ami-1e749f67", MinCount=1, MaxCount=1, SubnetId="$subnet", SecurityGroupIds=["$group"]
        ).refused("InvalidParameter", "Security group $group and subnet $subnet belong to different networks."),
        ec2.run_instances(
            ImageId="ami-1e749f67",
            MinCount=1,
            MaxCount=1,
            SubnetId="$subnet",
            SecurityGroupIds=["sg-0123456789abcdef0"],
        ).refused("InvalidGroup.NotFound", "The security group 'sg-0123456789abcdef0' does not exist"),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_interfaces_have_groups_as_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)
