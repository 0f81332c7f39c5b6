from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.local.aws.case import Case, advance, config, ec2
from tests.integration.local.aws.network import API, ERRORS, OTHER_VPC, SUBNET, VPC

STATES = "https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html"
ATTACHMENTS = "https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html"
PEER = ec2.create_vpc_peering_connection(VpcId="$vpc", PeerVpcId="$other").keep(
    pcx="VpcPeeringConnection.VpcPeeringConnectionId"
)
ACCEPT = ec2.accept_vpc_peering_connection(VpcPeeringConnectionId="$pcx")
DELETE = ec2.delete_vpc_peering_connection(VpcPeeringConnectionId="$pcx")
DESCRIBE = ec2.describe_vpc_peering_connections(VpcPeeringConnectionIds=["$pcx"])
CODE = "VpcPeeringConnections[].Status.Code"
OVERLAP = "Failed due to incorrect VPC-ID, Account ID, or overlapping CIDR range"

HUB = ec2.create_transit_gateway().keep(tgw="TransitGateway.TransitGatewayId")
ATTACHMENT = ec2.create_transit_gateway_vpc_attachment(
    TransitGatewayId="$tgw", VpcId="$vpc", SubnetIds=["$subnet"]
).keep(attachment="TransitGatewayVpcAttachment.TransitGatewayAttachmentId")
LIST = ec2.describe_transit_gateway_vpc_attachments(TransitGatewayAttachmentIds=["$attachment"])
DETACH = ec2.delete_transit_gateway_vpc_attachment(TransitGatewayAttachmentId="$attachment")

CASES = [
    Case(
        "VPCs become peers",
        STATES,
        VPC,
        OTHER_VPC,
        PEER.answers({"VpcPeeringConnection.Status.Code": "initiating-request"}),
        DESCRIBE.answers({CODE: ["pending-acceptance"]}),
        ACCEPT,
        DESCRIBE.answers({CODE: ["active"]}),
    ),
    Case(
        "VPCs of overlapping ranges",
        f"{API}/API_CreateVpcPeeringConnection.html",
        VPC,
        ec2.create_vpc(CidrBlock="10.0.128.0/20").keep(other="Vpc.VpcId"),
        PEER.answers({"VpcPeeringConnection.Status.Code": "failed", "VpcPeeringConnection.Status.Message": OVERLAP}),
        DESCRIBE.answers({CODE: ["failed"]}),
        ACCEPT.refused(
            "InvalidStateTransition", "Invalid state transition for $pcx, attempted to transition from failed to active"
        ),
    ),
    Case(
        "a peering connection is deleting, then deleted",
        STATES,
        config(durations={"vpc-peering-connection.deleted": 5}),
        VPC,
        OTHER_VPC,
        PEER,
        ACCEPT,
        DELETE.answers({"Return": True}),
        DESCRIBE.answers({CODE: ["deleting"]}),
        advance(5),
        DESCRIBE.answers({CODE: ["deleted"]}),
        DELETE.refused(
            "InvalidStateTransition",
            "Invalid state transition for $pcx, attempted to transition from deleted to deleting",
        ),
    ),
    Case(
        "peering connections by their state",
        f"{API}/API_DescribeVpcPeeringConnections.html",
        VPC,
        OTHER_VPC,
        PEER,
        ec2.describe_vpc_peering_connections(Filters=[{"Name": "status-code", "Values": ["active"]}]).answers(
            {"VpcPeeringConnections": []}
        ),
        ec2.describe_vpc_peering_connections(
            Filters=[{"Name": "requester-vpc-info.vpc-id", "Values": ["$vpc"]}]
        ).answers({"VpcPeeringConnections[].VpcPeeringConnectionId": ["$pcx"]}),
    ),
    Case(
        "a peering connection that isn't there",
        ERRORS,
        ec2.accept_vpc_peering_connection(VpcPeeringConnectionId="pcx-0123456789abcdef0").refused(
            "InvalidVpcPeeringConnectionID.NotFound",
            "The vpcPeeringConnection ID 'pcx-0123456789abcdef0' does not exist",
        ),
    ),
    Case(
        "a VPC is attached to a transit gateway after a while",
        ATTACHMENTS,
        config(durations={"transit-gateway-attachment.available": 60, "transit-gateway-attachment.deleted": 60}),
        VPC,
        SUBNET,
        HUB,
        ATTACHMENT.answers({"TransitGatewayVpcAttachment.State": "pending"}),
        advance(60),
        LIST.answers({"TransitGatewayVpcAttachments[].State": ["available"]}),
        DETACH.answers({"TransitGatewayVpcAttachment.State": "deleting"}),
        ec2.delete_subnet(SubnetId="$subnet").refused(
            "DependencyViolation", "The subnet '$subnet' has dependencies and cannot be deleted."
        ),
        advance(60),
        ec2.delete_subnet(SubnetId="$subnet"),
    ),
    Case(
        "deleting a transit gateway that a VPC is attached to",
        f"{API}/API_DeleteTransitGateway.html",
        VPC,
        SUBNET,
        HUB,
        ATTACHMENT,
        ec2.delete_transit_gateway(TransitGatewayId="$tgw").refused(
            "IncorrectState", "$tgw has non-deleted Transit Gateway Attachments: $attachment."
        ),
        DETACH,
        ec2.delete_transit_gateway(TransitGatewayId="$tgw"),
    ),
    Case(
        "attaching a VPC by the subnet of another",
        f"{API}/API_CreateTransitGatewayVpcAttachment.html",
        VPC,
        SUBNET,
        OTHER_VPC,
        HUB,
        ec2.create_transit_gateway_vpc_attachment(
            TransitGatewayId="$tgw", VpcId="$other", SubnetIds=["$subnet"]
        ).refused("InvalidSubnetID.NotFound", "The subnet ID '$subnet' does not exist"),
    ),
    Case(
        "attaching a VPC to no transit gateway",
        ERRORS,
        VPC,
        SUBNET,
        ec2.create_transit_gateway_vpc_attachment(
            TransitGatewayId="tgw-0123456789abcdef0", VpcId="$vpc", SubnetIds=["$subnet"]
        ).refused(
            "InvalidTransitGatewayID.NotFound",
            "Transit Gateway tgw-0123456789abcdef0 was deleted or does not exist.",
        ),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_peers_are_as_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)
