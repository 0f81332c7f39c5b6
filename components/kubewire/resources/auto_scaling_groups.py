"""Auto Scaling groups, as far as load balancers' target groups are attached to them.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/attach-load-balancer-asg.html
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Final, Protocol

from pydantic import Field

from kubewire.errors import RefusedError

AutoScalingGroupName = Annotated[str, Field(min_length=1, max_length=255)]
"""https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html"""

VALIDATION: Final = "ValidationError"
"""EC2 Auto Scaling's one code for what is wrong in a request: what isn't there is told by the words alone.
https://docs.aws.amazon.com/autoscaling/ec2/APIReference/CommonErrors.html"""
NOT_THERE: Final = "not found"
OTHERS_WORDS: Final = (NOT_THERE, "not part of")
"""How a detach is refused that somebody else did first."""


class AutoScalingApi(Protocol):
    """The calls that are made of EC2 Auto Scaling.

    https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AttachLoadBalancerTargetGroups.html
    """

    def attach_load_balancer_target_groups(
        self,
        *,
        AutoScalingGroupName: str,  # noqa: N803 - AWS's names
        TargetGroupARNs: list[str],  # noqa: N803 - as above
    ) -> object:
        """Attach target groups, ten at most; one that is attached stays so."""

    def detach_load_balancer_target_groups(self, *, AutoScalingGroupName: str, TargetGroupARNs: list[str]) -> object:  # noqa: N803 - as above
        """Detach target groups, ten at most. Each must be attached."""

    def describe_load_balancer_target_groups(self, *, AutoScalingGroupName: str) -> dict[str, Any]:  # noqa: N803 - as above
        """Give the group's target groups, with their states."""


class Attached(StrEnum):
    """How a target group stands to an Auto Scaling group.

    https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_LoadBalancerTargetGroupState.html
    """

    ADDING = "Adding"
    """The group's machines are being registered."""
    ADDED = "Added"
    """All of them are."""
    IN_SERVICE = "InService"
    """And one at least has passed its health check."""
    REMOVING = "Removing"
    """They are being deregistered: it is attached no more."""
    REMOVED = "Removed"


HELD: Final = (Attached.ADDING, Attached.ADDED, Attached.IN_SERVICE)
"""The states of what is attached."""


def attached(api: AutoScalingApi, group: str) -> dict[str, Attached] | None:
    """Give the ARNs of what is attached to an Auto Scaling group, each with its state; None if there is no such group.

    Args:
        api: EC2 Auto Scaling.
        group: its name.
    """
    try:
        answer = api.describe_load_balancer_target_groups(AutoScalingGroupName=group)
    except RefusedError as error:
        if error.code == VALIDATION and NOT_THERE in error.summary:
            return None
        raise
    rows = {row["LoadBalancerTargetGroupARN"]: row["State"] for row in answer["LoadBalancerTargetGroups"]}
    return {arn: Attached(state) for arn, state in rows.items() if state in HELD}


def detach(api: AutoScalingApi, group: str, arn: str) -> bool:
    """Detach a target group, and say whether it was attached."""
    if arn not in (attached(api, group) or {}):
        return False
    try:
        api.detach_load_balancer_target_groups(AutoScalingGroupName=group, TargetGroupARNs=[arn])
    except RefusedError as error:
        if error.code == VALIDATION and any(words in error.summary for words in OTHERS_WORDS):
            return False
        raise
    return True
