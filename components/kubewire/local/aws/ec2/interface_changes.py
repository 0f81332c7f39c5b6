"""Changes of an interface: its groups, its source/destination check, its description, and its further addresses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.ec2.addressing import (
    chosen,
    chosen_ipv6,
    chosen_prefixes,
    prefixes_of,
    requested,
    requested_ipv6,
)
from kubewire.local.aws.ec2.appliances import must_not_be_managed
from kubewire.local.aws.ec2.instance_types import most_addresses
from kubewire.local.aws.ec2.interface_addresses import prefix
from kubewire.local.aws.ec2.own_groups import give_groups, groups_for, mirror
from kubewire.local.aws.refusal import Refusal, invalid_parameter
from kubewire.local.aws.rules import Proceed, answers


@answers("ec2", "ModifyNetworkInterfaceAttribute")
def changed_interface(call: Call, _proceed: Proceed) -> Answer:
    """Change one attribute. What is changed on an instance's first interface is the instance's, too.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyNetworkInterfaceAttribute.html
    """
    interface = _own_interface(call)
    given = call.without("NetworkInterfaceId", "DryRun").parameters
    if len(given) > 1:
        raise Refusal("InvalidParameterCombination", "Fields for multiple attribute types specified")
    match given:
        case {"SourceDestCheck": {"Value": bool(value)}}:
            interface.source_dest_check = value
            mirror(interface.instance)
        case {"Description": {"Value": str(text)}}:
            interface.description = text
        case {"Groups": list(ids)}:
            give_groups(interface, groups_for(call, interface.subnet, ids))
        case {"Attachment": {"AttachmentId": attachment_id, "DeleteOnTermination": bool(value)}}:
            if attachment_id != interface.attachment_id:
                raise Refusal("InvalidAttachmentID.NotFound", f"The attachment ID '{attachment_id}' does not exist")
            interface.delete_on_termination = value
        case {}:
            raise Refusal("InvalidParameterCombination", "No attributes specified.")
    return {}


@answers("ec2", "AssignPrivateIpAddresses")
def assigned_addresses(call: Call, _proceed: Proceed) -> Answer:
    """Give an interface further addresses, or ranges of sixteen of them.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssignPrivateIpAddresses.html
    """
    interface = _own_interface(call)
    given, subnet = call.parameters, interface.subnet
    named = [requested(call, subnet, text) for text in given.get("PrivateIpAddresses", [])]
    count = given.get("SecondaryPrivateIpAddressCount", 0)
    ranges = [prefix(call, subnet, text) for text in given.get("Ipv4Prefixes", [])]
    ranges += chosen_prefixes(call, subnet, given.get("Ipv4PrefixCount", 0))
    if not named and not count and not ranges:
        raise Refusal("MissingParameter", "The request must contain the parameter privateIpAddress")
    _must_fit(call, interface, len(named) + count + len(ranges))
    addresses = [*named, *chosen(call, subnet, count)]
    interface.private_ip_addresses += [{"Primary": False, "PrivateIpAddress": one} for one in addresses]
    prefixes_of(call, interface.id).extend(ranges)
    answer: Answer = {
        "NetworkInterfaceId": interface.id,
        "AssignedPrivateIpAddresses": [{"PrivateIpAddress": one} for one in addresses],
    }
    if ranges:
        answer["AssignedIpv4Prefixes"] = [{"Ipv4Prefix": str(one)} for one in ranges]
    return answer


@answers("ec2", "UnassignPrivateIpAddresses")
def unassigned_addresses(call: Call, _proceed: Proceed) -> Answer:
    """Take further addresses away; the primary one stays.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_UnassignPrivateIpAddresses.html
    """
    interface = _own_interface(call)
    going = call.parameters.get("PrivateIpAddresses", [])
    ranges = prefixes_of(call, interface.id)
    names = [str(one) for one in ranges]
    prefixes = call.parameters.get("Ipv4Prefixes", [])
    _must_have(interface, going, [one["PrivateIpAddress"] for one in interface.private_ip_addresses])
    _must_have(interface, prefixes, names)
    if interface.private_ip_address in going:
        raise invalid_parameter("The primary private IP address of a network interface cannot be unassigned")
    interface.private_ip_addresses = [
        one for one in interface.private_ip_addresses if one["PrivateIpAddress"] not in going
    ]
    ranges[:] = [one for one, name in zip(ranges, names, strict=True) if name not in prefixes]
    return {}


@answers("ec2", "AssignIpv6Addresses")
def assigned_ipv6(call: Call, _proceed: Proceed) -> Answer:
    """Give an interface IPv6 addresses.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssignIpv6Addresses.html
    """
    interface = _own_interface(call)
    subnet = interface.subnet
    addresses = [requested_ipv6(call, subnet, text) for text in call.parameters.get("Ipv6Addresses", [])]
    addresses += chosen_ipv6(call, subnet, call.parameters.get("Ipv6AddressCount", 0 if addresses else 1))
    interface.ipv6_addresses = [*interface.ipv6_addresses, *addresses]
    return {"NetworkInterfaceId": interface.id, "AssignedIpv6Addresses": addresses}


@answers("ec2", "UnassignIpv6Addresses")
def unassigned_ipv6(call: Call, _proceed: Proceed) -> Answer:
    """Take IPv6 addresses away.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_UnassignIpv6Addresses.html
    """
    interface = _own_interface(call)
    going = call.parameters.get("Ipv6Addresses", [])
    _must_have(interface, going, interface.ipv6_addresses)
    interface.ipv6_addresses = [one for one in interface.ipv6_addresses if one not in going]
    return {"NetworkInterfaceId": interface.id, "UnassignedIpv6Addresses": going}


def _own_interface(call: Call) -> Any:
    interface: Any = call.ec2.enis[call.parameters["NetworkInterfaceId"]]
    must_not_be_managed(interface)
    return interface


def _must_have(interface: Any, going: Sequence[str], present: Sequence[str]) -> None:
    if not set(going) <= set(present):
        raise invalid_parameter(f"Some of the specified addresses are not assigned to interface {interface.id}")


def _must_fit(call: Call, interface: Any, more: int) -> None:
    """Refuse more addresses than the instance's type has for an interface.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/AvailableIpPerENI.html
    """
    if interface.instance:
        present = len(interface.private_ip_addresses) + len(prefixes_of(call, interface.id))
        if present + more > most_addresses(interface.instance.instance_type):
            raise Refusal("PrivateIpAddressLimitExceeded", "Number of private addresses will exceed limit.")
