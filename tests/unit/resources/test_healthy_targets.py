from __future__ import annotations

from typing import Any

import pytest

from kubewire.errors import NotFoundError, RefusedError
from kubewire.model import Ref
from kubewire.provider.diff import compare
from kubewire.resources.base import Owner
from kubewire.resources.healthy_targets import HealthyTargets, HealthyTargetsArgs, HealthyTargetsState
from kubewire.resources.target_group import Target

ARN = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/shop-1a2b3c4d/73e2d6bc"


def target(host: int) -> Target:
    return Target(id=f"100.64.0.{host}", port=8080, availability_zone="all")


@pytest.fixture
def args() -> HealthyTargetsArgs:
    targets = {f"pod-{host}": target(host) for host in (1, 2)}
    return HealthyTargetsArgs(target_group=Ref(name="shop", id=ARN), targets=targets, timeout_seconds=20)


@pytest.fixture
def state(args: HealthyTargetsArgs) -> HealthyTargetsState:
    return HealthyTargetsState(**dict(args))


def healths(*states: str) -> dict[str, Any]:
    return {
        "TargetHealthDescriptions": [
            {
                "Target": {"Id": f"100.64.0.{host}", "Port": 8080},
                "TargetHealth": {"State": one} | ({} if one == "healthy" else {"Description": "Health checks failed"}),
            }
            for host, one in enumerate(states, start=1)
        ]
    }


def test_it_ends_when_all_are_healthy(
    cloud: Any, owner: Owner, args: HealthyTargetsArgs, state: HealthyTargetsState
) -> None:
    answers = iter([healths("initial", "initial"), healths("healthy", "initial"), healths("healthy", "healthy")])
    cloud.elbv2.answers["describe_target_health"] = lambda **_: next(answers)
    assert HealthyTargets(cloud, owner).converge(ARN, state, args) == state
    assert cloud.clock.now == pytest.approx(4.0)
    _, asked = cloud.elbv2.asked[0]
    assert asked["Targets"][0] == {"Id": "100.64.0.1", "Port": 8080, "AvailabilityZone": "all"}


def test_it_gives_up_with_aws_reasons(
    cloud: Any, owner: Owner, args: HealthyTargetsArgs, state: HealthyTargetsState
) -> None:
    cloud.elbv2.answers["describe_target_health"] = healths("healthy", "unhealthy")
    with pytest.raises(RefusedError, match=r"1 of 2 targets of shop .* 100.64.0.2 is unhealthy") as caught:
        HealthyTargets(cloud, owner).converge(ARN, state, args)
    assert "Health checks failed" in str(caught.value)


def test_those_that_an_auto_scaling_group_has_registered_are_waited_for(
    cloud: Any, owner: Owner, args: HealthyTargetsArgs, state: HealthyTargetsState
) -> None:
    theirs = args.model_copy(update={"targets": {}, "auto_scaling_group": "workers"})
    answers = iter([healths("initial", "draining"), healths("healthy", "draining")])
    cloud.elbv2.answers["describe_target_health"] = lambda **_: next(answers)
    HealthyTargets(cloud, owner).converge(ARN, state, theirs)
    assert cloud.elbv2.asked[0] == ("describe_target_health", {"TargetGroupArn": ARN})
    cloud.elbv2.answers["describe_target_health"] = healths("unhealthy", "healthy")
    with pytest.raises(RefusedError, match="1 targets of shop are not healthy"):
        HealthyTargets(cloud, owner).converge(ARN, state, theirs)


def test_many_that_are_not_healthy_are_counted(
    cloud: Any, owner: Owner, args: HealthyTargetsArgs, state: HealthyTargetsState
) -> None:
    cloud.elbv2.answers["describe_target_health"] = healths(*["unhealthy"] * 5)
    with pytest.raises(RefusedError, match="; 2 more"):
        HealthyTargets(cloud, owner).converge(ARN, state, args)


def test_without_targets_nothing_is_waited_for_or_asked(cloud: Any, owner: Owner, state: HealthyTargetsState) -> None:
    none = HealthyTargetsArgs(target_group=state.target_group)
    HealthyTargets(cloud, owner).converge(ARN, state, none)
    assert cloud.elbv2.asked == []


def test_other_targets_are_waited_for_in_place_and_another_group_is_another_wait(args: HealthyTargetsArgs) -> None:
    other = args.model_copy(update={"targets": {"pod-3": target(3)}})
    assert not compare(HealthyTargetsArgs, args.to_wire(), other.to_wire()).replaces
    moved = args.model_copy(update={"target_group": Ref(name="new", id=f"{ARN}2")})
    assert compare(HealthyTargetsArgs, args.to_wire(), moved.to_wire()).replaces == {"targetGroup"}


def test_it_is_there_as_long_as_its_group_is(cloud: Any, owner: Owner, args: HealthyTargetsArgs) -> None:
    cloud.elbv2.answers["describe_target_groups"] = {"TargetGroups": [{"TargetGroupArn": ARN}]}
    kind = HealthyTargets(cloud, owner)
    assert kind.create(args) == ARN
    assert kind.read(ARN, args) == HealthyTargetsState(**dict(args))
    assert kind.read(ARN, None) is None
    cloud.elbv2.answers["describe_target_groups"] = {"TargetGroups": []}
    assert kind.read(ARN, args) is None


def test_it_counts_no_calls_and_removes_nothing(cloud: Any, owner: Owner, args: HealthyTargetsArgs) -> None:
    state = HealthyTargetsState(**dict(args))
    assert not HealthyTargets.calls(None, args)
    with pytest.raises(NotFoundError):
        HealthyTargets(cloud, owner).delete(ARN, state)
    assert cloud.elbv2.asked == []
