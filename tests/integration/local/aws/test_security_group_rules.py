from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.local.aws.case import Case, Step, ec2
from tests.integration.local.aws.group_steps import OTHER_VPC, PEERED, VPC, admit, admitted, from_group, made, tcp

API = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference"
AUTHORIZE = f"{API}/API_AuthorizeSecurityGroupIngress.html"
RANGE = f"{API}/API_IpRange.html"
ERRORS = f"{API}/errors-overview.html"
GUIDE = "https://docs.aws.amazon.com/vpc/latest/userguide"
PEERING = "https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html"

BASE = (VPC, made())
TAGS = [{"ResourceType": "security-group-rule", "Tags": [{"Key": "owner", "Value": "me"}]}]
LIST = ec2.create_managed_prefix_list(PrefixListName="five", MaxEntries=5, AddressFamily="IPv4").keep(
    list="PrefixList.PrefixListId"
)
ONE_PEER = "The request must contain exactly one of: cidrIp, cidrIpv6, prefixListId, or referencedGroupId"


def duplicate(peer: str, traffic: str) -> tuple[str, str]:
    return "InvalidPermission.Duplicate", f'the specified rule "peer: {peer}, {traffic}, ALLOW" already exists'


def cidr(text: str) -> Step:
    return admit(tcp(22, IpRanges=[{"CidrIp": text}]))


