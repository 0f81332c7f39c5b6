from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.local.aws.case import Case, Step, elbv2
from tests.integration.local.aws.elbv2_steps import (
    ADDRESSES,
    API,
    BALANCER,
    GATEWAY,
    GROUP,
    LISTENER,
    NLB,
    NO_BALANCER,
    NO_GROUP,
    PLACE,
    VPC,
    balancer,
    group,
)

BALANCERS = f"{API}/API_LoadBalancerAttribute.html"
GROUPS = f"{API}/API_TargetGroupAttribute.html"
LISTENERS = f"{API}/API_ListenerAttribute.html"
EDIT = f"{NLB}/edit-target-group-attributes.html"

OF_BALANCER = elbv2.describe_load_balancer_attributes(LoadBalancerArn="$balancer")
OF_GROUP = elbv2.describe_target_group_attributes(TargetGroupArn="$group")
DELAY = "deregistration_delay.timeout_seconds"
PRESERVE = "preserve_client_ip.enabled"
TERMINATION = "deregistration_delay.connection_termination.enabled"
UNHEALTHY = "target_health_state.unhealthy.connection_termination.enabled"
DRAINING = "target_health_state.unhealthy.draining_interval_seconds"
CROSS_ZONE = "load_balancing.cross_zone.enabled"


def pairs(attributes: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in attributes.items()]


def of_balancer(attributes: dict[str, str]) -> Step:
    return elbv2.modify_load_balancer_attributes(LoadBalancerArn="$balancer", Attributes=pairs(attributes))


def of_group(attributes: dict[str, str]) -> Step:
    return elbv2.modify_target_group_attributes(TargetGroupArn="$group", Attributes=pairs(attributes))


def of_listener(attributes: dict[str, str]) -> Step:
    return elbv2.modify_listener_attributes(ListenerArn="$listener", Attributes=pairs(attributes))


def value(key: str, expected: str) -> dict[str, Any]:
    return {f"Attributes[?Key=='{key}'].Value": [expected]}


