"""The machines of groups as targets: each is registered once in what is attached to its group, and goes with its end.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/attach-load-balancer-asg.html
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from moto.autoscaling.models import autoscaling_backends

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.ec2.instance_states import end
from kubewire.local.aws.elbv2.registrations import Registration, Stage, drain, follow, registrations
from kubewire.local.aws.elbv2.targets import instance_of
from kubewire.local.aws.rules import Proceed, answers, before


class State(StrEnum):
    """How a target group stands to a group.

    https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_LoadBalancerTargetGroupState.html
    """

    ADDING = "Adding"
    ADDED = "Added"
    REMOVING = "Removing"


@dataclass
class Attachment:
    """A target group of an Auto Scaling group's.

    Attributes:
        state: how far it has come.
        registered: the instances that were registered. One that somebody deregisters isn't registered again.
    """

    state: State = State.ADDING
    registered: set[str] = field(default_factory=set)


@dataclass
class Attachments:
    """What is attached: a group's name and a target group's ARN to how. moto's own would come back when detached."""

    of: defaultdict[str, dict[str, Attachment]] = field(default_factory=lambda: defaultdict(dict))


def groups_of(call: Call) -> dict[str, Any]:
    """The Auto Scaling groups by name, as moto has them."""
    backend: Any = autoscaling_backends[call.account][call.region]
    found: dict[str, Any] = backend.autoscaling_groups
    return found


def register_machines(call: Call) -> None:
    """Register the machines that groups have got, and let those drain that have ended."""
    groups = groups_of(call)
    for name, attachments in call.notes(Attachments).of.items():
        for arn, one in attachments.items():
            if name in groups and arn in call.elbv2.target_groups and one.state is not State.REMOVING:
                _register(call, groups[name], arn, one)


def _register(call: Call, group: Any, arn: str, attachment: Attachment) -> None:
    behind = call.elbv2.target_groups[arn]
    present = registrations(behind)
    running = {one.instance.id for one in group.instance_states if one.instance.state == "running"}
    for instance in sorted(running - attachment.registered):
        target = Registration(instance, int(behind.port))
        if (known := present.get((instance, target.port))) is None or known.stage is Stage.DRAINING:
            present[instance, target.port] = target
    attachment.registered |= running
    for target in list(present.values()):
        found = instance_of(call, target.id)
        if found is None or found.state == "terminated":
            drain(call, behind, target)
    follow(call, behind)


@answers("autoscaling", "SetDesiredCapacity", "UpdateAutoScalingGroup", "DeleteAutoScalingGroup")
def machines_change(call: Call, proceed: Proceed) -> Answer:
    """Register new machines, and let those end that are too many, with their interfaces; moto would leave these.

    https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-termination-policies.html
    """
    group = groups_of(call)[call.parameters["AutoScalingGroupName"]]
    interfaces_go_with_machines(call)
    former = [one.instance for one in group.instance_states]
    answer = proceed(call)
    for instance in former:
        if instance.state == "terminated":
            end(call, instance)
    register_machines(call)
    return answer


@before("elbv2", "DescribeTargetHealth")
def machines_may_have_changed(call: Call) -> None:
    """Register those that have taken the place of machines that ended in the meantime."""
    register_machines(call)


@before("ec2", "TerminateInstances")
def interfaces_go_with_machines(call: Call) -> None:
    """Let an interface that was made with a machine go with it, as by any launch; moto would leave it.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/scenarios-enis.html
    """
    for group in groups_of(call).values():
        for one in group.instance_states:
            for interface in one.instance.nics.values():
                interface.delete_on_termination = True
