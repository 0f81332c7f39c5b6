from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from kubewire.deferred import UNKNOWN
from kubewire.faults import faults
from kubewire.model import Ref
from kubewire.provider.diff import compare
from kubewire.resources.base import Owner
from kubewire.resources.elb import TransportProtocol
from kubewire.resources.health_check import HealthCheck
from kubewire.resources.target_group import Target, TargetGroup, TargetGroupArgs, TargetGroupState

ARN = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/shop-1a2b3c4d/73e2d6bc"


def target(host: int, port: int = 30080) -> Target:
    return Target(id=f"i-{host:017}", port=port)


@pytest.fixture
def args() -> TargetGroupArgs:
    return TargetGroupArgs(
        name="shop",
        vpc=Ref(name="main", id="vpc-1"),
        protocol=TransportProtocol.TCP,
        port=30080,
        targets={"node-a": target(1), "node-b": target(2)},
    )


@pytest.fixture
def state(args: TargetGroupArgs) -> TargetGroupState:
    return TargetGroupState(**dict(args), group_name="shop-1a2b3c4d")


def wire(**changed: Any) -> dict[str, Any]:
    vpc = {"name": "main", "id": UNKNOWN}
    return {"name": "shop", "vpc": vpc, "protocol": "TCP", "port": UNKNOWN, **changed}


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"name": "a--b"}, "name"),
        ({"port": 0}, "port"),
        ({"protocol": "UDP", "preserveClientIp": False}, "preserveClientIp"),
        ({"deregistrationDelaySeconds": 3601}, "deregistrationDelaySeconds"),
        ({"targets": {"node-a": {"id": "10.0.0.1", "port": 1}}}, 'targets["node-a"].id'),
        ({"targetType": "ip", "targets": {"node-a": {"id": "i-1", "port": 1}}}, 'targets["node-a"].id'),
        ({"targets": {name: {"id": "i-1", "port": 1} for name in "ab"}}, 'targets["b"]'),
        ({"targets": {"a": {"id": "i-1", "port": 1, "availabilityZone": "all"}}}, 'targets["a"].availabilityZone'),
        (
            {"targetType": "ip", "targets": {"a": {"id": "10.0.0.1", "port": 1, "availabilityZone": "eu-west-1a"}}},
            "targets.a.availabilityZone",
        ),
        ({"autoScalingGroup": "workers", "targetType": "ip"}, "targetType"),
        ({"autoScalingGroup": "workers", "targets": {"a": {"id": "i-1", "port": 1}}}, "targets"),
        ({"autoScalingGroup": ""}, "autoScalingGroup"),
        ({"healthCheck": {"matcher": "200"}}, "healthCheck.matcher"),
        ({"healthCheck": {"protocol": "HTTP", "path": "/", "matcher": "ok"}}, "healthCheck.matcher"),
        ({"healthCheck": {"protocol": "HTTP"}}, "healthCheck.path"),
        ({"healthCheck": {"path": "/"}}, "healthCheck.path"),
        ({"healthCheck": {"protocol": "HTTP", "path": "healthz"}}, "healthCheck.path"),
        ({"healthCheck": {"intervalSeconds": 5, "timeoutSeconds": 6}}, "healthCheck.timeoutSeconds"),
        ({"healthCheck": {"healthyThreshold": 1}}, "healthCheck.healthyThreshold"),
    ],
)
def test_bad_input_is_told_by_its_path(changed: dict[str, Any], path: str) -> None:
    given = wire(**changed)
    with pytest.raises(ValidationError) as caught:
        TargetGroupArgs.model_validate(given)
    assert [fault.path for fault in faults(caught.value, given)] == [path]


def test_a_preview_knows_the_names_of_targets_only() -> None:
    given = wire(targets={"node-a": {"id": UNKNOWN, "port": UNKNOWN}}, healthCheck={"port": UNKNOWN})
    args = TargetGroupArgs.model_validate(given)
    assert args.to_wire()["targets"] == {"node-a": {"id": UNKNOWN, "port": UNKNOWN}}
    assert args.to_wire()["healthCheck"]["port"] is UNKNOWN


