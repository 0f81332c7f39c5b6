"""Egress-only internet gateways: IPv6's way out."""

from __future__ import annotations

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.ec2.selection import listed, selected
from kubewire.local.aws.refusal import Refusal
from kubewire.local.aws.rules import Proceed, after, answers, exists


@exists("ec2", "EgressOnlyInternetGatewayId", "EgressOnlyInternetGatewayIds")
def egress_only_gateway_exists(call: Call, gateway_id: str) -> None:
    """Refuse a gateway that isn't there, on a route as well.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html (InvalidGatewayID.NotFound)
    """
    if gateway_id not in call.ec2.egress_only_internet_gateways:
        raise Refusal("InvalidGatewayID.NotFound", f"The gateway ID '{gateway_id}' does not exist")


@answers("ec2", "DescribeEgressOnlyInternetGateways")
def egress_only_gateways(call: Call, proceed: Proceed) -> Answer:
    """Apply the filters, which are on tags alone, and which moto doesn't know here.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeEgressOnlyInternetGateways.html
    """
    answer = listed(call, proceed)
    answer["EgressOnlyInternetGateways"] = selected(call, answer.get("EgressOnlyInternetGateways", ()), {})
    return answer


@after("ec2", "CreateEgressOnlyInternetGateway")
def token_is_echoed(call: Call, answer: Answer) -> None:
    """Say which token the call had.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateEgressOnlyInternetGateway.html
    """
    if "ClientToken" in call.parameters:
        answer["ClientToken"] = call.parameters["ClientToken"]
