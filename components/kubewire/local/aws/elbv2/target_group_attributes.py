"""Attributes of the target groups of network load balancers."""

from __future__ import annotations

from typing import Any, Final

from moto.elbv2.models import FakeTargetGroup

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.elbv2.arns import find_group
from kubewire.local.aws.elbv2.attribute_values import (
    BOOLEAN,
    Allowed,
    between,
    listed,
    merged,
    off_or_between,
    one_of,
)
from kubewire.local.aws.elbv2.protocols import DATAGRAMS, STREAMS, carried_by_network
from kubewire.local.aws.refusal import Refusal
from kubewire.local.aws.rules import Proceed, answers

DELAY: Final = "deregistration_delay.timeout_seconds"
_TERMINATION: Final = "deregistration_delay.connection_termination.enabled"
_PRESERVE: Final = "preserve_client_ip.enabled"
_STICKY: Final = "stickiness.enabled"
_UNHEALTHY_TERMINATION: Final = "target_health_state.unhealthy.connection_termination.enabled"
_UNHEALTHY_DRAINING: Final = "target_health_state.unhealthy.draining_interval_seconds"
_MOST_TARGETS: Final = 1000

# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html
_KNOWN: Final[dict[str, Allowed]] = {
    DELAY: between(0, 3600),
    _TERMINATION: BOOLEAN,
    "load_balancing.cross_zone.enabled": one_of("true", "false", "use_load_balancer_configuration"),
    _PRESERVE: BOOLEAN,
    "proxy_protocol_v2.enabled": BOOLEAN,
    _STICKY: BOOLEAN,
    "stickiness.type": one_of("source_ip"),
    "target_group_health.dns_failover.minimum_healthy_targets.count": off_or_between(1, _MOST_TARGETS),
    "target_group_health.dns_failover.minimum_healthy_targets.percentage": off_or_between(1, 100),
    "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count": between(1, _MOST_TARGETS),
    "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage": off_or_between(1, 100),
    _UNHEALTHY_TERMINATION: BOOLEAN,
    _UNHEALTHY_DRAINING: between(0, 360000),
}


def group_defaults(group: FakeTargetGroup) -> dict[str, Any]:
    """What a new group has.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html
    """
    datagrams = group.protocol in DATAGRAMS
    hidden = group.target_type == "ip" and group.protocol in STREAMS
    return {
        DELAY: "300",
        _TERMINATION: "true" if datagrams else "false",
        "load_balancing.cross_zone.enabled": "use_load_balancer_configuration",
        _PRESERVE: "false" if hidden else "true",
        "proxy_protocol_v2.enabled": "false",
        _STICKY: "false",
        "stickiness.type": "source_ip",
        "target_group_health.dns_failover.minimum_healthy_targets.count": "1",
        "target_group_health.dns_failover.minimum_healthy_targets.percentage": "off",
        "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count": "1",
        "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage": "off",
        _UNHEALTHY_TERMINATION: "false" if datagrams else "true",
        _UNHEALTHY_DRAINING: "0",
    }


@answers("elbv2", "ModifyTargetGroupAttributes")
def changed(call: Call, proceed: Proceed) -> Answer:
    """Change all that are named, or none; answer with all that there are, where moto answers with the changes.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ModifyTargetGroupAttributes.html
    """
    group = find_group(call, call.parameters["TargetGroupArn"])
    if not carried_by_network(group):
        proceed(call)
        return {"Attributes": listed(group.attributes)}
    attributes = merged("Target group", group.attributes, call.parameters["Attributes"], _KNOWN)
    _check(group, attributes)
    group.attributes = dict(attributes)
    return {"Attributes": listed(group.attributes)}


def _check(group: FakeTargetGroup, attributes: dict[str, str]) -> None:
    """Refuse what the group's protocol doesn't allow.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html
    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html
    """
    datagrams = group.protocol in DATAGRAMS
    if datagrams and attributes[_PRESERVE] == "false":
        message = f"Client IP preservation cannot be disabled for target groups with the {group.protocol} protocol"
        raise Refusal("InvalidConfigurationRequest", message)
    if group.protocol == "TLS" and attributes[_STICKY] == "true":
        message = "You cannot enable stickiness on target groups with the TLS protocol"
        raise Refusal("InvalidConfigurationRequest", message)
    if datagrams and attributes[_UNHEALTHY_TERMINATION] == "true":
        message = f"'{_UNHEALTHY_TERMINATION}' cannot be enabled for target groups with the {group.protocol} protocol"
        raise Refusal("InvalidConfigurationRequest", message)
    if attributes[_UNHEALTHY_TERMINATION] == "true" and attributes[_UNHEALTHY_DRAINING] != "0":
        message = f"'{_UNHEALTHY_DRAINING}' can only be set when '{_UNHEALTHY_TERMINATION}' is 'false'"
        raise Refusal("InvalidConfigurationRequest", message)
