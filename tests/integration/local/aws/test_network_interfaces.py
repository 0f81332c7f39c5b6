from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.local.aws.case import Case, Step, ec2
from tests.integration.local.aws.network import (
    API,
    ERRORS,
    INSTANCE,
    INTERFACE,
    OTHER_VPC,
    SECOND_INTERFACE,
    SMALL_SUBNET,
    SUBNET,
    VPC,
)

SIZES = "https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html"
PREFIXES = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-prefix-eni.html"
PER_TYPE = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/AvailableIpPerENI.html"
NOT_THERE = "eni-0123456789abcdef0"
MISSING = ("InvalidNetworkInterfaceID.NotFound", f"The networkInterface ID '{NOT_THERE}' does not exist")
FULL = (
    "InsufficientFreeAddressesInSubnet",
    "The specified subnet does not have enough free addresses to satisfy the request.",
)
TAKEN = ("InvalidIPAddress.InUse", "The specified address is already in use.")
OUTSIDE = ("InvalidParameterValue", "Address does not fall within the subnet's address range")
RESERVED = ("InvalidParameterValue", "Address is in subnet's reserved address range")
UNASSIGNED = ("InvalidParameterValue", "Some of the specified addresses are not assigned to interface $eni")
DELETE = ec2.delete_network_interface(NetworkInterfaceId="$eni")
DESCRIBE = ec2.describe_network_interfaces(NetworkInterfaceIds=["$eni"])
LEFT = ec2.describe_subnets(SubnetIds=["$subnet"])
GROUP = ec2.create_security_group(GroupName="web", Description="web", VpcId="$vpc").keep(group="GroupId")
IPV6 = (
    ec2.create_vpc(CidrBlock="10.0.0.0/16", AmazonProvidedIpv6CidrBlock=True).keep(vpc="Vpc.VpcId"),
    ec2.describe_vpcs(VpcIds=["$vpc"]).keep(range="Vpcs[0].Ipv6CidrBlockAssociationSet[0].Ipv6CidrBlock"),
    ec2.create_subnet(VpcId="$vpc", CidrBlock="10.0.1.0/24", Ipv6CidrBlock="$range").keep(subnet="Subnet.SubnetId"),
)


def fixed(address: str) -> Step:
    return ec2.create_network_interface(SubnetId="$subnet", PrivateIpAddress=address)


