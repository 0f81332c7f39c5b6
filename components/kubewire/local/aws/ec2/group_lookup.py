"""Which security group a call means."""

from __future__ import annotations

from collections.abc import Iterator

from moto.ec2.models.security_groups import SecurityGroup, SecurityGroupRule

from kubewire.local.aws.call import Call
from kubewire.local.aws.ec2.identities import well_formed
from kubewire.local.aws.refusal import Refusal


def all_groups(call: Call) -> Iterator[SecurityGroup]:
    """Every security group of the account in the region."""
    for groups in call.ec2.groups.values():
        yield from groups.values()


def named_group(call: Call, name: str, vpc_id: str) -> SecurityGroup | None:
    """A VPC's group of that name. AWS compares names without regard to case."""
    groups = call.ec2.groups.get(vpc_id, {}).values()
    return next((group for group in groups if group.name.lower() == name.lower()), None)


def group_by_id(call: Call, group_id: str) -> SecurityGroup:
    """The group of that id.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html

    Raises:
        Refusal: there is none.
    """
    well_formed("InvalidGroupId", "sg", group_id)
    found = next((groups[group_id] for groups in call.ec2.groups.values() if group_id in groups), None)
    if found is None:
        raise Refusal("InvalidGroup.NotFound", f"The security group '{group_id}' does not exist")
    return found


def group_of(call: Call) -> SecurityGroup:
    """The group that a call is about: by its id, or, in the default VPC alone, by its name.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html (GroupName)

    Raises:
        Refusal: there is none, or the call says neither.
    """
    group_id, name = call.parameters.get("GroupId"), call.parameters.get("GroupName")
    if group_id:
        return group_by_id(call, group_id)
    if not name:
        raise Refusal("MissingParameter", "The request must contain the parameter groupName or groupId")
    vpc_id = next((vpc.id for vpc in call.ec2.vpcs.values() if vpc.is_default), None)
    if vpc_id is None:
        raise Refusal("VPCIdNotSpecified", "No default VPC for this user")
    found = named_group(call, name, vpc_id)
    if found is None:
        message = f"The security group '{name}' does not exist in default VPC '{vpc_id}'"
        raise Refusal("InvalidGroup.NotFound", message)
    return found


def rules_of(group: SecurityGroup, *, egress: bool) -> list[SecurityGroupRule]:
    """The group's rules of one direction; the list itself, to change it."""
    return group.egress_rules if egress else group.ingress_rules


def rule_by_id(rules: list[SecurityGroupRule], rule_id: str) -> SecurityGroupRule:
    """The rule of that id among those of a group.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html

    Raises:
        Refusal: there is none.
    """
    well_formed("InvalidSecurityGroupRuleId", "sgr", rule_id)
    found = next((rule for rule in rules if rule.id == rule_id), None)
    if found is None:
        message = f"The security group rule ID '{rule_id}' does not exist"
        raise Refusal("InvalidSecurityGroupRuleId.NotFound", message)
    return found
