from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.local.aws.case import Case, Step, ec2
from tests.integration.local.aws.group_steps import (
    OTHER_VPC,
    PEERED,
    VPC,
    admit,
    admitted,
    from_group,
    made,
    tcp,
    withdraw,
)

API = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference"
REVOKE = f"{API}/API_RevokeSecurityGroupIngress.html"
MODIFY = f"{API}/API_ModifySecurityGroupRules.html"
DESCRIBE_IN = f"{API}/API_UpdateSecurityGroupRuleDescriptionsIngress.html"
DESCRIBE_OUT = f"{API}/API_UpdateSecurityGroupRuleDescriptionsEgress.html"
ERRORS = f"{API}/errors-overview.html"

BASE = (VPC, made())
UNKNOWN = "sgr-0123456789abcdef0"
NO_ID = ("InvalidSecurityGroupRuleId.NotFound", f"The security group rule ID '{UNKNOWN}' does not exist")
NO_RULE = ("InvalidPermission.NotFound", "The specified rule does not exist in this security group.")
RULE = admit(tcp(22)).keep(rule="SecurityGroupRules[0].SecurityGroupRuleId")
EVERYTHING = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}


def modify(**rule: Any) -> Step:
    return ec2.modify_security_group_rules(
        GroupId="$group", SecurityGroupRules=[{"SecurityGroupRuleId": "$rule", "SecurityGroupRule": rule}]
    )


def of_the_rule(members: str) -> str:
    return f"SecurityGroupRules[0].[{members}]"


LOOK = ec2.describe_security_group_rules(SecurityGroupRuleIds=["$rule"])
HTTPS = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}

