"""The rules that one owner puts on a security group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field, model_validator

from kubewire.deferred import is_deferred
from kubewire.errors import InvalidInputError, NotFoundError
from kubewire.model import REPLACE, Model, Ref
from kubewire.resources.base import Resource
from kubewire.resources.references import named
from kubewire.resources.security_group import TEXT
from kubewire.resources.security_group_rows import GroupChange, is_owned, is_owned_by, only, rows_of
from kubewire.resources.tagging import pairs
from kubewire.resources.traffic import Direction, GroupPeer, Identity, Rule, read_rule
from kubewire.resources.waiting import wait_for

if TYPE_CHECKING:
    from kubewire.resources.security_group_rows import Row

MOST_RULES = 1000
"""In one direction. It's what an interface takes in all, so no quota of a group is higher.
https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html"""

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
                raise InvalidInputError(message, detail=detail, path=f'rules["{name}"]')
            seen[identity] = name
        return self

    @model_validator(mode="after")
    def _not_too_many(self) -> SecurityGroupRulesArgs:
        for direction in Direction:
            number = sum(rule.direction is direction for rule in self.rules.values())
            if number > MOST_RULES:
                detail = f"AWS takes {MOST_RULES} at most. Put neighbouring ranges into one."
                raise InvalidInputError(f"{number} rules of {direction}", detail=detail, path="rules")
        return self


class SecurityGroupRulesState(SecurityGroupRulesArgs):
    """A set of rules as it is; the group's rules of other owners aren't in it."""


class SecurityGroupRules(Resource[SecurityGroupRulesArgs, SecurityGroupRulesState]):
    """One owner's rules on a group, however many: changed in one call for each direction, all or none.

    Each rule bears its owner's tags, by which it is told from the rules of others. A rule that nobody owns is an
    import's, if it is in every respect what is declared, its name included.
    """

    Args, State = SecurityGroupRulesArgs, SecurityGroupRulesState

    def create(self, args: SecurityGroupRulesArgs) -> str:
        # The rules are put there by `converge`, which looks first for those of a run that was cut off.
        return args.group.id

    def read(self, object_id: str, known: SecurityGroupRulesArgs | None) -> SecurityGroupRulesState | None:
        rows = rows_of(self.cloud, object_id)
        if not rows and not self.cloud.ec2.describe_security_groups(GroupIds=[object_id])["SecurityGroups"]:
            return None
        groups = _group_names(known)
        declared = {rule.identity(): name for name, rule in known.rules.items()} if known else {}
        found = [(row, rule) for row in rows if (rule := read_rule(row, groups)) and self._is_of(row, rule, known)]
        # A change that was cut off leaves an old rule beside a new one of its name. Neither may hide the other.
        found.sort(key=lambda item: item[1].identity() not in declared)
        rules: dict[str, Rule] = {}
        for row, rule in found:
            name = row.get("Description") or declared.get(rule.identity()) or row["SecurityGroupRuleId"]
            rules[row["SecurityGroupRuleId"] if name in rules else name] = rule
        return SecurityGroupRulesState(group=named(object_id, known.group if known else None), rules=rules)

    def converge(
        self, object_id: str, old: SecurityGroupRulesState, new: SecurityGroupRulesArgs
    ) -> SecurityGroupRulesState:
        wanted = {rule.identity(): (name, rule) for name, rule in new.rules.items()}
        seen = {rule.identity() for rule in old.rules.values()}
        present: dict[Identity, Row] = {}
        stale: list[Row] = []
        adopted: list[str] = []
        for row in rows_of(self.cloud, object_id):
            rule = read_rule(row, {})
            identity = rule.identity() if rule else None
            own = is_owned_by(row, self.owner)
            if identity in wanted and (own or (identity in seen and not is_owned(row))):
                present[identity] = row
                adopted += [] if own else [row["SecurityGroupRuleId"]]
            elif own:
                stale.append(row)
        if adopted:
            self.cloud.ec2.create_tags(Resources=adopted, Tags=pairs(self.owner.tags()))
        for direction in Direction:
            change = GroupChange(self.cloud, self.owner, object_id, direction)
            missing = [item for identity, item in wanted.items() if identity not in present]
            change.exchange([item for item in missing if item[1].direction is direction], only(direction, stale))
            kept = [(row, *wanted[identity]) for identity, row in present.items()]
            change.rename([(row, name) for row, name, rule in kept if rule.direction is direction])
        return SecurityGroupRulesState(**dict(new))

    def delete(self, object_id: str, state: SecurityGroupRulesState) -> None:
        def gone() -> bool | None:
            rows = [row for row in rows_of(self.cloud, object_id) if is_owned_by(row, self.owner)]
            try:
                for direction in Direction:
                    GroupChange(self.cloud, self.owner, object_id, direction).remove(only(direction, rows))
            except NotFoundError:
                # One of them was gone, and then the call took none away. Look again at what there is.
                return None
            return True

        wait_for(self.cloud.clock, f"the rules on {state.group.name} to go away", gone)

    def _is_of(self, row: Row, rule: Rule, known: SecurityGroupRulesArgs | None) -> bool:
        """Whether a rule belongs to this set. An import takes what nobody owns."""
        if known is None:
            return not is_owned(row)
        if is_owned(row):
            return is_owned_by(row, self.owner)
        declared = known.rules.get(row.get("Description") or row["SecurityGroupRuleId"])
        return declared is not None and declared.identity() == rule.identity()


def _group_names(known: SecurityGroupRulesArgs | None) -> dict[str, str]:
    rules = known.rules.values() if known else ()
    return {rule.peer.id: rule.peer.name for rule in rules if isinstance(rule.peer, GroupPeer)}
