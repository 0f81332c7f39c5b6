"""What answers say of a security group and its rules.

moto leaves out descriptions, owners, IPv6 peers and prefix lists, and puts rules of different kinds into one another.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from moto.ec2.models.security_groups import SecurityGroup, SecurityGroupRule

from kubewire.local.aws.call import Call
from kubewire.local.aws.ec2.permission_peers import GROUP, IPV4, IPV6, PREFIX_LIST
from kubewire.local.aws.ec2.permissions import ALL, ANY, Traffic, Wanted
from kubewire.local.aws.ec2.tags import tags_of

# How moto keeps the parts of a reference to a group; it's AWS's own names there.
_REFERENCE: Final = ("GroupId", "UserId", "VpcId", "VpcPeeringConnectionId")
_MEMBERS: Final = {
    IPV4: ("IpRanges", "CidrIp"),
    IPV6: ("Ipv6Ranges", "CidrIpv6"),
    PREFIX_LIST: ("PrefixListIds", "PrefixListId"),
    GROUP: ("UserIdGroupPairs", "GroupId"),
}


def kept(call: Call, group: SecurityGroup, wanted: Wanted, *, egress: bool, tags: dict[str, str]) -> SecurityGroupRule:
    """A rule as moto keeps it, yet in no group."""
    rule = SecurityGroupRule(call.ec2, ALL, group.id, None, None, None, is_egress=egress, tags=tags)
    fill(rule, wanted)
    return rule


def fill(rule: SecurityGroupRule, wanted: Wanted) -> None:
    """Make a rule say what is wanted of it."""
    traffic = wanted.traffic
    rule.ip_protocol, rule.from_port, rule.to_port = traffic.protocol, traffic.first, traffic.last
    rule.ip_range = {_MEMBERS[wanted.kind][1]: wanted.peer} if wanted.kind in (IPV4, IPV6) else {}
    rule.prefix_list_id = wanted.peer if wanted.kind == PREFIX_LIST else None
    rule.source_group = {"GroupId": wanted.peer, **wanted.reference} if wanted.kind == GROUP else {}
    describe(rule, wanted.description)


def describe(rule: SecurityGroupRule, description: str | None) -> None:
    """Give a rule a description, or take it away. moto looks for it beside the range, whatever the peer is."""
    rule.ip_range = {name: value for name, value in rule.ip_range.items() if name != "Description"}
    if description:
        rule.ip_range["Description"] = description


def peer_of(rule: SecurityGroupRule) -> tuple[str, str]:
    """A rule's peer, and of which kind it is."""
    if rule.prefix_list_id:
        return PREFIX_LIST, rule.prefix_list_id
    if rule.source_group:
        return GROUP, rule.source_group["GroupId"]
    if rule.cidr_ipv6:
        return IPV6, rule.cidr_ipv6
    return IPV4, str(rule.cidr_ipv4)


def as_wanted(rule: SecurityGroupRule) -> Wanted:
    """A rule as a call would ask for it."""
    kind, peer = peer_of(rule)
    traffic = Traffic(str(rule.ip_protocol), rule.from_port, rule.to_port)
    reference = {name: value for name, value in rule.source_group.items() if name != "GroupId"}
    return Wanted(traffic, peer, kind, reference, rule.description, {})


def rule_row(call: Call, rule: SecurityGroupRule) -> dict[str, Any]:
    """A rule as DescribeSecurityGroupRules has it.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SecurityGroupRule.html
    """
    partition = "arn:aws:ec2"
    row = _common(rule) | {
        "GroupOwnerId": call.account,
        "Tags": tags_of(call, rule.id),
        "SecurityGroupRuleArn": f"{partition}:{call.region}:{call.account}:security-group-rule/{rule.id}",
    }
    kind, peer = peer_of(rule)
    if kind == GROUP:
        row["ReferencedGroupInfo"] = _reference(call, rule)
    else:
        row[kind] = peer
    return row


def revoked_row(rule: SecurityGroupRule) -> dict[str, Any]:
    """A rule that was taken away.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RevokedSecurityGroupRule.html
    """
    kind, peer = peer_of(rule)
    return _common(rule) | {kind: peer}


def group_row(call: Call, group: SecurityGroup) -> dict[str, Any]:
    """A group as DescribeSecurityGroups has it.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SecurityGroup.html
    """
    return {
        "GroupId": group.id,
        "GroupName": group.name,
        "Description": group.description,
        "OwnerId": call.account,
        "VpcId": group.vpc_id,
        "SecurityGroupArn": group.arn,
        "Tags": tags_of(call, group.id),
        "IpPermissions": _permissions(call, group.ingress_rules),
        "IpPermissionsEgress": _permissions(call, group.egress_rules),
    }


def _permissions(call: Call, rules: Iterable[SecurityGroupRule]) -> list[dict[str, Any]]:
    """Rules of the same traffic are one permission with several peers."""
    found: dict[Traffic, dict[str, Any]] = {}
    for rule in rules:
        traffic = Traffic(str(rule.ip_protocol), rule.from_port, rule.to_port)
        if traffic not in found:
            ports = {} if traffic.first is None else {"FromPort": traffic.first, "ToPort": traffic.last}
            lists: dict[str, Any] = {member: [] for member, _ in _MEMBERS.values()}
            found[traffic] = {"IpProtocol": traffic.protocol, **ports, **lists}
        kind, peer = peer_of(rule)
        member, name = _MEMBERS[kind]
        item = _reference(call, rule) if kind == GROUP else {name: peer}
        if rule.description:
            item["Description"] = rule.description
        found[traffic][member].append(item)
    return list(found.values())


def _common(rule: SecurityGroupRule) -> dict[str, Any]:
    row = {
        "SecurityGroupRuleId": rule.id,
        "GroupId": rule.group_id,
        "IsEgress": rule.is_egress,
        "IpProtocol": rule.ip_protocol,
        "FromPort": ANY if rule.from_port is None else rule.from_port,
        "ToPort": ANY if rule.to_port is None else rule.to_port,
    }
    return row | ({"Description": rule.description} if rule.description else {})


def _reference(call: Call, rule: SecurityGroupRule) -> dict[str, Any]:
    """A reference to a group, with the state of the peering through which it goes."""
    found = {name: rule.source_group[name] for name in _REFERENCE if rule.source_group.get(name)}
    peering = call.ec2.vpc_pcxs.get(found.get("VpcPeeringConnectionId", ""))
    return found | ({"PeeringStatus": peering.status["Code"]} if peering is not None else {})
