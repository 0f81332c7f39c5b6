"""Transit gateways and the VPCs that are attached to them, as far as a VPC's routes need them."""

from __future__ import annotations

from typing import Any, Final

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.durations import duration
from kubewire.local.aws.refusal import Refusal, dependency_violation
from kubewire.local.aws.rules import Proceed, after, answers, before, exists

_STATES: Final = "https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html"
AVAILABLE: Final = duration("transit-gateway-attachment.available", aws=60.0, page=_STATES)
DELETED: Final = duration("transit-gateway-attachment.deleted", aws=60.0, page=_STATES)


@exists("ec2", "TransitGatewayId", "TransitGatewayIds")
def transit_gateway_exists(call: Call, identity: str) -> None:
    """Refuse a transit gateway that isn't there.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
    """
    gateway: Any = call.ec2.transit_gateways.get(identity)
    if gateway is None or gateway.state == "deleted":
        message = f"Transit Gateway {identity} was deleted or does not exist."
        raise Refusal("InvalidTransitGatewayID.NotFound", message)


@exists("ec2", "TransitGatewayAttachmentId", "TransitGatewayAttachmentIds")
def attachment_exists(call: Call, identity: str) -> None:
    """Refuse an attachment that isn't there.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
    """
    if identity not in call.ec2.transit_gateway_attachments:
        message = f"Transit Gateway Attachment {identity} was deleted or does not exist."
        raise Refusal("InvalidTransitGatewayAttachmentID.NotFound", message)


@before("ec2", "CreateTransitGatewayVpcAttachment")
def subnets_of_the_vpc(call: Call) -> None:
    """Refuse subnets of another VPC, and two in a zone.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateTransitGatewayVpcAttachment.html
    """
    subnets: list[Any] = [call.ec2.get_subnet(one) for one in call.parameters["SubnetIds"]]
    for subnet in subnets:
        if subnet.vpc_id != call.parameters["VpcId"]:
            message = f"The subnet ID '{subnet.id}' does not exist"
            raise Refusal("InvalidSubnetID.NotFound", message)
    zones = [subnet.availability_zone for subnet in subnets]
    if len(set(zones)) < len(zones):
        raise Refusal("DuplicateSubnetsInSameZone", "Duplicate Subnets for same AZ")


@after("ec2", "CreateTransitGatewayVpcAttachment")
def attachment_starts_pending(call: Call, answer: Answer) -> None:
    """An attachment is pending at first."""
    row = answer["TransitGatewayVpcAttachment"]
    attachment: Any = call.ec2.transit_gateway_attachments[row["TransitGatewayAttachmentId"]]
    attachment.state = row["State"] = "pending"
    call.later(AVAILABLE, lambda: _step(attachment, "pending", "available"))


@answers("ec2", "DeleteTransitGatewayVpcAttachment")
def attachment_goes(call: Call, proceed: Proceed) -> Answer:
    """An attachment is deleting for a while."""
    attachment: Any = call.ec2.transit_gateway_attachments[call.parameters["TransitGatewayAttachmentId"]]
    answer = proceed(call)
    # moto forgets it at once.
    call.ec2.transit_gateway_attachments[attachment.id] = attachment
    attachment.state = answer["TransitGatewayVpcAttachment"]["State"] = "deleting"
    call.later(DELETED, lambda: _remove(call, attachment))
    return answer


@before("ec2", "DeleteTransitGateway")
def transit_gateway_in_use(call: Call) -> None:
    """Refuse to delete a transit gateway that anything is attached to.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteTransitGateway.html
    """
    identity = call.parameters["TransitGatewayId"]
    attachments: list[Any] = list(call.ec2.transit_gateway_attachments.values())
    left = [one.id for one in attachments if one.transit_gateway_id == identity and one.state != "deleted"]
    if left:
        message = f"{identity} has non-deleted Transit Gateway Attachments: {', '.join(left)}."
        raise Refusal("IncorrectState", message)


@before("ec2", "DeleteSubnet")
def subnet_of_an_attachment(call: Call) -> None:
    """Refuse to delete a subnet in which an attachment stands.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSubnet.html
    """
    subnet_id = call.parameters["SubnetId"]
    attachments: list[Any] = list(call.ec2.transit_gateway_attachments.values())
    if any(subnet_id in getattr(one, "subnet_ids", ()) for one in attachments if one.state != "deleted"):
        raise dependency_violation("subnet", subnet_id)


def _step(attachment: Any, before_it: str, after_it: str) -> None:
    if attachment.state == before_it:
        attachment.state = after_it


def _remove(call: Call, attachment: Any) -> None:
    attachment.state = "deleted"
    call.ec2.transit_gateway_attachments.pop(attachment.id, None)
    call.ec2.tags.pop(attachment.id, None)
