"""Which load balancers use a target group: those that have a listener or a rule that forwards to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from moto.elbv2.models import FakeLoadBalancer, FakeTargetGroup

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.elbv2.registrations import follow
from kubewire.local.aws.rules import after


def groups_in(actions: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The ARNs of the target groups that actions name, in either of the two ways."""
    for action in actions:
        if "TargetGroupArn" in action:
            yield action["TargetGroupArn"]
        for one in action.get("ForwardConfig", {}).get("TargetGroups", ()):
            if one.get("TargetGroupArn") != action.get("TargetGroupArn"):
                yield one["TargetGroupArn"]


def users(call: Call, group: FakeTargetGroup) -> list[FakeLoadBalancer]:
    """The load balancers that use a group."""
    return [one for one in call.elbv2.load_balancers.values() if group.arn in _used_by(one)]


@after("elbv2", "CreateRule", "ModifyRule", "DeleteRule", "DeleteListener")
def rules_change_use(call: Call, _answer: Answer) -> None:
    """A rule more or less is a use more or less."""
    relink(call)


def relink(call: Call) -> None:
    """Bring what groups know of their load balancers up to date: moto adds, and never takes away.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroup.html (LoadBalancerArns)
    """
    used: dict[str, list[str]] = {}
    for balancer in call.elbv2.load_balancers.values():
        for group_arn in sorted(_used_by(balancer)):
            used.setdefault(group_arn, []).append(balancer.arn)
    for group in call.elbv2.target_groups.values():
        group.load_balancer_arns = used.get(group.arn, [])
        follow(call, group)


def _used_by(balancer: FakeLoadBalancer) -> set[str]:
    listeners = balancer.listeners.values()
    return {
        arn
        for listener in listeners
        for rule in listener.rules.values()
        for arn in groups_in(action.data for action in rule.actions)
    }
