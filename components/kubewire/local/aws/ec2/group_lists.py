"""Lists of security groups and of their rules, by any of AWS's filters, of which moto has a part."""

from __future__ import annotations

from itertools import chain
from typing import Any, Final

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.ec2.group_lookup import all_groups, group_by_id, rule_by_id
from kubewire.local.aws.ec2.group_rows import group_row, rule_row
from kubewire.local.aws.ec2.identities import well_formed
from kubewire.local.aws.ec2.selection import selected
from kubewire.local.aws.refusal import Refusal
from kubewire.local.aws.rules import Proceed, answers

_OF_PERMISSIONS: Final = {
    "cidr": "IpRanges.CidrIp",
    "from-port": "FromPort",
    "group-id": "UserIdGroupPairs.GroupId",
    "group-name": "UserIdGroupPairs.GroupName",
    "ipv6-cidr": "Ipv6Ranges.CidrIpv6",
    "prefix-list-id": "PrefixListIds.PrefixListId",
    "protocol": "IpProtocol",
    "to-port": "ToPort",
    "user-id": "UserIdGroupPairs.UserId",
}
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSecurityGroups.html
GROUP_FILTERS: Final = {
    "description": "Description",
    "group-id": "GroupId",
    "group-name": "GroupName",
    "owner-id": "OwnerId",
    "vpc-id": "VpcId",
    **{f"ip-permission.{name}": f"IpPermissions.{path}" for name, path in _OF_PERMISSIONS.items()},
    **{f"egress.ip-permission.{name}": f"IpPermissionsEgress.{path}" for name, path in _OF_PERMISSIONS.items()},
}
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSecurityGroupRules.html
RULE_FILTERS: Final = {"group-id": "GroupId", "security-group-rule-id": "SecurityGroupRuleId"}


@answers("ec2", "DescribeSecurityGroups")
def listed_groups(call: Call, _proceed: Proceed) -> Answer:
    """List groups.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSecurityGroups.html
    """
    groups = list(all_groups(call))
    if call.parameters.get("GroupIds"):
        groups = [group_by_id(call, group_id) for group_id in dict.fromkeys(call.parameters["GroupIds"])]
    names = call.parameters.get("GroupNames")
    if names:
        missing = [name for name in names if name not in {group.name for group in groups}]
        if missing:
            raise Refusal("InvalidGroup.NotFound", f"The security group '{missing[0]}' does not exist")
        groups = [group for group in groups if group.name in names]
    filters = call.parameters.get("Filters", ())
    wanted = _ids(filters)
    rows = [_with_names(call, group_row(call, group)) for group in groups if wanted is None or group.id in wanted]
    return {"SecurityGroups": [_without_names(row) for row in selected(call, rows, GROUP_FILTERS)]}


@answers("ec2", "DescribeSecurityGroupRules")
def listed_rules(call: Call, _proceed: Proceed) -> Answer:
    """List rules. A filter by a group that isn't there finds none, but it must be an id.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSecurityGroupRules.html
    """
    filters = call.parameters.get("Filters", ())
    for one in filters:
        if one["Name"] == "group-id":
            for group_id in one["Values"]:
                well_formed("InvalidGroupId", "sg", group_id)
    wanted = _ids(filters)
    groups = [group for group in all_groups(call) if wanted is None or group.id in wanted]
    rules = list(chain.from_iterable([*group.ingress_rules, *group.egress_rules] for group in groups))
    if call.parameters.get("SecurityGroupRuleIds"):
        rules = [rule_by_id(rules, rule_id) for rule_id in dict.fromkeys(call.parameters["SecurityGroupRuleIds"])]
    return {"SecurityGroupRules": selected(call, [rule_row(call, rule) for rule in rules], RULE_FILTERS)}


def _ids(filters: Any) -> set[str] | None:
    """The groups that a filter names, to describe no more of them than needed; None where any may be meant."""
    named = [set(one["Values"]) for one in filters if one["Name"] == "group-id"]
    if not named or any(set(value) & set("*?") for value in named[0]):
        return None
    return named[0]


def _with_names(call: Call, row: dict[str, Any]) -> dict[str, Any]:
    """Filters know the names of groups that rules refer to; answers don't, in a VPC."""
    names = {group.id: group.name for group in all_groups(call)}
    for permission in (*row["IpPermissions"], *row["IpPermissionsEgress"]):
        for pair in permission["UserIdGroupPairs"]:
            if pair["GroupId"] in names:
                pair["GroupName"] = names[pair["GroupId"]]
    return row


def _without_names(row: dict[str, Any]) -> dict[str, Any]:
    for permission in (*row["IpPermissions"], *row["IpPermissionsEgress"]):
        for pair in permission["UserIdGroupPairs"]:
            pair.pop("GroupName", None)
    return row
