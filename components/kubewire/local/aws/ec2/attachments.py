"""Attaching interfaces to instances, and detaching them."""

from __future__ import annotations

from typing import Any, Final

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.durations import duration
from kubewire.local.aws.ec2.appliances import Attachments
from kubewire.local.aws.ec2.instance_types import most_interfaces
from kubewire.local.aws.refusal import Refusal, invalid_parameter
from kubewire.local.aws.rules import Proceed, answers, before

_STATES: Final = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterfaceAttachment.html"
DETACHED: Final = duration("network-interface.detached", aws=10.0, page=_STATES)


def must_be_free(interface: Any) -> None:
    """Make sure that an interface is nobody's.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html (InvalidNetworkInterface.InUse)

    Raises:
        Refusal: it is somebody's.
    """
    if interface.status != "available":
        raise Refusal("InvalidNetworkInterface.InUse", f"Interface: [{interface.id}] in use.")


@before("ec2", "AttachNetworkInterface")
def attachable(call: Call) -> None:
    """Refuse interfaces that are in use, places that are taken, and instances elsewhere or that have ended.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AttachNetworkInterface.html
    """
    given = call.parameters
    interface: Any = call.ec2.enis[given["NetworkInterfaceId"]]
    instance: Any = call.ec2.get_instance(given["InstanceId"])
    must_be_free(interface)
    if instance.state not in ("running", "stopped"):
        message = f"The instance '{instance.id}' is not in a valid state for this operation."
        raise Refusal("IncorrectInstanceState", message)
    if interface.subnet.availability_zone != instance.availability_zone:
        raise Refusal(
            "InvalidParameterCombination",
            "You may not attach a network interface to an instance if they are not in the same availability zone",
        )
    index = given["DeviceIndex"]
    if index in instance.nics:
        raise invalid_parameter(
            f"Instance '{instance.id}' already has an interface attached at device index '{index}'."
        )
    if len(instance.nics) >= most_interfaces(instance.instance_type):
        count = len(instance.nics) + 1
        message = f"Interface count {count} exceeds the limit for {instance.instance_type}"
        raise Refusal("AttachmentLimitExceeded", message)


@answers("ec2", "DetachNetworkInterface")
def detached(call: Call, _proceed: Proceed) -> Answer:
    """Detach an interface after a while; never an instance's first one, or one of AWS's own.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DetachNetworkInterface.html
    """
    identity = call.parameters["AttachmentId"]
    notes = call.notes(Attachments)
    if any(one["AttachmentId"] == identity for one in notes.of.values()):
        message = "You are not allowed to manage 'ela-attach' attachments."
        raise Refusal("OperationNotPermitted", message)
    interfaces: list[Any] = list(call.ec2.enis.values())
    interface = next((one for one in interfaces if one.attachment_id == identity), None)
    if interface is None:
        raise Refusal("InvalidAttachmentID.NotFound", f"The attachment ID '{identity}' does not exist")
    if interface.device_index == 0:
        message = "The network interface at device index 0 and networkCard index 0 cannot be detached."
        raise Refusal("OperationNotPermitted", message)
    interface.status = "detaching"
    notes.status[interface.id] = "detaching"
    call.later(DETACHED, lambda: detach(call, interface))
    return {}


def detach(call: Call, interface: Any) -> None:
    """Let an instance go of an interface, which stays."""
    call.notes(Attachments).status.pop(interface.id, None)
    if interface.instance is not None:
        interface.instance.detach_eni(interface)
        interface.delete_on_termination = False
