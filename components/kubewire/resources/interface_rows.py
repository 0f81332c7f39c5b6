"""A network interface of a set, as AWS shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kubewire.resources.members import in_set, read_tags

if TYPE_CHECKING:
    from collections.abc import Mapping

    from types_boto3_ec2.type_defs import NetworkInterfaceTypeDef

    from kubewire.resources.base import Cloud


@dataclass(frozen=True)
class Attachment:
    """What an instance holds an interface by.

    Attributes:
        id: `eni-attach-…`.
        goes_too: whether the interface is deleted with the instance.
        is_ending: whether the instance is letting go of it.
    """

    id: str
    goes_too: bool
    is_ending: bool


@dataclass(frozen=True)
class InterfaceRow:
    """One interface."""

    id: str
    subnet: str
    address: str
    ipv6: tuple[str, ...]
    groups: frozenset[str]
    source_dest_check: bool
    tags: Mapping[str, str]
    attachment: Attachment | None

    @property
    def is_leaving(self) -> bool:
        """Whether it was given up, and goes with the instance that still has it."""
        return self.attachment is not None and self.attachment.goes_too


def interface_rows(cloud: Cloud, object_id: str) -> list[InterfaceRow]:
    """Give the interfaces of a set: one call for each thousand."""
    found = cloud.ec2.describe_network_interfaces(Filters=in_set(object_id))["NetworkInterfaces"]
    return [read_interface(interface) for interface in found]


def read_interface(interface: NetworkInterfaceTypeDef) -> InterfaceRow:
    """Read an interface as a Describe call, or the call that made it, shows it."""
    held = interface.get("Attachment")
    return InterfaceRow(
        id=interface["NetworkInterfaceId"],
        subnet=interface["SubnetId"],
        address=interface["PrivateIpAddress"],
        ipv6=tuple(item["Ipv6Address"] for item in interface.get("Ipv6Addresses", [])),
        groups=frozenset(group["GroupId"] for group in interface["Groups"]),
        source_dest_check=interface["SourceDestCheck"],
        tags=read_tags(interface.get("TagSet", [])),
        attachment=Attachment(
            held["AttachmentId"], held.get("DeleteOnTermination", False), held.get("Status") == "detaching"
        )
        if held and "AttachmentId" in held and held.get("Status") != "detached"
        else None,
    )
