"""Elastic addresses: how many there may be, what is said of them, and when one can be given back."""

from __future__ import annotations

from typing import Any, Final

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.ec2.selection import listed, selected
from kubewire.local.aws.quotas import quota
from kubewire.local.aws.refusal import Refusal, invalid_parameter
from kubewire.local.aws.rules import Proceed, after, answers, before, exists

_LIMITS: Final = "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html"
ADDRESSES: Final = quota("elastic-ips-per-region", default=5, page=_LIMITS)

_FILTERS: Final = {
    "allocation-id": "AllocationId",
    "association-id": "AssociationId",
    "instance-id": "InstanceId",
    "network-border-group": "NetworkBorderGroup",
    "network-interface-id": "NetworkInterfaceId",
    "network-interface-owner-id": "NetworkInterfaceOwnerId",
    "private-ip-address": "PrivateIpAddress",
    "public-ip": "PublicIp",
}


def address(call: Call, allocation_id: str) -> Any | None:
    """The elastic address of that id."""
    return next((one for one in call.ec2.addresses if one.allocation_id == allocation_id), None)


def address_named(call: Call) -> Any:
    """The elastic address that a call names, by its id or by itself.

    Raises:
        Refusal: it names none.
    """
    if "AllocationId" in call.parameters:
        return address(call, call.parameters["AllocationId"])
    public = call.parameters.get("PublicIp")
    if public is None:
        raise Refusal("MissingParameter", "Either 'publicIp' or 'allocationId' must be specified")
    return next(one for one in call.ec2.addresses if one.public_ip == public)


@exists("ec2", "AllocationId", "AllocationIds")
def allocation_exists(call: Call, allocation_id: str) -> None:
    """Refuse an address that isn't the caller's. NAT gateways have other words for it.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
    """
    if address(call, allocation_id):
        return
    if call.operation == "CreateNatGateway":
        raise Refusal("InvalidElasticIpID.NotFound", f"The elasticIp ID '{allocation_id}' does not exist")
    raise Refusal("InvalidAllocationID.NotFound", f"The allocation ID '{allocation_id}' does not exist")


@exists("ec2", "PublicIp", "PublicIps")
def public_address_exists(call: Call, public: str) -> None:
    """Refuse the same, named by itself.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
    """
    if not any(one.public_ip == public for one in call.ec2.addresses):
        raise Refusal("InvalidAddress.NotFound", f"Address '{public}' not found.")


@before("ec2", "AllocateAddress")
def address_quota(call: Call) -> None:
    """Refuse one address too many."""
    if len(call.ec2.addresses) >= call.limit(ADDRESSES):
        raise Refusal("AddressLimitExceeded", "The maximum number of addresses has been reached.")


@after("ec2", "AllocateAddress")
def where_an_address_is_from(call: Call, answer: Answer) -> None:
    """Say which pool the address is from, and where it is announced.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AllocateAddress.html
    """
    answer |= {"PublicIpv4Pool": "amazon", "NetworkBorderGroup": call.region}


@answers("ec2", "DescribeAddresses")
def all_of_an_address(call: Call, proceed: Proceed) -> Answer:
    """Say all of an address, and filter by it.

    The instance is that of the interface: an interface can be attached after its address was associated, and moto
    remembers only the instance that an address was associated with itself.
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Address.html
    """
    answer = listed(call, proceed)
    found: list[dict[str, Any]] = answer.get("Addresses", [])
    for one in found:
        one |= {"PublicIpv4Pool": "amazon", "NetworkBorderGroup": call.region}
        interface: Any = call.ec2.enis.get(one.get("NetworkInterfaceId", ""))
        if interface is None:
            one.pop("NetworkInterfaceId", None)
        one["InstanceId"] = interface.instance.id if interface and interface.instance else ""
    answer["Addresses"] = selected(call, found, _FILTERS)
    return answer


@before("ec2", "ReleaseAddress")
def address_in_use(call: Call) -> None:
    """Refuse to release an address that is associated.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReleaseAddress.html
    """
    if "PublicIp" in call.parameters and "AllocationId" not in call.parameters:
        raise invalid_parameter("You must specify an allocation id when releasing a VPC elastic IP address")
    if {"PublicIp", "AllocationId"} <= call.parameters.keys():
        message = "You may specify public IP or allocation id, but not both in the same call"
        raise Refusal("InvalidParameterCombination", message)
    released = address_named(call)
    if released.association_id:
        raise Refusal("InvalidIPAddress.InUse", f"Address {released.public_ip} is in use.")
