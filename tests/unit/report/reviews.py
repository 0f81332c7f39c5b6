"""Reviews of what the real engine printed, for tests to look at."""

from __future__ import annotations

from datetime import date
from functools import cache

from kubewire.prover.facts.facts import Facts
from kubewire.prover.from_plan.facts import before_plan, from_plan
from kubewire.report.build import Asked, Reviewed, review
from kubewire.report.policy import Policy
from kubewire.report.policy_file import read_policy
from tests.unit.prover.engine import Plan

TODAY = date(2026, 11, 23)
OPENED = "SecurityGroupRules::shop.shop.frontend-admin.nodes"
TABLE = "RouteTable::shop-private-eu-west-1b"
FORECAST = (
    "To create and change, the apply makes 1,062 AWS calls and takes 11 min 30 s at least under AWS's throttles "
    "(ec2:CreateRoute 3,000: 11 min 30 s). Quotas: elastic addresses 1 of 5 (live), routes per table 4 of 500 "
    "(default), subnets per VPC 6 of 1,200 (declared).\n"
)
DENYING = "exposures: {sources: [internet, other-networks, vpc]}\n"


def asked(plan: str, policy: str | None = None, *, strict: bool = False, today: date = TODAY) -> Asked:
    """Ask for a review of a plan, under a policy if there is one."""
    allowed: Policy | None = None if policy is None else read_policy(policy, "policy.yaml")
    return Asked(plan, before_plan(plan), from_plan(plan), "dev", allowed, "policy.yaml", today, strict)


def of_plan(plan: str, policy: str | None = None, *, strict: bool = False, today: date = TODAY) -> Reviewed:
    """Review a plan."""
    return review(asked(plan, policy, strict=strict, today=today))


@cache
def change() -> Reviewed:
    """Review the change of the tests' plans, with what it costs."""
    plan = Plan("change")
    plan.document["diagnostics"] = [{"severity": "info", "message": FORECAST}]
    return of_plan(plan.text(), DENYING)


def broken_plan() -> Plan:
    """Give a plan of a new network that lacks a route."""
    plan = Plan("create")
    del plan.inputs(TABLE)["routes"]["100.64.0.0/24"]
    return plan


@cache
def broken() -> Reviewed:
    """Review it."""
    return of_plan(broken_plan().text())


def of_facts(before: Facts | None, after: Facts, policy: str | None = None) -> Reviewed:
    """Review facts that no engine printed."""
    plan = '{"steps": [], "changeSummary": {}}'
    allowed = None if policy is None else read_policy(policy, "policy.yaml")
    return review(Asked(plan, before, after, "dev", allowed, "policy.yaml", TODAY, strict=False))
