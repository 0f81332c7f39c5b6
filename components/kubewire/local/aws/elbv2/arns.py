"""ARNs in calls: each must be one of its kind, and name something that is there."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from moto.elbv2.models import FakeListener, FakeLoadBalancer, FakeTargetGroup

from kubewire.local.aws.call import Call
from kubewire.local.aws.refusal import Refusal
from kubewire.local.aws.rules import exists

_ARN: Final = re.compile(r"arn:[a-z-]+:elasticloadbalancing:[a-z0-9-]+:\d{12}:(?P<kind>[a-z-]+)/\S+")
_WORDS: Final = {
    "loadbalancer": "load balancer",
    "targetgroup": "target group",
    "listener": "listener",
    "listener-rule": "rule",
}


def find_balancer(call: Call, arn: str) -> FakeLoadBalancer:
    """The load balancer of an ARN.

    Raises:
        Refusal: it names none.
    """
    found: FakeLoadBalancer = _found(call, "loadbalancer", arn)
    return found


def find_group(call: Call, arn: str) -> FakeTargetGroup:
    """The target group of an ARN.

    Raises:
        Refusal: it names none.
    """
    found: FakeTargetGroup = _found(call, "targetgroup", arn)
    return found


def find_listener(call: Call, arn: str) -> FakeListener:
    """The listener of an ARN.

    Raises:
        Refusal: it names none.
    """
    found: FakeListener = _found(call, "listener", arn)
    return found


@exists("elbv2", "LoadBalancerArn", "LoadBalancerArns")
def balancer_exists(call: Call, arn: str) -> None:
    """Refuse an ARN of no load balancer, unless it is to be deleted: then it is as wanted already.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteLoadBalancer.html
    """
    _must_be("loadbalancer", arn)
    if call.operation != "DeleteLoadBalancer":
        find_balancer(call, arn)


@exists("elbv2", "TargetGroupArn", "TargetGroupArns")
def group_exists(call: Call, arn: str) -> None:
    """Refuse an ARN of no target group.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetGroups.html
    """
    _must_be("targetgroup", arn)
    find_group(call, arn)


@exists("elbv2", "ListenerArn", "ListenerArns")
def listener_exists(call: Call, arn: str) -> None:
    """Refuse an ARN of no listener.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeListeners.html
    """
    _must_be("listener", arn)
    find_listener(call, arn)


@exists("elbv2", "RuleArn", "RuleArns")
def rule_exists(call: Call, arn: str) -> None:
    """Refuse an ARN of no rule.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeRules.html
    """
    _must_be("listener-rule", arn)
    _found(call, "listener-rule", arn)


@exists("elbv2", "ResourceArns")
def resource_exists(call: Call, arn: str) -> None:
    """Refuse an ARN of nothing that has tags.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_AddTags.html
    """
    kind = _kind(arn)
    if kind not in _WORDS:
        raise Refusal("ValidationError", f"'{arn}' is not a valid resource ARN")
    _found(call, kind, arn)


def _kind(arn: str) -> str | None:
    parsed = _ARN.fullmatch(arn)
    return parsed["kind"] if parsed else None


def _must_be(kind: str, arn: str) -> None:
    if _kind(arn) != kind:
        raise Refusal("ValidationError", f"'{arn}' is not a valid {_WORDS[kind]} ARN")


def _found(call: Call, kind: str, arn: str) -> Any:
    present = _PRESENT[kind](call).get(arn)
    if present is None:
        raise _missing(call, kind, arn)
    return present


def _listeners(call: Call) -> dict[str, FakeListener]:
    return {arn: one for balancer in call.elbv2.load_balancers.values() for arn, one in balancer.listeners.items()}


def _rules(call: Call) -> dict[str, Any]:
    return {one.arn: one for listener in _listeners(call).values() for one in listener.rules.values()}


_PRESENT: Final[dict[str, Callable[[Call], dict[str, Any]]]] = {
    "loadbalancer": lambda call: dict(call.elbv2.load_balancers),
    "targetgroup": lambda call: dict(call.elbv2.target_groups),
    "listener": _listeners,
    "listener-rule": _rules,
}
_CODES: Final = {
    "loadbalancer": "LoadBalancerNotFound",
    "targetgroup": "TargetGroupNotFound",
    "listener": "ListenerNotFound",
    "listener-rule": "RuleNotFound",
}


def _missing(call: Call, kind: str, arn: str) -> Refusal:
    """Lists don't say which one is missing, other operations do."""
    code = _CODES[kind]
    if f"{code.removesuffix('NotFound')}Arns" in call.parameters:
        return Refusal(code, f"One or more {_WORDS[kind]}s not found")
    return Refusal(code, f"{_WORDS[kind].capitalize()} '{arn}' not found")
