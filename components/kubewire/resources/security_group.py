"""A security group: an identity. Its rules are sets of their own, see `security_group_rules`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, Field

from kubewire.errors import InvalidInputError
from kubewire.model import REPLACE, UNIQUE, Ref
from kubewire.resources.base import RESOURCE_TAG, NamedArgs, Resource
from kubewire.resources.calls import Calls, counted
from kubewire.resources.references import named
from kubewire.resources.tagging import named_fields, on_create, owned_by, retag, where

if TYPE_CHECKING:
    from collections.abc import Iterable

    from types_boto3_ec2.type_defs import IpPermissionTypeDef, SecurityGroupTypeDef

ANYWHERE, ANYWHERE6 = "0.0.0.0/0", "::/0"
TEXT = r"^[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]+$"
"""What AWS takes in names and descriptions of groups and rules.
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html"""


RESERVED_PREFIX = "sg-"
RESERVED_NAME = "default"


def _free_name(name: str) -> str:
    # AWS compares names without regard to case, and cuts blanks at the end off.
    plain = name.lower()
    if plain.startswith(RESERVED_PREFIX) or plain == RESERVED_NAME or name != name.strip():
        detail = (
            f"Not {RESERVED_NAME!r}, not {RESERVED_PREFIX!r} at the start, no blank at either end. Given: {name!r}."
        )
        raise InvalidInputError("AWS takes no such name for a security group", detail=detail)
    return name


class SecurityGroupArgs(NamedArgs):
    """Inputs of a security group."""

    name: Annotated[str, Field(min_length=1, max_length=255, pattern=TEXT), AfterValidator(_free_name), REPLACE, UNIQUE]
    """The group's name, one of its kind in the VPC; the Name tag too."""
    vpc: Annotated[Ref, REPLACE, UNIQUE]
    """The VPC that it is in."""
    description: Annotated[str, Field(min_length=1, max_length=255, pattern=TEXT), REPLACE]
    """What it is for. AWS never lets it change."""
    default_egress: bool = False
    """Whether the rules stay that AWS puts into every new group: all traffic to anywhere, and to any IPv6 address where
    the VPC has IPv6. A group of somebody else's that is imported mostly has them, and depends on them."""


class SecurityGroupState(SecurityGroupArgs):
    """A security group as it is."""


class SecurityGroup(Resource[SecurityGroupArgs, SecurityGroupState]):
    """A name for interfaces that are treated alike. It admits nothing, in or out, until rules are put on it."""

    Args, State = SecurityGroupArgs, SecurityGroupState

    @classmethod
    def calls(cls, old: SecurityGroupState | None, new: SecurityGroupArgs) -> Calls:
        # AWS opens every new group to the outside.
        before = old is None or old.default_egress
        opened, shut = new.default_egress and not before, before and not new.default_egress
        return super().calls(old, new) + counted(AuthorizeSecurityGroupEgress=opened, RevokeSecurityGroupEgress=shut)

    def find(self, args: SecurityGroupArgs) -> list[str]:
        groups = self.cloud.ec2.describe_security_groups(Filters=owned_by(self.owner))["SecurityGroups"]
        return [group["GroupId"] for group in groups]

    def create(self, args: SecurityGroupArgs) -> str:
        return self.cloud.ec2.create_security_group(
            GroupName=args.name,
            Description=args.description,
            VpcId=args.vpc.id,
            TagSpecifications=on_create("security-group", args, self.owner),
        )["GroupId"]

    def read(self, object_id: str, known: SecurityGroupArgs | None) -> SecurityGroupState | None:
        groups = self._described(object_id)
        if not groups:
            return None
        group = groups[0]
        return SecurityGroupState(
            **{**named_fields(group.get("Tags", [])), "name": group["GroupName"]},
            vpc=named(group["VpcId"], known.vpc if known else None),
            description=group["Description"],
            default_egress=bool(self._given(group)),
        )

    def converge(self, object_id: str, old: SecurityGroupState, new: SecurityGroupArgs) -> SecurityGroupState:
        ec2 = self.cloud.ec2
        if new.default_egress and not old.default_egress:
            ec2.authorize_security_group_egress(GroupId=object_id, IpPermissions=[_everything([ANYWHERE])])
        elif old.default_egress and not new.default_egress:
            # By what they say: their ids may show up later than the group.
            given = [cidr for group in self._described(object_id) for cidr in self._given(group)]
            if given:
                ec2.revoke_security_group_egress(GroupId=object_id, IpPermissions=[_everything(given)])
        retag(self.cloud, object_id, old, new, self.owner)
        return old.model_copy(update=dict(new))

    def delete(self, object_id: str, state: SecurityGroupState) -> None:
        self.cloud.ec2.delete_security_group(GroupId=object_id)

    def _described(self, object_id: str) -> list[SecurityGroupTypeDef]:
        return self.cloud.ec2.describe_security_groups(GroupIds=[object_id])["SecurityGroups"]

    def _given(self, group: SecurityGroupTypeDef) -> list[str]:
        """Give whom AWS lets a group send everything to, by the rules that it puts into new ones.

        The second is there where the VPC has IPv6, or gets it while the group's rules are still those of a new one:
        https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html
        """
        everything = [rule for rule in group["IpPermissionsEgress"] if rule["IpProtocol"] == "-1"]
        reached = {item["CidrIp"] for rule in everything for item in rule.get("IpRanges", [])}
        reached |= {item["CidrIpv6"] for rule in everything for item in rule.get("Ipv6Ranges", [])}
        given = [cidr for cidr in (ANYWHERE, ANYWHERE6) if cidr in reached]
        declared = self._declared(group["GroupId"]) if given else set()
        return [cidr for cidr in given if cidr not in declared]

    def _declared(self, object_id: str) -> set[str]:
        """Give whom kubewire's own rules, which bear tags, let the group send everything to."""
        rules = self.cloud.ec2.describe_security_group_rules(Filters=where({"group-id": object_id}))
        return {
            rule.get("CidrIpv4") or rule.get("CidrIpv6", "")
            for rule in rules["SecurityGroupRules"]
            if rule["IsEgress"]
            and rule["IpProtocol"] == "-1"
            and RESOURCE_TAG in {tag["Key"] for tag in rule.get("Tags", [])}
        }


def _everything(cidrs: Iterable[str]) -> IpPermissionTypeDef:
    """Write a rule for all traffic to ranges as EC2 takes it."""
    written: IpPermissionTypeDef = {"IpProtocol": "-1"}
    for cidr in cidrs:
        if cidr == ANYWHERE6:
            written["Ipv6Ranges"] = [{"CidrIpv6": cidr}]
        else:
            written["IpRanges"] = [{"CidrIp": cidr}]
    return written
