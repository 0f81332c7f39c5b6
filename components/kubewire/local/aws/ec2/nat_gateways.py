"""NAT gateways: how many, what they are made of, how they are listed, and how they go."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.ec2.addresses import address
from kubewire.local.aws.ec2.addressing import chosen, requested
from kubewire.local.aws.ec2.nat_gateway_states import NatNotes, begin, end
from kubewire.local.aws.ec2.selection import listed, selected
from kubewire.local.aws.quotas import quota
from kubewire.local.aws.refusal import Refusal
from kubewire.local.aws.rules import Proceed, answers, before, exists

_LIMITS: Final = "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html"
GATEWAYS: Final = quota("nat-gateways-per-zone", default=5, page=_LIMITS)

# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeNatGateways.html
_FILTERS: Final = {
    "nat-gateway-id": "NatGatewayId",
    "state": "State",
    "subnet-id": "SubnetId",
    "vpc-id": "VpcId",
}
_ROUTES: Final = ("CreateRoute", "ReplaceRoute")


@exists("ec2", "NatGatewayId", "NatGatewayIds")
def nat_gateway_exists(call: Call, gateway_id: str) -> None:
    """Refuse a gateway that isn't there; a route has other words for it.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
    """
    if call.operation not in _ROUTES and gateway_id not in call.ec2.nat_gateways:
        raise Refusal("NatGatewayNotFound", f"The Nat Gateway {gateway_id} was not found")


@before("ec2", "CreateNatGateway")
def kind_of_nat_gateway(call: Call) -> None:
    """Refuse a public gateway without an address, a private one with one, and a regional one, which moto can't be.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNatGateway.html
    """
    given = call.parameters
    if given.get("AvailabilityMode") == "regional":
        raise Refusal("NotImplemented", "The embedded AWS has no regional NAT gateways", status=501)
    if "SubnetId" not in given:
        raise _missing("SubnetId")
    public = given.get("ConnectivityType", "public") == "public"
    if public and "AllocationId" not in given:
        raise _missing("AllocationId")
    if not public and "AllocationId" in given:
        message = "The AllocationId parameter is not supported for private NAT gateways."
        raise Refusal("InvalidParameterCombination", message)


@before("ec2", "CreateNatGateway")
def nat_gateway_quota(call: Call) -> None:
    """Refuse one gateway too many in a zone; those that are going count."""
    ec2: Any = call.ec2
    zone = ec2.get_subnet(call.parameters["SubnetId"]).availability_zone
    gateways = [one for one in ec2.nat_gateways.values() if one.state in ("pending", "available", "deleting")]
    limit = call.limit(GATEWAYS)
    if sum(ec2.get_subnet(one.subnet_id).availability_zone == zone for one in gateways) >= limit:
        message = f"Performing this operation would exceed the limit of {limit} NAT gateways"
        raise Refusal("NatGatewayLimitExceeded", message)


@answers("ec2", "CreateNatGateway")
def made_nat_gateway(call: Call, proceed: Proceed) -> Answer:
    """Make a gateway. It is pending at first, and may turn out to have failed: see nat_gateway_states.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNatGateway.html
    """
    ec2: Any = call.ec2
    given = call.parameters
    subnet = ec2.get_subnet(given["SubnetId"])
    private = _private_address(call, subnet)
    interfaces = set(ec2.enis)
    answer = proceed(call.without("AllocationId", "PrivateIpAddress"))
    gateway = ec2.nat_gateways[answer["NatGateway"]["NatGatewayId"]]
    # moto's own interface has an address of anywhere, and is like one that a caller makes.
    for made in set(ec2.enis) - interfaces:
        del ec2.enis[made]
    gateway.connectivity_type = given.get("ConnectivityType", "public")
    begin(call, gateway, subnet, private, address(call, given.get("AllocationId", "")))
    answer["NatGateway"] = _row(call, answer["NatGateway"])
    if "ClientToken" in given:
        answer["ClientToken"] = given["ClientToken"]
    return answer


@answers("ec2", "DescribeNatGateways")
def listed_nat_gateways(call: Call, proceed: Proceed) -> Answer:
    """List gateways with all that AWS says of them, by all filters: moto doesn't know those on tags here."""
    answer = listed(call, proceed)
    rows = [_row(call, one) for one in answer.get("NatGateways", [])]
    answer["NatGateways"] = selected(call, rows, _FILTERS)
    return answer


@answers("ec2", "DeleteNatGateway")
def deleted_nat_gateway(call: Call, _proceed: Proceed) -> Answer:
    """Begin to delete a gateway. Its interface and its address's association go with it, after a while.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteNatGateway.html
    """
    gateway: Any = call.ec2.nat_gateways[call.parameters["NatGatewayId"]]
    if gateway.state == "deleted":
        raise Refusal("NatGatewayNotFound", f"The Nat Gateway {gateway.id} was not found")
    if gateway.state != "deleting":
        end(call, gateway)
    return {"NatGatewayId": gateway.id}


def _private_address(call: Call, subnet: Any) -> str | None:
    """The address that the gateway will have in the subnet; none where none is free, with which it fails later."""
    if "PrivateIpAddress" in call.parameters:
        return requested(call, subnet, call.parameters["PrivateIpAddress"])
    try:
        return chosen(call, subnet, 1)[0]
    except Refusal:
        return None


def _row(call: Call, row: dict[str, Any]) -> dict[str, Any]:
    """What is said of a gateway in its state.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NatGateway.html
    """
    gateway: Any = call.ec2.nat_gateways[row["NatGatewayId"]]
    notes = call.notes(NatNotes)
    row |= {
        "State": gateway.state,
        "ConnectivityType": gateway.connectivity_type,
        "AvailabilityMode": "zonal",
        "NatGatewayAddresses": [notes.addresses[gateway.id]],
        "Tags": [{"Key": tag["key"], "Value": tag["value"]} for tag in gateway.get_tags()],
    }
    if gateway.id in notes.failures:
        row["FailureCode"], row["FailureMessage"] = notes.failures[gateway.id]
    deleted: datetime | None = notes.deleted.get(gateway.id)
    if deleted:
        row["DeleteTime"] = deleted
    return row


def _missing(name: str) -> Refusal:
    message = f"The request must include the {name} parameter. Add the required parameter and retry the request."
    return Refusal("MissingParameter", message)
