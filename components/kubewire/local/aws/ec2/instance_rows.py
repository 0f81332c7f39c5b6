"""Instances: that they exist, how they are listed, and their attributes."""

from __future__ import annotations

from typing import Any, Final

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.ec2.identities import well_formed
from kubewire.local.aws.ec2.network_interfaces import complete
from kubewire.local.aws.ec2.own_groups import give_groups, groups_for, rows
from kubewire.local.aws.ec2.selection import selected
from kubewire.local.aws.refusal import Refusal
from kubewire.local.aws.rules import Proceed, answers, before, exists

_ALL: Final = 10**9

# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html; moto applies the rest of them.
_FILTERS: Final = {
    "availability-zone": "Placement.AvailabilityZone",
    "client-token": "ClientToken",
    "dns-name": "PublicDnsName",
    "group-id": "SecurityGroups.GroupId",
    "group-name": "SecurityGroups.GroupName",
    "image-id": "ImageId",
    "instance-id": "InstanceId",
    "instance-state-code": "State.Code",
    "instance-state-name": "State.Name",
    "instance-type": "InstanceType",
    "instance.group-id": "SecurityGroups.GroupId",
    "instance.group-name": "SecurityGroups.GroupName",
    "ip-address": "PublicIpAddress",
    "key-name": "KeyName",
    "network-interface.addresses.private-ip-address": "NetworkInterfaces.PrivateIpAddresses.PrivateIpAddress",
    "network-interface.attachment.attachment-id": "NetworkInterfaces.Attachment.AttachmentId",
    "network-interface.group-id": "NetworkInterfaces.Groups.GroupId",
    "network-interface.network-interface-id": "NetworkInterfaces.NetworkInterfaceId",
    "network-interface.subnet-id": "NetworkInterfaces.SubnetId",
    "network-interface.vpc-id": "NetworkInterfaces.VpcId",
    "private-dns-name": "PrivateDnsName",
    "private-ip-address": "PrivateIpAddress",
    "source-dest-check": "SourceDestCheck",
    "subnet-id": "SubnetId",
    "vpc-id": "VpcId",
}
# What an instance that has ended has no longer.
_OF_THE_LIVING: Final = ("SubnetId", "VpcId", "PrivateIpAddress", "PublicIpAddress")


def instances_named(call: Call) -> list[Any]:
    """The instances that a call names, in its order."""
    return [call.ec2.get_instance(identity) for identity in dict.fromkeys(call.parameters.get("InstanceIds", []))]


@exists("ec2", "InstanceId", "InstanceIds")
def instance_exists(call: Call, instance_id: str) -> None:
    """Refuse an instance that isn't the caller's, or isn't at all; all that aren't, where a call names several.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
    """
    well_formed("InvalidInstanceID", "i", instance_id)
    ec2: Any = call.ec2
    if ec2.get_instance_by_id(instance_id) is None:
        named: list[str] = call.parameters.get("InstanceIds") or [instance_id]
        missing = [identity for identity in dict.fromkeys(named) if ec2.get_instance_by_id(identity) is None]
        if len(missing) > 1:
            raise Refusal("InvalidInstanceID.NotFound", f"The instance IDs '{', '.join(missing)}' do not exist")
        raise Refusal("InvalidInstanceID.NotFound", f"The instance ID '{instance_id}' does not exist")


@answers("ec2", "DescribeInstances")
def listed_instances(call: Call, proceed: Proceed) -> Answer:
    """List instances with all that AWS says of them. moto would end after a hundred."""
    given = call.parameters.get("Filters", [])
    ours = [one for one in given if one["Name"] in _FILTERS or one["Name"].startswith("tag")]
    theirs = [one for one in given if one not in ours]
    asked = {**call.without("Filters").parameters, "MaxResults": _ALL} | ({"Filters": theirs} if theirs else {})
    answer = proceed(call.with_parameters(asked))
    answer.pop("NextToken", None)
    filtering = call.with_parameters({"Filters": ours})
    reservations = []
    for reservation in answer.get("Reservations", []):
        for row in reservation["Instances"]:
            complete_instance(call, row)
        reservation["Instances"] = selected(filtering, reservation["Instances"], _FILTERS)
        if reservation["Instances"]:
            reservations.append(reservation)
    answer["Reservations"] = reservations
    return answer


def complete_instance(call: Call, row: dict[str, Any]) -> None:
    """Say of an instance what moto doesn't say, or says wrongly.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Instance.html
    """
    instance: Any = call.ec2.get_instance(row["InstanceId"])
    row["State"] = {"Code": instance.state_code, "Name": instance.state}
    row["AmiLaunchIndex"] = instance.ami_launch_index
    if not any(row.get("StateReason", {}).values()):
        row.pop("StateReason", None)
    if instance.state == "terminated":
        row |= {"NetworkInterfaces": [], "SecurityGroups": [], "PrivateDnsName": "", "PublicDnsName": ""}
        for name in _OF_THE_LIVING:
            row.pop(name, None)
        return
    row["SecurityGroups"] = rows(instance.security_groups)
    row["SourceDestCheck"] = instance.source_dest_check
    for interface in row["NetworkInterfaces"]:
        complete(call, interface)
        # What AWS says of an attachment here is less than with the interface.
        for name in ("InstanceId", "InstanceOwnerId"):
            interface["Attachment"].pop(name, None)


@before("ec2", "ModifyInstanceAttribute")
def changed_instance(call: Call) -> None:
    """Refuse changes that need a stopped instance, or another way: an instance's network is that of its interfaces.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceAttribute.html
    """
    instance: Any = call.ec2.get_instance(call.parameters["InstanceId"])
    attribute = call.parameters.get("Attribute")
    if (attribute in ("instanceType", "userData") or call.parameters.keys() & {"InstanceType", "UserData"}) and (
        instance.state != "stopped"
    ):
        raise Refusal("IncorrectInstanceState", f"The instance '{instance.id}' is not in the 'stopped' state.")
    if call.parameters.keys() & {"SourceDestCheck", "Groups"} and len(instance.nics) > 1:
        raise Refusal(
            "InvalidInstanceID",
            f"There are multiple interfaces attached to instance '{instance.id}'. "
            "Please specify an interface ID for the operation instead.",
        )
    if call.parameters.get("SourceDestCheck"):
        instance.nics[0].source_dest_check = call.parameters["SourceDestCheck"]["Value"]
    if call.parameters.get("Groups"):
        give_groups(instance.nics[0], groups_for(call, instance.nics[0].subnet, call.parameters["Groups"]))