CASES = [
    Case(
        "all rules of a call are answered, with all that they are",
        AUTHORIZE,
        *BASE,
        LIST,
        made("clients", keep="clients"),
        ec2.authorize_security_group_ingress(
            GroupId="$group",
            IpPermissions=[
                tcp(22, IpRanges=[{"CidrIp": "192.0.2.0/24", "Description": "ssh"}]),
                tcp(80, 81, Ipv6Ranges=[{"CidrIpv6": "2001:db8::/32", "Description": "web"}]),
                tcp(443, UserIdGroupPairs=[{"GroupId": "$clients", "Description": "api"}]),
                {"IpProtocol": "-1", "PrefixListIds": [{"PrefixListId": "$list", "Description": "all"}]},
            ],
            TagSpecifications=TAGS,
        ).answers(
            {
                "Return": True,
                "SecurityGroupRules[].IsEgress": [False] * 4,
                "SecurityGroupRules[].GroupId": ["$group"] * 4,
                "SecurityGroupRules[].GroupOwnerId": ["123456789012"] * 4,
                "SecurityGroupRules[].Description": ["ssh", "web", "api", "all"],
                "SecurityGroupRules[].Tags": [[{"Key": "owner", "Value": "me"}]] * 4,
                "SecurityGroupRules[].IpProtocol": ["tcp", "tcp", "tcp", "-1"],
                "SecurityGroupRules[].FromPort": [22, 80, 443, -1],
                "SecurityGroupRules[].ToPort": [22, 81, 443, -1],
                "SecurityGroupRules[].CidrIpv4": ["192.0.2.0/24"],
                "SecurityGroupRules[].CidrIpv6": ["2001:db8::/32"],
                "SecurityGroupRules[].ReferencedGroupInfo": [{"GroupId": "$clients", "UserId": "123456789012"}],
                "SecurityGroupRules[].PrefixListId": ["$list"],
            }
        ),
        ec2.describe_security_group_rules(Filters=[{"Name": "tag:owner", "Values": ["me"]}]).answers(
            {"SecurityGroupRules[].Description": ["ssh", "web", "api", "all"]}
        ),
    ),
    Case(
        "a rule's id leads to it",
        f"{API}/API_DescribeSecurityGroupRules.html",
        *BASE,
        admit(tcp(22), tcp(80)).keep(rule="SecurityGroupRules[1].SecurityGroupRuleId"),
        ec2.describe_security_group_rules(SecurityGroupRuleIds=["$rule"]).answers(
            {
                "SecurityGroupRules[].FromPort": [80],
                "SecurityGroupRules[].SecurityGroupRuleArn": [
                    "arn:aws:ec2:eu-west-1:123456789012:security-group-rule/$rule"
                ],
            }
        ),
        ec2.describe_security_group_rules(SecurityGroupRuleIds=["sgr-0123456789abcdef0"]).refused(
            "InvalidSecurityGroupRuleId.NotFound", "The security group rule ID 'sgr-0123456789abcdef0' does not exist"
        ),
    ),
    Case(
        "pages of rules",
        "https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-pagination.html",
        *BASE,
        admit(*[tcp(port) for port in range(1, 7)]),
        ec2.describe_security_group_rules(MaxResults=5, Filters=[{"Name": "group-id", "Values": ["$group"]}])
        .keep(rest="NextToken")
        .answers({"length(SecurityGroupRules)": 5}),
        ec2.describe_security_group_rules(NextToken="$rest").answers({"length(SecurityGroupRules)": 2}),
    ),
    Case(
        "rules of a group that isn't there",
        f"{API}/API_DescribeSecurityGroupRules.html",
        ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": ["sg-0123456789abcdef0"]}]).answers(
            {"SecurityGroupRules": []}
        ),
        ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": ["nodes"]}]).refused(
            "InvalidGroupId.Malformed", 'Invalid id: "nodes" (expecting "sg-...")'
        ),
    ),
    Case(
        "rules of one traffic are one permission",
        f"{API}/API_DescribeSecurityGroups.html",
        *BASE,
        admit(tcp(22, IpRanges=[{"CidrIp": "192.0.2.0/24", "Description": "office"}])),
        admit(tcp(22, IpRanges=[{"CidrIp": "198.51.100.0/24"}], Ipv6Ranges=[{"CidrIpv6": "2001:db8::/32"}])),
        ec2.describe_security_groups(GroupIds=["$group"]).answers(
            {
                "SecurityGroups[0].IpPermissions": [
                    {
                        "IpProtocol": "tcp",
                        "FromPort": 22,
                        "ToPort": 22,
                        "IpRanges": [
                            {"CidrIp": "192.0.2.0/24", "Description": "office"},
                            {"CidrIp": "198.51.100.0/24"},
                        ],
                        "Ipv6Ranges": [{"CidrIpv6": "2001:db8::/32"}],
                        "PrefixListIds": [],
                        "UserIdGroupPairs": [],
                    }
                ]
            }
        ),
    ),
    Case(
        "a rule as it was written before there were permissions",
        AUTHORIZE,
        *BASE,
        ec2.authorize_security_group_ingress(
            GroupId="$group", IpProtocol="tcp", FromPort=22, ToPort=22, CidrIp="192.0.2.0/24"
        ).answers({"SecurityGroupRules[].[FromPort, CidrIpv4]": [[22, "192.0.2.0/24"]]}),
    ),
    Case(
        "a rule that is there already",
        ERRORS,
        *BASE,
        admit(tcp(22)),
        admit(tcp(22)).refused(*duplicate("192.0.2.0/24", "TCP, from port: 22, to port: 22")),
    ),
    Case(
        "a rule that is there already, but for its description",
        RANGE,
        *BASE,
        admit(tcp(22)),
        admit(tcp(22, IpRanges=[{"CidrIp": "192.0.2.0/24", "Description": "new"}])).refused(
            *duplicate("192.0.2.0/24", "TCP, from port: 22, to port: 22")
        ),
    ),
    Case(
        "a rule that is there already, but for its host bits",
        RANGE,
        *BASE,
        cidr("100.68.0.18/18").answers({"SecurityGroupRules[].CidrIpv4": ["100.68.0.0/18"]}),
        cidr("100.68.0.0/18").refused(*duplicate("100.68.0.0/18", "TCP, from port: 22, to port: 22")),
    ),
    Case(
        "how AWS names the rule that is there",
        ERRORS,
        *BASE,
        LIST,
        made("clients", keep="clients"),
        *[
            step
            for permission, peer, traffic in (
                (from_group("$clients"), "$clients", "ALL"),
                (tcp(80, 81, Ipv6Ranges=[{"CidrIpv6": "::/0"}]), "::/0", "TCP, from port: 80, to port: 81"),
                (
                    {"IpProtocol": "17", "FromPort": 53, "ToPort": 53, "PrefixListIds": [{"PrefixListId": "$list"}]},
                    "$list",
                    "UDP, from port: 53, to port: 53",
                ),
                (
                    {"IpProtocol": "icmp", "FromPort": -1, "ToPort": -1, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]},
                    "0.0.0.0/0",
                    "ICMP, type: ALL, code: ALL",
                ),
                (
                    {"IpProtocol": "icmp", "FromPort": 8, "ToPort": -1, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]},
                    "0.0.0.0/0",
                    "ICMP, type: 8, code: ALL",
                ),
            )
            for step in (admit(permission), admit(permission).refused(*duplicate(peer, traffic)))
        ],
    ),
    Case(
        "the rule that every new group has can't be added",
        f"{GUIDE}/security-groups.html",
        *BASE,
        ec2.authorize_security_group_egress(
            GroupId="$group", IpPermissions=[{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
        ).refused(*duplicate("0.0.0.0/0", "ALL")),
    ),
    Case(
        "a call with one rule too many applies none",
        AUTHORIZE,
        *BASE,
        admit(tcp(22)),
        admit(tcp(80), tcp(22), tcp(443)).refused(*duplicate("192.0.2.0/24", "TCP, from port: 22, to port: 22")),
        admitted([22]),
    ),
    Case(
        "a call with one wrong rule applies none",
        AUTHORIZE,
        *BASE,
        admit(tcp(80), tcp(443, IpRanges=[{"CidrIp": "192.0.2.0"}])).refused(
            "InvalidParameterValue", "CIDR block 192.0.2.0 is malformed"
        ),
        admitted([]),
    ),
    Case(
        "a call with one rule twice",
        ERRORS,
        *BASE,
        admit(tcp(80), tcp(80)).refused("InvalidParameterValue", "The same permission must not appear multiple times"),
        admit(tcp(80, IpRanges=[{"CidrIp": "10.0.0.0/8"}, {"CidrIp": "10.1.0.0/8"}])).refused(
            "InvalidParameterValue", "The same permission must not appear multiple times"
        ),
        admitted([]),
    ),
    Case(
        "the same rule in and out",
        AUTHORIZE,
        *BASE,
        admit(tcp(80)),
        ec2.authorize_security_group_egress(GroupId="$group", IpPermissions=[tcp(80)]).answers(
            {"SecurityGroupRules[].IsEgress": [True]}
        ),
    ),
    Case(
        "a rule without a peer",
        AUTHORIZE,
        *BASE,
        admit({"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80}).refused("MissingParameter", ONE_PEER),
        ec2.authorize_security_group_ingress(GroupId="$group").refused(
            "MissingParameter", "The request must contain the parameter ipPermissions"
        ),
    ),
    Case(
        "a group that isn't there",
        ERRORS,
        VPC,
        admit(tcp(22), group="sg-0123456789abcdef0").refused(
            "InvalidGroup.NotFound", "The security group 'sg-0123456789abcdef0' does not exist"
        ),
        ec2.authorize_security_group_ingress(IpPermissions=[tcp(22)]).refused(
            "MissingParameter", "The request must contain the parameter groupName or groupId"
        ),
    ),
    Case(
        "a rule for a group that isn't there",
        ERRORS,
        *BASE,
        admit(from_group("sg-0123456789abcdef0")).refused(
            "InvalidGroup.NotFound", "The security group 'sg-0123456789abcdef0' does not exist"
        ),
        admit(from_group("clients")).refused("InvalidGroupId.Malformed", 'Invalid id: "clients" (expecting "sg-...")'),
    ),
    Case(
        "a rule for the group itself",
        f"{GUIDE}/security-group-rules.html",
        *BASE,
        admit(from_group("$group")).answers(
            {"SecurityGroupRules[].ReferencedGroupInfo": [{"GroupId": "$group", "UserId": "123456789012"}]}
        ),
    ),
    Case(
        "a rule for another VPC's group",
        PEERING,
        *BASE,
        OTHER_VPC,
        made("clients", "$other", "clients"),
        admit(from_group("$clients")).refused(
            "InvalidGroup.NotFound", "You have specified two resources that belong to different networks."
        ),
    ),
    Case(
        "a rule for a peered VPC's group",
        PEERING,
        *BASE,
        OTHER_VPC,
        made("clients", "$other", "clients"),
        *PEERED,
        admit(from_group("$clients")),
        ec2.describe_security_groups(GroupIds=["$group"]).answers(
            {
                "SecurityGroups[0].IpPermissions[0].UserIdGroupPairs": [
                    {
                        "GroupId": "$clients",
                        "UserId": "123456789012",
                        "VpcId": "$other",
                        "VpcPeeringConnectionId": "$peering",
                        "PeeringStatus": "active",
                    }
                ]
            }
        ),
        ec2.delete_vpc_peering_connection(VpcPeeringConnectionId="$peering"),
        ec2.describe_security_groups(GroupIds=["$group"]).answers(
            {"SecurityGroups[0].IpPermissions[0].UserIdGroupPairs[0].PeeringStatus": "deleted"}
        ),
    ),
    Case(
        "a rule for a prefix list that isn't there",
        ERRORS,
        *BASE,
        admit(tcp(22, PrefixListIds=[{"PrefixListId": "pl-0123456789abcdef0"}])).refused(
            "InvalidPrefixListID.NotFound", "The prefix list ID 'pl-0123456789abcdef0' does not exist"
        ),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_rules_are_added_as_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)