def test_a_changed_target_shows_by_its_name(args: TargetGroupArgs) -> None:
    new = args.model_copy(update={"targets": {**args.targets, "node-b": target(3)}})
    assert list(compare(TargetGroupArgs, args.to_wire(), new.to_wire()).changes) == ['targets["node-b"].id']


def test_a_replacement_is_made_before_the_old_one_goes(args: TargetGroupArgs) -> None:
    # The listener uses the old one until it is told of the new one.
    difference = compare(TargetGroupArgs, args.to_wire(), {**args.to_wire(), "port": 30081})
    assert difference.replaces == {"port"}
    assert not difference.delete_before_replace


def test_its_name_in_aws_follows_from_what_cannot_change(cloud: Any, owner: Owner, args: TargetGroupArgs) -> None:
    cloud.elbv2.answers["create_target_group"] = {"TargetGroups": [{"TargetGroupArn": ARN}]}
    twin = args.model_copy(update={"targets": {}, "preserve_client_ip": False})
    other = args.model_copy(update={"port": 30081})
    long = args.model_copy(update={"name": "a" * 32})
    for each in (args, twin, other, long):
        TargetGroup(cloud, owner).create(each)
    TargetGroup(cloud, Owner(stack="shop/prod", resource=owner.resource)).create(args)
    first, same, *different = [asked["Name"] for _, asked in cloud.elbv2.asked]
    assert first == same
    assert len({first, *different}) == 4
    assert all(len(name) <= 32 for name in different)


def test_a_group_that_others_register_in_is_another_one(cloud: Any, owner: Owner, args: TargetGroupArgs) -> None:
    cloud.elbv2.answers["create_target_group"] = {"TargetGroups": [{"TargetGroupArn": ARN}]}
    bare = args.model_copy(update={"targets": {}})
    others = bare.model_copy(update={"auto_scaling_group": "workers"})
    for each in (bare, others):
        TargetGroup(cloud, owner).create(each)
    first, second = [asked["Name"] for _, asked in cloud.elbv2.asked]
    # The first is what kubewire has named such groups ever since.
    assert (first, first != second) == ("shop-82d11bbe", True)
    difference = compare(TargetGroupArgs, bare.to_wire(), others.to_wire())
    assert difference.replaces == {"autoScalingGroup"}
    assert not difference.delete_before_replace
    old = {key: value for key, value in bare.to_wire().items() if key != "autoScalingGroup"}
    assert not compare(TargetGroupArgs, old, bare.to_wire()).changes


def test_what_others_register_is_neither_read_nor_changed(
    cloud: Any, owner: Owner, args: TargetGroupArgs, state: TargetGroupState
) -> None:
    theirs = {"targets": {}, "auto_scaling_group": "workers"}
    cloud.elbv2.answers = described({"TargetHealthDescriptions": [health(1, "healthy")]})
    read = TargetGroup(cloud, owner).read(ARN, args.model_copy(update=theirs))
    assert read
    assert (read.auto_scaling_group, read.targets) == ("workers", {})
    cloud.elbv2.asked.clear()
    TargetGroup(cloud, owner).converge(ARN, state.model_copy(update=theirs), args.model_copy(update=theirs))
    assert cloud.elbv2.asked == []


def test_nothing_is_asked_when_nothing_changed(
    cloud: Any, owner: Owner, args: TargetGroupArgs, state: TargetGroupState
) -> None:
    TargetGroup(cloud, owner).converge(ARN, state, args)
    assert cloud.elbv2.asked == []


def test_new_targets_come_before_old_ones_go(
    cloud: Any, owner: Owner, args: TargetGroupArgs, state: TargetGroupState
) -> None:
    new = args.model_copy(update={"targets": {"node-b": target(2), "node-c": target(3), "again": target(2, 30081)}})
    TargetGroup(cloud, owner).converge(ARN, state, new)
    assert cloud.elbv2.asked == [
        (
            "register_targets",
            {
                "TargetGroupArn": ARN,
                "Targets": [{"Id": target(2).id, "Port": 30081}, {"Id": target(3).id, "Port": 30080}],
            },
        ),
        ("deregister_targets", {"TargetGroupArn": ARN, "Targets": [{"Id": target(1).id, "Port": 30080}]}),
    ]


