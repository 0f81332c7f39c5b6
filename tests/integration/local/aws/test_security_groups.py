from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.local.aws.case import Case, Step, config, ec2, elbv2
from tests.integration.local.aws.group_steps import OTHER_VPC, PEERED, VPC, admit, from_group, made, withdraw

API = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference"
CREATE = f"{API}/API_CreateSecurityGroup.html"
DELETE = f"{API}/API_DeleteSecurityGroup.html"
DESCRIBE = f"{API}/API_DescribeSecurityGroups.html"
ERRORS = f"{API}/errors-overview.html"
GUIDE = "https://docs.aws.amazon.com/vpc/latest/userguide"
LIMITS = f"{GUIDE}/amazon-vpc-limits.html"
PEERING = "https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html"

SUBNET = ec2.create_subnet(VpcId="$vpc", CidrBlock="10.0.1.0/24").keep(subnet="Subnet.SubnetId")
CHARACTERS = "strings less than 256 characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$$*"
BUSY = ("DependencyViolation", "resource $group has a dependent object")
INTERFACE = ec2.create_network_interface(SubnetId="$subnet", Groups=["$group"]).keep(
    eni="NetworkInterface.NetworkInterfaceId"
)


def named(name: str) -> Step:
    return ec2.create_security_group(GroupName=name, Description="what it is for", VpcId="$vpc")


GROUP = made()
REMOVE = ec2.delete_security_group(GroupId="$group")

