"""The rules that one owner puts on a security group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field, ValidationInfo, model_validator

from kubewire.errors import NotFoundError
from kubewire.found import Found, is_declared
from kubewire.model import REPLACE, Model, Ref
from kubewire.resources.base import Resource
from kubewire.resources.calls import Calls, counted
from kubewire.resources.references import named
from kubewire.resources.security_group import TEXT
from kubewire.resources.security_group_calls import changed_rules
from kubewire.resources.security_group_checks import check_no_twins, check_number
from kubewire.resources.security_group_rows import (
    GroupChange,
    is_owned,
    is_owned_by,
    list_sizes,
    only,
    read_rule,
    rows_of,
)
from kubewire.resources.tagging import pairs
from kubewire.resources.traffic import CidrPeer, Direction, Identity, Peer, Rule
from kubewire.resources.waiting import wait_for

if TYPE_CHECKING:
    from kubewire.resources.security_group_rows import Row

RuleName = Annotated[str, Field(min_length=1, max_length=255, pattern=TEXT)]


class SecurityGroupRulesArgs(Model):
    """Inputs of a set of rules."""

    group: Annotated[Ref, REPLACE]
    """The group that they are put on."""
    rules: dict[RuleName, Rule] = {}
    """What each is for, to the rule. The name becomes the rule's description on AWS."""
    exclusive: bool = False
    """Whether rules of others on the group are a difference, and removed. With no rule here, that locks the group down:
    https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-2 wants it of a VPC's default group.
    When the resource is deleted, the group stays without rules; those that AWS put there never come back."""

    @model_validator(mode="after")
    def _rules_can_be(self, info: ValidationInfo) -> SecurityGroupRulesArgs:
        if is_declared(type(self), info):
            check_no_twins(self.rules)
            check_number(self.rules.values())
        return self


class SecurityGroupRulesState(SecurityGroupRulesArgs, Found):
    """A set of rules as it is; the group's rules of other owners aren't in it, unless it's exclusive."""


class SecurityGroupRules(Resource[SecurityGroupRulesArgs, SecurityGroupRulesState]):
    """One owner's rules on a group, however many: changed in one call for each direction, all or none.

    Each rule bears its owner's tags, by which it is told from the rules of others. A rule that nobody owns is an
    import's, if it is in every respect what is declared, its name included. An exclusive set has them all.
    """

    Args, State = SecurityGroupRulesArgs, SecurityGroupRulesState

    @classmethod
    def calls(cls, old: SecurityGroupRulesState | None, new: SecurityGroupRulesArgs) -> Calls:
        if old is None and new.exclusive:
            # What is on the group isn't known yet; AWS puts a rule of each direction on a VPC's default group.
            return changed_rules({}, new.rules) + counted(RevokeSecurityGroupIngress=1, RevokeSecurityGroupEgress=1)
        return changed_rules(old.rules if old else {}, new.rules)

    def create(self, args: SecurityGroupRulesArgs) -> str:
        # The rules are put there by `converge`, which looks first for those of a run that was cut off.
        return args.group.id

    def read(self, object_id: str, known: SecurityGroupRulesArgs | None) -> SecurityGroupRulesState | None:
        rows = rows_of(self.cloud, object_id)
        if not rows and not self.cloud.ec2.describe_security_groups(GroupIds=[object_id])["SecurityGroups"]:
            return None
        peers = _peers(known)
        declared = {rule.identity(): name for name, rule in known.rules.items()} if known else {}
        if known is None or known.exclusive:
            peers |= list_sizes(self.cloud, rows, peers)
        found = [(row, rule) for row in rows if (rule := read_rule(row, peers)) and self._is_of(row, rule, known)]
        # A change that was cut off leaves an old rule beside a new one of its name. Neither may hide the other.
        found.sort(key=lambda item: item[1].identity() not in declared)
        rules: dict[str, Rule] = {}
        for row, rule in found:
            name = row.get("Description") or declared.get(rule.identity()) or row["SecurityGroupRuleId"]
            rules[row["SecurityGroupRuleId"] if name in rules else name] = rule
        return SecurityGroupRulesState(
            group=named(object_id, known.group if known else None),
            rules=rules,
            exclusive=known.exclusive if known else False,
        )

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
            if identity in wanted and (own or new.exclusive or (identity in seen and not is_owned(row))):
                present[identity] = row
                adopted += [] if own else [row["SecurityGroupRuleId"]]
            elif own or new.exclusive:
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
            there = rows_of(self.cloud, object_id)
            rows = [row for row in there if state.exclusive or is_owned_by(row, self.owner)]
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
        if known.exclusive:
            return True
        if is_owned(row):
            return is_owned_by(row, self.owner)
        declared = known.rules.get(row.get("Description") or row["SecurityGroupRuleId"])
        return declared is not None and declared.identity() == rule.identity()


def _peers(known: SecurityGroupRulesArgs | None) -> dict[str, Peer]:
    """Give the groups and prefix lists that inputs name, by their ids."""
    rules = known.rules.values() if known else ()
    return {rule.peer.id: rule.peer for rule in rules if not isinstance(rule.peer, CidrPeer)}
