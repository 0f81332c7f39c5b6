"""The rules that one owner puts on a security group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field, model_validator

from kubewire.deferred import is_deferred
from kubewire.errors import InvalidInputError, RefusedError
from kubewire.model import REPLACE, Model, Ref
from kubewire.resources.base import RESOURCE_TAG, STACK_TAG, Resource
from kubewire.resources.references import named
from kubewire.resources.security_group import TEXT
from kubewire.resources.tagging import pairs, where
from kubewire.resources.traffic import Direction, GroupPeer, Identity, Rule, read_rule

if TYPE_CHECKING:
    from types_boto3_ec2.type_defs import (
        IpPermissionTypeDef,
        SecurityGroupRuleDescriptionTypeDef,
        SecurityGroupRuleTypeDef,
    )

RuleName = Annotated[str, Field(min_length=1, max_length=255, pattern=TEXT)]


class SecurityGroupRulesArgs(Model):
    """Inputs of a set of rules."""

    group: Annotated[Ref, REPLACE]
    """The group that they are put on."""
    rules: dict[RuleName, Rule] = {}
    """What each is for, to the rule. The name becomes the rule's description on AWS."""

    @model_validator(mode="after")
    def _no_twins(self) -> SecurityGroupRulesArgs:
        seen: dict[Identity, str] = {}
        for name, rule in self.rules.items():
            identity = rule.identity()
            if any(is_deferred(part) for part in identity):
                continue
            if identity in seen:
                detail = "EC2 keeps one of each: remove one of the two."
                message = f"{name!r} and {seen[identity]!r} are the same rule"
                raise InvalidInputError(message, detail=detail, path=f"rules.{name}")
            seen[identity] = name
        return self


class SecurityGroupRulesState(SecurityGroupRulesArgs):
    """A set of rules as it is; the group's rules of other owners aren't in it."""