CASES = [
    Case(
        "what a new network load balancer's attributes are",
        BALANCERS,
        *PLACE,
        BALANCER,
        OF_BALANCER.answers(
            {
                "sort(Attributes[].Key)": [
                    "access_logs.s3.bucket",
                    "access_logs.s3.enabled",
                    "access_logs.s3.prefix",
                    "deletion_protection.enabled",
                    "dns_record.client_routing_policy",
                    "ipv6.deny_all_igw_traffic",
                    CROSS_ZONE,
                    "secondary_ips.auto_assigned.per_subnet",
                    "zonal_shift.config.enabled",
                ],
                **value("access_logs.s3.enabled", "false"),
                **value("deletion_protection.enabled", "false"),
                **value(CROSS_ZONE, "false"),
                **value("zonal_shift.config.enabled", "false"),
                **value("dns_record.client_routing_policy", "any_availability_zone"),
                **value("ipv6.deny_all_igw_traffic", "true"),
            }
        ),
    ),
    Case(
        "an internet-facing load balancer's gateway is open to IPv6",
        BALANCERS,
        *PLACE,
        *GATEWAY,
        balancer(Scheme=None),
        OF_BALANCER.answers(value("ipv6.deny_all_igw_traffic", "false")),
    ),
    Case(
        "an attribute of a load balancer is changed, and all are answered",
        f"{API}/API_ModifyLoadBalancerAttributes.html",
        *PLACE,
        BALANCER,
        of_balancer({CROSS_ZONE: "true"}).answers({"length(Attributes)": 9, **value(CROSS_ZONE, "true")}),
        OF_BALANCER.answers(value(CROSS_ZONE, "true")),
    ),
    Case(
        "an attribute that no load balancer has",
        BALANCERS,
        *PLACE,
        BALANCER,
        of_balancer({CROSS_ZONE: "true", "color": "red"}).refused(
            "ValidationError", "Load balancer attribute key 'color' is not recognized"
        ),
        OF_BALANCER.answers(value(CROSS_ZONE, "false")),
    ),
    Case(
        "an attribute that only application load balancers have",
        BALANCERS,
        *PLACE,
        BALANCER,
        of_balancer({"idle_timeout.timeout_seconds": "60"}).refused(
            "InvalidConfigurationRequest",
            "Load balancer attribute key 'idle_timeout.timeout_seconds' is not supported on load balancers with type "
            "'network'",
        ),
    ),
    Case(
        "a value that an attribute of a load balancer can't have",
        BALANCERS,
        *PLACE,
        BALANCER,
        of_balancer({CROSS_ZONE: "yes"}).refused(
            "ValidationError", f"'{CROSS_ZONE}' value 'yes' must be one of 'true, false'"
        ),
        of_balancer({"secondary_ips.auto_assigned.per_subnet": "8"}).refused(
            "ValidationError", "'secondary_ips.auto_assigned.per_subnet' value '8' must be between '0-7' inclusive"
        ),
    ),
    Case(
        "the number of secondary addresses can't be decreased",
        BALANCERS,
        *PLACE,
        BALANCER,
        of_balancer({"secondary_ips.auto_assigned.per_subnet": "2"}),
        of_balancer({"secondary_ips.auto_assigned.per_subnet": "1"}).refused(
            "InvalidConfigurationRequest",
            "The value of 'secondary_ips.auto_assigned.per_subnet' cannot be decreased",
        ),
    ),
    Case(
        "access logs without a bucket",
        BALANCERS,
        *PLACE,
        BALANCER,
        of_balancer({"access_logs.s3.enabled": "true"}).refused(
            "InvalidConfigurationRequest",
            "The value of 'access_logs.s3.bucket' cannot be empty when access logs are enabled",
        ),
        of_balancer({"access_logs.s3.enabled": "true", "access_logs.s3.bucket": "logs"}),
    ),
    Case(
        "attributes of a load balancer that isn't there",
        f"{API}/API_DescribeLoadBalancerAttributes.html",
        elbv2.describe_load_balancer_attributes(LoadBalancerArn=NO_BALANCER).refused(
            "LoadBalancerNotFound", f"Load balancer '{NO_BALANCER}' not found"
        ),
        elbv2.describe_load_balancer_attributes(LoadBalancerArn=NO_GROUP).refused(
            "ValidationError", f"'{NO_GROUP}' is not a valid load balancer ARN"
        ),
    ),
    Case(
        "what a new group's attributes are",
        GROUPS,
        VPC,
        GROUP,
        OF_GROUP.answers(
            {
                "sort(Attributes[].Key)": [
                    TERMINATION,
                    DELAY,
                    CROSS_ZONE,
                    PRESERVE,
                    "proxy_protocol_v2.enabled",
                    "stickiness.enabled",
                    "stickiness.type",
                    "target_group_health.dns_failover.minimum_healthy_targets.count",
                    "target_group_health.dns_failover.minimum_healthy_targets.percentage",
                    "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count",
                    "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage",
                    UNHEALTHY,
                    DRAINING,
                ],
                **value(DELAY, "300"),
                **value(TERMINATION, "false"),
                **value(PRESERVE, "true"),
                **value("proxy_protocol_v2.enabled", "false"),
                **value("stickiness.enabled", "false"),
                **value("stickiness.type", "source_ip"),
                **value(CROSS_ZONE, "use_load_balancer_configuration"),
                **value(UNHEALTHY, "true"),
            }
        ),
    ),
    Case(
        "a group of addresses and TCP hides the client's address",
        GROUPS,
        VPC,
        ADDRESSES,
        OF_GROUP.answers(value(PRESERVE, "false")),
        of_group({PRESERVE: "true"}).answers(value(PRESERVE, "true")),
    ),
    Case(
        "a group of addresses and UDP shows the client's address, and ends connections",
        GROUPS,
        VPC,
        group(Protocol="UDP", TargetType="ip"),
        OF_GROUP.answers({**value(PRESERVE, "true"), **value(TERMINATION, "true"), **value(UNHEALTHY, "false")}),
    ),
    Case(
        "a group of UDP can't hide the client's address",
        EDIT,
        VPC,
        group(Protocol="UDP"),
        of_group({PRESERVE: "false"}).refused(
            "InvalidConfigurationRequest",
            "Client IP preservation cannot be disabled for target groups with the UDP protocol",
        ),
    ),
    Case(
        "an attribute of a group is changed, and all are answered",
        f"{API}/API_ModifyTargetGroupAttributes.html",
        VPC,
        GROUP,
        of_group({DELAY: "3600", TERMINATION: "true"}).answers({"length(Attributes)": 13, **value(DELAY, "3600")}),
        OF_GROUP.answers({**value(DELAY, "3600"), **value(TERMINATION, "true")}),
    ),
    Case(
        "a delay that is too long",
        GROUPS,
        VPC,
        GROUP,
        of_group({DELAY: "3601"}).refused(
            "ValidationError", f"'{DELAY}' value '3601' must be between '0-3600' inclusive"
        ),
        of_group({DELAY: "soon"}).refused(
            "ValidationError", f"'{DELAY}' value 'soon' must be between '0-3600' inclusive"
        ),
        of_group({DELAY: "0"}),
    ),
    Case(
        "an attribute that no group has",
        GROUPS,
        VPC,
        GROUP,
        of_group({DELAY: "1", "color": "red"}).refused(
            "ValidationError", "Target group attribute key 'color' is not recognized"
        ),
        OF_GROUP.answers(value(DELAY, "300")),
    ),
    Case(
        "an attribute of other load balancers' groups",
        GROUPS,
        VPC,
        GROUP,
        of_group({"slow_start.duration_seconds": "30"}).refused(
            "ValidationError", "Target group attribute key 'slow_start.duration_seconds' is not recognized"
        ),
        of_group({"stickiness.type": "lb_cookie"}).refused(
            "ValidationError", "'stickiness.type' value 'lb_cookie' must be one of 'source_ip'"
        ),
    ),
    Case(
        "stickiness of a group of TLS",
        EDIT,
        VPC,
        group(Protocol="TLS"),
        of_group({"stickiness.enabled": "true"}).refused(
            "InvalidConfigurationRequest", "You cannot enable stickiness on target groups with the TLS protocol"
        ),
    ),
    Case(
        "draining of unhealthy targets",
        GROUPS,
        VPC,
        GROUP,
        of_group({DRAINING: "60"}).refused(
            "InvalidConfigurationRequest", f"'{DRAINING}' can only be set when '{UNHEALTHY}' is 'false'"
        ),
        of_group({DRAINING: "60", UNHEALTHY: "false"}),
    ),
    Case(
        "a group of HTTP keeps its own attributes",
        GROUPS,
        VPC,
        group(Protocol="HTTP"),
        of_group({"slow_start.duration_seconds": "30"}).answers(value("slow_start.duration_seconds", "30")),
        OF_GROUP.answers(value("load_balancing.algorithm.type", "round_robin")),
    ),
    Case(
        "attributes of a group that isn't there",
        f"{API}/API_DescribeTargetGroupAttributes.html",
        elbv2.describe_target_group_attributes(TargetGroupArn=NO_GROUP).refused(
            "TargetGroupNotFound", f"Target group '{NO_GROUP}' not found"
        ),
    ),
    Case(
        "attributes of a listener",
        LISTENERS,
        *PLACE,
        BALANCER,
        GROUP,
        LISTENER,
        elbv2.describe_listener_attributes(ListenerArn="$listener").answers(value("tcp.idle_timeout.seconds", "350")),
        of_listener({"tcp.idle_timeout.seconds": "60"}).answers(value("tcp.idle_timeout.seconds", "60")),
        of_listener({"tcp.idle_timeout.seconds": "59"}).refused(
            "ValidationError", "'tcp.idle_timeout.seconds' value '59' must be between '60-6000' inclusive"
        ),
        of_listener({"color": "red"}).refused("ValidationError", "Listener attribute key 'color' is not recognized"),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_attributes_are_as_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)
