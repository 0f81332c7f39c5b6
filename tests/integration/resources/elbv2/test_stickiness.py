from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from kubewire.cloud.aws import AwsCloud
from kubewire.faults import faults
from kubewire.model import Ref
from kubewire.provider.diff import compare
from kubewire.provider.lifecycle import Lifecycle
from kubewire.resources.base import Owner
from kubewire.resources.elb import TransportProtocol
from kubewire.resources.target_group import Stickiness, TargetGroup, TargetGroupArgs, TargetGroupState

NOBODY: frozenset[str] = frozenset()
Groups = Lifecycle[TargetGroupArgs, TargetGroupState]


@pytest.fixture
def groups(cloud: AwsCloud, owner: Owner) -> Groups:
    return Lifecycle(TargetGroup(cloud, owner))


def described(vpc: str, **more: Any) -> TargetGroupArgs:
    usual: dict[str, Any] = {"name": "shop", "vpc": Ref(name="main", id=vpc), "protocol": "TCP", "port": 30080}
    return TargetGroupArgs(**{**usual, **more})


def sticky(elbv2: Any, arn: str) -> tuple[str, str]:
    answer = elbv2.describe_target_group_attributes(TargetGroupArn=arn)["Attributes"]
    attributes = {item["Key"]: item["Value"] for item in answer}
    return attributes["stickiness.enabled"], attributes["stickiness.type"]


@pytest.mark.parametrize("protocol", ["TCP", "UDP", "TCP_UDP"])
def test_a_group_is_made_sticky_and_stops_being_so(groups: Groups, vpc: str, elbv2: Any, protocol: str) -> None:
    args = described(vpc, protocol=protocol, stickiness=Stickiness.SOURCE_IP)
    arn, state = groups.create(args, NOBODY)
    assert sticky(elbv2, arn) == ("true", "source_ip")
    assert groups.read(arn, args) == state
    changed = args.model_copy(update={"stickiness": Stickiness.OFF})
    after = groups.update(arn, state, changed)
    assert sticky(elbv2, arn) == ("false", "source_ip")
    assert groups.read(arn, changed) == after


def test_what_others_set_shows_and_goes(groups: Groups, vpc: str, elbv2: Any) -> None:
    args = described(vpc)
    arn, _ = groups.create(args, NOBODY)
    elbv2.modify_target_group_attributes(
        TargetGroupArn=arn, Attributes=[{"Key": "stickiness.enabled", "Value": "true"}]
    )
    found = groups.read(arn, args)
    assert found
    assert list(compare(TargetGroupArgs, found.to_wire(), args.to_wire()).changes) == ["stickiness"]
    groups.update(arn, found, args)
    assert sticky(elbv2, arn)[0] == "false"


def test_with_tls_it_is_refused_as_aws_refuses_it(vpc: str, elbv2: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        described(vpc, protocol=TransportProtocol.TLS, stickiness=Stickiness.SOURCE_IP)
    assert [fault.path for fault in faults(caught.value)] == ["stickiness"]
    made = elbv2.create_target_group(Name="tls", Protocol="TLS", Port=443, VpcId=vpc)["TargetGroups"][0]
    with pytest.raises(elbv2.exceptions.InvalidConfigurationRequestException, match="stickiness"):
        elbv2.modify_target_group_attributes(
            TargetGroupArn=made["TargetGroupArn"], Attributes=[{"Key": "stickiness.enabled", "Value": "true"}]
        )
