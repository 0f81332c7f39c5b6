from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from kubewire.cloud.adopting.balancer import by_arn, by_host_name, read_balancer
from kubewire.resources.base import Cloud

ROW: Any = {"LoadBalancerArn": "lb", "LoadBalancerName": "web", "DNSName": "Web-1.elb.amazonaws.com", "VpcId": "vpc-1"}
LISTENERS = [
    {"ListenerArn": "l-80", "Port": 80, "DefaultActions": [{"TargetGroupArn": "tg"}]},
    {
        "ListenerArn": "l-81",
        "Port": 81,
        "DefaultActions": [{"ForwardConfig": {"TargetGroups": [{"TargetGroupArn": "a"}, {"TargetGroupArn": "b"}]}}],
    },
]


@pytest.fixture
def cloud() -> Cloud:
    settings = {"Attributes": [{"Key": "key", "Value": "value"}, {"Key": "empty"}]}
    groups = [{"TargetGroupArn": arn} for arn in ("tg", "a", "b", "unused")]
    elbv2 = SimpleNamespace(
        describe_load_balancers=lambda LoadBalancerArns=("lb",): {  # noqa: N803 - boto3's
            "LoadBalancers": [ROW] if "lb" in LoadBalancerArns else []
        },
        describe_listeners=lambda **_: {"Listeners": LISTENERS},
        describe_load_balancer_attributes=lambda **_: settings,
        describe_target_groups=lambda **_: {"TargetGroups": groups},
        describe_target_group_attributes=lambda **_: settings,
        describe_tags=lambda **_: {"TagDescriptions": [{"ResourceArn": "lb", "Tags": [{"Key": "k", "Value": "v"}]}]},
    )
    ec2 = SimpleNamespace(describe_security_groups=lambda **_: {"SecurityGroups": [{"GroupId": "sg-1"}]})
    return cast("Cloud", SimpleNamespace(elbv2=elbv2, ec2=ec2))


def test_a_load_balancer_is_found_by_any_name_of_the_status(cloud: Cloud) -> None:
    assert by_host_name(cloud, ("other", "dualstack.web-1.elb.amazonaws.com")) is ROW
    assert by_host_name(cloud, ("other",)) is None
    assert by_arn(cloud, "lb") is ROW
    assert by_arn(cloud, "gone") is None


def test_what_belongs_to_it_is_read(cloud: Cloud) -> None:
    found = read_balancer(cloud, ROW)
    assert found.settings == {"key": "value", "empty": ""}
    assert found.tags == {"k": "v"}
    assert found.sent == {80: ["tg"], 81: ["a", "b"]}
    assert found.groups.keys() == {"tg", "a", "b"}
    assert found.security_groups.keys() == {"sg-1"}
    group = found.group_of(80)
    assert group is not None
    assert group.arn == "tg"
    assert found.group_of(81) is None, "no one of several is the one"
    assert found.group_of(82) is None
