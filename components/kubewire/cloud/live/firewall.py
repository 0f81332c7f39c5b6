"""Security groups with their rules, and the prefix lists that rules and routes name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

from kubewire.cloud.live.keys import Keys, in_vpc, named
from kubewire.net.addresses import Range
from kubewire.prover.facts.firewall import (
    Direction,
    GroupPeer,
    GroupRule,
    Peer,
    PrefixListPeer,
    RangePeer,
    SecurityGroup,
)
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.facts.written import match_of

if TYPE_CHECKING:
    from types_boto3_ec2.type_defs import RouteTableTypeDef, SecurityGroupRuleTypeDef, SecurityGroupTypeDef

    from kubewire.resources.base import Cloud

AT_ONCE = 200
"""The most values of one filter:
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Query-Requests.html#api-request-rate"""


def group_rows(cloud: Cloud, vpc: str, keys: Keys) -> Sequence[SecurityGroupTypeDef]:
    """List the security groups of a VPC, and name them."""
    rows = cloud.ec2.describe_security_groups(Filters=in_vpc(vpc))["SecurityGroups"]
    keys.add({row["GroupId"]: named(row) or row["GroupName"] for row in rows})
    return rows


def rule_rows(cloud: Cloud, groups: Sequence[SecurityGroupTypeDef]) -> list[SecurityGroupRuleTypeDef]:
    """List the rules of groups, two hundred groups a call."""
    ids = [row["GroupId"] for row in groups]
    found: list[SecurityGroupRuleTypeDef] = []
    for at in range(0, len(ids), AT_ONCE):
        asked: Any = [{"Name": "group-id", "Values": ids[at : at + AT_ONCE]}]
        found += cloud.ec2.describe_security_group_rules(Filters=asked)["SecurityGroupRules"]
    return found


def prefix_lists(
    cloud: Cloud, rules: Iterable[SecurityGroupRuleTypeDef], tables: Iterable[RouteTableTypeDef], keys: Keys
) -> dict[str, tuple[Range, ...]]:
    """Give the ranges of the prefix lists that are in use: one call to list them, and one for each."""
    used = {row["PrefixListId"] for row in rules if row.get("PrefixListId")}
    used |= {
        row["DestinationPrefixListId"]
        for table in tables
        for row in table["Routes"]
        if "DestinationPrefixListId" in row
    }
    if not used:
        return {}
    asked: Any = [{"Name": "prefix-list-id", "Values": sorted(used)}]
    rows = cloud.ec2.describe_managed_prefix_lists(Filters=asked)["PrefixLists"]
    keys.add({row["PrefixListId"]: row.get("PrefixListName", "") for row in rows})
    found = {}
    for row in rows:
        entries = cloud.ec2.get_managed_prefix_list_entries(PrefixListId=row["PrefixListId"])["Entries"]
        found[keys.of(row["PrefixListId"])] = tuple(ip_network(entry["Cidr"], strict=False) for entry in entries)
    return found


def groups_of(
    groups: Sequence[SecurityGroupTypeDef], rules: Sequence[SecurityGroupRuleTypeDef], vpc: str, keys: Keys
) -> Iterator[SecurityGroup]:
    """Read groups, each with its rules."""
    by_group: defaultdict[str, list[GroupRule]] = defaultdict(list)
    for row in rules:
        by_group[row["GroupId"]].append(_rule(row, keys))
    for group in groups:
        yield SecurityGroup(name=keys.of(group["GroupId"]), vpc=vpc, rules=tuple(by_group[group["GroupId"]]))


def _rule(row: SecurityGroupRuleTypeDef, keys: Keys) -> GroupRule:
    return GroupRule(
        name=row.get("Description") or named(row) or row["SecurityGroupRuleId"],
        direction=Direction.EGRESS if row["IsEgress"] else Direction.INGRESS,
        match=match_of(row["IpProtocol"], row.get("FromPort"), row.get("ToPort")),
        peer=_peer(row, keys),
    )


def _peer(row: SecurityGroupRuleTypeDef, keys: Keys) -> Peer:
    if group := row.get("ReferencedGroupInfo", {}).get("GroupId"):
        return GroupPeer(group=keys.of(group))
    if listed := row.get("PrefixListId"):
        return PrefixListPeer(prefix_list=keys.of(listed))
    if cidr := row.get("CidrIpv4") or row.get("CidrIpv6"):
        return RangePeer(range=ip_network(cidr, strict=False))
    return RangePeer(range=Unknown(comes_from=f"who rule {row['SecurityGroupRuleId']} is for"))