def test_many_targets_are_few_calls(cloud: Any, owner: Owner, args: TargetGroupArgs, state: TargetGroupState) -> None:
    new = args.model_copy(update={"targets": {f"node-{host}": target(host) for host in range(1, 502)}})
    TargetGroup(cloud, owner).converge(ARN, state, new)
    assert [len(asked["Targets"]) for _, asked in cloud.elbv2.asked] == [200, 200, 99]


def test_only_changed_attributes_are_sent(
    cloud: Any, owner: Owner, args: TargetGroupArgs, state: TargetGroupState
) -> None:
    new = args.model_copy(update={"deregistration_delay_seconds": 30, "health_check": HealthCheck(interval_seconds=30)})
    TargetGroup(cloud, owner).converge(ARN, state, new)
    assert cloud.elbv2.operations == ["modify_target_group", "modify_target_group_attributes"]
    sent = cloud.elbv2.asked[1][1]["Attributes"]
    assert sent == [{"Key": "deregistration_delay.timeout_seconds", "Value": "30"}]


def health(host: int, state: str) -> dict[str, Any]:
    return {"Target": {"Id": target(host).id, "Port": 30080}, "TargetHealth": {"State": state}}


def described(health: dict[str, Any]) -> dict[str, Any]:
    """What AWS says of the group."""
    group = {
        "TargetGroupArn": ARN,
        "TargetGroupName": "shop-1a2b3c4d",
        "VpcId": "vpc-1",
        "Protocol": "TCP",
        "Port": 30080,
        "TargetType": "instance",
        "HealthCheckProtocol": "TCP",
        "HealthCheckPort": "traffic-port",
        "HealthCheckIntervalSeconds": 10,
        "HealthCheckTimeoutSeconds": 6,
        "HealthyThresholdCount": 3,
        "UnhealthyThresholdCount": 3,
    }
    attributes = {"preserve_client_ip.enabled": "true", "deregistration_delay.timeout_seconds": "300"}
    return {
        "describe_target_groups": {"TargetGroups": [group]},
        "describe_target_group_attributes": {
            "Attributes": [{"Key": key, "Value": value} for key, value in attributes.items()]
        },
        "describe_tags": {"TagDescriptions": []},
        "describe_target_health": health,
    }


def test_draining_targets_are_gone_and_strangers_show(cloud: Any, owner: Owner, args: TargetGroupArgs) -> None:
    rows = [health(1, "unhealthy"), health(2, "draining"), health(9, "healthy")]
    cloud.elbv2.answers = described({"TargetHealthDescriptions": rows})
    read = TargetGroup(cloud, owner).read(ARN, args)
    assert read
    assert read.targets == {"node-a": target(1), f"{target(9).id}:30080": target(9)}
    assert list(compare(TargetGroupArgs, read.to_wire(), args.to_wire()).changes) == [
        f'targets["{target(9).id}:30080"]',
        'targets["node-b"]',
    ]


def test_routed_addresses_are_registered_and_left_in_every_zone(
    cloud: Any, owner: Owner, state: TargetGroupState
) -> None:
    pod = {"id": "100.64.0.9", "port": 8080, "availabilityZone": "all"}
    old = TargetGroupState.model_validate({**state.to_wire(), "targetType": "ip", "targets": {"pod": pod}})
    new = old.model_copy(update={"targets": {"pod": Target.model_validate({**pod, "id": "100.64.0.10"})}})
    TargetGroup(cloud, owner).converge(ARN, old, new)
    zoned = [asked["Targets"] for _, asked in cloud.elbv2.asked]
    assert zoned == [[{"Id": f"100.64.0.{host}", "Port": 8080, "AvailabilityZone": "all"}] for host in (10, 9)]


def test_a_health_check_of_any_good_answer_is_one_form_alone() -> None:
    every = HealthCheck.model_validate({"protocol": "HTTP", "path": "/", "matcher": "200-399"})
    assert every == HealthCheck.model_validate({"protocol": "HTTP", "path": "/"})
    assert every.to_elb()["Matcher"] == {"HttpCode": "200-399"}
