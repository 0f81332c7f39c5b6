from __future__ import annotations

from typing import Any

import pytest

from kubewire.errors import CloudError, PartlyCreatedError, RefusedError
from kubewire.model import Ref
from kubewire.provider.diff import compare
from kubewire.provider.lifecycle import Lifecycle
from kubewire.resources.auto_scaling_attachment import AutoScalingAttachment, AutoScalingAttachmentArgs
from kubewire.resources.base import Owner
from tests.unit.resources.killable import Killed, Memory, Row, refused

NOBODY: frozenset[str] = frozenset()
ARN = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/shop-{}/73e2d6bc"
HTTP, OTHER = ARN.format("http"), ARN.format("other")


class GroupMemory(Memory):
    """One Auto Scaling group, as EC2 Auto Scaling keeps what is attached to it."""

    def __init__(self) -> None:
        super().__init__()
        self.there = True
        self.states: dict[str, str] = {}
        self.added = "InService"
        self.looks = 0

    def describe_load_balancer_target_groups(self, AutoScalingGroupName: str) -> Row:  # noqa: N803 - AWS's names, as below
        self._known(AutoScalingGroupName)
        self.looks += 1
        rows = [{"LoadBalancerTargetGroupARN": arn, "State": state} for arn, state in self.states.items()]
        if self.looks > 2:
            self.states = {arn: self.added if state == "Adding" else state for arn, state in self.states.items()}
        return {"LoadBalancerTargetGroups": rows}

    def attach_load_balancer_target_groups(self, AutoScalingGroupName: str, TargetGroupARNs: list[str]) -> None:  # noqa: N803 - AWS's names
        self._known(AutoScalingGroupName)
        self.changing()
        self.states |= {arn: self.states.get(arn, "Adding") for arn in TargetGroupARNs}

    def detach_load_balancer_target_groups(self, AutoScalingGroupName: str, TargetGroupARNs: list[str]) -> None:  # noqa: N803 - AWS's names
        self._known(AutoScalingGroupName)
        if not set(TargetGroupARNs) <= set(self.states):
            raise refused("ValidationError", "Trying to remove Target Groups that are not part of the group")
        self.changing()
        self.states |= dict.fromkeys(TargetGroupARNs, "Removing")

    def _known(self, group: str) -> None:
        if group != "workers" or not self.there:
            message = f"AutoScalingGroup name not found - AutoScalingGroup '{group}' not found"
            raise refused("ValidationError", message)


@pytest.fixture
def memory(cloud: Any) -> GroupMemory:
    cloud.autoscaling = GroupMemory()
    found: GroupMemory = cloud.autoscaling
    return found


@pytest.fixture
def run(cloud: Any, owner: Owner, memory: GroupMemory) -> Any:  # noqa: ARG001 - the cloud's
    return lambda: Lifecycle(AutoScalingAttachment(cloud, owner))


ARGS = AutoScalingAttachmentArgs(group="workers", target_group=Ref(name="shop-http", id=HTTP))


def test_it_is_made_when_the_machines_are_registered_and_others_are_left(run: Any, memory: GroupMemory) -> None:
    memory.states[OTHER] = "Added"
    made, state = run().create(ARGS, NOBODY)
    assert made == f"workers/{HTTP}"
    assert memory.states == {OTHER: "Added", HTTP: "InService"}
    assert not compare(AutoScalingAttachmentArgs, state.to_wire(), ARGS.to_wire()).changes
    run().delete(made, state)
    assert memory.states == {OTHER: "Added", HTTP: "Removing"}


def test_it_waits_and_gives_up_where_they_are_never_registered(run: Any, memory: GroupMemory) -> None:
    memory.added = "Adding"
    with pytest.raises(PartlyCreatedError, match="machines of Auto Scaling group workers") as caught:
        run().create(ARGS, NOBODY)
    assert caught.value.resource_id == f"workers/{HTTP}"
    memory.added = "Added"
    state = run().update(caught.value.resource_id, None, ARGS)
    assert state.group == "workers"
    assert memory.changes == 1


