"""Security groups: their names, their number, and what keeps one from being deleted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from moto.ec2.models.security_groups import SecurityGroup, SecurityGroupRule

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.ec2.group_lookup import all_groups, group_of, named_group
from kubewire.local.aws.ec2.tags import tags_of
from kubewire.local.aws.quotas import quota
from kubewire.local.aws.refusal import Refusal, invalid_parameter
from kubewire.local.aws.rules import Proceed, after, answers, before

_LIMITS: Final = "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html"
GROUPS: Final = quota("security-groups-per-region", default=2500, page=_LIMITS)

TEXT: Final = re.compile(r"[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]{0,255}")
"""What AWS takes in names and descriptions.
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html"""
CHARACTERS: Final = "strings less than 256 characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*"
DEFAULT: Final = "default"


@before("ec2", "CreateSecurityGroup")
def group_name(call: Call) -> Call:
    """Refuse names that AWS keeps for itself or can't have; blanks at the end are cut off.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
    https://docs.aws.amazon.com/vpc/latest/userguide/security-groups.html
    """
    name = call.parameters["GroupName"].rstrip()
    if not name:
        raise Refusal("MissingParameter", "The request must contain the parameter GroupName")
    invalid = f"Value ({name}) for parameter GroupName is invalid."
    if not name.isascii():
        raise invalid_parameter(f"{invalid} Character sets beyond ASCII are not supported.")
    if not TEXT.fullmatch(name):
        raise invalid_parameter(f"Invalid security group name. Valid names are {CHARACTERS}")
    if name.lower().startswith("sg-"):
        raise invalid_parameter(f"{invalid} Group names may not be in the format sg-*.")
    if name.lower() == DEFAULT:
        raise invalid_parameter(f"Cannot use reserved security group name: {name}")
    return call.with_parameters({**call.parameters, "GroupName": name})


@before("ec2", "CreateSecurityGroup")
def group_description(call: Call) -> None:
    """Refuse descriptions that AWS can't have.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
    """
    description = call.parameters["Description"]
    if not description.isascii():
        raise invalid_parameter(
            f"Value ({description}) for parameter GroupDescription is invalid. "
            "Character sets beyond ASCII are not supported."
        )
    if not TEXT.fullmatch(description):
        raise invalid_parameter(f"Invalid security group description. Valid descriptions are {CHARACTERS}")


@before("ec2", "CreateSecurityGroup")
def one_of_its_name(call: Call) -> None:
    """Refuse a name that another group of the VPC has, in whatever case; moto compares cases, and with ids, too.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
    """
    vpc_id = call.parameters.get("VpcId") or call.ec2.default_vpc.id
    name = call.parameters["GroupName"]
    if named_group(call, name, vpc_id):
        raise Refusal("InvalidGroup.Duplicate", f"The security group '{name}' already exists for VPC '{vpc_id}'")


@before("ec2", "CreateSecurityGroup")
def group_quota(call: Call) -> None:
    """Refuse one group too many in the region.

    https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
    """
    if sum(1 for _ in all_groups(call)) >= call.limit(GROUPS):
        raise Refusal("SecurityGroupLimitExceeded", "The maximum number of security groups has been reached.")


@after("ec2", "CreateSecurityGroup")
def made_group(call: Call, answer: Answer) -> None:
    """Answer with its tags, too.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
    """
    answer["Tags"] = tags_of(call, answer["GroupId"])


@after("ec2", "CreateVpc")
def default_group_admits_itself(call: Call, answer: Answer) -> None:
    """A VPC's default group begins with a rule that admits all traffic from itself, which moto doesn't give it.

    https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html
    """
    for group in call.ec2.groups[answer["Vpc"]["VpcId"]].values():
        itself = {"GroupId": group.id, "UserId": call.account}
        rule = SecurityGroupRule(call.ec2, "-1", group.id, None, None, None, itself, is_egress=False)
        group.ingress_rules.append(rule)


@after("ec2", "AssociateVpcCidrBlock")
def groups_get_ipv6(call: Call, answer: Answer) -> None:
    """With an IPv6 range, a VPC's groups that let everything out do so by IPv6, if nobody has changed that.

    https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html
    """
    if "Ipv6CidrBlockAssociation" not in answer:
        return
    for group in call.ec2.groups[answer["VpcId"]].values():
        if [(rule.ip_protocol, rule.ip_range) for rule in group.egress_rules] == [("-1", {"CidrIp": "0.0.0.0/0"})]:
            everybody = {"CidrIpv6": "::/0"}
            group.egress_rules.append(SecurityGroupRule(call.ec2, "-1", group.id, None, None, everybody))


@answers("ec2", "DeleteSecurityGroup")
def deleted_group(call: Call, _proceed: Proceed) -> Answer:
    """Delete a group that nothing uses, and that isn't a VPC's default.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSecurityGroup.html
    """
    group = group_of(call)
    if group.name == DEFAULT:
        message = f'the specified group: "{group.id}" name: "{group.name}" cannot be deleted by a user'
        raise Refusal("CannotDelete", message)
    if any(True for _ in _users(call, group)):
        raise Refusal("DependencyViolation", f"resource {group.id} has a dependent object")
    call.ec2.delete_security_group(group_id=group.id)
    return {"Return": True, "GroupId": group.id}


def _users(call: Call, group: SecurityGroup) -> Iterator[Any]:
    """What must be gone before a group can go: interfaces, load balancers, and other groups' rules in its VPC."""
    ec2: Any = call.ec2
    # What moto shows as an interface's groups are its instance's, too, even those that the instance had once.
    yield from (one for one in ec2.enis.values() if group in one._group_set)  # noqa: SLF001 - moto has no other name
    yield from (one for one in call.elbv2.load_balancers.values() if group.id in (one.security_groups or ()))
    for other in all_groups(call):
        if other.id != group.id and other.vpc_id == group.vpc_id:
            rules = [*other.ingress_rules, *other.egress_rules]
            yield from (rule for rule in rules if rule.source_group.get("GroupId") == group.id)
