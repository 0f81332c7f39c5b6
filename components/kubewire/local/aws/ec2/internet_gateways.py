"""Internet gateways: one a VPC, and nothing public may be left in it when it goes."""

from __future__ import annotations

from typing import Any, Final

from kubewire.local.aws.call import Call
from kubewire.local.aws.quotas import quota
from kubewire.local.aws.refusal import Refusal, dependency_violation, invalid_parameter
from kubewire.local.aws.rules import before, exists

_LIMITS: Final = "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html"
GATEWAYS: Final = quota("internet-gateways-per-region", default=5, page=_LIMITS)


def gateway_of(call: Call, vpc_id: str) -> Any | None:
    """The internet gateway of a VPC."""
    gateways: list[Any] = list(call.ec2.internet_gateways.values())
    return next((one for one in gateways if one.vpc and one.vpc.id == vpc_id), None)


@exists("ec2", "InternetGatewayId", "InternetGatewayIds")
def internet_gateway_exists(call: Call, gateway_id: str) -> None:
    """Refuse a gateway that isn't there."""
    if gateway_id not in call.ec2.internet_gateways:
        message = f"The internetGateway ID '{gateway_id}' does not exist"
        raise Refusal("InvalidInternetGatewayID.NotFound", message)


@before("ec2", "CreateInternetGateway")
def internet_gateway_quota(call: Call) -> None:
    """Refuse one gateway too many; a region takes as many as VPCs, the default VPC's included."""
    if len(call.ec2.internet_gateways) >= call.limit(GATEWAYS):
        raise Refusal("InternetGatewayLimitExceeded", "The maximum number of internet gateways has been reached.")


@before("ec2", "AttachInternetGateway")
def attach_once(call: Call) -> None:
    """Refuse to attach a gateway twice, or a second one to a VPC.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AttachInternetGateway.html
    """
    gateway_id, vpc_id = call.parameters["InternetGatewayId"], call.parameters["VpcId"]
    vpc: Any = call.ec2.internet_gateways[gateway_id].vpc
    if vpc:
        message = f"resource {gateway_id} is already attached to network {vpc.id}"
        raise Refusal("Resource.AlreadyAssociated", message)
    if gateway_of(call, vpc_id):
        raise invalid_parameter(f"Network {vpc_id} already has an internet gateway attached")


@before("ec2", "DetachInternetGateway")
def nothing_public_is_left(call: Call) -> None:
    """Refuse to detach a gateway elsewhere than where it is, or while anything in the VPC has a public address.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DetachInternetGateway.html
    """
    gateway_id, vpc_id = call.parameters["InternetGatewayId"], call.parameters["VpcId"]
    vpc: Any = call.ec2.internet_gateways[gateway_id].vpc
    if vpc is None or vpc.id != vpc_id:
        raise Refusal("Gateway.NotAttached", f"resource {gateway_id} is not attached to network {vpc_id}")
    interfaces: list[Any] = list(call.ec2.enis.values())
    if any(one.public_ip and one.subnet.vpc_id == vpc_id for one in interfaces):
        raise Refusal(
            "DependencyViolation",
            f"Network {vpc_id} has some mapped public address(es). "
            "Please unmap those public address(es) before detaching the gateway.",
        )


@before("ec2", "DeleteInternetGateway")
def detached_first(call: Call) -> None:
    """Refuse to delete a gateway that is attached.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteInternetGateway.html
    """
    gateway_id = call.parameters["InternetGatewayId"]
    if call.ec2.internet_gateways[gateway_id].vpc:
        raise dependency_violation("internetGateway", gateway_id)
