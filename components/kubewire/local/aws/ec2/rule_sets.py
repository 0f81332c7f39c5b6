"""Sets of rules put on a security group and taken from it: whole, or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from moto.ec2.models.security_groups import SecurityGroup

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.ec2.group_lookup import group_of, rule_by_id, rules_of
from kubewire.local.aws.ec2.group_rows import as_wanted, kept, revoked_row, rule_row
from kubewire.local.aws.ec2.permission_peers import named_by, wanted_by
from kubewire.local.aws.ec2.permissions import Wanted
from kubewire.local.aws.ec2.rule_quota import check_quota
from kubewire.local.aws.refusal import Refusal, invalid_parameter
from kubewire.local.aws.rules import Proceed, answers

_RULE: Final = "security-group-rule"
_NOT_THERE: Final = "The specified rule does not exist in this security group."


@answers("ec2", "AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress")
def authorized(call: Call, _proceed: Proceed) -> Answer:
    """Put rules on a group: all of them, or, if one is wrong, none. Answer with every one of them.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupEgress.html
    """
    egress = call.operation.endswith("Egress")
    group = group_of(call)
    wanted = wanted_by(call, group)
    if not wanted:
        raise Refusal("MissingParameter", "The request must contain the parameter ipPermissions")
    present = rules_of(group, egress=egress)
    check_unlike([as_wanted(rule) for rule in present], wanted)
    check_quota(call, present, wanted)
    added = [kept(call, group, one, egress=egress, tags=_tags(call)) for one in wanted]
    present.extend(added)
    return {"Return": True, "SecurityGroupRules": [rule_row(call, rule) for rule in added]}


@answers("ec2", "RevokeSecurityGroupIngress", "RevokeSecurityGroupEgress")
def revoked(call: Call, _proceed: Proceed) -> Answer:
    """Take rules from a group, all of them or, if one isn't there, none. The default VPC doesn't mind.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RevokeSecurityGroupIngress.html
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RevokeSecurityGroupEgress.html
    """
    egress = call.operation.endswith("Egress")
    group = group_of(call)
    rules = rules_of(group, egress=egress)
    ids = call.parameters.get("SecurityGroupRuleIds")
    if ids and call.parameters.get("IpPermissions"):
        raise Refusal(
            "InvalidParameterCombination",
            "The parameter securityGroupRuleIds cannot be used with the parameter ipPermissions",
        )
    unknown: list[Wanted] = []
    if ids:
        gone = {rule_by_id(rules, rule_id).id for rule_id in ids}
    else:
        gone, unknown = _meant(call, group, egress=egress)
    if unknown and not call.ec2.vpcs[str(group.vpc_id)].is_default:
        raise Refusal("InvalidPermission.NotFound", _NOT_THERE)
    taken = [rule for rule in rules if rule.id in gone]
    rules[:] = [rule for rule in rules if rule.id not in gone]
    for rule in taken:
        call.ec2.tags.pop(rule.id, None)
    answer: Answer = {"Return": True, "RevokedSecurityGroupRules": [revoked_row(rule) for rule in taken]}
    return answer | ({"UnknownIpPermissions": [dict(one.said) for one in unknown]} if unknown else {})


def check_unlike(present: Sequence[Wanted], wanted: Sequence[Wanted]) -> None:
    """Refuse a rule that is there, or that is asked for twice. Descriptions don't tell rules apart.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html (InvalidPermission.Duplicate)
    """
    if len({one.identity for one in wanted}) < len(wanted):
        raise invalid_parameter("The same permission must not appear multiple times")
    known = {one.identity for one in present}
    for one in wanted:
        if one.identity in known:
            raise Refusal("InvalidPermission.Duplicate", f"the specified rule {one} already exists")


def _meant(call: Call, group: SecurityGroup, *, egress: bool) -> tuple[set[str], list[Wanted]]:
    """The ids of the rules that a call describes, and what it describes that isn't there."""
    named = named_by(call, group)
    if not named:
        raise Refusal("MissingParameter", "Either 'ipPermissions' or 'securityGroupRuleIds' should be provided.")
    known = {as_wanted(rule).identity: rule.id for rule in rules_of(group, egress=egress)}
    unknown = [one for one in named if one.identity not in known]
    return {known[one.identity] for one in named if one.identity in known}, unknown


def _tags(call: Call) -> dict[str, str]:
    specifications: Sequence[dict[str, Any]] = call.parameters.get("TagSpecifications", ())
    return {
        tag["Key"]: tag.get("Value", "")
        for one in specifications
        if one.get("ResourceType") == _RULE
        for tag in one.get("Tags", ())
    }
