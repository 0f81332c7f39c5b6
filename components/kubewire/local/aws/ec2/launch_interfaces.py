"""The interfaces of instances that are launched: made with them, or there before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from kubewire.local.aws.call import Call
from kubewire.local.aws.ec2.addressing import available, prefixes_of
from kubewire.local.aws.ec2.attachments import must_be_free
from kubewire.local.aws.ec2.group_lookup import named_group
from kubewire.local.aws.ec2.instance_types import most_interfaces
from kubewire.local.aws.ec2.interface_addresses import addresses_for
from kubewire.local.aws.ec2.network_interfaces import remove_interface
from kubewire.local.aws.ec2.own_groups import groups_for
from kubewire.local.aws.refusal import Refusal

NETWORK_PARAMETERS: Final = (
    "SubnetId",
    "PrivateIpAddress",
    "SecurityGroupIds",
    "SecurityGroups",
    "Ipv6AddressCount",
    "Ipv6Addresses",
    "NetworkInterfaces",
)
"""How a call says what an instance's network is to be."""

# What can't be said of the instance where its interfaces are listed, and how AWS calls it.
_INSTEAD: Final = {
    "SubnetId": "subnet ID",
    "SecurityGroupIds": "security groups",
    "SecurityGroups": "security groups",
    "PrivateIpAddress": "private address",
}


@dataclass(frozen=True)
class LaunchInterface:
    """One interface of an instance that is launched."""

    index: int
    interface: Any
    delete_on_termination: bool
    public: bool
    made: bool


def interfaces_for(call: Call, count: int) -> list[Mapping[str, Any]]:
    """What interfaces each instance is to have, as RunInstances lists them.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceNetworkInterfaceSpecification.html

    Raises:
        Refusal: they can't be.
    """
    given = call.parameters
    listed: list[Mapping[str, Any]] = given.get("NetworkInterfaces", [])
    if not listed:
        listed = [_only(call)]
    for parameter, words in _INSTEAD.items():
        if given.get("NetworkInterfaces") and given.get(parameter):
            message = f"Network interfaces and an instance-level {words} may not be specified on the same request"
            raise Refusal("InvalidParameterCombination", message)
    indices = [one.get("DeviceIndex") for one in listed]
    if None in indices:
        raise Refusal("InvalidParameterCombination", "Each network interface requires a device index.")
    if len(set(indices)) < len(indices) or 0 not in indices:
        message = "Network interfaces must have device indices of their own, and one of them index 0."
        raise Refusal("InvalidParameterCombination", message)
    kind = given.get("InstanceType", "m1.small")
    if len(listed) > most_interfaces(kind):
        raise Refusal("AttachmentLimitExceeded", f"Interface count {len(listed)} exceeds the limit for {kind}")
    for one in listed:
        _check(call, one, count)
    return listed


def make_interfaces(call: Call, wanted: list[Mapping[str, Any]]) -> list[LaunchInterface]:
    """Make those interfaces of an instance that aren't there."""
    made: list[LaunchInterface] = []
    try:
        # One by one: those before a refusal must be undone.
        for one in wanted:
            made += [_made(call, one)]
    except Refusal:
        undo_interfaces(call, made)
        raise
    return made


def undo_interfaces(call: Call, made: list[LaunchInterface]) -> None:
    """Take them away again: the launch was refused."""
    for one in made:
        if one.made:
            remove_interface(call, one.interface)


def _only(call: Call) -> Mapping[str, Any]:
    """The one interface of an instance of which none is listed: in its subnet, or in a default one."""
    given = call.parameters
    subnet = call.ec2.get_subnet(given["SubnetId"]) if "SubnetId" in given else _default_subnet(call)
    groups = [*given.get("SecurityGroupIds", []), *_by_name(call, subnet)]
    names = ("PrivateIpAddress", "Ipv6AddressCount", "Ipv6Addresses")
    addresses = {name: given[name] for name in names if name in given}
    return {"DeviceIndex": 0, "SubnetId": subnet.id, "Groups": groups, **addresses}


