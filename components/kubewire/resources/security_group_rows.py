"""The rules of a security group as EC2 keeps them: one row each, with an id, tags and a description."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from ipaddress import IPv4Network, IPv6Network
from typing import TYPE_CHECKING

from kubewire.errors import RefusedError
from kubewire.resources.base import RESOURCE_TAG, Cloud, Owner
from kubewire.resources.tagging import pairs, where
from kubewire.resources.traffic import ANY_PORT, CidrPeer, Direction, GroupPeer, Peer, Ports, PrefixListPeer, Rule

if TYPE_CHECKING:
    from types_boto3_ec2.type_defs import SecurityGroupRuleDescriptionTypeDef, SecurityGroupRuleTypeDef

    Row = SecurityGroupRuleTypeDef

FULL = "RulesPerSecurityGroupLimitExceeded"
DUPLICATE = "InvalidPermission.Duplicate"


def rows_of(cloud: Cloud, group: str) -> list[Row]:
    """Give every rule of a group; none for a group that isn't there."""
    return cloud.ec2.describe_security_group_rules(Filters=where({"group-id": group}))["SecurityGroupRules"]


def is_owned(row: Row) -> bool:
    """Whether somebody made a rule by kubewire."""
    return RESOURCE_TAG in {tag["Key"] for tag in row.get("Tags", [])}


def is_owned_by(row: Row, owner: Owner) -> bool:
    """Whether this owner made a rule."""
    tags = {tag["Key"]: tag["Value"] for tag in row.get("Tags", [])}
    return owner.tags().items() <= tags.items()


def only(direction: Direction, rows: Iterable[Row]) -> list[Row]:
    """Give the rules of one direction."""
    return [row for row in rows if row["IsEgress"] is (direction is Direction.EGRESS)]


def read_rule(row: Row, known: Mapping[str, Peer]) -> Rule | None:
    """Read a rule as EC2 describes it; None for a peer of no kind that there is.

    Args:
        row: one of DescribeSecurityGroupRules.
        known: groups and prefix lists by their ids. What a list counts as is known from here alone: else as one rule.
    """
    peer = _peer(row, known)
    if peer is None:
        return None
    first, last = row.get("FromPort", ANY_PORT), row.get("ToPort", ANY_PORT)
    return Rule.model_validate(
        {
            "direction": Direction.EGRESS if row["IsEgress"] else Direction.INGRESS,
            "protocol": row["IpProtocol"],
            # -1 for every type of ICMP, and for a protocol without ports.
            "ports": Ports(first=first, last=last) if first != ANY_PORT else None,
            "peer": peer,
        }
    )


def list_sizes(cloud: Cloud, rows: Iterable[Row], known: Mapping[str, Peer]) -> dict[str, PrefixListPeer]:
    """Give the prefix lists that rules refer to and that aren't known, each with what it counts as: one call at most.

    A list of AWS's own doesn't say that; it counts as one here.
    """
    unknown = sorted({row["PrefixListId"] for row in rows if "PrefixListId" in row} - known.keys())
    if not unknown:
        return {}
    lists = cloud.ec2.describe_managed_prefix_lists(Filters=[{"Name": "prefix-list-id", "Values": unknown}])
    return {
        item["PrefixListId"]: PrefixListPeer(
            name=item.get("PrefixListName", item["PrefixListId"]),
            id=item["PrefixListId"],
            max_entries=item.get("MaxEntries", 1),
        )
        for item in lists["PrefixLists"]
    }


def _peer(row: Row, known: Mapping[str, Peer]) -> Peer | None:
    if group := row.get("ReferencedGroupInfo", {}).get("GroupId"):
        return known.get(group, GroupPeer(name=group, id=group))
    if listed := row.get("PrefixListId"):
        return known.get(listed, PrefixListPeer(name=listed, id=listed, max_entries=1))
    # Rules that somebody made by hand long ago may have host bits.
    if "CidrIpv4" in row:
        return CidrPeer(cidr=IPv4Network(row["CidrIpv4"], strict=False))
    return CidrPeer(cidr=IPv6Network(row["CidrIpv6"], strict=False)) if "CidrIpv6" in row else None


class GroupChange:
    """Calls that change an owner's rules of one direction on a group. Each is done whole or not at all."""

    def __init__(self, cloud: Cloud, owner: Owner, group: str, direction: Direction) -> None:
        self._ec2 = cloud.ec2
        self._owner = owner
        self._group = group
        self._inward = direction is Direction.INGRESS

    def exchange(self, added: Sequence[tuple[str, Rule]], stale: Sequence[Row]) -> None:
        """Add the new rules, then remove the old ones: traffic that both admit never stops."""
        try:
            self.add(added)
        except RefusedError as error:
            if error.code != FULL or not stale:
                raise
            # There is no room for both.
            self.remove(stale)
            self.add(added)
        else:
            self.remove(stale)

    def add(self, rules: Sequence[tuple[str, Rule]]) -> None:
        """Put named rules there, with their owner's tags."""
        if not rules:
            return
        ec2 = self._ec2
        call = ec2.authorize_security_group_ingress if self._inward else ec2.authorize_security_group_egress
        try:
            call(
                GroupId=self._group,
                IpPermissions=[rule.permission(name) for name, rule in rules],
                TagSpecifications=[{"ResourceType": "security-group-rule", "Tags": pairs(self._owner.tags())}],
            )
        except RefusedError as error:
            if error.code == DUPLICATE:
                error.detail += " Another owner put this rule on the group: declare it in one place."
            if error.code == FULL:
                error.detail += " Put neighbouring sources into one range, or ask AWS for a higher quota."
            raise

    def remove(self, rows: Sequence[Row]) -> None:
        """Take rules away."""
        ids = [row["SecurityGroupRuleId"] for row in rows]
        if ids and self._inward:
            self._ec2.revoke_security_group_ingress(GroupId=self._group, SecurityGroupRuleIds=ids)
        elif ids:
            self._ec2.revoke_security_group_egress(GroupId=self._group, SecurityGroupRuleIds=ids)

    def rename(self, rows: Sequence[tuple[Row, str]]) -> None:
        """Give rules the descriptions that stand beside them."""
        changed: list[SecurityGroupRuleDescriptionTypeDef] = [
            {"SecurityGroupRuleId": row["SecurityGroupRuleId"], "Description": name}
            for row, name in rows
            if row.get("Description", row["SecurityGroupRuleId"]) != name
        ]
        ec2, group = self._ec2, self._group
        if changed and self._inward:
            ec2.update_security_group_rule_descriptions_ingress(GroupId=group, SecurityGroupRuleDescriptions=changed)
        elif changed:
            ec2.update_security_group_rule_descriptions_egress(GroupId=group, SecurityGroupRuleDescriptions=changed)