@pytest.mark.parametrize("state", ["Removing", "Removed", None])
def test_one_that_somebody_detached_is_gone(state: str | None, run: Any, memory: GroupMemory) -> None:
    made, known = run().create(ARGS, NOBODY)
    memory.states = {HTTP: state} if state else {}
    before = memory.changes
    assert run().read(made, ARGS) is None
    run().delete(made, known)
    assert memory.changes == before


def test_a_group_that_is_gone_is_no_error_to_what_was_attached(run: Any, memory: GroupMemory) -> None:
    made, state = run().create(ARGS, NOBODY)
    memory.there = False
    assert run().read(made, ARGS) is None
    run().delete(made, state)


def test_one_that_goes_while_it_is_detached_is_gone(run: Any, cloud: Any, owner: Owner, memory: GroupMemory) -> None:
    made, state = run().create(ARGS, NOBODY)

    def gone(**_: Any) -> None:
        raise refused("ValidationError", "Trying to remove Target Groups that are not part of the group")

    memory.detach_load_balancer_target_groups = gone  # type: ignore[method-assign,assignment]
    run().delete(made, state)

    def busy(**_: Any) -> None:
        raise refused("InstanceRefreshInProgress", "an active instance refresh already exists")

    memory.detach_load_balancer_target_groups = busy  # type: ignore[method-assign,assignment]
    with pytest.raises(RefusedError, match="instance refresh"):
        AutoScalingAttachment(cloud, owner).delete(made, state)


def test_without_the_group_it_says_what_to_do(run: Any, memory: GroupMemory) -> None:
    memory.there = False
    with pytest.raises(CloudError, match="Auto Scaling group workers isn't there") as caught:
        run().create(ARGS, NOBODY)
    assert caught.value.path == "nodes.group"
    assert "take `attach` from" in caught.value.detail


def test_what_else_is_refused_is_told(run: Any, memory: GroupMemory) -> None:
    def refuse(**_: Any) -> None:
        raise refused("AccessDenied", "not authorized")

    memory.describe_load_balancer_target_groups = refuse  # type: ignore[method-assign,assignment]
    with pytest.raises(RefusedError, match="not authorized"):
        run().read(f"workers/{HTTP}", ARGS)


@pytest.mark.parametrize("name", ["workers", "a/b", "eks-x_[1]"])
def test_it_is_imported_by_its_id(name: str, cloud: Any, owner: Owner) -> None:
    rows = [{"LoadBalancerTargetGroupARN": HTTP, "State": "InService"}]
    cloud.autoscaling.answers["describe_load_balancer_target_groups"] = {"LoadBalancerTargetGroups": rows}
    read = AutoScalingAttachment(cloud, owner).read(f"{name}/{HTTP}", None)
    assert read
    assert (read.group, read.target_group) == (name, Ref(name=HTTP, id=HTTP))
    assert AutoScalingAttachment(cloud, owner).read(name, None) is None


@pytest.mark.parametrize("changed", [{"group": "others"}, {"targetGroup": {"name": "shop-http", "id": OTHER}}])
def test_a_replacement_is_attached_before_the_old_one_goes(changed: dict[str, Any]) -> None:
    difference = compare(AutoScalingAttachmentArgs, ARGS.to_wire(), {**ARGS.to_wire(), **changed})
    assert difference.replaces
    assert not difference.delete_before_replace


def test_it_is_one_call() -> None:
    assert AutoScalingAttachment.calls(None, ARGS) == {"autoscaling:AttachLoadBalancerTargetGroups": 1}


@pytest.mark.parametrize("lost", [False, True])
def test_killed_at_the_change_the_next_run_ends_right(lost: bool, run: Any, memory: GroupMemory) -> None:  # noqa: FBT001 - pytest gives it by name
    if lost:
        # It was attached, and nobody was told.
        memory.attach_load_balancer_target_groups("workers", [HTTP])
    else:
        memory.killed_at = 0
        with pytest.raises(Killed):
            run().create(ARGS, NOBODY)
        memory.killed_at = None
    made, state = run().create(ARGS, NOBODY)
    assert run().read(made, ARGS) == state
    memory.killed_at = memory.changes
    with pytest.raises(Killed):
        run().delete(made, state)
    memory.killed_at = None
    run().delete(made, state)
    run().delete(made, state)
    assert memory.states == {HTTP: "Removing"}
