"""The instances of an Auto Scaling group."""

from __future__ import annotations

from kubewire.errors import InvalidInputError
from kubewire.functions.base import Function
from kubewire.functions.machines import ExistingMachine, described, machine_fields
from kubewire.model import Model
from kubewire.resources.auto_scaling_groups import AutoScalingGroupName, attached

GROUP_TAG = "aws:autoscaling:groupName"
"""EC2 Auto Scaling's mark on its instances:
https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-tagging.html."""
IN_SERVICE = ("pending", "running")


class GetAutoScalingGroupArgs(Model):
    """Which group."""

    name: AutoScalingGroupName
    """Its name, to the letter."""
    attaches: bool = False
    """Whether target groups are to be attached to it: then it must be there."""


class GetAutoScalingGroupResult(Model):
    """A group's instances as they are.

    Without any, it may be a group that is scaled to none or one that doesn't exist: EC2 knows a group by its instances
    alone. Auto Scaling is asked only where target groups are attached: a network needs its permissions for nothing
    else.
    """

    machines: tuple[ExistingMachine, ...]
    """Those that run or are about to, by instance id."""


class GetAutoScalingGroup(Function[GetAutoScalingGroupArgs, GetAutoScalingGroupResult]):
    """Looks up the running instances of an Auto Scaling group, by the tag that it puts on them."""

    Args, Result = GetAutoScalingGroupArgs, GetAutoScalingGroupResult

    def run(self, args: GetAutoScalingGroupArgs) -> GetAutoScalingGroupResult:
        if args.attaches and attached(self.cloud.autoscaling, args.name) is None:
            detail = "Make it, or take `attach` away until it is there: each update registers its machines then."
            raise InvalidInputError(f"there is no Auto Scaling group {args.name}", detail=detail, path="name")
        found = described(self.cloud, {"tag-key": [GROUP_TAG], "instance-state-name": IN_SERVICE})
        # The name is compared here, to the letter: in a filter, `*` and `?` stand for any text.
        mine = [item for item in found if {"Key": GROUP_TAG, "Value": args.name} in item.get("Tags", [])]
        fields = [machine_fields(instance) for instance in mine]
        machines = [ExistingMachine.model_validate(row) for row in fields if row is not None]
        return GetAutoScalingGroupResult(machines=tuple(sorted(machines, key=lambda machine: machine.instance)))
