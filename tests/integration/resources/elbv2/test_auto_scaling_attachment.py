"""A target group that machines come to by themselves, on an AWS that refuses what AWS refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from kubewire.cloud.aws import AwsCloud
from kubewire.errors import CloudError, InvalidInputError, RefusedError
from kubewire.functions.get_auto_scaling_group import GetAutoScalingGroup, GetAutoScalingGroupArgs
from kubewire.model import Ref
from kubewire.provider.diff import compare
from kubewire.provider.lifecycle import Lifecycle
from kubewire.resources.auto_scaling_attachment import AutoScalingAttachment, AutoScalingAttachmentArgs
from kubewire.resources.base import Owner
from kubewire.resources.elb import TransportProtocol
from kubewire.resources.target_group import TargetGroup, TargetGroupArgs, TargetType
from tests.integration.local.aws.network import IMAGE

NOBODY: frozenset[str] = frozenset()
WORKERS = "workers"


@pytest.fixture
def autoscaling(boto: Callable[[str], Any], vpc: str) -> Any:
    """Two machines of an Auto Scaling group."""
    ec2, made = boto("ec2"), boto("autoscaling")
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    kind = {"ImageId": IMAGE, "InstanceType": "m5.large"}
    ec2.create_launch_template(LaunchTemplateName=WORKERS, LaunchTemplateData=kind)
    template = {"LaunchTemplateName": WORKERS}
    made.create_auto_scaling_group(
        AutoScalingGroupName=WORKERS, LaunchTemplate=template, MinSize=2, MaxSize=4, VPCZoneIdentifier=subnet
    )
    return made


def group(vpc: str, **changed: Any) -> TargetGroupArgs:
    fields = {
        "name": "shop",
        "vpc": Ref(name="main", id=vpc),
        "protocol": TransportProtocol.TCP,
        "port": 30080,
        "auto_scaling_group": WORKERS,
    }
    return TargetGroupArgs(**{**fields, **changed})


@pytest.fixture
def behind(cloud: AwsCloud, owner: Owner, vpc: str) -> str:
    return Lifecycle(TargetGroup(cloud, owner)).create(group(vpc), NOBODY)[0]


def described(arn: str, **changed: Any) -> AutoScalingAttachmentArgs:
    return AutoScalingAttachmentArgs(**{"group": WORKERS, "target_group": Ref(name="shop", id=arn), **changed})


def targets(elbv2: Any, arn: str) -> list[int]:
    """The ports of those that don't drain."""
    found = elbv2.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
    return [row["Target"]["Port"] for row in found if row["TargetHealth"]["State"] != "draining"]


def test_machines_come_by_themselves_and_are_no_drift(
    cloud: AwsCloud, owner: Owner, vpc: str, behind: str, autoscaling: Any, elbv2: Any
) -> None:
    run, args = Lifecycle(AutoScalingAttachment(cloud, owner)), described(behind)
    made, state = run.create(args, NOBODY)
    assert targets(elbv2, behind) == [30080, 30080]
    autoscaling.set_desired_capacity(AutoScalingGroupName=WORKERS, DesiredCapacity=3)
    assert len(targets(elbv2, behind)) == 3
    read = Lifecycle(TargetGroup(cloud, owner)).read(behind, group(vpc))
    assert read
    assert not compare(TargetGroupArgs, read.to_wire(), group(vpc).to_wire()).changes
    # A run that was killed before it could say so.
    assert run.create(args, NOBODY) == (made, state)
    assert run.read(made, None) == state.model_copy(update={"target_group": Ref(name=behind, id=behind)})
    run.delete(made, state)
    assert (targets(elbv2, behind), run.read(made, args)) == ([], None)
    run.delete(made, state)


def test_a_target_group_or_a_group_that_is_gone_is_no_error(
    cloud: AwsCloud, owner: Owner, behind: str, autoscaling: Any, elbv2: Any
) -> None:
    run, args = Lifecycle(AutoScalingAttachment(cloud, owner)), described(behind)
    made, state = run.create(args, NOBODY)
    elbv2.delete_target_group(TargetGroupArn=behind)
    run.delete(made, state)
    autoscaling.delete_auto_scaling_group(AutoScalingGroupName=WORKERS, ForceDelete=True)
    assert run.read(made, args) is None
    run.delete(made, state)


def test_a_target_group_that_a_killed_run_attached_goes_detached(
    cloud: AwsCloud, owner: Owner, vpc: str, behind: str, autoscaling: Any
) -> None:
    """The run could not say that it did, and the next program has neither of the two."""
    Lifecycle(AutoScalingAttachment(cloud, owner)).create(described(behind), NOBODY)
    groups = Lifecycle(TargetGroup(cloud, owner))
    state = groups.read(behind, group(vpc))
    assert state
    groups.delete(behind, state)
    rows = autoscaling.describe_load_balancer_target_groups(AutoScalingGroupName=WORKERS)["LoadBalancerTargetGroups"]
    assert [row["State"] for row in rows if row["State"] != "Removing"] == []
    assert groups.read(behind, group(vpc)) is None


def test_a_switch_makes_another_target_group_beside_the_old_one(
    cloud: AwsCloud, owner: Owner, vpc: str, behind: str
) -> None:
    run = Lifecycle(TargetGroup(cloud, owner))
    listed, _ = run.create(group(vpc, auto_scaling_group=None), frozenset({behind}))
    assert listed != behind
    assert run.create(group(vpc), NOBODY)[0] == behind


def test_what_aws_refuses_is_told(cloud: AwsCloud, owner: Owner, vpc: str, behind: str, autoscaling: Any) -> None:
    assert autoscaling
    run = Lifecycle(AutoScalingAttachment(cloud, owner))
    with pytest.raises(CloudError, match="Auto Scaling group others isn't there") as caught:
        run.create(described(behind, group="others"), NOBODY)
    assert caught.value.path == "nodes.group"
    addresses = group(vpc, name="pods", target_type=TargetType.IP, auto_scaling_group=None)
    pods, _ = Lifecycle(TargetGroup(cloud, owner)).create(addresses, NOBODY)
    with pytest.raises(RefusedError, match="must have 'instance'"):
        run.create(described(pods), NOBODY)


def test_a_plan_asks_for_the_group_that_is_attached_alone(cloud: AwsCloud, autoscaling: Any) -> None:
    assert autoscaling
    ask = GetAutoScalingGroup(cloud).run
    assert len(ask(GetAutoScalingGroupArgs(name=WORKERS, attaches=True)).machines) == 2
    assert ask(GetAutoScalingGroupArgs(name="others")).machines == ()
    with pytest.raises(InvalidInputError, match="there is no Auto Scaling group others") as caught:
        ask(GetAutoScalingGroupArgs(name="others", attaches=True))
    assert caught.value.path == "name"
