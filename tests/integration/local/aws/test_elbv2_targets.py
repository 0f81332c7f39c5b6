from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.local.aws.case import Case, Step, config, ec2, elbv2
from tests.integration.local.aws.elbv2_steps import (
    ADDRESSES,
    API,
    BALANCER,
    DESCRIPTIONS,
    GROUP,
    HEALTH,
    LISTENER,
    NLB,
    NO_GROUP,
    PLACE,
    REASONS,
    STATES,
    VPC,
    A,
    deregister,
    group,
    instance,
    listener,
    register,
    subnet,
)

REGISTER = f"{API}/API_RegisterTargets.html"
DEREGISTER = f"{API}/API_DeregisterTargets.html"
TARGET = f"{API}/API_TargetDescription.html"
HEALTHS = f"{API}/API_TargetHealth.html"
DESCRIBE = f"{API}/API_DescribeTargetHealth.html"
TYPES = f"{NLB}/load-balancer-target-groups.html#target-type"
LIMITS = f"{NLB}/load-balancer-limits.html"
DELAYS = f"{NLB}/load-balancer-target-groups.html#deregistration-delay"
GUARDS = f"{NLB}/target-group-register-targets.html#target-security-groups"

INSTANCE = instance()
IN_USE = (*PLACE, BALANCER, ADDRESSES, LISTENER)
AWS = config(pace="aws")
PAIRS = "TargetHealthDescriptions[].Target.[Id, Port]"
FULL = ("TooManyTargets", "The maximum number of targets has been reached for load balancer '$balancer'")


def outside(address: str) -> tuple[str, str]:
    said = (
        "You must specify a valid Availability Zone or select 'all' for all enabled Availability zones, since the IP "
        f"address '{address}' is outside the VPC"
    )
    return "ValidationError", said


def in_zone(address: str, zone: str) -> Step:
    return elbv2.register_targets(
        TargetGroupArn="$group", Targets=[{"Id": address, "Port": 80, "AvailabilityZone": zone}]
    )


def health(state: str, reason: str, description: str) -> Step:
    return HEALTH.answers({STATES: [state], REASONS: [reason], DESCRIPTIONS: [description]})


def allow(group_id: str, port: int, **source: object) -> Step:
    permission = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **source}
    return ec2.authorize_security_group_ingress(GroupId=group_id, IpPermissions=[permission])


NODES = ec2.create_security_group(GroupName="nodes", Description="nodes", VpcId="$vpc").keep(nodes="GroupId")
EDGE = ec2.create_security_group(GroupName="edge", Description="edge", VpcId="$vpc").keep(edge="GroupId")
ANYONE = {"IpRanges": [{"CidrIp": "10.0.0.0/16"}]}
FAILED = ("unhealthy", "Target.FailedHealthChecks", "Health checks failed")