class SecurityGroupRules(Resource[SecurityGroupRulesArgs, SecurityGroupRulesState]):
    """One owner's rules on a group, however many: changed in one call for each direction, all or none.

    Each rule bears its owner's tags, by which it is told from the rules of others.
    """

    Args, State = SecurityGroupRulesArgs, SecurityGroupRulesState

    def create(self, args: SecurityGroupRulesArgs) -> str:
        # The rules are put there by `converge`, which looks first for those of a run that was cut off.
        return args.group.id

    def read(self, object_id: str, known: SecurityGroupRulesArgs | None) -> SecurityGroupRulesState | None:
        rows = self._describe(object_id)
        if not rows and not self.cloud.ec2.describe_security_groups(GroupIds=[object_id])["SecurityGroups"]:
            return None
        groups = _group_names(known)
        # An import takes what nobody owns; any other read, what is ours.
        mine = [row for row in rows if (self._is_own(row) if known else not _owner(row))]
        names = {rule.identity(): name for name, rule in known.rules.items()} if known else {}
        rules = {
            row.get("Description") or names.get(rule.identity()) or row["SecurityGroupRuleId"]: rule
            for row in mine
            if (rule := read_rule(row, groups)) is not None
        }
        return SecurityGroupRulesState(group=named(object_id, known.group if known else None), rules=rules)

    def converge(
        self, object_id: str, old: SecurityGroupRulesState, new: SecurityGroupRulesArgs
    ) -> SecurityGroupRulesState:
        wanted = {rule.identity(): (name, rule) for name, rule in new.rules.items()}
        imported = {rule.identity() for rule in old.rules.values()}
        own: dict[Identity, SecurityGroupRuleTypeDef] = {}
        stale: list[SecurityGroupRuleTypeDef] = []
        adopted: list[str] = []
        for row in self._describe(object_id):
            rule = read_rule(row, {})
            identity = rule.identity() if rule else None
            if self._is_own(row):
                if identity in wanted:
                    own[identity] = row
                else:
                    stale.append(row)
            elif not _owner(row) and identity in imported and identity in wanted:
                own[identity] = row
                adopted.append(row["SecurityGroupRuleId"])
        if adopted:
            self.cloud.ec2.create_tags(Resources=adopted, Tags=pairs(self.owner.tags()))
        # First what is new, then what is old: traffic that both admit never stops.
        self._authorize(object_id, [wanted[identity] for identity in wanted.keys() - own.keys()])
        self._revoke(object_id, stale)
        self._rename(object_id, {identity: (row, wanted[identity][0]) for identity, row in own.items()})
        return SecurityGroupRulesState(**dict(new))

    def delete(self, object_id: str, state: SecurityGroupRulesState) -> None:
        self._revoke(object_id, [row for row in self._describe(object_id) if self._is_own(row)])

    def _describe(self, group: str) -> list[SecurityGroupRuleTypeDef]:
        found = self.cloud.ec2.describe_security_group_rules(Filters=where({"group-id": group}))
        return found["SecurityGroupRules"]

    def _is_own(self, row: SecurityGroupRuleTypeDef) -> bool:
        tags = self.owner.tags()
        return _owner(row) == (tags[STACK_TAG], tags[RESOURCE_TAG])

    def _authorize(self, group: str, rules: list[tuple[str, Rule]]) -> None:
        for direction in Direction:
            permissions: list[IpPermissionTypeDef] = [
                rule.permission(name) for name, rule in rules if rule.direction is direction
            ]
            if not permissions:
                continue
            ingress = direction is Direction.INGRESS
            ec2 = self.cloud.ec2
            call = ec2.authorize_security_group_ingress if ingress else ec2.authorize_security_group_egress
            tags = pairs(self.owner.tags())
            try:
                call(
                    GroupId=group,
                    IpPermissions=permissions,
                    TagSpecifications=[{"ResourceType": "security-group-rule", "Tags": tags}],
                )
            except RefusedError as error:
                if error.code == "InvalidPermission.Duplicate":
                    error.detail += " Another owner put this rule on the group: declare it in one place."
                raise

    def _revoke(self, group: str, rows: list[SecurityGroupRuleTypeDef]) -> None:
        ingress = [row["SecurityGroupRuleId"] for row in rows if not row["IsEgress"]]
        egress = [row["SecurityGroupRuleId"] for row in rows if row["IsEgress"]]
        if ingress:
            self.cloud.ec2.revoke_security_group_ingress(GroupId=group, SecurityGroupRuleIds=ingress)
        if egress:
            self.cloud.ec2.revoke_security_group_egress(GroupId=group, SecurityGroupRuleIds=egress)

    def _rename(self, group: str, rows: dict[Identity, tuple[SecurityGroupRuleTypeDef, str]]) -> None:
        """Give rules that only got another name their new description."""
        ec2 = self.cloud.ec2
        for egress in (False, True):
            changed: list[SecurityGroupRuleDescriptionTypeDef] = [
                {"SecurityGroupRuleId": row["SecurityGroupRuleId"], "Description": name}
                for row, name in rows.values()
                if row["IsEgress"] is egress and row.get("Description", name) != name
            ]
            if changed and egress:
                ec2.update_security_group_rule_descriptions_egress(GroupId=group, SecurityGroupRuleDescriptions=changed)
            elif changed:
                ec2.update_security_group_rule_descriptions_ingress(
                    GroupId=group, SecurityGroupRuleDescriptions=changed
                )


def _owner(row: SecurityGroupRuleTypeDef) -> tuple[str, str] | None:
    tags = {tag["Key"]: tag["Value"] for tag in row.get("Tags", [])}
    return (tags.get(STACK_TAG, ""), tags[RESOURCE_TAG]) if RESOURCE_TAG in tags else None


def _group_names(known: SecurityGroupRulesArgs | None) -> dict[str, str]:
    rules = known.rules.values() if known else ()
    return {rule.peer.id: rule.peer.name for rule in rules if isinstance(rule.peer, GroupPeer)}
