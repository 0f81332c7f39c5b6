"""Target groups: made once by name and settings, changed, and kept while something uses them."""

from __future__ import annotations

from typing import Any, Final

from moto.elbv2.models import FakeTargetGroup

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.elbv2.arns import find_group
from kubewire.local.aws.elbv2.health_checks import filled, must_fit
from kubewire.local.aws.elbv2.limits import TARGET_GROUPS
from kubewire.local.aws.elbv2.protocols import DATAGRAMS, STREAMS, carried_by_network
from kubewire.local.aws.elbv2.target_group_attributes import group_defaults
from kubewire.local.aws.refusal import Refusal
from kubewire.local.aws.rules import Proceed, after, answers, before

_FIELDS: Final = {
    "HealthCheckProtocol": "health_check_protocol",
    "HealthCheckPort": "health_check_port",
    "HealthCheckEnabled": "health_check_enabled",
    "HealthCheckIntervalSeconds": "health_check_interval_seconds",
    "HealthCheckTimeoutSeconds": "health_check_timeout_seconds",
    "HealthyThresholdCount": "healthy_threshold_count",
    "UnhealthyThresholdCount": "unhealthy_threshold_count",
    "HealthCheckPath": "health_check_path",
    "Matcher": "matcher",
}
_FIXED: Final = {
    "Protocol": "protocol",
    "ProtocolVersion": "protocol_version",
    "Port": "port",
    "VpcId": "vpc_id",
    "TargetType": "target_type",
    "IpAddressType": "ip_address_type",
}
_CHECKED: Final = tuple(name for name in _FIELDS if name != "HealthCheckEnabled")


@answers("elbv2", "CreateTargetGroup")
def created(call: Call, proceed: Proceed) -> Answer:
    """Make one, or answer with the one that is there already with the same name and settings.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
    """
    given, name = dict(call.parameters), call.parameters["Name"]
    if given.get("Protocol") in STREAMS | DATAGRAMS:
        given |= filled(given)
        must_fit(given["HealthCheckTimeoutSeconds"], given["HealthCheckIntervalSeconds"])
    present = next((one for one in call.elbv2.target_groups.values() if one.name == name), None)
    if present is not None:
        if not _same(present, given):
            what = f"A target group with the same name '{name}' exists, but with different settings"
            raise Refusal("DuplicateTargetGroupName", what)
        return {"TargetGroups": [described(present)]}
    if len(call.elbv2.target_groups) >= call.limit(TARGET_GROUPS):
        raise Refusal("TooManyTargetGroups", "The maximum number of target groups has been reached")
    answer = proceed(call.with_parameters(given))
    group = find_group(call, answer["TargetGroups"][0]["TargetGroupArn"])
    if carried_by_network(group):
        _set(group, {name: given.get(name) for name in _CHECKED})
        group.attributes = group_defaults(group)
    return {"TargetGroups": [described(group)]}


@answers("elbv2", "ModifyTargetGroup")
def modified(call: Call, proceed: Proceed) -> Answer:
    """Change a group's health check. What a check of TCP doesn't have goes with the change to it.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ModifyTargetGroup.html
    """
    group = find_group(call, call.parameters["TargetGroupArn"])
    if not carried_by_network(group):
        return proceed(call)
    present = {name: value for name, value in described(group).items() if name in _CHECKED}
    wanted = filled({**present, **call.parameters})
    must_fit(wanted["HealthCheckTimeoutSeconds"], wanted["HealthCheckIntervalSeconds"])
    _set(group, {name: wanted.get(name) for name in _CHECKED})
    return {"TargetGroups": [described(group)]}


@answers("elbv2", "DescribeTargetGroups")
def listed(call: Call, proceed: Proceed) -> Answer:
    """All of them, or certain ones: none, where a load balancer uses none.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetGroups.html
    """
    arn = call.parameters.get("LoadBalancerArn")
    if arn and call.parameters.keys() == {"LoadBalancerArn"}:
        groups = [one for one in call.elbv2.target_groups.values() if arn in one.load_balancer_arns]
    else:
        groups = [find_group(call, one["TargetGroupArn"]) for one in proceed(call)["TargetGroups"]]
    return {"TargetGroups": [described(one) for one in sorted(groups, key=lambda one: one.name)]}


@before("elbv2", "DeleteTargetGroup")
def in_use(call: Call) -> None:
    """Refuse to delete a group that a listener or a rule forwards to.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteTargetGroup.html
    """
    arn = call.parameters["TargetGroupArn"]
    if find_group(call, arn).load_balancer_arns:
        raise Refusal("ResourceInUse", f"Target group '{arn}' is currently in use by a listener or a rule")


@after("elbv2", "DeleteTargetGroup")
def tags_go_with_the_group(call: Call, _answer: Answer) -> None:
    """A deleted group has no tags, which moto keeps."""
    call.elbv2.tagging_service.delete_all_tags_for_resource(call.parameters["TargetGroupArn"])


def described(group: FakeTargetGroup) -> dict[str, Any]:
    """A group as AWS describes it.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroup.html
    """
    fields = {name: getattr(group, attribute, None) for name, attribute in {**_FIXED, **_FIELDS}.items()}
    found = {name: value for name, value in fields.items() if value is not None}
    return {
        "TargetGroupArn": group.arn,
        "TargetGroupName": group.name,
        "LoadBalancerArns": list(group.load_balancer_arns),
        **found,
    }


def _set(group: FakeTargetGroup, settings: dict[str, Any]) -> None:
    for name, value in settings.items():
        setattr(group, _FIELDS[name], value)


def _same(group: FakeTargetGroup, given: dict[str, Any]) -> bool:
    """Whether a group has all the settings that are given, and the defaults where nothing is."""
    present = described(group)
    wanted = {"TargetType": "instance", "IpAddressType": "ipv4"} | {
        name: value for name, value in given.items() if name in _FIXED or name in _FIELDS
    }
    return all(str(present.get(name)) == str(value) for name, value in wanted.items())
