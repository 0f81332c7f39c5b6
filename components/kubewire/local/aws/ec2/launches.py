"""RunInstances: what is launched, where, and with which interfaces."""

from __future__ import annotations

from typing import Any, Final

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.durations import duration
from kubewire.local.aws.ec2.images import image_exists
from kubewire.local.aws.ec2.instance_rows import complete_instance
from kubewire.local.aws.ec2.launch_interfaces import (
    NETWORK_PARAMETERS,
    LaunchInterface,
    interfaces_for,
    make_interfaces,
    undo_interfaces,
)
from kubewire.local.aws.ec2.launch_templates import with_template
from kubewire.local.aws.ec2.own_groups import mirror
from kubewire.local.aws.refusal import Refusal, invalid_parameter
from kubewire.local.aws.rules import Proceed, answers, before

_STATES: Final = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-lifecycle.html"
RUNNING: Final = duration("instance.running", aws=20.0, page=_STATES)


@before("ec2", "RunInstances")
def launch_parameters(call: Call) -> Call:
    """Take what the launch template says, and refuse what can't be launched.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html
    """
    given = with_template(call)
    if "ImageId" not in given:
        raise Refusal("MissingParameter", "The request must contain the parameter ImageId")
    image_exists(call, given["ImageId"])
    least, most = given["MinCount"], given["MaxCount"]
    for name, count in (("minCount", least), ("maxCount", most)):
        if count < 1:
            raise invalid_parameter(f"Value ({count}) for parameter {name} is invalid. {name} must be greater than 0.")
    if least > most:
        raise invalid_parameter(
            f"Value ({least}) for parameter minCount is invalid. minCount must be less than or equal to maxCount."
        )
    key = given.get("KeyName")
    if key is not None and key not in call.ec2.key_pairs:
        raise Refusal("InvalidKeyPair.NotFound", f"The key pair '{key}' does not exist")
    return call.with_parameters(given)


@answers("ec2", "RunInstances")
def launched(call: Call, proceed: Proceed) -> Answer:
    """Launch as many as are wanted at most, each with interfaces of its own.

    moto would make addresses up and launch the least; so it gets one instance at a time, with its interfaces made.
    """
    ec2: Any = call.ec2
    count: int = call.parameters["MaxCount"]
    wanted = interfaces_for(call, count)
    first: Answer = {}
    for index in range(count):
        made = make_interfaces(call, wanted)
        try:
            answer = proceed(_one(call, made))
        except Refusal:
            undo_interfaces(call, made)
            raise
        instance = ec2.get_instance(answer["Instances"][0]["InstanceId"])
        _finish(call, instance, index, made)
        complete_instance(call, answer["Instances"][0])
        if not first:
            first = answer
            continue
        first["Instances"] += answer["Instances"]
        ec2.reservations[first["ReservationId"]].instances.append(instance)
        del ec2.reservations[answer["ReservationId"]]
    return first


def _one(call: Call, made: list[LaunchInterface]) -> Call:
    """The call for one instance whose interfaces are there."""
    interfaces = [{"DeviceIndex": one.index, "NetworkInterfaceId": one.interface.id} for one in made]
    zone = made[0].interface.subnet.availability_zone
    return call.with_parameters(
        {
            **call.without(*NETWORK_PARAMETERS).parameters,
            "MinCount": 1,
            "MaxCount": 1,
            "NetworkInterfaces": interfaces,
            "Placement": {**call.parameters.get("Placement", {}), "AvailabilityZone": zone},
        }
    )


def _finish(call: Call, instance: Any, index: int, made: list[LaunchInterface]) -> None:
    instance.ami_launch_index = index
    for one in made:
        one.interface.delete_on_termination = one.delete_on_termination
        # moto takes this away from an interface that was there before its instance.
        one.interface.public_ip_auto_assign = one.public
        one.interface.check_auto_public_ip()
    mirror(instance)
    state = instance.instance_state
    state.name, state.code = "pending", 0
    call.later(RUNNING, lambda: _run(state))


def _run(state: Any) -> None:
    if state.name == "pending":
        state.name, state.code = "running", 16
