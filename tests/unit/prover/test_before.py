"""What a plan says there is before it is applied."""

from __future__ import annotations

import pytest

from kubewire.errors import InvalidInputError
from kubewire.prover.difference.difference import difference
from kubewire.prover.from_plan.facts import before_plan, from_plan, from_state
from tests.unit.prover.engine import Plan, text, verdicts


def test_it_is_what_the_state_says() -> None:
    before, state = before_plan(text("change")), from_state(text("state"))
    assert [found.flows for found in difference(state, before)] == [()]
    assert verdicts(before) == verdicts(state)


def test_a_new_stack_has_nothing_before() -> None:
    assert before_plan(text("create")).clusters == ()


def test_what_is_deleted_is_there_before_and_not_after() -> None:
    plan = Plan("change")
    for step in plan.document["steps"]:
        if step["urn"].endswith("SecurityGroupRules::shop.shop.frontend-admin.nodes"):
            step["op"] = "delete"
            del step["newState"]
    plan.recount()
    before, after = before_plan(plan.text()), from_plan(plan.text())
    sides = {"was": before, "is": after}
    assert before_plan(text("change")) == before
    said = {side: [rule.name for rule in facts.groups["shop-nodes"].rules] for side, facts in sides.items()}
    assert "shop/frontend-admin:http from 10.8.0.0/16" in said["was"]
    assert not [name for name in said["is"] if "frontend-admin" in name]


def test_what_waits_to_be_deleted_is_no_longer_there() -> None:
    plan = Plan("change")
    old = next(step["oldState"] for step in plan.document["steps"] if step["urn"].endswith("ClusterNetwork::shop"))
    old["delete"] = True
    assert before_plan(plan.text()).clusters == ()


def test_half_a_plan_says_nothing_of_what_was() -> None:
    with pytest.raises(InvalidInputError, match="the plan is no JSON"):
        before_plan(text("change")[:-9])
    plan = Plan("change")
    plan.document["steps"] = [step for step in plan.document["steps"] if step["op"] != "same"]
    with pytest.raises(InvalidInputError, match="leaves out"):
        before_plan(plan.text())
