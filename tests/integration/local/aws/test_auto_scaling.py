"""Target groups that are attached to Auto Scaling groups, and the machines that are registered there."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.local.aws.case import Case, Service, Step, advance, config, ec2, elbv2
from tests.integration.local.aws.elbv2_steps import (
    ADDRESSES,
    BALANCER,
    GROUP,
    HEALTH,
    LISTENER,
    NO_GROUP,
    PLACE,
    STATES,
    deregister,
    group,
    healths,
)
from tests.integration.local.aws.network import IMAGE

API = "https://docs.aws.amazon.com/autoscaling/ec2/APIReference"
GUIDE = "https://docs.aws.amazon.com/autoscaling/ec2/userguide/attach-load-balancer-asg.html"
ATTACH, DETACH = f"{API}/API_AttachLoadBalancerTargetGroups.html", f"{API}/API_DetachLoadBalancerTargetGroups.html"
LIST = f"{API}/API_DescribeLoadBalancerTargetGroups.html"
autoscaling = Service("autoscaling")

TEMPLATE = ec2.create_launch_template(
    LaunchTemplateName="workers", LaunchTemplateData={"ImageId": IMAGE, "InstanceType": "m5.large"}
)
WORKERS = autoscaling.create_auto_scaling_group(
    AutoScalingGroupName="workers",
    LaunchTemplate={"LaunchTemplateName": "workers", "Version": "$$Latest"},
    MinSize=2,
    MaxSize=4,
    VPCZoneIdentifier="$a,$b",
)
THERE = (*PLACE, GROUP, TEMPLATE, WORKERS)
NOT_FOUND = ("ValidationError", "AutoScalingGroup name not found - AutoScalingGroup 'others' not found")
INVALID = ("ValidationError", "Provided Target Groups may not be valid. Please ensure they exist and try again.")
INTERFACES = ec2.describe_network_interfaces(Filters=[{"Name": "vpc-id", "Values": ["$vpc"]}])


def attach(*groups: str, to: str = "workers") -> Step:
    return autoscaling.attach_load_balancer_target_groups(AutoScalingGroupName=to, TargetGroupARNs=list(groups))


def detach(*groups: str) -> Step:
    return autoscaling.detach_load_balancer_target_groups(AutoScalingGroupName="workers", TargetGroupARNs=list(groups))


def attached(*states: tuple[str, str]) -> Step:
    rows = [{"LoadBalancerTargetGroupARN": arn, "State": state} for arn, state in states]
    listed = autoscaling.describe_load_balancer_target_groups(AutoScalingGroupName="workers")
    return listed.answers({"LoadBalancerTargetGroups": rows})


def desired(number: int) -> Step:
    return autoscaling.set_desired_capacity(AutoScalingGroupName="workers", DesiredCapacity=number)


CASES = [
    Case(
        "machines that are there and those that come are registered at the target group's port",
        GUIDE,
        *THERE,
        attach("$group"),
        HEALTH.answers({"TargetHealthDescriptions[].Target.Port": [80, 80]}),
        desired(3),
        HEALTH.answers({"length(TargetHealthDescriptions)": 3}),
        attach("$group").answers({}),
        HEALTH.answers({"length(TargetHealthDescriptions)": 3}),
    ),
    Case(
        "a machine that comes is checked as any other target",
        GUIDE,
        config(pace="aws"),
        *PLACE,
        BALANCER,
        GROUP,
        LISTENER,
        TEMPLATE,
        WORKERS,
        attach("$group"),
        desired(3),
        healths("initial", "initial", "initial"),
    ),
    Case(
        "a machine that ends goes, and the one in its place comes",
        GUIDE,
        *THERE,
        attach("$group"),
        HEALTH.keep(one="TargetHealthDescriptions[0].Target.Id"),
        ec2.terminate_instances(InstanceIds=["$one"]),
        HEALTH.answers({"length(TargetHealthDescriptions)": 2}),
        INTERFACES.answers({"length(NetworkInterfaces)": 2}),
    ),
    Case(
        "a group that is made smaller has fewer",
        GUIDE,
        *THERE,
        attach("$group"),
        desired(3),
        autoscaling.update_auto_scaling_group(AutoScalingGroupName="workers", MinSize=1, DesiredCapacity=1),
        HEALTH.answers({"length(TargetHealthDescriptions)": 1}),
        INTERFACES.answers({"length(NetworkInterfaces)": 1}),
    ),
    Case(
        "one that somebody deregistered stays away until the group is attached anew",
        GUIDE,
        *THERE,
        attach("$group"),
        HEALTH.keep(one="TargetHealthDescriptions[0].Target.Id"),
        deregister("$one"),
        desired(3),
        HEALTH.answers({"length(TargetHealthDescriptions)": 2}),
        detach("$group"),
        attach("$group"),
        HEALTH.answers({"length(TargetHealthDescriptions)": 3}),
    ),
    Case(
        "it is being added, and then it is",
        LIST,
        config(pace="aws"),
        *THERE,
        attach("$group"),
        attached(("$group", "Adding")),
        advance(20),
        attached(("$group", "Added")),
        detach("$group"),
        attached(("$group", "Removing")),
        HEALTH.answers({STATES: ["draining", "draining"]}),
        attach("$group"),
        attached(("$group", "Adding")),
        advance(400),
        attached(("$group", "Added")),
        detach("$group"),
        advance(400),
        attached(),
    ),
    Case(
        "what is detached gets no more machines",
        DETACH,
        *THERE,
        attach("$group"),
        detach("$group"),
        HEALTH.answers({"TargetHealthDescriptions": []}),
        desired(3),
        HEALTH.answers({"TargetHealthDescriptions": []}),
        attached(),
    ),
    Case(
        "a target group that is gone is still detached",
        DETACH,
        *THERE,
        attach("$group"),
        elbv2.delete_target_group(TargetGroupArn="$group"),
        desired(3),
        detach("$group"),
        attached(),
    ),
    Case(
        "what isn't attached",
        DETACH,
        *THERE,
        detach("$group").refused("ValidationError", "Trying to remove Target Groups that are not part of the group"),
    ),
    Case("no such group", ATTACH, *THERE, attach("$group", to="others").refused(*NOT_FOUND)),
    Case(
        "the list of no group",
        LIST,
        autoscaling.describe_load_balancer_target_groups(AutoScalingGroupName="others").refused(*NOT_FOUND),
    ),
    Case("no such target group", ATTACH, *THERE, attach(NO_GROUP).refused(*INVALID), attached()),
    Case(
        "addresses",
        ATTACH,
        *PLACE,
        ADDRESSES,
        TEMPLATE,
        WORKERS,
        attach("$group").refused(
            "ValidationError", "Target group '$group' has the target type 'ip', and must have 'instance'"
        ),
    ),
    Case(
        "another VPC",
        ATTACH,
        *THERE,
        ec2.create_vpc(CidrBlock="10.1.0.0/16").keep(other="Vpc.VpcId"),
        group("elsewhere", keep="elsewhere", VpcId="$other"),
        attach("$elsewhere").refused(
            "ValidationError", "Target group '$elsewhere' is not in the VPC of the Auto Scaling group"
        ),
    ),
    Case(
        "more than ten at once",
        ATTACH,
        *THERE,
        attach(*["$group"] * 11).refused("ValidationError", "You can specify up to 10 target groups"),
    ),
    Case(
        "more than a group takes",
        "https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-quotas.html",
        config(quotas={"target-groups-per-auto-scaling-group": 1}),
        *THERE,
        group("other", keep="other"),
        attach("$group"),
        attach("$group"),
        attach("$other").refused("LimitExceeded", "An Auto Scaling group takes up to 1 target groups"),
        detach("$group"),
        attach("$other"),
    ),
    Case(
        "no name",
        ATTACH,
        autoscaling.attach_load_balancer_target_groups(TargetGroupARNs=["x"]).refused(
            "ValidationError",
            "1 validation error detected: Value null at 'autoScalingGroupName' failed to satisfy constraint: "
            "Member must not be null",
        ),
    ),
    Case(
        "a page that there isn't",
        LIST,
        *THERE,
        autoscaling.describe_load_balancer_target_groups(AutoScalingGroupName="workers", NextToken="none").refused(
            "InvalidNextToken", "The token 'none' is invalid."
        ),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_auto_scaling(case: Case, run: Callable[[Case], None]) -> None:
    run(case)
