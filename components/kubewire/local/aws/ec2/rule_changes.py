"""Rules of security groups that are changed where they are: what they admit, and what they are for."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network
from typing import Any, Final

from moto.ec2.models.security_groups import SecurityGroup, SecurityGroupRule

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.ec2.group_lookup import group_of, rule_by_id, rules_of
from kubewire.local.aws.ec2.group_rows import as_wanted, describe, fill, peer_of
from kubewire.local.aws.ec2.permission_peers import GROUP, IPV4, IPV6, NO_PEER, PREFIX_LIST, group_peer, named_by
from kubewire.local.aws.ec2.permissions import Wanted, canonical, described, traffic_of
from kubewire.local.aws.ec2.prefix_lists import prefix_list_of
from kubewire.local.aws.ec2.rule_sets import check_unlike
from kubewire.local.aws.refusal import Refusal, invalid_parameter
from kubewire.local.aws.rules import Proceed, answers

_KINDS: Final = {
    IPV4: "IPv4 CIDR",
    IPV6: "IPv6 CIDR",
    PREFIX_LIST: "prefix list",
    GROUP: "referenced security group",
}


@answers("ec2", "ModifySecurityGroupRules")
def modified(call: Call, _proceed: Proceed) -> Answer:
    """Change what rules admit, all of them or none. A rule keeps its id, its tags and the kind of its peer.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifySecurityGroupRules.html
    """
    group = group_of(call)
    rules = [*group.ingress_rules, *group.egress_rules]
    changes: dict[str, tuple[SecurityGroupRule, Wanted]] = {}
    for update in call.parameters["SecurityGroupRules"]:
        rule = rule_by_id(rules, update["SecurityGroupRuleId"])
        if rule.id in changes:
            raise invalid_parameter("The same permission must not appear multiple times")
        changes[rule.id] = rule, _changed(call, group, rule, update.get("SecurityGroupRule", {}))
    for egress in (False, True):
        others = [as_wanted(rule) for rule in rules_of(group, egress=egress) if rule.id not in changes]
        check_unlike(others, [wanted for rule, wanted in changes.values() if rule.is_egress is egress])
    for rule, wanted in changes.values():
        fill(rule, wanted)
    return {"Return": True}


@answers("ec2", "UpdateSecurityGroupRuleDescriptionsIngress", "UpdateSecurityGroupRuleDescriptionsEgress")
def redescribed(call: Call, _proceed: Proceed) -> Answer:
    """Give rules other descriptions, by their ids or by what they admit; none, where the call has none.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_UpdateSecurityGroupRuleDescriptionsIngress.html
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_UpdateSecurityGroupRuleDescriptionsEgress.html
    """
    group = group_of(call)
    rules = rules_of(group, egress=call.operation.endswith("Egress"))
    by_id = call.parameters.get("SecurityGroupRuleDescriptions")
    permissions = call.parameters.get("IpPermissions")
    if by_id and permissions:
        raise Refusal(
            "InvalidParameterCombination",
            "The parameter securityGroupRuleDescriptions cannot be used with the parameter ipPermissions",
        )
    if not by_id and not permissions:
        message = "Either 'ipPermissions' or 'securityGroupRuleDescriptions' should be provided."
        raise Refusal("MissingParameter", message)
    for rule, description in _named(call, group, rules) if permissions else _identified(rules, by_id):
        describe(rule, description)
    return {"Return": True}


def _named(
    call: Call, group: SecurityGroup, rules: list[SecurityGroupRule]
) -> list[tuple[SecurityGroupRule, str | None]]:
    known = {as_wanted(rule).identity: rule for rule in rules}
    named = named_by(call, group)
    if any(one.identity not in known for one in named):
        raise Refusal("InvalidPermission.NotFound", "The specified rule does not exist in this security group.")
    return [(known[one.identity], one.description) for one in named]


def _identified(rules: list[SecurityGroupRule], by_id: Any) -> list[tuple[SecurityGroupRule, str | None]]:
    return [(rule_by_id(rules, one.get("SecurityGroupRuleId", "")), described(one)) for one in by_id]


def _changed(call: Call, group: SecurityGroup, rule: SecurityGroupRule, said: Mapping[str, Any]) -> Wanted:
    given = [kind for kind in _KINDS if said.get(kind)]
    if len(given) > 1:
        message = "Only one of cidrIp, cidrIpv6, prefixListId, or referencedGroupId can be specified"
        raise Refusal("InvalidParameterCombination", message)
    if not given:
        raise Refusal("MissingParameter", NO_PEER)
    kind, now = given[0], peer_of(rule)[0]
    traffic = traffic_of(said)
    if kind != now:
        raise invalid_parameter(
            f"Invalid rule type for security group rule '{rule.id}'. "
            f"You may not specify {kind} for an existing {_KINDS[now]} rule."
        )
    reference: Mapping[str, str] = {}
    match kind:
        case "CidrIpv4":
            peer = canonical(said[kind], IPv4Network)
        case "CidrIpv6":
            peer = canonical(said[kind], IPv6Network)
        case "PrefixListId":
            peer = prefix_list_of(call, said[kind]).id
        case _:
            peer, reference = group_peer(call, group, {"GroupId": said[kind]})
    description = described(said) if "Description" in said else rule.description
    return Wanted(traffic, peer, kind, reference, description, {})
