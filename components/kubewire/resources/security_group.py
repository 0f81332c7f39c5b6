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
    from types_boto3_ec2.type_defs import IpPermissionTypeDef

ANYWHERE = "0.0.0.0/0"
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
    """Whether the rule stays that AWS puts into every new group: all traffic to anywhere. A group of somebody else's
    that is imported mostly has it, and depends on it."""


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
        groups = self.cloud.ec2.describe_security_groups(GroupIds=[object_id])["SecurityGroups"]
        if not groups:
            return None
        group = groups[0]
        everything = [rule for rule in group["IpPermissionsEgress"] if rule["IpProtocol"] == "-1"]
        open_egress = any(item["CidrIp"] == ANYWHERE for rule in everything for item in rule.get("IpRanges", []))
        return SecurityGroupState(
            **{**named_fields(group.get("Tags", [])), "name": group["GroupName"]},
            vpc=named(group["VpcId"], known.vpc if known else None),
            description=group["Description"],
            default_egress=open_egress and not self._is_declared(object_id),
        )

    def converge(self, object_id: str, old: SecurityGroupState, new: SecurityGroupArgs) -> SecurityGroupState:
        # By what it says: its id may show up later than the group.
        everything: IpPermissionTypeDef = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": ANYWHERE}]}
        if new.default_egress and not old.default_egress:
            self.cloud.ec2.authorize_security_group_egress(GroupId=object_id, IpPermissions=[everything])
        elif old.default_egress and not new.default_egress and not self._is_declared(object_id):
            self.cloud.ec2.revoke_security_group_egress(GroupId=object_id, IpPermissions=[everything])
        retag(self.cloud, object_id, old, new, self.owner)
        return old.model_copy(update=dict(new))

    def delete(self, object_id: str, state: SecurityGroupState) -> None:
        self.cloud.ec2.delete_security_group(GroupId=object_id)

    def _is_declared(self, object_id: str) -> bool:
        """Whether kubewire put the rule there that AWS gives new groups too; then it bears tags."""
        rules = self.cloud.ec2.describe_security_group_rules(Filters=where({"group-id": object_id}))
        return any(
            rule["IsEgress"]
            and rule["IpProtocol"] == "-1"
            and rule.get("CidrIpv4") == ANYWHERE
            and RESOURCE_TAG in {tag["Key"] for tag in rule.get("Tags", [])}
            for rule in rules["SecurityGroupRules"]
        )