CASES = [
    Case(
        "an instance that isn't there",
        REGISTER,
        VPC,
        GROUP,
        register("i-0123456789abcdef0", "i-0123456789abcdef1").refused(
            "InvalidTarget", "The following instances do not exist: 'i-0123456789abcdef0', 'i-0123456789abcdef1'"
        ),
    ),
    Case(
        "an instance named by its address",
        REGISTER,
        VPC,
        GROUP,
        register("10.0.1.10").refused("ValidationError", "Instance ID '10.0.1.10' is not valid"),
    ),
    Case(
        "an instance of another VPC",
        REGISTER,
        ec2.create_vpc(CidrBlock="10.1.0.0/16").keep(other="Vpc.VpcId"),
        subnet("far", 0, "a", "$other", CidrBlock="10.1.0.0/24"),
        instance(place="$far"),
        VPC,
        GROUP,
        register("$instance").refused(
            "InvalidTarget", "The following targets are not in the target group VPC '$vpc': '$instance'"
        ),
    ),
    Case(
        "an instance that doesn't run",
        REGISTER,
        VPC,
        A,
        INSTANCE,
        ec2.stop_instances(InstanceIds=["$instance"]),
        GROUP,
        register("$instance").refused(
            "InvalidTarget",
            "The following targets are not in a running state and cannot be registered: '$instance'",
        ),
    ),
    Case(
        "a running instance on the group's port and on others",
        REGISTER,
        VPC,
        A,
        INSTANCE,
        GROUP,
        register("$instance", ("$instance", 8080), ("$instance", 80)),
        HEALTH.answers({PAIRS: [["$instance", 80], ["$instance", 8080]]}),
    ),
    Case(
        "one address and two ports are two targets",
        REGISTER,
        VPC,
        A,
        ADDRESSES,
        register(("10.0.1.10", 8080), ("10.0.1.10", 8081)),
        HEALTH.answers({PAIRS: [["10.0.1.10", 8080], ["10.0.1.10", 8081]]}),
        deregister(("10.0.1.10", 8080)),
        HEALTH.answers({PAIRS: [["10.0.1.10", 8081]]}),
    ),
    Case(
        "an address of the internet",
        TYPES,
        VPC,
        A,
        ADDRESSES,
        in_zone("8.8.8.8", "all").refused(
            "InvalidTarget", "The IP address '8.8.8.8' is not in the VPC of the target group and is publicly routable"
        ),
        register(("8.8.8.8", 80)).refused(
            "InvalidTarget", "The IP address '8.8.8.8' is not in the VPC of the target group and is publicly routable"
        ),
    ),
    Case(
        "private addresses outside the VPC need a zone",
        TARGET,
        VPC,
        A,
        ADDRESSES,
        register(("192.168.7.7", 80)).refused(*outside("192.168.7.7")),
        register(("10.0.9.9", 80)).refused(*outside("10.0.9.9")),
        in_zone("192.168.7.7", "all"),
        in_zone("100.64.1.1", "eu-west-1a"),
        HEALTH.answers({"TargetHealthDescriptions[].Target.AvailabilityZone": ["all", "eu-west-1a"]}),
    ),
    Case(
        "an address of the VPC in another zone than its own",
        TARGET,
        VPC,
        A,
        ADDRESSES,
        in_zone("10.0.1.10", "all").refused(
            "ValidationError",
            "The IP address '10.0.1.10' is within the VPC, and cannot have its Availability Zone overridden to 'all' "
            "from 'eu-west-1a'",
        ),
        in_zone("10.0.1.10", "eu-west-1a"),
    ),
    Case(
        "what is no address of the group's family",
        TARGET,
        VPC,
        A,
        ADDRESSES,
        register(("web-1", 80)).refused("ValidationError", "The IP address 'web-1' is not a valid IPv4 address"),
        register(("fd00::1", 80)).refused("ValidationError", "The IP address 'fd00::1' is not a valid IPv4 address"),
    ),
    Case(
        "all targets of a call are registered, or none",
        REGISTER,
        VPC,
        A,
        ADDRESSES,
        register(("10.0.1.10", 80), ("8.8.8.8", 80)).refused(
            "InvalidTarget", "The IP address '8.8.8.8' is not in the VPC of the target group and is publicly routable"
        ),
        HEALTH.answers({"TargetHealthDescriptions": []}),
    ),
    Case(
        "targets of a group that isn't there",
        REGISTER,
        elbv2.register_targets(TargetGroupArn=NO_GROUP, Targets=[{"Id": "10.0.0.4"}]).refused(
            "TargetGroupNotFound", f"Target group '{NO_GROUP}' not found"
        ),
        elbv2.deregister_targets(TargetGroupArn=NO_GROUP, Targets=[{"Id": "10.0.0.4"}]).refused(
            "TargetGroupNotFound", f"Target group '{NO_GROUP}' not found"
        ),
        elbv2.describe_target_health(TargetGroupArn=NO_GROUP).refused(
            "TargetGroupNotFound", f"Target group '{NO_GROUP}' not found"
        ),
    ),
    Case(
        "a target that isn't registered needn't be deregistered",
        DEREGISTER,
        VPC,
        A,
        ADDRESSES,
        deregister(("10.0.1.10", 80)),
    ),
    Case(
        "as many targets of a group as the quota says",
        LIMITS,
        config(quotas={"targets-per-target-group": 2}),
        VPC,
        A,
        ADDRESSES,
        register(("10.0.1.10", 80), ("10.0.1.11", 80)),
        register(("10.0.1.10", 80)),
        register(("10.0.1.12", 80)).refused(
            "TooManyTargets", "The maximum number of targets has been reached for the target group"
        ),
    ),
    Case(
        "as many targets of a load balancer as the quota says",
        LIMITS,
        config(quotas={"targets-per-network-load-balancer": 1}),
        *IN_USE,
        register(("10.0.1.10", 80)),
        register(("10.0.1.11", 80)).refused(*FULL),
        group("two", keep="two", TargetType="ip"),
        elbv2.register_targets(TargetGroupArn="$two", Targets=[{"Id": "10.0.1.12"}]),
        listener(81, target="$two").refused(*FULL),
    ),
    Case(
        "with cross-zone load balancing all targets count in each zone",
        LIMITS,
        config(quotas={"targets-per-availability-zone-per-network-load-balancer": 1}),
        *IN_USE,
        register(("10.0.1.10", 80), ("10.0.1.11", 80)),
        elbv2.modify_load_balancer_attributes(
            LoadBalancerArn="$balancer", Attributes=[{"Key": "load_balancing.cross_zone.enabled", "Value": "true"}]
        ),
        register(("10.0.1.12", 80)).refused(*FULL),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_targets_are_as_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)
