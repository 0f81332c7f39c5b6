"""A target group that is attached to an Auto Scaling group, which registers its machines there."""

from __future__ import annotations

from typing import Annotated

from kubewire.errors import NotFoundError, RefusedError
from kubewire.model import REPLACE, Model, Ref
from kubewire.resources.auto_scaling_groups import VALIDATION, Attached, AutoScalingGroupName, attached, detach
from kubewire.resources.base import Resource
from kubewire.resources.calls import Calls, counted
from kubewire.resources.references import named
from kubewire.resources.waiting import wait_for

ARN = "/arn:"
"""Where a group's name ends in an id: in no ARN it stands again, and no group's name has a colon.
https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html"""


class AutoScalingAttachmentArgs(Model):
    """Inputs of an attachment."""

    group: Annotated[AutoScalingGroupName, REPLACE]
    """The Auto Scaling group's name. It is somebody else's, and must be there."""
    target_group: Annotated[Ref, REPLACE]
    """The target group, of instances; its id is its ARN. Machines are registered at its port."""


class AutoScalingAttachmentState(AutoScalingAttachmentArgs):
    """What is attached."""


class AutoScalingAttachment(Resource[AutoScalingAttachmentArgs, AutoScalingAttachmentState]):
    """Has an Auto Scaling group register its machines, those that come later too, and deregister those that go.

    It is there when all machines of the group are registered. Its id is the group's name, a slash and the target
    group's ARN. It is of one target group, and never changed: a replacement is attached, the listener moves to it, and
    then the old one is detached.
    https://docs.aws.amazon.com/autoscaling/ec2/userguide/attach-load-balancer-asg.html
    """

    Args, State = AutoScalingAttachmentArgs, AutoScalingAttachmentState

    @classmethod
    def calls(cls, old: AutoScalingAttachmentState | None, new: AutoScalingAttachmentArgs) -> Calls:
        return counted("autoscaling", AttachLoadBalancerTargetGroups=old is None)

    def create(self, args: AutoScalingAttachmentArgs) -> str:
        # One that is attached stays so: what a killed run has done is done once.
        self._attach(args)
        return f"{args.group}/{args.target_group.id}"

    def read(self, object_id: str, known: AutoScalingAttachmentArgs | None) -> AutoScalingAttachmentState | None:
        group, _, rest = object_id.partition(ARN)
        arn = f"{ARN[1:]}{rest}"
        if not rest or arn not in (attached(self.cloud.autoscaling, group) or {}):
            return None
        return AutoScalingAttachmentState(group=group, target_group=named(arn, known.target_group if known else None))

    def converge(
        self, object_id: str, old: AutoScalingAttachmentState, new: AutoScalingAttachmentArgs
    ) -> AutoScalingAttachmentState:
        def registered() -> bool | None:
            state = self._state(new)
            if state is None:
                self._attach(new)
            return None if state in (None, Attached.ADDING) else True

        # It takes for ever where the group's process AddToLoadBalancer is suspended.
        what = f"the machines of Auto Scaling group {new.group} to be registered in {new.target_group.name}"
        wait_for(self.cloud.clock, what, registered)
        return AutoScalingAttachmentState(**dict(new))

    def delete(self, object_id: str, state: AutoScalingAttachmentState) -> None:
        if not detach(self.cloud.autoscaling, state.group, state.target_group.id):
            message = f"{object_id} is attached no more"
            raise NotFoundError(message, code="NotFound", operation="autoscaling:DetachLoadBalancerTargetGroups")

    def _state(self, args: AutoScalingAttachmentArgs) -> Attached | None:
        return (attached(self.cloud.autoscaling, args.group) or {}).get(args.target_group.id)

    def _attach(self, args: AutoScalingAttachmentArgs) -> None:
        api, arns = self.cloud.autoscaling, [args.target_group.id]
        try:
            api.attach_load_balancer_target_groups(AutoScalingGroupName=args.group, TargetGroupARNs=arns)
        except RefusedError as error:
            if attached(api, args.group) is not None:
                raise
            raise RefusedError(
                f"Auto Scaling group {args.group} isn't there",
                code=VALIDATION,
                operation="autoscaling:AttachLoadBalancerTargetGroups",
                detail="Make it, and run again; or take `attach` from the network's `nodes` until it is there.",
                path="nodes.group",
            ) from error
