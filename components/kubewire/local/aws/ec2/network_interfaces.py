"""Network interfaces: what they are made of, how they are listed, and when one can be deleted."""

from __future__ import annotations

from typing import Any, Final

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.ec2.addressing import Prefixes, prefixes_of
from kubewire.local.aws.ec2.appliances import attachment_of
from kubewire.local.aws.ec2.associations import release_addresses_of
from kubewire.local.aws.ec2.identities import well_formed
from kubewire.local.aws.ec2.interface_addresses import ADDRESS_PARAMETERS, addresses_for
from kubewire.local.aws.ec2.own_groups import groups_for, own_groups, rows
from kubewire.local.aws.ec2.selection import listed, selected
from kubewire.local.aws.refusal import Refusal, invalid_parameter
from kubewire.local.aws.rules import Proceed, after, answers, before, exists

# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeNetworkInterfaces.html
_FILTERS: Final = {
    "addresses.association.public-ip": "PrivateIpAddresses.Association.PublicIp",
    "addresses.primary": "PrivateIpAddresses.Primary",
    "addresses.private-ip-address": "PrivateIpAddresses.PrivateIpAddress",
    "association.allocation-id": "Association.AllocationId",
    "association.association-id": "Association.AssociationId",
    "association.public-ip": "Association.PublicIp",
    "attachment.attach-time": "Attachment.AttachTime",
    "attachment.attachment-id": "Attachment.AttachmentId",
    "attachment.delete-on-termination": "Attachment.DeleteOnTermination",
    "attachment.device-index": "Attachment.DeviceIndex",
    "attachment.instance-id": "Attachment.InstanceId",
    "attachment.instance-owner-id": "Attachment.InstanceOwnerId",
    "attachment.status": "Attachment.Status",
    "availability-zone": "AvailabilityZone",
    "description": "Description",
    "group-id": "Groups.GroupId",
    "group-name": "Groups.GroupName",
    "interface-type": "InterfaceType",
    "ipv6-addresses.ipv6-address": "Ipv6Addresses.Ipv6Address",
    "mac-address": "MacAddress",
    "network-interface-id": "NetworkInterfaceId",
    "owner-id": "OwnerId",
    "private-dns-name": "PrivateDnsName",
    "private-ip-address": "PrivateIpAddress",
    "requester-id": "RequesterId",
    "requester-managed": "RequesterManaged",
    "source-dest-check": "SourceDestCheck",
    "status": "Status",
    "subnet-id": "SubnetId",
    "vpc-id": "VpcId",
}


@exists("ec2", "NetworkInterfaceId", "NetworkInterfaceIds")
def interface_exists(call: Call, interface_id: str) -> None:
    """Refuse an interface that isn't the caller's, or isn't at all.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
    """
    well_formed("InvalidNetworkInterfaceId", "eni", interface_id)
    if interface_id not in call.ec2.enis:
        message = f"The networkInterface ID '{interface_id}' does not exist"
        raise Refusal("InvalidNetworkInterfaceID.NotFound", message)


@answers("ec2", "CreateNetworkInterface")
def made_interface(call: Call, proceed: Proceed) -> Answer:
    """Make an interface of the groups and addresses that are asked for, or of those that AWS chooses.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkInterface.html
    """
    ec2: Any = call.ec2
    subnet = ec2.get_subnet(call.parameters["SubnetId"])
    groups = groups_for(call, subnet, call.parameters.get("Groups", []))
    addresses = addresses_for(call, subnet, call.parameters)
    rest = call.without(*ADDRESS_PARAMETERS).parameters
    answer = proceed(call.with_parameters({**rest, **addresses.parameters(), "Groups": [group.id for group in groups]}))
    made = answer["NetworkInterface"]
    interface = ec2.enis[made["NetworkInterfaceId"]]
    interface.interface_type = made["InterfaceType"] = call.parameters.get("InterfaceType", "interface")
    prefixes_of(call, interface.id).extend(addresses.prefixes)
    complete(call, made)
    if "ClientToken" in call.parameters:
        answer["ClientToken"] = call.parameters["ClientToken"]
    return answer


@answers("ec2", "DescribeNetworkInterfaces")
def listed_interfaces(call: Call, proceed: Proceed) -> Answer:
    """List interfaces with all that AWS says of them, by any of its filters, of which moto has a part."""
    answer = listed(call, proceed)
    found: list[dict[str, Any]] = answer.get("NetworkInterfaces", [])
    for one in found:
        complete(call, one)
    answer["NetworkInterfaces"] = selected(call, found, _FILTERS, "TagSet")
    return answer


@after("ec2", "DescribeNetworkInterfaceAttribute")
def groups_of_an_interface(call: Call, answer: Answer) -> None:
    """Say which groups are the interface's own."""
    if "Groups" in answer:
        answer["Groups"] = rows(own_groups(call.ec2.enis[call.parameters["NetworkInterfaceId"]]))


@before("ec2", "DeleteNetworkInterface")
def interface_in_use(call: Call) -> None:
    """Refuse to delete an interface that is attached, and let go of the address of one that isn't.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteNetworkInterface.html
    """
    interface: Any = call.ec2.enis[call.parameters["NetworkInterfaceId"]]
    if interface.status != "available":
        raise invalid_parameter(f"Network interface '{interface.id}' is currently in use.")
    forget_interface(call, interface)


def remove_interface(call: Call, interface: Any) -> None:
    """Delete an interface with whatever it belonged to."""
    forget_interface(call, interface)
    call.ec2.enis.pop(interface.id, None)


def forget_interface(call: Call, interface: Any) -> None:
    """Forget what is noted of an interface that goes, and let go of its elastic addresses."""
    release_addresses_of(call, interface)
    call.notes(Prefixes).of.pop(interface.id, None)
    call.ec2.tags.pop(interface.id, None)


def complete(call: Call, row: dict[str, Any]) -> None:
    """Say of an interface what moto doesn't say, or says wrongly."""
    interface: Any = call.ec2.enis[row["NetworkInterfaceId"]]
    row["Groups"] = rows(own_groups(interface))
    if not row.get("Association"):
        row.pop("Association", None)
    else:
        for one in row["PrivateIpAddresses"]:
            if one["PrivateIpAddress"] == interface.private_ip_address:
                one["Association"] = row["Association"]
    for one in row["PrivateIpAddresses"]:
        one.setdefault("Primary", False)
    if prefixes_of(call, interface.id):
        row["Ipv4Prefixes"] = [{"Ipv4Prefix": str(one)} for one in prefixes_of(call, interface.id)]
    attachment = attachment_of(call, interface)
    if attachment is not None:
        row["Attachment"] = attachment
