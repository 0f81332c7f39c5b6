from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.local.aws.case import Case, config, ec2
from tests.integration.local.aws.network import (
    ADDRESS,
    API,
    ASSOCIATE,
    ERRORS,
    INSTANCE,
    INTERFACE,
    LIMITS,
    NAT,
    PUBLIC_SUBNET,
    RELEASE,
    SECOND_INTERFACE,
    SUBNET,
    VPC,
)

NO_ADDRESS = "eipalloc-0123456789abcdef0"
DESCRIBE = ec2.describe_addresses(AllocationIds=["$eip"])
IN_USE = ("InvalidIPAddress.InUse", "Address $public is in use.")
MANAGED = ("AuthFailure", "You do not have permission to access the specified resource.")

CASES = [
    Case(
        "what is said of an address that is free",
        f"{API}/API_Address.html",
        ADDRESS.answers({"PublicIpv4Pool": "amazon", "NetworkBorderGroup": "eu-west-1", "Domain": "vpc"}),
        DESCRIBE.answers(
            {
                "Addresses[0].PublicIpv4Pool": "amazon",
                "Addresses[0].AssociationId": None,
                "Addresses[0].NetworkInterfaceId": None,
            }
        ),
    ),
    Case(
        "what is said of an address of an instance",
        f"{API}/API_Address.html",
        *PUBLIC_SUBNET,
        INSTANCE,
        ADDRESS,
        ASSOCIATE,
        DESCRIBE.answers(
            {
                "Addresses[0].InstanceId": "$instance",
                "Addresses[0].NetworkInterfaceId": "$eni",
                "Addresses[0].AssociationId": "$association",
                "Addresses[0].PrivateIpAddress": "10.0.1.4",
            }
        ),
        ec2.describe_instances(InstanceIds=["$instance"]).answers(
            {"Reservations[0].Instances[0].PublicIpAddress": "$public"}
        ),
    ),
    Case(
        "as many addresses as a region may have",
        LIMITS,
        *[ADDRESS] * 5,
        ADDRESS.refused("AddressLimitExceeded", "The maximum number of addresses has been reached."),
        RELEASE,
        ADDRESS,
    ),
    Case(
        "the number of addresses is settable",
        LIMITS,
        config(quotas={"elastic-ips-per-region": 6}),
        *[ADDRESS] * 6,
        ADDRESS.refused("AddressLimitExceeded", "The maximum number of addresses has been reached."),
    ),
    Case(
        "releasing an address that is in use",
        f"{API}/API_ReleaseAddress.html",
        *PUBLIC_SUBNET,
        INTERFACE,
        ADDRESS,
        ASSOCIATE,
        RELEASE.refused(*IN_USE),
        ec2.disassociate_address(AssociationId="$association"),
        RELEASE,
    ),
    Case(
        "releasing an address of a NAT gateway",
        f"{API}/API_ReleaseAddress.html",
        *PUBLIC_SUBNET,
        ADDRESS,
        NAT,
        RELEASE.refused(*IN_USE),
        ec2.delete_nat_gateway(NatGatewayId="$nat"),
        RELEASE,
    ),
    Case(
        "releasing an address twice",
        ERRORS,
        ADDRESS,
        RELEASE,
        RELEASE.refused("InvalidAllocationID.NotFound", "The allocation ID '$eip' does not exist"),
    ),
    Case(
        "releasing an address by itself",
        f"{API}/API_ReleaseAddress.html",
        ADDRESS,
        ec2.release_address(PublicIp="$public").refused(
            "InvalidParameterValue", "You must specify an allocation id when releasing a VPC elastic IP address"
        ),
    ),
    Case(
        "describing an address that isn't there",
        ERRORS,
        ec2.describe_addresses(AllocationIds=[NO_ADDRESS]).refused(
            "InvalidAllocationID.NotFound", f"The allocation ID '{NO_ADDRESS}' does not exist"
        ),
    ),
    Case(
        "describing somebody else's public address",
        ERRORS,
        ec2.describe_addresses(PublicIps=["192.0.2.7"]).refused(
            "InvalidAddress.NotFound", "Address '192.0.2.7' not found."
        ),
    ),
    Case(
        "addresses by the owner of their interface",
        f"{API}/API_DescribeAddresses.html",
        *PUBLIC_SUBNET,
        INTERFACE,
        ADDRESS,
        ASSOCIATE,
        ec2.allocate_address(),
        ec2.describe_addresses(Filters=[{"Name": "network-interface-owner-id", "Values": ["123456789012"]}]).answers(
            {"Addresses[].AllocationId": ["$eip"]}
        ),
    ),
    Case(
        "associating an address in a VPC without an internet gateway",
        f"{API}/API_AssociateAddress.html",
        VPC,
        SUBNET,
        INTERFACE,
        ADDRESS,
        ASSOCIATE.refused("Gateway.NotAttached", "Network $vpc is not attached to any internet gateway"),
    ),
    Case(
        "associating an address again with the same interface",
        f"{API}/API_AssociateAddress.html",
        *PUBLIC_SUBNET,
        INTERFACE,
        ADDRESS,
        ASSOCIATE,
        ec2.associate_address(AllocationId="$eip", NetworkInterfaceId="$eni").answers(
            {"AssociationId": "$association"}
        ),
    ),
    Case(
        "associating an address with another interface",
        f"{API}/API_AssociateAddress.html",
        *PUBLIC_SUBNET,
        INTERFACE,
        SECOND_INTERFACE,
        ADDRESS,
        ASSOCIATE,
        ec2.associate_address(AllocationId="$eip", NetworkInterfaceId="$second").refused(
            "Resource.AlreadyAssociated", "resource $eip is already associated with associate-id $association"
        ),
        ec2.associate_address(AllocationId="$eip", NetworkInterfaceId="$second", AllowReassociation=True),
        ec2.describe_network_interfaces(NetworkInterfaceIds=["$eni"]).answers(
            {"NetworkInterfaces[0].Association": None}
        ),
        ec2.describe_network_interfaces(NetworkInterfaceIds=["$second"]).answers(
            {"NetworkInterfaces[0].Association.PublicIp": "$public"}
        ),
    ),
    Case(
        "another address for an interface lets go of the first",
        f"{API}/API_AssociateAddress.html",
        *PUBLIC_SUBNET,
        INTERFACE,
        ADDRESS,
        ASSOCIATE,
        ec2.allocate_address().keep(newer="AllocationId"),
        ec2.associate_address(AllocationId="$newer", NetworkInterfaceId="$eni"),
        DESCRIBE.answers({"Addresses[0].AssociationId": None}),
        RELEASE,
    ),
    Case(
        "associating an address with nothing",
        f"{API}/API_AssociateAddress.html",
        ADDRESS,
        ec2.associate_address(AllocationId="$eip").refused(
            "MissingParameter", "Either 'instanceId' or 'networkInterfaceId' must be specified"
        ),
    ),
    Case(
        "associating an address with an instance of two interfaces",
        f"{API}/API_AssociateAddress.html",
        *PUBLIC_SUBNET,
        INSTANCE,
        SECOND_INTERFACE,
        ec2.attach_network_interface(NetworkInterfaceId="$second", InstanceId="$instance", DeviceIndex=1),
        ADDRESS,
        ec2.associate_address(AllocationId="$eip", InstanceId="$instance").refused(
            "InvalidInstanceID",
            "There are multiple interfaces attached to instance '$instance'. "
            "Please specify an interface ID for the operation instead.",
        ),
    ),
    Case(
        "associating an address with a pending instance",
        f"{API}/API_AssociateAddress.html",
        *PUBLIC_SUBNET,
        config(durations={"instance.running": 20}),
        INSTANCE,
        ADDRESS,
        ec2.associate_address(AllocationId="$eip", InstanceId="$instance").refused(
            "InvalidInstanceID", "The pending instance '$instance' is not in a valid state for this operation."
        ),
    ),
    Case(
        "an association that isn't there",
        ERRORS,
        ec2.disassociate_address(AssociationId="eipassoc-0123456789abcdef0").refused(
            "InvalidAssociationID.NotFound", "The association ID 'eipassoc-0123456789abcdef0' does not exist"
        ),
    ),
    Case(
        "taking the address from a NAT gateway",
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/requester-managed-eni.html",
        *PUBLIC_SUBNET,
        ADDRESS,
        NAT,
        DESCRIBE.keep(association="Addresses[0].AssociationId"),
        ec2.disassociate_address(AssociationId="$association").refused(*MANAGED),
    ),
    Case(
        "an address stays when its interface goes",
        f"{API}/API_DeleteNetworkInterface.html",
        *PUBLIC_SUBNET,
        INTERFACE,
        ADDRESS,
        ASSOCIATE,
        ec2.delete_network_interface(NetworkInterfaceId="$eni"),
        DESCRIBE.answers({"Addresses[0].AssociationId": None, "Addresses[0].NetworkInterfaceId": None}),
        RELEASE,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_addresses_are_as_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)
