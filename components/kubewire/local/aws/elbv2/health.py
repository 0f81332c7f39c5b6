"""The health of targets, with AWS's reasons."""

from __future__ import annotations

from typing import Any, Final

from moto.elbv2.models import FakeTargetGroup

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.elbv2.arns import find_group
from kubewire.local.aws.elbv2.interfaces import all_nodes
from kubewire.local.aws.elbv2.reachability import answers_checks
from kubewire.local.aws.elbv2.registrations import Registration, Stage, registrations
from kubewire.local.aws.elbv2.targets import EVERYWHERE, instance_of, zone_of_address
from kubewire.local.aws.rules import Proceed, answers

_NOT_REGISTERED: Final = ("unused", "Target.NotRegistered", "Target is not registered to the target group")
_NOT_IN_USE: Final = (
    "unused",
    "Target.NotInUse",
    "Target group is not configured to receive traffic from the load balancer",
)
_ELSEWHERE: Final = (
    "unused",
    "Target.NotInUse",
    "Target is in an Availability Zone that is not enabled for the load balancer",
)
_UNUSABLE: Final = ("unused", "Target.IpUnusable", "Target IP address is in use by a load balancer")
_REGISTERING: Final = ("initial", "Elb.RegistrationInProgress", "Target registration is in progress")
_CHECKING: Final = ("initial", "Elb.InitialHealthChecking", "Initial health checks in progress")
_FAILED: Final = ("unhealthy", "Target.FailedHealthChecks", "Health checks failed")
_DRAINING: Final = ("draining", "Target.DeregistrationInProgress", "Target deregistration is in progress")
_HEALTHY: Final = ("healthy", None, None)


@answers("elbv2", "DescribeTargetHealth")
def health(call: Call, _proceed: Proceed) -> Answer:
    """Every target with its state, those that drain among them; or those that are asked for, registered or not.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetHealth.html
    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealth.html
    """
    group = find_group(call, call.parameters["TargetGroupArn"])
    present = registrations(group)
    asked = call.parameters.get("Targets")
    if not asked:
        return {
            "TargetHealthDescriptions": [_described(group, one, _state(call, group, one)) for one in present.values()]
        }
    found = []
    for target in asked:
        named = Registration(target["Id"], int(target.get("Port", group.port)))
        one = present.get((named.id, named.port))
        found.append(_described(group, one or named, _state(call, group, one) if one else _NOT_REGISTERED))
    return {"TargetHealthDescriptions": found}


def _described(group: FakeTargetGroup, one: Registration, state: tuple[str, str | None, str | None]) -> dict[str, Any]:
    health = {"State": state[0], "Reason": state[1], "Description": state[2]}
    target = {"Id": one.id, "Port": one.port, "AvailabilityZone": one.zone}
    port = group.health_check_port
    return {
        "Target": {name: value for name, value in target.items() if value is not None},
        "HealthCheckPort": str(one.port) if port in (None, "traffic-port") else str(port),
        "TargetHealth": {name: value for name, value in health.items() if value is not None},
    }


def _state(call: Call, group: FakeTargetGroup, one: Registration) -> tuple[str, str | None, str | None]:
    """A target's state.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html
    """
    if one.stage is Stage.DRAINING:
        return _DRAINING
    instance = instance_of(call, one.id) if group.target_type == "instance" else None
    if instance is not None and instance.state != "running":
        return "unused", "Target.InvalidState", f"Target is in the {instance.state} state"
    if not group.load_balancer_arns:
        return _NOT_IN_USE
    if group.target_type == "ip" and _is_a_balancers(call, group, one):
        return _UNUSABLE
    if not _zone_is_enabled(call, group, one):
        return _ELSEWHERE
    waiting = {Stage.REGISTERING: _REGISTERING, Stage.CHECKING: _CHECKING, Stage.WAITING: _REGISTERING}
    if one.stage in waiting:
        return waiting[one.stage]
    return _HEALTHY if answers_checks(call, group, one) else _FAILED


def _is_a_balancers(call: Call, group: FakeTargetGroup, one: Registration) -> bool:
    return any(node.interface.vpc_id == group.vpc_id and one.id in node.addresses for node in all_nodes(call))


def _zone_is_enabled(call: Call, group: FakeTargetGroup, one: Registration) -> bool:
    """Whether the target is where its load balancer is."""
    if group.target_type == "instance":
        instance = instance_of(call, one.id)
        zone = call.ec2.get_subnet(instance.subnet_id).availability_zone if instance else EVERYWHERE
    else:
        zone = one.zone or zone_of_address(call, group, one.id) or EVERYWHERE
    balancers = (call.elbv2.load_balancers[arn] for arn in group.load_balancer_arns)
    enabled = {subnet.availability_zone for balancer in balancers for subnet in balancer.subnets}
    return zone == EVERYWHERE or zone in enabled
