"""The life of a NAT gateway: pending, then available or failed; deleting, then deleted, and an hour later forgotten.

https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from kubewire.local.aws.call import Call
from kubewire.local.aws.durations import duration
from kubewire.local.aws.ec2.appliances import appliance_interface, remove_appliance_interface
from kubewire.local.aws.ec2.associations import dissociate
from kubewire.local.aws.ec2.internet_gateways import gateway_of

_STATES: Final = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NatGateway.html"
AVAILABLE: Final = duration("nat-gateway.available", aws=90.0, page=_STATES)
FAILED: Final = duration("nat-gateway.failed", aws=10.0, page=_STATES)
DELETED: Final = duration("nat-gateway.deleted", aws=45.0, page=_STATES)
# https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html: about an hour, whatever the pace.
SEEN_AFTERWARDS: Final = 3600.0


@dataclass
class NatNotes:
    """What moto has no place for, by the gateway's id.

    Attributes:
        addresses: as answers have them.
        failures: code and message of what went wrong.
        deleted: when it was deleted.
        interfaces: its interface while it has one.
    """

    addresses: dict[str, dict[str, Any]] = field(default_factory=dict)
    failures: dict[str, tuple[str, str]] = field(default_factory=dict)
    deleted: dict[str, datetime] = field(default_factory=dict)
    interfaces: dict[str, Any] = field(default_factory=dict)


def begin(call: Call, gateway: Any, subnet: Any, private: str | None, elastic: Any | None) -> None:
    """Let a gateway come up, or fail.

    Args:
        call: that made it.
        gateway: moto's.
        subnet: where it stands.
        private: its address there; None if none is free.
        elastic: its elastic address; None if it is private.
    """
    notes = call.notes(NatNotes)
    gateway.state = "pending"
    row: dict[str, Any] = {"IsPrimary": True, "Status": "associating" if elastic else "assigning"}
    if elastic:
        row["AllocationId"] = elastic.allocation_id
    notes.addresses[gateway.id] = row
    failure = _failure(call, subnet, private, elastic)
    if failure or private is None:
        call.later(FAILED, lambda: _fail(call, gateway, failure))
        return
    interface = appliance_interface(
        call,
        subnet,
        private,
        kind="nat_gateway",
        description=f"Interface for NAT Gateway {gateway.id}",
        requester="amazon-aws",
    )
    notes.interfaces[gateway.id] = interface
    gateway._eni = interface  # noqa: SLF001 - moto's own way to it
    gateway.private_ip = private
    if elastic:
        call.ec2.associate_address(eni=interface, allocation_id=elastic.allocation_id)
    call.later(AVAILABLE, lambda: _become_available(call, gateway, elastic))


def end(call: Call, gateway: Any) -> None:
    """Let a gateway go, whatever has become of it."""
    gateway.state = "deleting"
    call.later(DELETED, lambda: _delete(call, gateway))


def _failure(call: Call, subnet: Any, private: str | None, elastic: Any | None) -> tuple[str, str] | None:
    """What a gateway will fail with, in the words of the page above."""
    if private is None:
        return "InsufficientFreeAddressesInSubnet", "Subnet has insufficient free addresses to create this NAT gateway"
    if elastic and elastic.association_id:
        message = f"Elastic IP address [{elastic.allocation_id}] is already associated"
        return "Resource.AlreadyAssociated", message
    if elastic and gateway_of(call, subnet.vpc_id) is None:
        return "Gateway.NotAttached", f"Network {subnet.vpc_id} has no Internet gateway attached"
    return None


def _become_available(call: Call, gateway: Any, elastic: Any | None) -> None:
    if gateway.state != "pending":
        return
    notes = call.notes(NatNotes)
    row = notes.addresses[gateway.id]
    interface = notes.interfaces[gateway.id]
    row |= {"NetworkInterfaceId": interface.id, "PrivateIp": interface.private_ip_address, "Status": "succeeded"}
    if elastic:
        row |= {"PublicIp": elastic.public_ip, "AssociationId": elastic.association_id}
    gateway.state = "available"


def _fail(call: Call, gateway: Any, failure: tuple[str, str] | None) -> None:
    if gateway.state != "pending":
        return
    notes = call.notes(NatNotes)
    if failure:
        notes.failures[gateway.id] = failure
    notes.addresses[gateway.id]["Status"] = "failed"
    gateway.state = "failed"
    call.emulator.schedule.later(SEEN_AFTERWARDS, lambda: _forget(call, gateway))


def _delete(call: Call, gateway: Any) -> None:
    notes = call.notes(NatNotes)
    interface = notes.interfaces.pop(gateway.id, None)
    if interface is not None:
        for elastic in call.ec2.addresses:
            if elastic.eni is interface:
                dissociate(call, elastic)
        remove_appliance_interface(call, interface)
    gateway.state = "deleted"
    notes.deleted[gateway.id] = call.emulator.clock.date
    call.emulator.schedule.later(SEEN_AFTERWARDS, lambda: _forget(call, gateway))


def _forget(call: Call, gateway: Any) -> None:
    call.ec2.nat_gateways.pop(gateway.id, None)
    call.ec2.tags.pop(gateway.id, None)
