"""Targets: which may be registered, and how they come and go. One target is an id and a port."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network, ip_address
from typing import Any, Final

from moto.elbv2.models import FakeTargetGroup

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.ec2.ranges import subnet_ipv6, subnets_of
from kubewire.local.aws.elbv2.arns import find_group
from kubewire.local.aws.elbv2.registrations import Registration, Stage, drain, follow, registrations
from kubewire.local.aws.elbv2.target_limits import must_have_room
from kubewire.local.aws.refusal import Refusal
from kubewire.local.aws.rules import Proceed, after, answers, before

# https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html#target-type
_PRIVATE: Final = tuple(IPv4Network(one) for one in ("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16"))
EVERYWHERE: Final = "all"


@before("elbv2", "RegisterTargets")
def instances_can_be_targets(call: Call) -> None:
    """Refuse instances that aren't there, are in another VPC, or don't run.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RegisterTargets.html
    """
    group = find_group(call, call.parameters["TargetGroupArn"])
    if group.target_type != "instance":
        return
    if any("AvailabilityZone" in one for one in call.parameters["Targets"]):
        # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetDescription.html; our words.
        message = "You cannot specify an Availability Zone for targets of target groups with target type 'instance'"
        raise Refusal("ValidationError", message)
    ids = [one["Id"] for one in call.parameters["Targets"]]
    for one in ids:
        if not one.startswith("i-"):
            raise Refusal("ValidationError", f"Instance ID '{one}' is not valid")
    instances = {one: instance_of(call, one) for one in ids}
    missing = _quoted(one for one in instances if instances[one] is None)
    if missing:
        raise Refusal("InvalidTarget", f"The following instances do not exist: {missing}")
    elsewhere = _quoted(one for one in instances if instances[one].vpc_id != group.vpc_id)
    if elsewhere:
        message = f"The following targets are not in the target group VPC '{group.vpc_id}': {elsewhere}"
        raise Refusal("InvalidTarget", message)
    idle = _quoted(one for one in instances if instances[one].state != "running")
    if idle:
        message = f"The following targets are not in a running state and cannot be registered: {idle}"
        raise Refusal("InvalidTarget", message)


@before("elbv2", "RegisterTargets")
def addresses_can_be_targets(call: Call) -> None:
    """Refuse addresses of the internet and of another family, and zones that contradict the VPC's subnets.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetDescription.html
    """
    group = find_group(call, call.parameters["TargetGroupArn"])
    if group.target_type != "ip":
        return
    for target in call.parameters["Targets"]:
        text, zone = target["Id"], target.get("AvailabilityZone")
        _must_be_an_address(group, text)
        home = zone_of_address(call, group, text)
        if home is None and not _private(text):
            message = f"The IP address '{text}' is not in the VPC of the target group and is publicly routable"
            raise Refusal("InvalidTarget", message)
        if home is None and zone is None:
            raise Refusal(
                "ValidationError",
                "You must specify a valid Availability Zone or select 'all' for all enabled Availability zones, "
                f"since the IP address '{text}' is outside the VPC",
            )
        if home is not None and zone not in (None, home):
            raise Refusal(
                "ValidationError",
                f"The IP address '{text}' is within the VPC, and cannot have its Availability Zone overridden to "
                f"'{zone}' from '{home}'",
            )


@answers("elbv2", "RegisterTargets")
def registered(call: Call, _proceed: Proceed) -> Answer:
    """Register all targets, or none. One that is there already stays as it is; one that drains comes back.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RegisterTargets.html
    """
    group = find_group(call, call.parameters["TargetGroupArn"])
    present, wanted = registrations(group), list(_named(call, group))
    new = [one for one in wanted if _is_gone(present.get((one.id, one.port)))]
    must_have_room(call, group, new)
    for one in new:
        present[one.id, one.port] = one
    follow(call, group)
    return {}


@answers("elbv2", "DeregisterTargets")
def deregistered(call: Call, _proceed: Proceed) -> Answer:
    """Let targets drain. One that isn't there needs nothing.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeregisterTargets.html
    """
    group = find_group(call, call.parameters["TargetGroupArn"])
    for named in _named(call, group):
        one = registrations(group).get((named.id, named.port))
        if one is not None:
            drain(call, group, one)
    return {}


@after("ec2", "TerminateInstances")
def terminated_instances_leave(call: Call, _answer: Answer) -> None:
    """Deregister instances that are terminated.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-register-targets.html
    """
    ids = set(call.parameters.get("InstanceIds", ()))
    for group in call.elbv2.target_groups.values():
        for one in list(registrations(group).values()):
            if one.id in ids:
                drain(call, group, one)


def instance_of(call: Call, instance_id: str) -> Any:
    """The instance of that id; None if there is none."""
    return call.ec2.get_instance_by_id(instance_id)


def zone_of_address(call: Call, group: FakeTargetGroup, address: str) -> str | None:
    """The zone of an address in the VPC; None for one outside its subnets."""
    parsed = ip_address(address)
    for subnet in subnets_of(call, group.vpc_id):
        networks = [subnet.cidr, *subnet_ipv6(subnet)] if subnet.cidr_block else subnet_ipv6(subnet)
        if any(parsed in network for network in networks):
            return str(subnet.availability_zone)
    return None


def _named(call: Call, group: FakeTargetGroup) -> Iterator[Registration]:
    for target in call.parameters["Targets"]:
        yield Registration(target["Id"], int(target.get("Port", group.port)), target.get("AvailabilityZone"))


def _is_gone(one: Registration | None) -> bool:
    return one is None or one.stage is Stage.DRAINING


def _must_be_an_address(group: FakeTargetGroup, text: str) -> None:
    version = 6 if group.ip_address_type == "ipv6" else 4
    try:
        valid = ip_address(text).version == version
    except ValueError:
        valid = False
    if not valid:
        raise Refusal("ValidationError", f"The IP address '{text}' is not a valid IPv{version} address")


def _private(text: str) -> bool:
    return any(ip_address(text) in network for network in _PRIVATE)


def _quoted(ids: Iterator[str]) -> str:
    return ", ".join(f"'{one}'" for one in ids)