CASES = [
    Case(
        "taking rules away by their ids",
        REVOKE,
        *BASE,
        RULE,
        admit(tcp(80)),
        ec2.revoke_security_group_ingress(GroupId="$group", SecurityGroupRuleIds=["$rule"]).answers(
            {
                "Return": True,
                "RevokedSecurityGroupRules": [
                    {
                        "SecurityGroupRuleId": "$rule",
                        "GroupId": "$group",
                        "IsEgress": False,
                        "IpProtocol": "tcp",
                        "FromPort": 22,
                        "ToPort": 22,
                        "CidrIpv4": "192.0.2.0/24",
                    }
                ],
            }
        ),
        admitted([80]),
    ),
    Case(
        "taking rules away by what they admit",
        REVOKE,
        *BASE,
        admit(tcp(22, IpRanges=[{"CidrIp": "192.0.2.0/24", "Description": "ssh"}]), tcp(80), from_group("$group")),
        withdraw(tcp(22), from_group("$group")).answers(
            {
                "length(RevokedSecurityGroupRules)": 2,
                "RevokedSecurityGroupRules[].ReferencedGroupId": ["$group"],
                "UnknownIpPermissions": None,
            }
        ),
        admitted([80]),
    ),
    Case(
        "taking a new group's own rule away",
        f"{API}/API_RevokeSecurityGroupEgress.html",
        *BASE,
        ec2.revoke_security_group_egress(GroupId="$group", IpPermissions=[EVERYTHING]).answers(
            {"RevokedSecurityGroupRules[].IsEgress": [True]}
        ),
        ec2.describe_security_groups(GroupIds=["$group"]).answers({"SecurityGroups[0].IpPermissionsEgress": []}),
    ),
    Case(
        "taking a rule away by its host bits and its protocol's number",
        REVOKE,
        *BASE,
        admit(tcp(22)),
        withdraw({**tcp(22, IpRanges=[{"CidrIp": "192.0.2.9/24"}]), "IpProtocol": "6"}),
        admitted([]),
    ),
    Case(
        "taking an id away that isn't there takes none away",
        ERRORS,
        *BASE,
        RULE,
        ec2.revoke_security_group_ingress(GroupId="$group", SecurityGroupRuleIds=["$rule", UNKNOWN]).refused(*NO_ID),
        ec2.revoke_security_group_ingress(GroupId="$group", SecurityGroupRuleIds=["$group"]).refused(
            "InvalidSecurityGroupRuleId.Malformed", 'Invalid id: "$group" (expecting "sgr-...")'
        ),
        admitted([22]),
    ),
    Case(
        "taking a rule of the other direction away",
        ERRORS,
        *BASE,
        RULE,
        ec2.revoke_security_group_egress(GroupId="$group", SecurityGroupRuleIds=["$rule"]).refused(
            "InvalidSecurityGroupRuleId.NotFound", "The security group rule ID '$rule' does not exist"
        ),
    ),
    Case(
        "taking a rule away that isn't there takes none away",
        REVOKE,
        *BASE,
        admit(tcp(22)),
        withdraw(tcp(22), tcp(80)).refused(*NO_RULE),
        withdraw(tcp(22, 23)).refused(*NO_RULE),
        admitted([22]),
    ),
    Case(
        "the default VPC doesn't mind rules that aren't there",
        REVOKE,
        ec2.create_security_group(GroupName="nodes", Description="nodes").keep(group="GroupId"),
        admit(tcp(22)),
        withdraw(tcp(22), tcp(80)).answers(
            {
                "Return": True,
                "RevokedSecurityGroupRules[].FromPort": [22],
                "UnknownIpPermissions[].[FromPort, IpRanges[0].CidrIp]": [[80, "192.0.2.0/24"]],
            }
        ),
    ),
    Case(
        "a group of the default VPC by its name",
        REVOKE,
        ec2.create_security_group(GroupName="nodes", Description="nodes").keep(group="GroupId"),
        ec2.authorize_security_group_ingress(GroupName="nodes", IpPermissions=[tcp(22)]),
        admitted([22]),
    ),
    Case(
        "another VPC's group by its name",
        REVOKE,
        *BASE,
        ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}]).keep(default="Vpcs[0].VpcId"),
        ec2.revoke_security_group_ingress(GroupName="nodes", IpPermissions=[tcp(22)]).refused(
            "InvalidGroup.NotFound", "The security group 'nodes' does not exist in default VPC '$default'"
        ),
    ),
    Case(
        "taking nothing away, or both",
        REVOKE,
        *BASE,
        RULE,
        ec2.revoke_security_group_ingress(GroupId="$group").refused(
            "MissingParameter", "Either 'ipPermissions' or 'securityGroupRuleIds' should be provided."
        ),
        ec2.revoke_security_group_ingress(
            GroupId="$group", SecurityGroupRuleIds=["$rule"], IpPermissions=[tcp(22)]
        ).refused(
            "InvalidParameterCombination",
            "The parameter securityGroupRuleIds cannot be used with the parameter ipPermissions",
        ),
    ),
    Case(
        "taking a stale rule away",
        "https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html",
        *BASE,
        OTHER_VPC,
        made("clients", "$other", "clients"),
        *PEERED,
        admit(from_group("$clients")),
        ec2.delete_vpc_peering_connection(VpcPeeringConnectionId="$peering"),
        withdraw(from_group("$clients")),
        ec2.describe_security_groups(GroupIds=["$group"]).answers({"SecurityGroups[0].IpPermissions": []}),
    ),
    Case(
        "changing a rule",
        MODIFY,
        *BASE,
        RULE,
        modify(**HTTPS, CidrIpv4="198.51.100.7/24", Description="web").answers({"Return": True}),
        LOOK.answers(
            {
                of_the_rule("FromPort, ToPort, CidrIpv4, Description"): [443, 443, "198.51.100.0/24", "web"],
            }
        ),
        modify(IpProtocol="-1", CidrIpv4="198.51.100.0/24"),
        LOOK.answers({of_the_rule("IpProtocol, FromPort, Description"): ["-1", -1, "web"]}),
    ),
    Case(
        "changing rules of other kinds",
        MODIFY,
        *BASE,
        made("clients", keep="clients"),
        admit(tcp(22, UserIdGroupPairs=[{"GroupId": "$group"}])).keep(rule="SecurityGroupRules[0].SecurityGroupRuleId"),
        modify(**HTTPS, ReferencedGroupId="$clients"),
        LOOK.answers({of_the_rule("FromPort, ReferencedGroupInfo.GroupId"): [443, "$clients"]}),
        admit(tcp(22, Ipv6Ranges=[{"CidrIpv6": "::/0"}])).keep(rule="SecurityGroupRules[0].SecurityGroupRuleId"),
        modify(**HTTPS, CidrIpv6="2001:db8::/32"),
        LOOK.answers({of_the_rule("FromPort, CidrIpv6"): [443, "2001:db8::/32"]}),
    ),
    Case(
        "changing a rule's kind",
        MODIFY,
        *BASE,
        RULE,
        modify(**HTTPS, CidrIpv6="::/0").refused(
            "InvalidParameterValue",
            "Invalid rule type for security group rule '$rule'. "
            "You may not specify CidrIpv6 for an existing IPv4 CIDR rule.",
        ),
    ),
    Case(
        "changing a rule into what can't be",
        MODIFY,
        *BASE,
        RULE,
        modify(**HTTPS).refused(
            "MissingParameter",
            "The request must contain exactly one of: cidrIp, cidrIpv6, prefixListId, or referencedGroupId",
        ),
        modify(**HTTPS, CidrIpv4="192.0.2.0/24", CidrIpv6="::/0").refused(
            "InvalidParameterCombination",
            "Only one of cidrIp, cidrIpv6, prefixListId, or referencedGroupId can be specified",
        ),
        modify(IpProtocol="tcp", CidrIpv4="192.0.2.0/24").refused(
            "InvalidParameterValue", "Invalid value for portRange. Must specify both from and to ports with TCP/UDP."
        ),
        modify(FromPort=1, ToPort=1, CidrIpv4="192.0.2.0/24").refused(
            "InvalidParameterValue",
            "Invalid value 'null' for protocol. VPC security group rules must specify protocols explicitly.",
        ),
        admitted([22]),
    ),
    Case(
        "changing a rule into another one",
        MODIFY,
        *BASE,
        RULE,
        admit(tcp(443)),
        modify(**HTTPS, CidrIpv4="192.0.2.0/24").refused(
            "InvalidPermission.Duplicate",
            'the specified rule "peer: 192.0.2.0/24, TCP, from port: 443, to port: 443, ALLOW" already exists',
        ),
        modify(IpProtocol="tcp", FromPort=22, ToPort=22, CidrIpv4="192.0.2.0/24"),
    ),
    Case(
        "changing rules of which one isn't there changes none",
        MODIFY,
        *BASE,
        RULE,
        ec2.modify_security_group_rules(
            GroupId="$group",
            SecurityGroupRules=[
                {"SecurityGroupRuleId": "$rule", "SecurityGroupRule": {**HTTPS, "CidrIpv4": "192.0.2.0/24"}},
                {"SecurityGroupRuleId": UNKNOWN, "SecurityGroupRule": {**HTTPS, "CidrIpv4": "192.0.2.0/24"}},
            ],
        ).refused(*NO_ID),
        admitted([22]),
    ),
    Case(
        "another description by a rule's id, and none",
        DESCRIBE_IN,
        *BASE,
        RULE,
        ec2.update_security_group_rule_descriptions_ingress(
            GroupId="$group", SecurityGroupRuleDescriptions=[{"SecurityGroupRuleId": "$rule", "Description": "ssh"}]
        ).answers({"Return": True}),
        LOOK.answers({of_the_rule("Description"): ["ssh"]}),
        ec2.update_security_group_rule_descriptions_ingress(
            GroupId="$group", SecurityGroupRuleDescriptions=[{"SecurityGroupRuleId": "$rule"}]
        ),
        LOOK.answers({of_the_rule("Description, CidrIpv4"): [None, "192.0.2.0/24"]}),
    ),
    Case(
        "another description by what a rule admits",
        DESCRIBE_IN,
        *BASE,
        RULE,
        ec2.update_security_group_rule_descriptions_ingress(
            GroupId="$group", IpPermissions=[tcp(22, IpRanges=[{"CidrIp": "192.0.2.0/24", "Description": "ssh"}])]
        ).answers({"Return": True}),
        LOOK.answers({of_the_rule("Description"): ["ssh"]}),
        ec2.describe_security_groups(GroupIds=["$group"]).answers(
            {"SecurityGroups[0].IpPermissions[0].IpRanges": [{"CidrIp": "192.0.2.0/24", "Description": "ssh"}]}
        ),
    ),
    Case(
        "another description of a rule for a group",
        DESCRIBE_OUT,
        *BASE,
        ec2.authorize_security_group_egress(GroupId="$group", IpPermissions=[from_group("$group")]).keep(
            rule="SecurityGroupRules[0].SecurityGroupRuleId"
        ),
        ec2.update_security_group_rule_descriptions_egress(
            GroupId="$group",
            IpPermissions=[
                {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": "$group", "Description": "one another"}]}
            ],
        ).answers({"Return": True}),
        LOOK.answers({of_the_rule("Description"): ["one another"]}),
    ),
    Case(
        "another description of a rule that isn't there",
        DESCRIBE_IN,
        *BASE,
        RULE,
        ec2.update_security_group_rule_descriptions_ingress(
            GroupId="$group", IpPermissions=[tcp(80, IpRanges=[{"CidrIp": "192.0.2.0/24", "Description": "web"}])]
        ).refused(*NO_RULE),
        ec2.update_security_group_rule_descriptions_ingress(
            GroupId="$group",
            SecurityGroupRuleDescriptions=[
                {"SecurityGroupRuleId": "$rule", "Description": "ssh"},
                {"SecurityGroupRuleId": UNKNOWN, "Description": "web"},
            ],
        ).refused(*NO_ID),
        LOOK.answers({of_the_rule("Description"): [None]}),
    ),
    Case(
        "another description of nothing, or of both",
        DESCRIBE_IN,
        *BASE,
        RULE,
        ec2.update_security_group_rule_descriptions_ingress(GroupId="$group").refused(
            "MissingParameter", "Either 'ipPermissions' or 'securityGroupRuleDescriptions' should be provided."
        ),
        ec2.update_security_group_rule_descriptions_ingress(
            GroupId="$group",
            IpPermissions=[tcp(22)],
            SecurityGroupRuleDescriptions=[{"SecurityGroupRuleId": "$rule", "Description": "ssh"}],
        ).refused(
            "InvalidParameterCombination",
            "The parameter securityGroupRuleDescriptions cannot be used with the parameter ipPermissions",
        ),
    ),
    Case(
        "a rule's tags",
        f"{API}/API_DescribeSecurityGroupRules.html",
        *BASE,
        RULE,
        ec2.create_tags(Resources=["$rule"], Tags=[{"Key": "owner", "Value": "me"}]),
        LOOK.answers({"SecurityGroupRules[0].Tags": [{"Key": "owner", "Value": "me"}]}),
        ec2.delete_tags(Resources=["$rule"], Tags=[{"Key": "owner"}]),
        LOOK.answers({"SecurityGroupRules[0].Tags": []}),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_rules_are_changed_as_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)