def _default_subnet(call: Call) -> Any:
    """Where an instance comes to be if nobody says where.

    https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc.html
    """
    zone = call.parameters.get("Placement", {}).get("AvailabilityZone")
    subnets: dict[str, Any] = call.ec2.get_default_subnets()
    mine = {name: one for name, one in subnets.items() if call.ec2.vpcs[one.vpc_id].is_default}
    if not any(vpc.is_default for vpc in call.ec2.vpcs.values()):
        message = "No default VPC for this user. GroupName is only supported for EC2-Classic and default VPC."
        raise Refusal("VPCIdNotSpecified", message)
    found = mine.get(zone) if zone else next((mine[name] for name in sorted(mine)), None)
    if found is None:
        where = f"for availability zone: '{zone}'" if zone else "in the default VPC"
        raise Refusal("MissingInput", f"No default subnet {where}.")
    return found


def _by_name(call: Call, subnet: Any) -> list[str]:
    names = call.parameters.get("SecurityGroups", [])
    if names and not call.ec2.vpcs[subnet.vpc_id].is_default:
        message = "The parameter groupName cannot be used with the parameter subnet"
        raise Refusal("InvalidParameterCombination", message)
    found = {name: named_group(call, name, subnet.vpc_id) for name in names}
    for name, group in found.items():
        if group is None:
            message = f"The security group '{name}' does not exist in VPC '{subnet.vpc_id}'"
            raise Refusal("InvalidGroup.NotFound", message)
    return [group.id for group in found.values() if group]


def _check(call: Call, one: Mapping[str, Any], count: int) -> None:
    ec2: Any = call.ec2
    if "NetworkInterfaceId" in one:
        must_be_free(ec2.enis[one["NetworkInterfaceId"]])
        if count > 1:
            message = "A network interface may not be specified when launching multiple instances"
            raise Refusal("InvalidParameterCombination", message)
        return
    subnet = ec2.get_subnet(one["SubnetId"]) if "SubnetId" in one else _default_subnet(call)
    groups_for(call, subnet, one.get("Groups", []))
    if count > 1 and "PrivateIpAddress" in one:
        message = "A private IP address may not be specified when launching multiple instances"
        raise Refusal("InvalidParameterCombination", message)
    if available(call, subnet) < count:
        lack = f"There are not enough free addresses in subnet '{subnet.id}'"
        message = f"{lack} to satisfy the requested number of instances."
        raise Refusal("InsufficientFreeAddressesInSubnet", message)


def _made(call: Call, one: Mapping[str, Any]) -> LaunchInterface:
    ec2: Any = call.ec2
    index = one["DeviceIndex"]
    if "NetworkInterfaceId" in one:
        there = ec2.enis[one["NetworkInterfaceId"]]
        return LaunchInterface(index, there, delete_on_termination=False, public=False, made=False)
    subnet = ec2.get_subnet(one["SubnetId"]) if "SubnetId" in one else _default_subnet(call)
    text = f"Address {one.get('PrivateIpAddress')} is in use."
    addresses = addresses_for(call, subnet, one, in_use=text)
    rows = addresses.parameters()
    interface = ec2.create_network_interface(
        subnet,
        rows["PrivateIpAddress"],
        rows["PrivateIpAddresses"],
        group_ids=[group.id for group in groups_for(call, subnet, one.get("Groups", []))],
        description=one.get("Description", ""),
        tags=_tags(call),
        ipv6_addresses=addresses.ipv6,
    )
    prefixes_of(call, interface.id).extend(addresses.prefixes)
    return LaunchInterface(
        index=index,
        interface=interface,
        delete_on_termination=one.get("DeleteOnTermination", index == 0),
        public=one.get("AssociatePublicIpAddress", bool(subnet.map_public_ip_on_launch) and index == 0),
        made=True,
    )


def _tags(call: Call) -> dict[str, str]:
    """Tags for the interfaces that are made with the instance."""
    specified = call.parameters.get("TagSpecifications", [])
    rows = [tag for one in specified if one.get("ResourceType") == "network-interface" for tag in one.get("Tags", [])]
    return {tag["Key"]: tag.get("Value", "") for tag in rows}