CASES = [
    Case(
        "an interface has a free address of its subnet, and the VPC's default group",
        f"{API}/API_CreateNetworkInterface.html",
        VPC,
        SUBNET,
        INTERFACE.answers(
            {
                "NetworkInterface.PrivateIpAddress": "10.0.1.4",
                "NetworkInterface.Status": "available",
                "NetworkInterface.InterfaceType": "interface",
                "NetworkInterface.Groups[].GroupName": ["default"],
                "NetworkInterface.Association": None,
                "NetworkInterface.Attachment": None,
            }
        ),
        SECOND_INTERFACE.answers({"NetworkInterface.PrivateIpAddress": "10.0.1.5"}),
        LEFT.answers({"Subnets[0].AvailableIpAddressCount": 249}),
    ),
    Case(
        "an interface made twice with a token",
        f"{API}/API_CreateNetworkInterface.html",
        VPC,
        SUBNET,
        ec2.create_network_interface(SubnetId="$subnet", ClientToken="one")
        .keep(eni="NetworkInterface.NetworkInterfaceId")
        .answers({"ClientToken": "one"}),
        ec2.create_network_interface(SubnetId="$subnet", ClientToken="one").answers(
            {"NetworkInterface.NetworkInterfaceId": "$eni"}
        ),
        ec2.describe_network_interfaces().answers({"NetworkInterfaces[].NetworkInterfaceId": ["$eni"]}),
    ),
    Case(
        "an interface with an address of its own",
        f"{API}/API_CreateNetworkInterface.html",
        VPC,
        SUBNET,
        fixed("10.0.1.77").answers({"NetworkInterface.PrivateIpAddress": "10.0.1.77"}),
        fixed("10.0.1.77").refused(*TAKEN),
        fixed("10.0.1.78"),
    ),
    Case("an address outside the subnet", SIZES, VPC, SUBNET, fixed("10.0.2.7").refused(*OUTSIDE)),
    Case("the network's address", SIZES, VPC, SUBNET, fixed("10.0.1.0").refused(*RESERVED)),
    Case("the router's address", SIZES, VPC, SUBNET, fixed("10.0.1.1").refused(*RESERVED)),
    Case("the DNS server's address", SIZES, VPC, SUBNET, fixed("10.0.1.2").refused(*RESERVED)),
    Case("the last reserved address at the start", SIZES, VPC, SUBNET, fixed("10.0.1.3").refused(*RESERVED)),
    Case("the first free address", SIZES, VPC, SUBNET, fixed("10.0.1.4")),
    Case("the last free address", SIZES, VPC, SUBNET, fixed("10.0.1.254")),
    Case("the broadcast address", SIZES, VPC, SUBNET, fixed("10.0.1.255").refused(*RESERVED)),
    Case(
        "what is no address",
        ERRORS,
        VPC,
        SUBNET,
        fixed("10.0.1").refused("InvalidParameterValue", "invalid value for parameter address: 10.0.1"),
    ),
    Case(
        "a subnet's addresses run out, and come back",
        SIZES,
        VPC,
        SMALL_SUBNET,
        INTERFACE,
        *[ec2.create_network_interface(SubnetId="$subnet")] * 10,
        LEFT.answers({"Subnets[0].AvailableIpAddressCount": 0}),
        ec2.create_network_interface(SubnetId="$subnet").refused(*FULL),
        DELETE,
        LEFT.answers({"Subnets[0].AvailableIpAddressCount": 1}),
        ec2.create_network_interface(SubnetId="$subnet"),
    ),
    Case(
        "more further addresses than are free",
        f"{API}/API_CreateNetworkInterface.html",
        VPC,
        SMALL_SUBNET,
        ec2.create_network_interface(SubnetId="$subnet", SecondaryPrivateIpAddressCount=11).refused(*FULL),
        ec2.create_network_interface(SubnetId="$subnet", SecondaryPrivateIpAddressCount=10),
    ),
    Case(
        "an interface with a group that isn't there",
        f"{API}/API_CreateNetworkInterface.html",
        VPC,
        SUBNET,
        ec2.create_network_interface(SubnetId="$subnet", Groups=["sg-0123456789abcdef0"]).refused(
            "InvalidGroup.NotFound", "The security group 'sg-0123456789abcdef0' does not exist"
        ),
        ec2.describe_network_interfaces().answers({"NetworkInterfaces": []}),
    ),
    Case(
        "an interface with a group of another VPC",
        f"{API}/API_CreateNetworkInterface.html",
        VPC,
        SUBNET,
        OTHER_VPC,
        ec2.create_security_group(GroupName="web", Description="web", VpcId="$other").keep(group="GroupId"),
        ec2.create_network_interface(SubnetId="$subnet", Groups=["$group"]).refused(
            "InvalidParameter", "Security group $group and subnet $subnet belong to different networks."
        ),
    ),
    Case(
        "an interface in a subnet that isn't there",
        ERRORS,
        ec2.create_network_interface(SubnetId="subnet-0123456789abcdef0").refused(
            "InvalidSubnetID.NotFound", "The subnet ID 'subnet-0123456789abcdef0' does not exist"
        ),
    ),
    Case(
        "deleting an interface that is attached",
        f"{API}/API_DeleteNetworkInterface.html",
        VPC,
        SUBNET,
        INSTANCE,
        DELETE.refused("InvalidParameterValue", "Network interface '$eni' is currently in use."),
    ),
    Case(
        "deleting an interface that isn't there",
        ERRORS,
        ec2.delete_network_interface(NetworkInterfaceId=NOT_THERE).refused(*MISSING),
    ),
    Case(
        "describing an interface that isn't there",
        ERRORS,
        ec2.describe_network_interfaces(NetworkInterfaceIds=[NOT_THERE]).refused(*MISSING),
    ),
    Case(
        "what is no interface's id",
        ERRORS,
        ec2.delete_network_interface(NetworkInterfaceId="interface").refused(
            "InvalidNetworkInterfaceId.Malformed", 'Invalid id: "interface" (expecting "eni-...")'
        ),
    ),
    Case(
        "two attributes of an interface in a call",
        f"{API}/API_ModifyNetworkInterfaceAttribute.html",
        VPC,
        SUBNET,
        INTERFACE,
        ec2.modify_network_interface_attribute(
            NetworkInterfaceId="$eni", SourceDestCheck={"Value": False}, Description={"Value": "router"}
        ).refused("InvalidParameterCombination", "Fields for multiple attribute types specified"),
        DESCRIBE.answers({"NetworkInterfaces[0].SourceDestCheck": True}),
    ),
    Case(
        "an interface's description can be empty again",
        f"{API}/API_ModifyNetworkInterfaceAttribute.html",
        VPC,
        SUBNET,
        INTERFACE,
        ec2.modify_network_interface_attribute(NetworkInterfaceId="$eni", Description={"Value": "router"}),
        DESCRIBE.answers({"NetworkInterfaces[0].Description": "router"}),
        ec2.modify_network_interface_attribute(NetworkInterfaceId="$eni", Description={"Value": ""}),
        DESCRIBE.answers({"NetworkInterfaces[0].Description": ""}),
    ),
    Case(
        "an instance's source/destination check is that of its interface",
        f"{API}/API_ModifyNetworkInterfaceAttribute.html",
        VPC,
        SUBNET,
        INSTANCE,
        ec2.modify_network_interface_attribute(NetworkInterfaceId="$eni", SourceDestCheck={"Value": False}),
        ec2.describe_instances(InstanceIds=["$instance"]).answers(
            {
                "Reservations[0].Instances[0].SourceDestCheck": False,
                "Reservations[0].Instances[0].NetworkInterfaces[0].SourceDestCheck": False,
            }
        ),
    ),
    Case(
        "an interface's source/destination check is that of its instance",
        f"{API}/API_ModifyInstanceAttribute.html",
        VPC,
        SUBNET,
        INSTANCE,
        ec2.modify_instance_attribute(InstanceId="$instance", SourceDestCheck={"Value": False}),
        DESCRIBE.answers({"NetworkInterfaces[0].SourceDestCheck": False}),
    ),
    Case(
        "other groups of an instance's interface",
        f"{API}/API_ModifyNetworkInterfaceAttribute.html",
        VPC,
        SUBNET,
        GROUP,
        INSTANCE,
        ec2.modify_network_interface_attribute(NetworkInterfaceId="$eni", Groups=["$group"]),
        DESCRIBE.answers({"NetworkInterfaces[0].Groups[].GroupId": ["$group"]}),
        ec2.describe_instances(InstanceIds=["$instance"]).answers(
            {"Reservations[0].Instances[0].SecurityGroups[].GroupId": ["$group"]}
        ),
    ),
    Case(
        "an attached interface keeps its own groups",
        f"{API}/API_AttachNetworkInterface.html",
        VPC,
        SUBNET,
        GROUP,
        INSTANCE,
        ec2.create_network_interface(SubnetId="$subnet", Groups=["$group"]).keep(
            second="NetworkInterface.NetworkInterfaceId"
        ),
        ec2.attach_network_interface(NetworkInterfaceId="$second", InstanceId="$instance", DeviceIndex=1),
        ec2.describe_network_interfaces(NetworkInterfaceIds=["$second"]).answers(
            {"NetworkInterfaces[0].Groups[].GroupId": ["$group"]}
        ),
        ec2.describe_network_interface_attribute(NetworkInterfaceId="$second", Attribute="groupSet").answers(
            {"Groups[].GroupId": ["$group"]}
        ),
    ),
    Case(
        "further addresses",
        f"{API}/API_AssignPrivateIpAddresses.html",
        VPC,
        SUBNET,
        INTERFACE,
        ec2.assign_private_ip_addresses(NetworkInterfaceId="$eni", SecondaryPrivateIpAddressCount=2).answers(
            {"AssignedPrivateIpAddresses[].PrivateIpAddress": ["10.0.1.5", "10.0.1.6"]}
        ),
        DESCRIBE.answers(
            {
                "NetworkInterfaces[0].PrivateIpAddresses[].PrivateIpAddress": ["10.0.1.4", "10.0.1.5", "10.0.1.6"],
                "NetworkInterfaces[0].PrivateIpAddresses[].Primary": [True, False, False],
            }
        ),
        LEFT.answers({"Subnets[0].AvailableIpAddressCount": 248}),
        fixed("10.0.1.6").refused(*TAKEN),
        ec2.unassign_private_ip_addresses(NetworkInterfaceId="$eni", PrivateIpAddresses=["10.0.1.6"]),
        fixed("10.0.1.6"),
    ),
    Case(
        "taking away addresses that an interface hasn't",
        f"{API}/API_UnassignPrivateIpAddresses.html",
        VPC,
        SUBNET,
        INTERFACE,
        ec2.unassign_private_ip_addresses(NetworkInterfaceId="$eni", PrivateIpAddresses=["10.0.1.6"]).refused(
            *UNASSIGNED
        ),
    ),
    Case(
        "more addresses than the instance's type has",
        PER_TYPE,
        VPC,
        SUBNET,
        INSTANCE,
        ec2.assign_private_ip_addresses(NetworkInterfaceId="$eni", SecondaryPrivateIpAddressCount=6).refused(
            "PrivateIpAddressLimitExceeded", "Number of private addresses will exceed limit."
        ),
        ec2.assign_private_ip_addresses(NetworkInterfaceId="$eni", SecondaryPrivateIpAddressCount=5),
    ),
    Case(
        "a range of sixteen addresses",
        PREFIXES,
        VPC,
        SUBNET,
        INTERFACE,
        ec2.assign_private_ip_addresses(NetworkInterfaceId="$eni", Ipv4PrefixCount=1).answers(
            {"AssignedIpv4Prefixes[].Ipv4Prefix": ["10.0.1.16/28"]}
        ),
        DESCRIBE.answers({"NetworkInterfaces[0].Ipv4Prefixes[].Ipv4Prefix": ["10.0.1.16/28"]}),
        LEFT.answers({"Subnets[0].AvailableIpAddressCount": 251 - 1 - 16}),
        fixed("10.0.1.20").refused(*TAKEN),
        ec2.unassign_private_ip_addresses(NetworkInterfaceId="$eni", Ipv4Prefixes=["10.0.1.16/28"]),
        fixed("10.0.1.20"),
    ),
    Case(
        "no range of sixteen addresses is left",
        PREFIXES,
        VPC,
        SMALL_SUBNET,
        INTERFACE,
        ec2.assign_private_ip_addresses(NetworkInterfaceId="$eni", Ipv4PrefixCount=1).refused(
            "InsufficientCidrBlocks",
            "The specified subnet does not have enough free cidr blocks to satisfy the request.",
        ),
    ),
    Case(
        "IPv6 addresses of an interface",
        f"{API}/API_AssignIpv6Addresses.html",
        *IPV6,
        INTERFACE,
        ec2.assign_ipv6_addresses(NetworkInterfaceId="$eni", Ipv6AddressCount=2).keep(
            first="AssignedIpv6Addresses[0]", last="AssignedIpv6Addresses[1]"
        ),
        DESCRIBE.answers({"NetworkInterfaces[0].Ipv6Addresses[].Ipv6Address": ["$first", "$last"]}),
        ec2.assign_ipv6_addresses(NetworkInterfaceId="$eni", Ipv6Addresses=["$first"]).refused(*TAKEN),
        ec2.unassign_ipv6_addresses(NetworkInterfaceId="$eni", Ipv6Addresses=["$first"]).answers(
            {"UnassignedIpv6Addresses": ["$first"]}
        ),
        DESCRIBE.answers({"NetworkInterfaces[0].Ipv6Addresses[].Ipv6Address": ["$last"]}),
    ),
    Case(
        "IPv6 addresses where the subnet has none",
        f"{API}/API_AssignIpv6Addresses.html",
        VPC,
        SUBNET,
        INTERFACE,
        ec2.assign_ipv6_addresses(NetworkInterfaceId="$eni", Ipv6AddressCount=1).refused(
            "InvalidParameterValue", "The subnet '$subnet' does not have an IPv6 CIDR block associated with it."
        ),
    ),
    Case(
        "interfaces by what they are attached to",
        f"{API}/API_DescribeNetworkInterfaces.html",
        VPC,
        SUBNET,
        INSTANCE,
        SECOND_INTERFACE,
        ec2.describe_network_interfaces(Filters=[{"Name": "attachment.status", "Values": ["attached"]}]).answers(
            {"NetworkInterfaces[].NetworkInterfaceId": ["$eni"]}
        ),
        ec2.describe_network_interfaces(
            Filters=[{"Name": "status", "Values": ["available"]}, {"Name": "subnet-id", "Values": ["subnet-*"]}]
        ).answers({"NetworkInterfaces[].NetworkInterfaceId": ["$second"]}),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_network_interfaces_are_as_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)
