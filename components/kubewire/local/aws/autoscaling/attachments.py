"""Which target groups are attached to an Auto Scaling group, and which can be."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any, Final

from kubewire.local.aws.autoscaling.machines import Attachment, Attachments, State, groups_of, register_machines
from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.durations import duration
from kubewire.local.aws.elbv2.registrations import drain, registrations
from kubewire.local.aws.quotas import quota
from kubewire.local.aws.refusal import Refusal
from kubewire.local.aws.rules import Proceed, answers, before, exists

MOST_AT_ONCE: Final = 10
"""https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AttachLoadBalancerTargetGroups.html"""
_STATES: Final = "https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_LoadBalancerTargetGroupState.html"
TARGET_GROUPS: Final = quota(
    "target-groups-per-auto-scaling-group",
    default=50,
    page="https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-quotas.html",
)
ADDED: Final = duration("auto-scaling.added", aws=15.0, page=_STATES)
REMOVED: Final = duration("auto-scaling.removed", aws=300.0, page=_STATES)


@exists("autoscaling", "AutoScalingGroupName")
def group_exists(call: Call, name: str) -> None:
    """Refuse the name of no group, unless it is to be made.

    https://docs.aws.amazon.com/autoscaling/ec2/APIReference/CommonErrors.html
    """
    if call.operation != "CreateAutoScalingGroup" and name not in groups_of(call):
        message = f"AutoScalingGroup name not found - AutoScalingGroup '{name}' not found"
        raise Refusal("ValidationError", message)


@before("autoscaling", "AttachLoadBalancerTargetGroups", "DetachLoadBalancerTargetGroups")
def few_at_once(call: Call) -> None:
    """Refuse more than ten in one call; our words.

    https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AttachLoadBalancerTargetGroups.html
    """
    if len(call.parameters["TargetGroupARNs"]) > MOST_AT_ONCE:
        raise Refusal("ValidationError", f"You can specify up to {MOST_AT_ONCE} target groups")


@before("autoscaling", "AttachLoadBalancerTargetGroups")
def can_be_attached(call: Call) -> None:
    """Refuse target groups that aren't there, have no instances as targets, or are of another VPC.

    AWS's page says what it takes; of the refusals, the words of the last two are ours.
    https://docs.aws.amazon.com/autoscaling/ec2/userguide/getting-started-elastic-load-balancing.html
    """
    group = groups_of(call)[call.parameters["AutoScalingGroupName"]]
    for arn in call.parameters["TargetGroupARNs"]:
        behind = call.elbv2.target_groups.get(arn)
        if behind is None:
            message = "Provided Target Groups may not be valid. Please ensure they exist and try again."
            raise Refusal("ValidationError", message)
        if behind.target_type != "instance":
            message = f"Target group '{arn}' has the target type '{behind.target_type}', and must have 'instance'"
            raise Refusal("ValidationError", message)
        if {behind.vpc_id} != set(_vpcs(call, group)):
            raise Refusal("ValidationError", f"Target group '{arn}' is not in the VPC of the Auto Scaling group")


@before("autoscaling", "AttachLoadBalancerTargetGroups")
def quota_of_target_groups(call: Call) -> None:
    """Refuse more than a group takes; our words.

    https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-quotas.html
    """
    held = {arn for arn, one in _attached(call).items() if one.state is not State.REMOVING}
    if len(held.union(call.parameters["TargetGroupARNs"])) > call.limit(TARGET_GROUPS):
        raise Refusal("LimitExceeded", f"An Auto Scaling group takes up to {call.limit(TARGET_GROUPS)} target groups")


@before("autoscaling", "DetachLoadBalancerTargetGroups")
def can_be_detached(call: Call) -> None:
    """Refuse target groups that aren't attached.

    https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DetachLoadBalancerTargetGroups.html
    """
    present = _attached(call)
    if not all(
        arn in present and present[arn].state is not State.REMOVING for arn in call.parameters["TargetGroupARNs"]
    ):
        message = "Trying to remove Target Groups that are not part of the group"
        raise Refusal("ValidationError", message)


@answers("autoscaling", "AttachLoadBalancerTargetGroups")
def attached(call: Call, _proceed: Proceed) -> Answer:
    """Attach them, and register the group's machines. One that is attached stays as it is.

    https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AttachLoadBalancerTargetGroups.html
    """
    present = _attached(call)
    for arn in call.parameters["TargetGroupARNs"]:
        if arn not in present or present[arn].state is State.REMOVING:
            present[arn] = new = Attachment()
            call.later(ADDED, partial(_added, new))
    register_machines(call)
    return {}


@answers("autoscaling", "DetachLoadBalancerTargetGroups")
def detached(call: Call, _proceed: Proceed) -> Answer:
    """Detach them, and let the machines drain that were registered for it. A target group may be gone.

    https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DetachLoadBalancerTargetGroups.html
    """
    present = _attached(call)
    for arn in call.parameters["TargetGroupARNs"]:
        old = present[arn]
        old.state = State.REMOVING
        call.later(REMOVED, partial(_removed, present, arn, old))
        if behind := call.elbv2.target_groups.get(arn):
            for one in [one for one in registrations(behind).values() if one.id in old.registered]:
                drain(call, behind, one)
    return {}


@answers("autoscaling", "DescribeLoadBalancerTargetGroups")
def described(call: Call, _proceed: Proceed) -> Answer:
    """Every target group with its state, those that are being removed among them.

    https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeLoadBalancerTargetGroups.html
    """
    rows = [{"LoadBalancerTargetGroupARN": arn, "State": one.state.value} for arn, one in _attached(call).items()]
    return {"LoadBalancerTargetGroups": rows}


def _attached(call: Call) -> dict[str, Attachment]:
    return call.notes(Attachments).of[call.parameters["AutoScalingGroupName"]]


def _added(one: Attachment) -> None:
    if one.state is State.ADDING:
        one.state = State.ADDED


def _removed(present: dict[str, Attachment], arn: str, one: Attachment) -> None:
    # It may have been attached again meanwhile, as another one.
    if present.get(arn) is one:
        del present[arn]


def _vpcs(call: Call, group: Any) -> Iterator[str]:
    for subnet in (group.vpc_zone_identifier or "").split(","):
        yield str(call.ec2.get_subnet(subnet).vpc_id)
