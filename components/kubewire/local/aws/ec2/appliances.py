"""Interfaces that AWS makes in a caller's subnet for its own appliances: NAT gateways, load balancers.

The caller sees them, and can neither detach, change nor delete them.
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/requester-managed-eni.html
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from kubewire.local.aws.call import Call
from kubewire.local.aws.refusal import Refusal


@dataclass
class Attachments:
    """How an interface is attached where moto has no place for it: to an appliance, or still on its way.

    Attributes:
        of: by the interface's id, as answers have it.
        status: by the interface's id, while it is neither attached nor detached.
    """

    of: dict[str, dict[str, Any]] = field(default_factory=dict)
    status: dict[str, str] = field(default_factory=dict)


def appliance_interface(call: Call, subnet: Any, address: str, *, kind: str, description: str, requester: str) -> Any:
    """Make an interface for an appliance.

    Args:
        call: whose subnet it is.
        subnet: where it stands.
        address: its private address, which must be free.
        kind: the interface's type as AWS names it.
        description: how AWS describes it.
        requester: who made it, as AWS names it.
    """
    interface: Any = call.ec2.create_network_interface(subnet, address, description=description)
    interface.requester_managed = True
    interface.requester_id = requester
    interface.interface_type = kind
    interface.status = "in-use"
    interface.source_dest_check = False
    interface._group_set = []  # noqa: SLF001 - moto gives it the default group, which such an interface has not
    call.notes(Attachments).of[interface.id] = {
        "AttachmentId": f"ela-attach-{uuid4().hex[:17]}",
        "DeleteOnTermination": False,
        "DeviceIndex": 1,
        "InstanceOwnerId": "amazon-aws",
        "Status": "attached",
    }
    return interface


def remove_appliance_interface(call: Call, interface: Any) -> None:
    """Take it away with its appliance."""
    call.notes(Attachments).of.pop(interface.id, None)
    call.ec2.enis.pop(interface.id, None)


def attachment_of(call: Call, interface: Any) -> dict[str, Any] | None:
    """How an interface is attached, if it is."""
    notes = call.notes(Attachments)
    if interface.id in notes.of:
        return notes.of[interface.id]
    attachment = interface.attachment
    if attachment is None:
        return None
    return {
        "AttachTime": attachment.attach_time,
        "AttachmentId": attachment.attachment_id,
        "DeleteOnTermination": bool(attachment.delete_on_termination),
        "DeviceIndex": attachment.device_index,
        "InstanceId": attachment.instance_id,
        "InstanceOwnerId": attachment.instance_owner_id,
        "NetworkCardIndex": attachment.network_card_index,
        "Status": notes.status.get(interface.id, "attached"),
    }


def must_not_be_managed(interface: Any) -> None:
    """Refuse to touch what AWS made for itself.

    Raises:
        Refusal: it did.
    """
    if interface is not None and interface.requester_managed:
        raise Refusal("AuthFailure", "You do not have permission to access the specified resource.")
