"""The life of an instance over time: pending, running, stopping, stopped, shutting-down, terminated, and forgotten.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-lifecycle.html
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, Final

from moto.autoscaling.models import autoscaling_backends

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.durations import duration
from kubewire.local.aws.ec2.attachments import detach
from kubewire.local.aws.ec2.instance_rows import instances_named
from kubewire.local.aws.ec2.launches import RUNNING
from kubewire.local.aws.ec2.network_interfaces import remove_interface
from kubewire.local.aws.refusal import Refusal
from kubewire.local.aws.rules import Proceed, answers, before

_STATES: Final = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-lifecycle.html"
STOPPED: Final = duration("instance.stopped", aws=30.0, page=_STATES)
TERMINATED: Final = duration("instance.terminated", aws=40.0, page=_STATES)
# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/terminating-instances.html: a short while; about an hour.
SEEN_AFTERWARDS: Final = 3600.0

_CODES: Final = {
    "pending": 0,
    "running": 16,
    "shutting-down": 32,
    "terminated": 48,
    "stopping": 64,
    "stopped": 80,
}


@answers("ec2", "StartInstances")
def started(call: Call, _proceed: Proceed) -> Answer:
    """Start instances that are stopped; those that run go on.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StartInstances.html
    """
    instances = instances_named(call)
    for one in instances:
        if one.state not in ("stopped", "pending", "running"):
            message = f"The instance '{one.id}' is not in a state from which it can be started."
            raise Refusal("IncorrectInstanceState", message)

    def start(instance: Any) -> None:
        if instance.state == "stopped":
            _enter(instance, "pending")
            call.later(RUNNING, lambda: _when(instance, "pending", lambda: _started(call, instance)))

    return {"StartingInstances": [_changed(one, start) for one in instances]}


@answers("ec2", "StopInstances")
def stopped(call: Call, _proceed: Proceed) -> Answer:
    """Stop instances that run; those that are stopped stay so.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StopInstances.html
    """
    instances = instances_named(call)
    for one in instances:
        if one.state not in ("pending", "running", "stopping", "stopped"):
            message = f"This instance '{one.id}' is not in a state from which it can be stopped."
            raise Refusal("IncorrectInstanceState", message)
        if one.disable_api_stop is True:
            message = (
                f"The instance '{one.id}' may not be stopped. "
                "Modify its 'disableApiStop' instance attribute and try again."
            )
            raise Refusal("OperationNotPermitted", message)

    def stop(instance: Any) -> None:
        if instance.state in ("pending", "running"):
            _enter(instance, "stopping")
            call.later(STOPPED, lambda: _when(instance, "stopping", lambda: _stopped(call, instance)))

    return {"StoppingInstances": [_changed(one, stop) for one in instances]}


@answers("ec2", "TerminateInstances")
def terminated(call: Call, _proceed: Proceed) -> Answer:
    """Terminate instances, all of them or none. Done again it does nothing.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TerminateInstances.html
    """
    instances = instances_named(call)
    for one in instances:
        if one.disable_api_termination is True:
            message = (
                f"The instance '{one.id}' may not be terminated. "
                "Modify its 'disableApiTermination' instance attribute and try again."
            )
            raise Refusal("OperationNotPermitted", message)

    def terminate(instance: Any) -> None:
        if instance.state not in ("shutting-down", "terminated"):
            _enter(instance, "shutting-down")
            call.later(TERMINATED, lambda: _when(instance, "shutting-down", lambda: end(call, instance)))

    return {"TerminatingInstances": [_changed(one, terminate) for one in instances]}


@before("ec2", "RebootInstances")
def rebooted(call: Call) -> None:
    """Refuse to reboot what doesn't run; moto would start it.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RebootInstances.html
    """
    for one in instances_named(call):
        if one.state != "running":
            message = f"This instance '{one.id}' is not in a state from which it can be rebooted."
            raise Refusal("IncorrectInstanceState", message)


def _changed(instance: Any, change: Callable[[Any], None]) -> dict[str, Any]:
    before_it = {"Code": instance.state_code, "Name": instance.state}
    change(instance)
    now = {"Code": instance.state_code, "Name": instance.state}
    return {"InstanceId": instance.id, "PreviousState": before_it, "CurrentState": now}


def _enter(instance: Any, name: str) -> None:
    state = instance.instance_state
    state.name, state.code = name, _CODES[name]


def _when(instance: Any, state: str, happens: Callable[[], None]) -> None:
    """Let something happen unless the instance has taken another way since."""
    if instance.state == state:
        happens()


def _started(call: Call, instance: Any) -> None:
    instance.start()
    _keep_elastic_addresses(call, instance)


def _stopped(call: Call, instance: Any) -> None:
    instance.stop()
    _keep_elastic_addresses(call, instance)


def _keep_elastic_addresses(call: Call, instance: Any) -> None:
    """An elastic address stays with a stopped instance; moto takes every public address away, or gives another."""
    addresses: list[Any] = list(call.ec2.addresses)
    for elastic in addresses:
        for interface in instance.nics.values():
            if elastic.eni is interface:
                interface.public_ip = elastic.public_ip


def end(call: Call, instance: Any) -> None:
    """End an instance. Interfaces that aren't to go with it come free; moto would leave them attached."""
    # Its targets are deregistered, and its group makes another one.
    call.elbv2.notify_terminate_instances([instance.id])
    # What moto says of an instance that has ended, it reads from its interfaces.
    seen = {index: copy.copy(interface) for index, interface in instance.nics.items()}
    for interface in list(instance.nics.values()):
        goes_too = interface.delete_on_termination
        detach(call, interface)
        if goes_too:
            remove_interface(call, interface)
    for interface in seen.values():
        interface.delete_on_termination = False
        interface.public_ip = None
    instance.nics = seen
    instance.terminate()
    autoscaling_backends[call.account][call.region].notify_terminate_instances([instance.id])
    call.emulator.schedule.later(SEEN_AFTERWARDS, lambda: _forget(call, instance))


def _forget(call: Call, instance: Any) -> None:
    ec2: Any = call.ec2
    for identity, reservation in list(ec2.reservations.items()):
        if instance in reservation.instances:
            reservation.instances.remove(instance)
            if not reservation.instances:
                del ec2.reservations[identity]
    ec2.tags.pop(instance.id, None)