CASES = [
    Case(
        "a new group lets everything out and nothing in",
        CREATE,
        VPC,
        GROUP,
        ec2.describe_security_groups(GroupIds=["$group"]).answers(
            {
                "SecurityGroups": [
                    {
                        "GroupId": "$group",
                        "GroupName": "nodes",
                        "Description": "what it is for",
                        "OwnerId": "123456789012",
                        "VpcId": "$vpc",
                        "SecurityGroupArn": "arn:aws:ec2:eu-west-1:123456789012:security-group/$group",
                        "Tags": [],
                        "IpPermissions": [],
                        "IpPermissionsEgress": [
                            {
                                "IpProtocol": "-1",
                                "IpRanges": [{"CidrIp": "0.0.0.0/0"}],
                                "Ipv6Ranges": [],
                                "PrefixListIds": [],
                                "UserIdGroupPairs": [],
                            }
                        ],
                    }
                ]
            }
        ),
    ),
    Case(
        "a new group in a VPC with IPv6 lets that out, too",
        f"{GUIDE}/security-groups.html",
        ec2.create_vpc(CidrBlock="10.0.0.0/16", AmazonProvidedIpv6CidrBlock=True).keep(vpc="Vpc.VpcId"),
        GROUP,
        ec2.describe_security_groups(GroupIds=["$group"]).answers(
            {"SecurityGroups[0].IpPermissionsEgress[].Ipv6Ranges[]": [{"CidrIpv6": "::/0"}]}
        ),
    ),
    Case(
        "a VPC that gets IPv6 lets its groups out by that, but for those that somebody has changed",
        f"{GUIDE}/default-security-group.html",
        VPC,
        GROUP,
        ec2.describe_security_groups(
            Filters=[{"Name": "group-name", "Values": ["default"]}, {"Name": "vpc-id", "Values": ["$vpc"]}]
        ).keep(default="SecurityGroups[0].GroupId"),
        ec2.revoke_security_group_egress(
            GroupId="$group", IpPermissions=[{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
        ),
        ec2.associate_vpc_cidr_block(VpcId="$vpc", AmazonProvidedIpv6CidrBlock=True),
        ec2.describe_security_groups(GroupIds=["$default", "$group"]).answers(
            {
                "SecurityGroups[?GroupName=='default'].IpPermissionsEgress[].Ipv6Ranges[]": [{"CidrIpv6": "::/0"}],
                "SecurityGroups[?GroupName=='nodes'].IpPermissionsEgress[]": [],
            }
        ),
    ),
    Case(
        "a new group's tags are answered",
        CREATE,
        VPC,
        ec2.create_security_group(
            GroupName="nodes",
            Description="nodes",
            VpcId="$vpc",
            TagSpecifications=[{"ResourceType": "security-group", "Tags": [{"Key": "Name", "Value": "n"}]}],
        ).answers({"Tags": [{"Key": "Name", "Value": "n"}]}),
        ec2.describe_security_groups(Filters=[{"Name": "tag:Name", "Values": ["n"]}]).answers(
            {"SecurityGroups[].GroupName": ["nodes"]}
        ),
    ),
    Case(
        "a group without a description",
        CREATE,
        VPC,
        ec2.create_security_group(GroupName="nodes", VpcId="$vpc").refused(
            "MissingParameter", "The request must contain the parameter description"
        ),
    ),
    Case(
        "a name that looks like an id",
        CREATE,
        VPC,
        named("sg-nodes").refused(
            "InvalidParameterValue",
            "Value (sg-nodes) for parameter GroupName is invalid. Group names may not be in the format sg-*.",
        ),
        named("SG-nodes").refused(
            "InvalidParameterValue",
            "Value (SG-nodes) for parameter GroupName is invalid. Group names may not be in the format sg-*.",
        ),
        named("nodes-sg-1"),
    ),
    Case(
        "the default group's name",
        CREATE,
        VPC,
        named("default").refused("InvalidParameterValue", "Cannot use reserved security group name: default"),
    ),
    Case(
        "a name with other characters",
        CREATE,
        VPC,
        named("nodes'").refused("InvalidParameterValue", f"Invalid security group name. Valid names are {CHARACTERS}"),
        named("n" * 256).refused("InvalidParameterValue", f"Invalid security group name. Valid names are {CHARACTERS}"),
        named("nœuds").refused(
            "InvalidParameterValue",
            "Value (nœuds) for parameter GroupName is invalid. Character sets beyond ASCII are not supported.",
        ),
        named("n" * 255),
        named("a. _-:/()#,@[]+=&;{}!*z"),
    ),
    Case(
        "a description with other characters",
        CREATE,
        VPC,
        ec2.create_security_group(GroupName="nodes", Description="the cluster's", VpcId="$vpc").refused(
            "InvalidParameterValue", f"Invalid security group description. Valid descriptions are {CHARACTERS}"
        ),
        ec2.create_security_group(GroupName="nodes", Description="für", VpcId="$vpc").refused(
            "InvalidParameterValue",
            "Value (für) for parameter GroupDescription is invalid. Character sets beyond ASCII are not supported.",
        ),
    ),
    Case(
        "blanks at the end of a name are cut off",
        f"{GUIDE}/security-groups.html",
        VPC,
        named("nodes  ").keep(group="GroupId"),
        ec2.describe_security_groups(GroupIds=["$group"]).answers({"SecurityGroups[].GroupName": ["nodes"]}),
        named("nodes ").refused("InvalidGroup.Duplicate", "The security group 'nodes' already exists for VPC '$vpc'"),
    ),
    Case(
        "a second group of a name in a VPC",
        CREATE,
        VPC,
        OTHER_VPC,
        GROUP,
        GROUP.refused("InvalidGroup.Duplicate", "The security group 'nodes' already exists for VPC '$vpc'"),
        named("Nodes").refused("InvalidGroup.Duplicate", "The security group 'Nodes' already exists for VPC '$vpc'"),
        made(vpc="$other", keep="namesake"),
    ),
    Case(
        "a group in a VPC that isn't there",
        ERRORS,
        made(vpc="vpc-0123456789abcdef0").refused(
            "InvalidVpcID.NotFound", "The vpc ID 'vpc-0123456789abcdef0' does not exist"
        ),
    ),
    Case(
        "so many groups and no more",
        LIMITS,
        config(quotas={"security-groups-per-region": 3}),
        VPC,
        GROUP,
        named("more").refused("SecurityGroupLimitExceeded", "The maximum number of security groups has been reached."),
        REMOVE,
        GROUP,
    ),
    Case(
        "a group that isn't there",
        ERRORS,
        ec2.describe_security_groups(GroupIds=["sg-0123456789abcdef0"]).refused(
            "InvalidGroup.NotFound", "The security group 'sg-0123456789abcdef0' does not exist"
        ),
        ec2.delete_security_group(GroupId="sg-0123456789abcdef0").refused(
            "InvalidGroup.NotFound", "The security group 'sg-0123456789abcdef0' does not exist"
        ),
        ec2.describe_security_groups(GroupNames=["nobody"]).refused(
            "InvalidGroup.NotFound", "The security group 'nobody' does not exist"
        ),
    ),
    Case(
        "what is no group's id",
        ERRORS,
        ec2.describe_security_groups(GroupIds=["nodes"]).refused(
            "InvalidGroupId.Malformed", 'Invalid id: "nodes" (expecting "sg-...")'
        ),
    ),
    Case(
        "pages of groups",
        "https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-pagination.html",
        VPC,
        *[named(f"g{number}") for number in range(6)],
        ec2.describe_security_groups(MaxResults=5, Filters=[{"Name": "vpc-id", "Values": ["$vpc"]}])
        .keep(rest="NextToken")
        .answers({"length(SecurityGroups)": 5}),
        ec2.describe_security_groups(NextToken="$rest").answers({"length(SecurityGroups)": 2, "NextToken": None}),
    ),
    Case(
        "groups by what their rules say",
        DESCRIBE,
        VPC,
        GROUP,
        made("clients", keep="clients"),
        ec2.authorize_security_group_ingress(
            GroupId="$group",
            IpPermissions=[
                {
                    "IpProtocol": "tcp",
                    "FromPort": 443,
                    "ToPort": 444,
                    "Ipv6Ranges": [{"CidrIpv6": "2001:db8::/32"}],
                    "UserIdGroupPairs": [{"GroupId": "$clients"}],
                }
            ],
        ),
        *[
            ec2.describe_security_groups(Filters=[{"Name": f"ip-permission.{name}", "Values": [value]}]).answers(
                {"SecurityGroups[].GroupId": ["$group"]}
            )
            for name, value in (
                ("from-port", "443"),
                ("to-port", "444"),
                ("protocol", "tcp"),
                ("ipv6-cidr", "2001:db8::/32"),
                ("group-id", "$clients"),
                ("group-name", "clients"),
            )
        ],
    ),
    Case(
        "groups by two filters of one name",
        DESCRIBE,
        VPC,
        GROUP,
        ec2.describe_security_groups(
            Filters=[{"Name": "group-name", "Values": ["no*"]}, {"Name": "group-name", "Values": ["*des"]}]
        ).answers({"SecurityGroups[].GroupId": ["$group"]}),
        ec2.describe_security_groups(
            Filters=[{"Name": "group-name", "Values": ["no*"]}, {"Name": "group-name", "Values": ["other"]}]
        ).answers({"SecurityGroups": []}),
    ),
    Case(
        "a VPC's default group admits itself",
        f"{GUIDE}/default-security-group.html",
        VPC,
        ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": ["$vpc"]}])
        .keep(group="SecurityGroups[0].GroupId")
        .answers({"SecurityGroups[].GroupName": ["default"]}),
        ec2.describe_security_groups(GroupIds=["$group"]).answers(
            {
                "SecurityGroups[0].IpPermissions[].[IpProtocol, UserIdGroupPairs]": [
                    ["-1", [{"GroupId": "$group", "UserId": "123456789012"}]]
                ]
            }
        ),
    ),
    Case(
        "deleting a VPC's default group",
        f"{GUIDE}/default-security-group.html",
        VPC,
        ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": ["$vpc"]}]).keep(
            group="SecurityGroups[0].GroupId"
        ),
        REMOVE.refused("CannotDelete", 'the specified group: "$group" name: "default" cannot be deleted by a user'),
        ec2.delete_vpc(VpcId="$vpc"),
    ),
    Case(
        "deleting a group",
        DELETE,
        VPC,
        GROUP,
        REMOVE.answers({"Return": True, "GroupId": "$group"}),
        REMOVE.refused("InvalidGroup.NotFound", "The security group '$group' does not exist"),
    ),
    Case(
        "deleting a group that an interface has",
        DELETE,
        VPC,
        SUBNET,
        GROUP,
        INTERFACE,
        REMOVE.refused(*BUSY),
        ec2.delete_network_interface(NetworkInterfaceId="$eni"),
        REMOVE,
    ),
    Case(
        "deleting a group that an interface had",
        DELETE,
        VPC,
        SUBNET,
        GROUP,
        INTERFACE,
        made("others", keep="others"),
        ec2.modify_network_interface_attribute(NetworkInterfaceId="$eni", Groups=["$others"]),
        REMOVE,
    ),
    Case(
        "deleting a group that another's rule refers to",
        DELETE,
        VPC,
        GROUP,
        made("others", keep="others"),
        ec2.authorize_security_group_egress(GroupId="$others", IpPermissions=[from_group("$group")]),
        REMOVE.refused(*BUSY),
        ec2.revoke_security_group_egress(GroupId="$others", IpPermissions=[from_group("$group")]),
        REMOVE,
    ),
    Case(
        "deleting a group with rules of its own",
        DELETE,
        VPC,
        GROUP,
        made("others", keep="others"),
        admit(from_group("$group")),
        admit(from_group("$others")),
        REMOVE,
        ec2.delete_security_group(GroupId="$others"),
    ),
    Case(
        "deleting a group that a load balancer has",
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html",
        VPC,
        SUBNET,
        GROUP,
        elbv2.create_load_balancer(
            Name="edge", Type="network", Scheme="internal", Subnets=["$subnet"], SecurityGroups=["$group"]
        ).keep(balancer="LoadBalancers[0].LoadBalancerArn"),
        REMOVE.refused(*BUSY),
        elbv2.delete_load_balancer(LoadBalancerArn="$balancer"),
        ec2.describe_security_groups(),
        REMOVE,
    ),
    Case(
        "deleting a group that a peer's rule refers to leaves the rule stale",
        PEERING,
        VPC,
        OTHER_VPC,
        GROUP,
        made("others", "$other", "others"),
        *PEERED,
        admit(from_group("$group"), group="$others"),
        REMOVE,
        withdraw(from_group("$group"), group="$others"),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_security_groups_are_as_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)
