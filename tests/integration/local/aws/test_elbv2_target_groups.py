from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.local.aws.case import Case, config, ec2, elbv2
from tests.integration.local.aws.elbv2_steps import (
    API,
    BALANCER,
    GROUP,
    LISTENER,
    NLB,
    NO_BALANCER,
    NO_GROUP,
    PLACE,
    VPC,
    group,
)

CREATE = f"{API}/API_CreateTargetGroup.html"
MODIFY = f"{API}/API_ModifyTargetGroup.html"
DESCRIBE = f"{API}/API_DescribeTargetGroups.html"
DELETE = f"{API}/API_DeleteTargetGroup.html"
CHECKS = f"{NLB}/target-group-health-checks.html"

DUPLICATE = (
    "DuplicateTargetGroupName",
    "A target group with the same name 'web' exists, but with different settings",
)
SAME = {"TargetGroups[].TargetGroupArn": ["$group"]}


def refused(title: str, code: str, message: str, page: str = CREATE, **settings: Any) -> Case:
    return Case(title, page, VPC, group(**settings).refused(code, message))


CASES = [
    Case(
        "what a new group of TCP is",
        CREATE,
        VPC,
        GROUP.answers(
            {
                "TargetGroups[0].[Protocol, Port, TargetType, IpAddressType]": ["TCP", 80, "instance", "ipv4"],
                "TargetGroups[0].[HealthCheckProtocol, HealthCheckPort]": ["TCP", "traffic-port"],
                "TargetGroups[0].[HealthCheckIntervalSeconds, HealthCheckTimeoutSeconds]": [30, 10],
                "TargetGroups[0].[HealthyThresholdCount, UnhealthyThresholdCount]": [5, 2],
                "TargetGroups[0].[HealthCheckPath, Matcher, ProtocolVersion]": [None, None, None],
                "TargetGroups[0].HealthCheckEnabled": True,
                "TargetGroups[0].LoadBalancerArns": [],
                "contains(TargetGroups[0].TargetGroupArn, ':targetgroup/web/')": True,
            }
        ),
    ),
    Case(
        "what a new group's check of HTTP is",
        CHECKS,
        VPC,
        group(HealthCheckProtocol="HTTP").answers(
            {
                "TargetGroups[0].[HealthCheckPath, Matcher.HttpCode]": ["/", "200-399"],
                "TargetGroups[0].HealthCheckTimeoutSeconds": 6,
            }
        ),
    ),
    Case(
        "a group of the same name and settings is the same",
        CREATE,
        VPC,
        GROUP,
        GROUP.answers(SAME),
        group(HealthCheckIntervalSeconds=30, HealthCheckPort="traffic-port").answers(SAME),
        elbv2.describe_target_groups().answers({"length(TargetGroups)": 1}),
    ),
    Case(
        "a group of the same name and settings with a check of HTTP is the same",
        CREATE,
        VPC,
        group(HealthCheckProtocol="HTTP", HealthCheckPath="/ready"),
        group(HealthCheckProtocol="HTTP", HealthCheckPath="/ready").answers(SAME),
    ),
    Case("a group of the same name with another port", CREATE, VPC, GROUP, group(Port=81).refused(*DUPLICATE)),
    Case("a group of the same name, another protocol", CREATE, VPC, GROUP, group(Protocol="UDP").refused(*DUPLICATE)),
    Case("a group of the same name, another type", CREATE, VPC, GROUP, group(TargetType="ip").refused(*DUPLICATE)),
    Case(
        "a group of the same name with another check",
        CREATE,
        VPC,
        GROUP,
        group(HealthCheckIntervalSeconds=10).refused(*DUPLICATE),
        group(HealthCheckProtocol="HTTP").refused(*DUPLICATE),
    ),
    Case(
        "a group of the same name in another VPC",
        CREATE,
        VPC,
        GROUP,
        ec2.create_vpc(CidrBlock="10.1.0.0/16").keep(other="Vpc.VpcId"),
        group(VpcId="$other").refused(*DUPLICATE),
    ),
    Case(
        "as many groups as the quota says",
        f"{NLB}/load-balancer-limits.html",
        config(quotas={"target-groups": 1}),
        VPC,
        GROUP,
        GROUP,
        group("two").refused("TooManyTargetGroups", "The maximum number of target groups has been reached"),
    ),
    refused(
        "a group's name that is too long",
        "ValidationError",
        f"Target group name '{'a' * 33}' cannot be longer than '32' characters",
        name="a" * 33,
    ),
    refused(
        "a group's name with other characters",
        "ValidationError",
        "Target group name 'a_b' can only contain characters that are alphanumeric characters or hyphens(-)",
        name="a_b",
    ),
    refused(
        "a group in a VPC that isn't there",
        "ValidationError",
        "The VPC ID 'vpc-0123456789abcdef0' is not found",
        VpcId="vpc-0123456789abcdef0",
    ),
    Case(
        "a group without a port, a protocol or a VPC",
        CREATE,
        VPC,
        elbv2.create_target_group(Name="web", Protocol="TCP", VpcId="$vpc").refused(
            "ValidationError", "A port must be specified"
        ),
        elbv2.create_target_group(Name="web", Port=80, VpcId="$vpc").refused(
            "ValidationError", "A protocol must be specified"
        ),
        elbv2.create_target_group(Name="web", Protocol="TCP", Port=80).refused(
            "ValidationError", "A VPC ID must be specified"
        ),
    ),
    refused(
        "a check of a protocol that checks don't have",
        "ValidationError",
        "Health check protocol 'UDP' must be one of 'HTTP, HTTPS, TCP'",
        CHECKS,
        HealthCheckProtocol="UDP",
    ),
    refused(
        "a path where the check is of TCP",
        "InvalidConfigurationRequest",
        "Health check paths are not supported for TCP health checks",
        CHECKS,
        HealthCheckPath="/ready",
    ),
    refused(
        "codes where the check is of TCP",
        "InvalidConfigurationRequest",
        "Health check matchers are not supported for TCP health checks",
        CHECKS,
        Matcher={"HttpCode": "200"},
    ),
    refused(
        "a path without a slash",
        "ValidationError",
        "Health check path 'ready' must begin with a '/' character",
        CHECKS,
        HealthCheckProtocol="HTTP",
        HealthCheckPath="ready",
    ),
    refused(
        "a code that no answer has",
        "ValidationError",
        "Health check matcher HTTP code '600' must be within '200-599' inclusive",
        CHECKS,
        HealthCheckProtocol="HTTP",
        Matcher={"HttpCode": "200-600"},
    ),
    refused(
        "a check's port that is none",
        "ValidationError",
        "Health check port '65536' must be either 'traffic-port' or a number between '1' and '65535'",
        CHECKS,
        HealthCheckPort="65536",
    ),
    refused(
        "no check at all",
        "InvalidConfigurationRequest",
        "Health check enabled must be true for target groups with target type 'instance'",
        CHECKS,
        HealthCheckEnabled=False,
    ),
    refused(
        "a check that isn't over when the next begins",
        "ValidationError",
        "Health check timeout '11' must be smaller than or equal to the interval '10'",
        CHECKS,
        HealthCheckIntervalSeconds=10,
        HealthCheckTimeoutSeconds=11,
    ),
    refused(
        "checks more often than AWS makes them",
        "ValidationError",
        "1 validation error detected: Value '4' at 'healthCheckIntervalSeconds' failed to satisfy constraint: "
        "Member must have value greater than or equal to 5",
        CHECKS,
        HealthCheckIntervalSeconds=4,
    ),
    Case("a check as long as its interval", CHECKS, VPC, group(HealthCheckIntervalSeconds=10)),
    Case(
        "a check is changed to HTTP and back",
        MODIFY,
        VPC,
        GROUP,
        elbv2.modify_target_group(TargetGroupArn="$group", HealthCheckProtocol="HTTP", HealthCheckPort="8080").answers(
            {
                "TargetGroups[0].[HealthCheckProtocol, HealthCheckPort, HealthCheckPath]": ["HTTP", "8080", "/"],
                "TargetGroups[0].Matcher.HttpCode": "200-399",
                "TargetGroups[0].HealthCheckIntervalSeconds": 30,
            }
        ),
        elbv2.modify_target_group(
            TargetGroupArn="$group", HealthCheckPath="/ready", Matcher={"HttpCode": "204"}, UnhealthyThresholdCount=3
        ),
        elbv2.describe_target_groups(TargetGroupArns=["$group"]).answers(
            {"TargetGroups[0].[HealthCheckPath, Matcher.HttpCode, UnhealthyThresholdCount]": ["/ready", "204", 3]}
        ),
        elbv2.modify_target_group(TargetGroupArn="$group", HealthCheckProtocol="TCP").answers(
            {
                "TargetGroups[0].[HealthCheckProtocol, HealthCheckPort]": ["TCP", "8080"],
                "TargetGroups[0].[HealthCheckPath, Matcher]": [None, None],
            }
        ),
    ),
    Case(
        "a check can't be changed to an impossible one",
        MODIFY,
        VPC,
        GROUP,
        elbv2.modify_target_group(TargetGroupArn="$group", HealthCheckPath="/").refused(
            "InvalidConfigurationRequest", "Health check paths are not supported for TCP health checks"
        ),
        elbv2.modify_target_group(TargetGroupArn="$group", HealthCheckIntervalSeconds=5).refused(
            "ValidationError", "Health check timeout '10' must be smaller than or equal to the interval '5'"
        ),
        elbv2.modify_target_group(TargetGroupArn="$group", HealthCheckEnabled=False).refused(
            "InvalidConfigurationRequest",
            "Health check enabled must be true for target groups with target type 'instance'",
        ),
        elbv2.describe_target_groups(TargetGroupArns=["$group"]).answers(
            {"TargetGroups[0].HealthCheckIntervalSeconds": 30}
        ),
    ),
    Case(
        "a check of a group that isn't there",
        MODIFY,
        elbv2.modify_target_group(TargetGroupArn=NO_GROUP, HealthCheckIntervalSeconds=10).refused(
            "TargetGroupNotFound", f"Target group '{NO_GROUP}' not found"
        ),
    ),
    Case(
        "a group that a listener forwards to isn't deleted",
        DELETE,
        *PLACE,
        BALANCER,
        GROUP,
        LISTENER,
        elbv2.delete_target_group(TargetGroupArn="$group").refused(
            "ResourceInUse", "Target group '$group' is currently in use by a listener or a rule"
        ),
        elbv2.delete_listener(ListenerArn="$listener"),
        elbv2.delete_target_group(TargetGroupArn="$group"),
        elbv2.describe_target_groups(TargetGroupArns=["$group"]).refused(
            "TargetGroupNotFound", "One or more target groups not found"
        ),
    ),
    Case(
        "a group knows its load balancer as long as a listener forwards to it",
        f"{API}/API_TargetGroup.html",
        *PLACE,
        BALANCER,
        GROUP,
        LISTENER,
        elbv2.describe_target_groups(LoadBalancerArn="$balancer").answers(
            {"TargetGroups[].LoadBalancerArns[]": ["$balancer"]}
        ),
        elbv2.delete_listener(ListenerArn="$listener"),
        elbv2.describe_target_groups().answers({"TargetGroups[].LoadBalancerArns[]": []}),
        elbv2.describe_target_groups(LoadBalancerArn="$balancer").answers({"TargetGroups": []}),
    ),
    Case(
        "groups of a load balancer that isn't there",
        DESCRIBE,
        elbv2.describe_target_groups(LoadBalancerArn=NO_BALANCER).refused(
            "LoadBalancerNotFound", f"Load balancer '{NO_BALANCER}' not found"
        ),
    ),
    Case(
        "groups by names of which one isn't there",
        DESCRIBE,
        VPC,
        GROUP,
        elbv2.describe_target_groups(Names=["web", "none"]).refused(
            "TargetGroupNotFound", "One or more target groups not found"
        ),
    ),
    Case(
        "groups by what is no ARN",
        DESCRIBE,
        elbv2.describe_target_groups(TargetGroupArns=["*"]).refused(
            "ValidationError", "'*' is not a valid target group ARN"
        ),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_target_groups_are_as_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)
