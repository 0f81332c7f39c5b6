from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.local.aws.case import Case, advance, config, ec2
from tests.integration.local.aws.network import (
    ADDRESS,
    API,
    ERRORS,
    INTERFACE,
    LIMITS,
    NAT,
    PUBLIC_SUBNET,
    SMALL_SUBNET,
    SUBNET,
    VPC,
)

STATES = "https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html"
NOT_THERE = "nat-0123456789abcdef0"
DESCRIBE = ec2.describe_nat_gateways(NatGatewayIds=["$nat"])
DELETE = ec2.delete_nat_gateway(NatGatewayId="$nat")
PRIVATE = ec2.create_nat_gateway(SubnetId="$subnet", ConnectivityType="private").keep(nat="NatGateway.NatGatewayId")
INTERFACES = ec2.describe_network_interfaces(Filters=[{"Name": "interface-type", "Values": ["nat_gateway"]}])
MANAGED = ("AuthFailure", "You do not have permission to access the specified resource.")

CASES = [
    Case(
        "a NAT gateway is pending, then available",
        f"{API}/API_NatGateway.html",
        *PUBLIC_SUBNET,
        ADDRESS,
        NAT.answers({"NatGateway.State": "pending", "NatGateway.NatGatewayAddresses[0].AllocationId": "$eip"}),
        DESCRIBE.answers(
            {
                "NatGateways[0].State": "available",
                "NatGateways[0].ConnectivityType": "public",
                "NatGateways[0].VpcId": "$vpc",
                "NatGateways[0].NatGatewayAddresses[0].PublicIp": "$public",
                "NatGateways[0].NatGatewayAddresses[0].PrivateIp": "10.0.1.4",
                "NatGateways[0].NatGatewayAddresses[0].IsPrimary": True,
                "NatGateways[0].NatGatewayAddresses[0].Status": "succeeded",
            }
        ),
    ),
    Case(
        "a NAT gateway takes its time",
        f"{API}/API_NatGateway.html",
        *PUBLIC_SUBNET,
        config(durations={"nat-gateway.available": 90}),
        ADDRESS,
        NAT,
        advance(89),
        DESCRIBE.answers({"NatGateways[0].State": "pending"}),
        advance(1),
        DESCRIBE.answers({"NatGateways[0].State": "available"}),
    ),
    Case(
        "a NAT gateway made twice with a token",
        f"{API}/API_CreateNatGateway.html",
        *PUBLIC_SUBNET,
        ADDRESS,
        ec2.create_nat_gateway(SubnetId="$subnet", AllocationId="$eip", ClientToken="tok-n1")
        .keep(nat="NatGateway.NatGatewayId")
        .answers({"ClientToken": "tok-n1"}),
        ec2.create_nat_gateway(SubnetId="$subnet", AllocationId="$eip", ClientToken="tok-n1").answers(
            {"NatGateway.NatGatewayId": "$nat"}
        ),
        ec2.describe_nat_gateways().answers({"NatGateways[].NatGatewayId": ["$nat"]}),
    ),
    Case(
        "the interface of a NAT gateway",
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/requester-managed-eni.html",
        *PUBLIC_SUBNET,
        ADDRESS,
        NAT,
        INTERFACES.keep(eni="NetworkInterfaces[0].NetworkInterfaceId").answers(
            {
                "NetworkInterfaces[].Description": ["Interface for NAT Gateway $nat"],
                "NetworkInterfaces[].RequesterManaged": [True],
                "NetworkInterfaces[].Status": ["in-use"],
                "NetworkInterfaces[].SubnetId": ["$subnet"],
                "NetworkInterfaces[].PrivateIpAddress": ["10.0.1.4"],
                "NetworkInterfaces[].Attachment.InstanceOwnerId": ["amazon-aws"],
                "NetworkInterfaces[].Association.PublicIp": ["$public"],
            }
        ),
        ec2.delete_network_interface(NetworkInterfaceId="$eni").refused(
            "InvalidParameterValue", "Network interface '$eni' is currently in use."
        ),
        ec2.modify_network_interface_attribute(NetworkInterfaceId="$eni", SourceDestCheck={"Value": True}).refused(
            *MANAGED
        ),
    ),
    Case(
        "detaching the interface of a NAT gateway",
        f"{API}/API_DetachNetworkInterface.html",
        *PUBLIC_SUBNET,
        ADDRESS,
        NAT,
        INTERFACES.keep(attachment="NetworkInterfaces[0].Attachment.AttachmentId"),
        ec2.detach_network_interface(AttachmentId="$attachment").refused(
            "OperationNotPermitted", "You are not allowed to manage 'ela-attach' attachments."
        ),
    ),
    Case(
        "a NAT gateway in a VPC without an internet gateway fails",
        STATES,
        VPC,
        SUBNET,
        ADDRESS,
        NAT.answers({"NatGateway.State": "pending"}),
        DESCRIBE.answers(
            {
                "NatGateways[0].State": "failed",
                "NatGateways[0].FailureCode": "Gateway.NotAttached",
                "NatGateways[0].FailureMessage": "Network $vpc has no Internet gateway attached",
            }
        ),
        ec2.describe_addresses(AllocationIds=["$eip"]).answers({"Addresses[0].AssociationId": None}),
        ec2.delete_subnet(SubnetId="$subnet"),
    ),
    Case(
        "a NAT gateway with an address in use fails",
        STATES,
        *PUBLIC_SUBNET,
        ADDRESS,
        NAT,
        NAT,
        DESCRIBE.answers(
            {
                "NatGateways[0].State": "failed",
                "NatGateways[0].FailureCode": "Resource.AlreadyAssociated",
                "NatGateways[0].FailureMessage": "Elastic IP address [$eip] is already associated",
            }
        ),
    ),
    Case(
        "a NAT gateway in a full subnet fails",
        STATES,
        VPC,
        SMALL_SUBNET,
        ec2.create_network_interface(SubnetId="$subnet", SecondaryPrivateIpAddressCount=10),
        PRIVATE,
        DESCRIBE.answers(
            {
                "NatGateways[0].State": "failed",
                "NatGateways[0].FailureCode": "InsufficientFreeAddressesInSubnet",
                "NatGateways[0].FailureMessage": ("Subnet has insufficient free addresses to create this NAT gateway"),
            }
        ),
    ),
    Case(
        "a NAT gateway is deleting, then deleted, and forgotten after an hour",
        STATES,
        *PUBLIC_SUBNET,
        config(durations={"nat-gateway.deleted": 45}),
        ADDRESS,
        NAT,
        DELETE.answers({"NatGatewayId": "$nat"}),
        DESCRIBE.answers({"NatGateways[0].State": "deleting"}),
        DELETE,
        advance(45),
        DESCRIBE.answers({"NatGateways[0].State": "deleted"}).keep(when="NatGateways[0].DeleteTime"),
        DELETE.refused("NatGatewayNotFound", "The Nat Gateway $nat was not found"),
        advance(3600),
        DESCRIBE.refused("NatGatewayNotFound", "The Nat Gateway $nat was not found"),
    ),
    Case(
        "a NAT gateway lets go of its address only when it is deleted",
        f"{API}/API_DeleteNatGateway.html",
        *PUBLIC_SUBNET,
        config(durations={"nat-gateway.deleted": 45}),
        ADDRESS,
        NAT,
        DELETE,
        ec2.release_address(AllocationId="$eip").refused("InvalidIPAddress.InUse", "Address $public is in use."),
        ec2.delete_subnet(SubnetId="$subnet").refused(
            "DependencyViolation", "The subnet '$subnet' has dependencies and cannot be deleted."
        ),
        advance(45),
        ec2.describe_addresses(AllocationIds=["$eip"]).answers({"Addresses[0].AssociationId": None}),
        INTERFACES.answers({"NetworkInterfaces": []}),
        ec2.release_address(AllocationId="$eip"),
        ec2.delete_subnet(SubnetId="$subnet"),
    ),
    Case(
        "a NAT gateway without its address",
        f"{API}/API_CreateNatGateway.html",
        VPC,
        SUBNET,
        ec2.create_nat_gateway(SubnetId="$subnet").refused(
            "MissingParameter",
            "The request must include the AllocationId parameter. Add the required parameter and retry the request.",
        ),
    ),
    Case(
        "a private NAT gateway has no public address",
        f"{API}/API_CreateNatGateway.html",
        VPC,
        SUBNET,
        PRIVATE,
        DESCRIBE.answers(
            {
                "NatGateways[0].State": "available",
                "NatGateways[0].ConnectivityType": "private",
                "NatGateways[0].NatGatewayAddresses[0].PublicIp": None,
                "NatGateways[0].NatGatewayAddresses[0].PrivateIp": "10.0.1.4",
            }
        ),
    ),
    Case(
        "a NAT gateway with an address that isn't there",
        ERRORS,
        VPC,
        SUBNET,
        ec2.create_nat_gateway(SubnetId="$subnet", AllocationId="eipalloc-0123456789abcdef0").refused(
            "InvalidElasticIpID.NotFound", "The elasticIp ID 'eipalloc-0123456789abcdef0' does not exist"
        ),
    ),
    Case(
        "a NAT gateway in a subnet that isn't there",
        ERRORS,
        ADDRESS,
        ec2.create_nat_gateway(SubnetId="subnet-0123456789abcdef0", AllocationId="$eip").refused(
            "InvalidSubnetID.NotFound", "The subnet ID 'subnet-0123456789abcdef0' does not exist"
        ),
    ),
    Case(
        "deleting a NAT gateway that isn't there",
        f"{API}/API_DeleteNatGateway.html",
        ec2.delete_nat_gateway(NatGatewayId=NOT_THERE).refused(
            "NatGatewayNotFound", f"The Nat Gateway {NOT_THERE} was not found"
        ),
    ),
    Case(
        "as many NAT gateways as a zone may have",
        LIMITS,
        config(quotas={"nat-gateways-per-zone": 1}),
        VPC,
        SUBNET,
        PRIVATE,
        PRIVATE.refused(
            "NatGatewayLimitExceeded", "Performing this operation would exceed the limit of 1 NAT gateways"
        ),
        DELETE,
        PRIVATE,
    ),
    Case(
        "a NAT gateway with a private address that is taken",
        f"{API}/API_CreateNatGateway.html",
        VPC,
        SUBNET,
        INTERFACE,
        ec2.create_nat_gateway(SubnetId="$subnet", ConnectivityType="private", PrivateIpAddress="10.0.1.4").refused(
            "InvalidIPAddress.InUse", "The specified address is already in use."
        ),
    ),
    Case(
        "NAT gateways by their tags",
        f"{API}/API_DescribeNatGateways.html",
        VPC,
        SUBNET,
        ec2.create_nat_gateway(
            SubnetId="$subnet",
            ConnectivityType="private",
            TagSpecifications=[{"ResourceType": "natgateway", "Tags": [{"Key": "team", "Value": "blue"}]}],
        ).keep(nat="NatGateway.NatGatewayId"),
        ec2.describe_nat_gateways(Filters=[{"Name": "tag:team", "Values": ["red"]}]).answers({"NatGateways": []}),
        ec2.describe_nat_gateways(Filters=[{"Name": "tag:team", "Values": ["blue"]}]).answers(
            {"NatGateways[].NatGatewayId": ["$nat"], "NatGateways[].Tags[]": [{"Key": "team", "Value": "blue"}]}
        ),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_nat_gateways_are_as_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)
