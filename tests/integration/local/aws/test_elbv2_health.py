from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.local.aws.case import Case, Step, advance, config, ec2, elbv2
from tests.integration.local.aws.elbv2_steps import (
    ADDRESSES,
    API,
    BALANCER,
    DELETE_BALANCER,
    DESCRIPTIONS,
    GROUP,
    HEALTH,
    LISTENER,
    NLB,
    PLACE,
    REASONS,
    STATES,
    VPC,
    A,
    balancer,
    deregister,
    group,
    healths,
    instance,
    register,
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
        "a target of a group that nothing uses",
        HEALTHS,
        VPC,
        A,
        ADDRESSES,
        register(("10.0.1.10", 80)),
        health(
            "unused",
            "Target.NotInUse",
            "Target group is not configured to receive traffic from the load balancer",
        ),
    ),
    Case(
        "a target is registered, checked, and then healthy",
        HEALTHS,
        AWS,
        *IN_USE,
        register(("10.0.1.10", 80)),
        health("initial", "Elb.RegistrationInProgress", "Target registration is in progress"),
        advance(120),
        health("initial", "Elb.InitialHealthChecking", "Initial health checks in progress"),
        advance(149),
        healths("initial"),
        advance(1),
        HEALTH.answers(
            {
                STATES: ["healthy"],
                REASONS: [],
                DESCRIPTIONS: [],
                "TargetHealthDescriptions[].HealthCheckPort": ["80"],
            }
        ),
    ),
    Case(
        "a target is healthy as soon as its checks have been made",
        f"{NLB}/target-group-health-checks.html",
        AWS,
        *PLACE,
        BALANCER,
        group(TargetType="ip", HealthCheckIntervalSeconds=10, HealthyThresholdCount=2, HealthCheckPort="8080"),
        LISTENER,
        register(("10.0.1.10", 80)),
        advance(140),
        HEALTH.answers({STATES: ["healthy"], "TargetHealthDescriptions[].HealthCheckPort": ["8080"]}),
    ),
    Case(
        "a target is healthy at once where nobody asks for time",
        HEALTHS,
        *IN_USE,
        register(("10.0.1.10", 80)),
        healths("healthy"),
    ),
    Case(
        "targets begin when their group comes into use, and again when it does again",
        HEALTHS,
        AWS,
        *PLACE,
        BALANCER,
        ADDRESSES,
        register(("10.0.1.10", 80)),
        advance(1000),
        healths("unused"),
        LISTENER,
        healths("initial"),
        advance(270),
        healths("healthy"),
        elbv2.delete_listener(ListenerArn="$listener"),
        healths("unused"),
        LISTENER,
        healths("initial"),
    ),
    Case(
        "targets outlive their load balancer",
        f"{API}/API_DeleteLoadBalancer.html",
        *IN_USE,
        register(("10.0.1.10", 80)),
        DELETE_BALANCER,
        healths("unused"),
    ),
    Case(
        "a target drains as long as its group says, and is gone then",
        DELAYS,
        AWS,
        *IN_USE,
        register(("10.0.1.10", 80)),
        elbv2.modify_target_group_attributes(
            TargetGroupArn="$group", Attributes=[{"Key": "deregistration_delay.timeout_seconds", "Value": "60"}]
        ),
        deregister(("10.0.1.10", 80)),
        health("draining", "Target.DeregistrationInProgress", "Target deregistration is in progress"),
        advance(59),
        healths("draining"),
        advance(1),
        HEALTH.answers({"TargetHealthDescriptions": []}),
    ),
    Case(
        "deregistering a target twice doesn't let it drain longer",
        DELAYS,
        AWS,
        *IN_USE,
        register(("10.0.1.10", 80)),
        deregister(("10.0.1.10", 80)),
        advance(200),
        deregister(("10.0.1.10", 80)),
        advance(100),
        HEALTH.answers({"TargetHealthDescriptions": []}),
    ),
    Case(
        "a target that drains is registered again",
        f"{NLB}/target-group-register-targets.html",
        AWS,
        *IN_USE,
        register(("10.0.1.10", 80)),
        advance(270),
        deregister(("10.0.1.10", 80)),
        advance(10),
        register(("10.0.1.10", 80)),
        healths("initial"),
        advance(290),
        healths("healthy"),
    ),
    Case(
        "registering a healthy target again changes nothing",
        REGISTER,
        AWS,
        *IN_USE,
        register(("10.0.1.10", 80)),
        advance(270),
        register(("10.0.1.10", 80)),
        healths("healthy"),
    ),
    Case(
        "a target that isn't registered",
        DESCRIBE,
        *IN_USE,
        elbv2.describe_target_health(TargetGroupArn="$group", Targets=[{"Id": "10.0.1.10", "Port": 80}]).answers(
            {
                STATES: ["unused"],
                REASONS: ["Target.NotRegistered"],
                DESCRIPTIONS: ["Target is not registered to the target group"],
            }
        ),
    ),
    Case(
        "one target of several",
        DESCRIBE,
        *IN_USE,
        register(("10.0.1.10", 80), ("10.0.1.10", 81), ("10.0.1.11", 80)),
        elbv2.describe_target_health(TargetGroupArn="$group", Targets=[{"Id": "10.0.1.10", "Port": 81}]).answers(
            {PAIRS: [["10.0.1.10", 81]]}
        ),
    ),
    Case(
        "a target in a zone that its load balancer isn't in",
        HEALTHS,
        *PLACE,
        balancer(Subnets=["$a"]),
        ADDRESSES,
        LISTENER,
        register(("10.0.2.10", 80)),
        health(
            "unused",
            "Target.NotInUse",
            "Target is in an Availability Zone that is not enabled for the load balancer",
        ),
        elbv2.set_subnets(LoadBalancerArn="$balancer", Subnets=["$a", "$b"]),
        healths("healthy"),
    ),
    Case(
        "a load balancer's own address as a target",
        HEALTHS,
        *PLACE,
        balancer(SubnetMappings=[{"SubnetId": "$a", "PrivateIPv4Address": "10.0.1.50"}]),
        ADDRESSES,
        LISTENER,
        register(("10.0.1.50", 80)),
        HEALTH.answers({STATES: ["unused"], REASONS: ["Target.IpUnusable"]}),
    ),
    Case(
        "an instance that is stopped",
        HEALTHS,
        *PLACE,
        INSTANCE,
        BALANCER,
        GROUP,
        LISTENER,
        register("$instance"),
        ec2.stop_instances(InstanceIds=["$instance"]),
        health("unused", "Target.InvalidState", "Target is in the stopped state"),
    ),
    Case(
        "an instance that is terminated leaves its groups",
        f"{NLB}/target-group-register-targets.html",
        AWS,
        *PLACE,
        INSTANCE,
        advance(1000),
        BALANCER,
        GROUP,
        LISTENER,
        register("$instance"),
        ec2.terminate_instances(InstanceIds=["$instance"]),
        healths("draining"),
        advance(300),
        HEALTH.answers({"TargetHealthDescriptions": []}),
    ),
    Case(
        "an instance whose groups let nothing in fails its checks",
        GUARDS,
        *PLACE,
        NODES,
        instance(SecurityGroupIds=["$nodes"]),
        BALANCER,
        GROUP,
        LISTENER,
        register("$instance"),
        health(*FAILED),
        allow("$nodes", 80, **ANYONE),
        healths("healthy"),
    ),
    Case(
        "a group that lets in another port than the check's",
        GUARDS,
        *PLACE,
        NODES,
        allow("$nodes", 80, **ANYONE),
        instance(SecurityGroupIds=["$nodes"]),
        BALANCER,
        group(HealthCheckPort="10256"),
        LISTENER,
        register("$instance"),
        healths("unhealthy"),
        allow("$nodes", 10256, **ANYONE),
        healths("healthy"),
    ),
    Case(
        "a group that lets in the load balancer's group",
        GUARDS,
        *PLACE,
        NODES,
        EDGE,
        instance(SecurityGroupIds=["$nodes"]),
        balancer(SecurityGroups=["$edge"]),
        GROUP,
        LISTENER,
        register("$instance"),
        healths("unhealthy"),
        allow("$nodes", 80, UserIdGroupPairs=[{"GroupId": "$edge"}]),
        healths("healthy"),
    ),
    Case(
        "a group that lets in addresses of others alone",
        GUARDS,
        *PLACE,
        NODES,
        allow("$nodes", 80, IpRanges=[{"CidrIp": "192.168.0.0/16"}]),
        instance(SecurityGroupIds=["$nodes"]),
        BALANCER,
        GROUP,
        LISTENER,
        register("$instance"),
        healths("unhealthy"),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_the_health_of_targets_is_as_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)
