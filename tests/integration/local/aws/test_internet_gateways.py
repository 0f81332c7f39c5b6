from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.local.aws.case import Case, config, ec2
from tests.integration.local.aws.network import (
    ADDRESS,
    API,
    ASSOCIATE,
    ATTACH,
    DETACH,
    ERRORS,
    GATEWAY,
    INSTANCE,
    INTERFACE,
    LAUNCH,
    LIMITS,
    NAT,
    OTHER_VPC,
    PUBLIC_SUBNET,
    TERMINATE,
    VPC,
)

NO_GATEWAY = "igw-0123456789abcdef0"
NO_EGRESS = "eigw-0123456789abcdef0"
DELETE = ec2.delete_internet_gateway(InternetGatewayId="$igw")
MAPPED = (
    "DependencyViolation",
    (
        "Network $vpc has some mapped public address(es). "
        "Please unmap those public address(es) before detaching the gateway."
    ),
)
EGRESS = ec2.create_egress_only_internet_gateway(VpcId="$vpc").keep(
    eigw="EgressOnlyInternetGateway.EgressOnlyInternetGatewayId"
)

CASES = [
    Case(
        "an internet gateway is attached and detached",
        f"{API}/API_AttachInternetGateway.html",
        VPC,
        GATEWAY.answers({"InternetGateway.Attachments": []}),
        ATTACH,
        ec2.describe_internet_gateways(InternetGatewayIds=["$igw"]).answers(
            {"InternetGateways[].Attachments[]": [{"State": "available", "VpcId": "$vpc"}]}
        ),
        DETACH,
        ec2.describe_internet_gateways(InternetGatewayIds=["$igw"]).answers({"InternetGateways[].Attachments[]": []}),
        DELETE,
    ),
    Case(
        "a second internet gateway on a VPC",
        f"{API}/API_AttachInternetGateway.html",
        VPC,
        GATEWAY,
        ATTACH,
        GATEWAY,
        ATTACH.refused("InvalidParameterValue", "Network $vpc already has an internet gateway attached"),
    ),
    Case(
        "an internet gateway attached twice",
        f"{API}/API_AttachInternetGateway.html",
        VPC,
        OTHER_VPC,
        GATEWAY,
        ATTACH,
        ec2.attach_internet_gateway(InternetGatewayId="$igw", VpcId="$other").refused(
            "Resource.AlreadyAssociated", "resource $igw is already attached to network $vpc"
        ),
    ),
    Case(
        "attaching an internet gateway to no VPC",
        ERRORS,
        GATEWAY,
        ec2.attach_internet_gateway(InternetGatewayId="$igw", VpcId="vpc-0123456789abcdef0").refused(
            "InvalidVpcID.NotFound", "The vpc ID 'vpc-0123456789abcdef0' does not exist"
        ),
    ),
    Case(
        "attaching an internet gateway that isn't there",
        ERRORS,
        VPC,
        ec2.attach_internet_gateway(InternetGatewayId=NO_GATEWAY, VpcId="$vpc").refused(
            "InvalidInternetGatewayID.NotFound", f"The internetGateway ID '{NO_GATEWAY}' does not exist"
        ),
    ),
    Case(
        "describing an internet gateway that isn't there",
        ERRORS,
        ec2.describe_internet_gateways(InternetGatewayIds=[NO_GATEWAY]).refused(
            "InvalidInternetGatewayID.NotFound", f"The internetGateway ID '{NO_GATEWAY}' does not exist"
        ),
    ),
    Case(
        "detaching an internet gateway that isn't attached",
        f"{API}/API_DetachInternetGateway.html",
        VPC,
        GATEWAY,
        DETACH.refused("Gateway.NotAttached", "resource $igw is not attached to network $vpc"),
    ),
    Case(
        "detaching an internet gateway while an interface has an elastic address",
        f"{API}/API_DetachInternetGateway.html",
        *PUBLIC_SUBNET,
        INTERFACE,
        ADDRESS,
        ASSOCIATE,
        DETACH.refused(*MAPPED),
        ec2.disassociate_address(AssociationId="$association"),
        DETACH,
    ),
    Case(
        "detaching an internet gateway while an instance has a public address",
        f"{API}/API_DetachInternetGateway.html",
        *PUBLIC_SUBNET,
        ec2.run_instances(
            **LAUNCH,
            NetworkInterfaces=[{"DeviceIndex": 0, "SubnetId": "$subnet", "AssociatePublicIpAddress": True}],
        ).keep(instance="Instances[0].InstanceId"),
        DETACH.refused(*MAPPED),
        TERMINATE,
        DETACH,
    ),
    Case(
        "detaching an internet gateway while a NAT gateway has an address",
        f"{API}/API_DetachInternetGateway.html",
        *PUBLIC_SUBNET,
        ADDRESS,
        NAT,
        DETACH.refused(*MAPPED),
        ec2.delete_nat_gateway(NatGatewayId="$nat"),
        DETACH,
    ),
    Case(
        "private instances don't keep an internet gateway",
        f"{API}/API_DetachInternetGateway.html",
        *PUBLIC_SUBNET,
        ec2.modify_subnet_attribute(SubnetId="$subnet", MapPublicIpOnLaunch={"Value": False}),
        INSTANCE,
        DETACH,
    ),
    Case(
        "deleting an internet gateway that is attached",
        f"{API}/API_DeleteInternetGateway.html",
        VPC,
        GATEWAY,
        ATTACH,
        DELETE.refused("DependencyViolation", "The internetGateway '$igw' has dependencies and cannot be deleted."),
    ),
    Case(
        "deleting a VPC with an internet gateway",
        f"{API}/API_DeleteVpc.html",
        VPC,
        GATEWAY,
        ATTACH,
        ec2.delete_vpc(VpcId="$vpc").refused(
            "DependencyViolation", "The vpc '$vpc' has dependencies and cannot be deleted."
        ),
        DETACH,
        ec2.delete_vpc(VpcId="$vpc"),
    ),
    Case(
        "as many internet gateways as a region may have",
        LIMITS,
        config(quotas={"internet-gateways-per-region": 1}),
        ec2.describe_internet_gateways().answers({"InternetGateways": []}),
        GATEWAY,
        ec2.create_internet_gateway().refused(
            "InternetGatewayLimitExceeded", "The maximum number of internet gateways has been reached."
        ),
    ),
    Case(
        "an egress-only gateway made twice with a token",
        f"{API}/API_CreateEgressOnlyInternetGateway.html",
        VPC,
        ec2.create_egress_only_internet_gateway(VpcId="$vpc", ClientToken="one")
        .keep(eigw="EgressOnlyInternetGateway.EgressOnlyInternetGatewayId")
        .answers({"ClientToken": "one"}),
        ec2.create_egress_only_internet_gateway(VpcId="$vpc", ClientToken="one").answers(
            {"EgressOnlyInternetGateway.EgressOnlyInternetGatewayId": "$eigw"}
        ),
        ec2.describe_egress_only_internet_gateways().answers(
            {"EgressOnlyInternetGateways[].EgressOnlyInternetGatewayId": ["$eigw"]}
        ),
    ),
    Case(
        "egress-only gateways by their tags",
        f"{API}/API_DescribeEgressOnlyInternetGateways.html",
        VPC,
        EGRESS,
        ec2.create_tags(Resources=["$eigw"], Tags=[{"Key": "team", "Value": "blue"}]),
        ec2.describe_egress_only_internet_gateways(Filters=[{"Name": "tag:team", "Values": ["red"]}]).answers(
            {"EgressOnlyInternetGateways": []}
        ),
        ec2.describe_egress_only_internet_gateways(Filters=[{"Name": "tag:team", "Values": ["b*"]}]).answers(
            {"EgressOnlyInternetGateways[].EgressOnlyInternetGatewayId": ["$eigw"]}
        ),
    ),
    Case(
        "an egress-only gateway that isn't there",
        ERRORS,
        ec2.delete_egress_only_internet_gateway(EgressOnlyInternetGatewayId=NO_EGRESS).refused(
            "InvalidGatewayID.NotFound", f"The gateway ID '{NO_EGRESS}' does not exist"
        ),
    ),
    Case(
        "deleting a VPC with an egress-only gateway",
        f"{API}/API_DeleteVpc.html",
        VPC,
        EGRESS,
        ec2.delete_vpc(VpcId="$vpc").refused(
            "DependencyViolation", "The vpc '$vpc' has dependencies and cannot be deleted."
        ),
        ec2.delete_egress_only_internet_gateway(EgressOnlyInternetGatewayId="$eigw").answers({"ReturnCode": True}),
        ec2.delete_vpc(VpcId="$vpc"),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_internet_gateways_are_as_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)
