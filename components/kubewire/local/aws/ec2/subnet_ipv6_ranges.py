"""The IPv6 ranges of subnets: how they come and go, and what keeps them from going."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.durations import duration
from kubewire.local.aws.ec2.ranges import fits, ipv6, subnet_ipv6, subnets_of, vpc_ipv6
from kubewire.local.aws.refusal import Refusal, invalid_parameter
from kubewire.local.aws.rules import Proceed, after, answers, before

# https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
IPV6_PREFIXES: Final = range(44, 65, 4)

_STATES: Final = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SubnetCidrBlockState.html"
ASSOCIATED: Final = duration("subnet-cidr-block.associated", aws=5.0, page=_STATES)
DISASSOCIATED: Final = duration("subnet-cidr-block.disassociated", aws=5.0, page=_STATES)


@before("ec2", "CreateSubnet")
def subnet_ipv6_range(call: Call) -> Call | None:
    """Refuse IPv6 ranges of a wrong size, outside the VPC's, or taken; write the others as AWS writes them.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSubnet.html
    """
    return _checked(call, call.parameters["VpcId"])


@before("ec2", "AssociateSubnetCidrBlock")
def added_ipv6_range(call: Call) -> Call | None:
    """Refuse the same for a subnet that exists, and a second range: a subnet has one. Those words are ours.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateSubnetCidrBlock.html
    """
    subnet: Any = call.ec2.get_subnet(call.parameters["SubnetId"])
    if "Ipv6CidrBlock" not in call.parameters:
        raise Refusal("MissingParameter", "The request must contain the parameter ipv6CidrBlock")
    if subnet_ipv6(subnet):
        raise invalid_parameter(f"The subnet {subnet.id} already has an IPv6 CIDR block associated with it.")
    return _checked(call, subnet.vpc_id)


@after("ec2", "CreateSubnet", "AssociateSubnetCidrBlock")
def ipv6_range_is_coming(call: Call, answer: Answer) -> None:
    """A subnet's IPv6 range is still coming when it is answered."""
    subnet: Any = call.ec2.get_subnet(answer["Subnet"]["SubnetId"] if "Subnet" in answer else answer["SubnetId"])
    for row in _rows(subnet):
        if row["associationId"] not in _known(subnet, answer):
            continue
        _enter(row, "associating")
        call.later(ASSOCIATED, partial(_enter, row, "associated", only="associating"))
    if "Ipv6CidrBlockAssociation" in answer:
        answer["Ipv6CidrBlockAssociation"]["Ipv6CidrBlockState"] = {"State": "associating"}


@after("ec2", "CreateSubnet", "DescribeSubnets")
def ipv6_ranges(call: Call, answer: Answer) -> None:
    """List a subnet's IPv6 ranges with their states; moto lists those alone that are associated."""
    for row in (answer.get("Subnet"), *answer.get("Subnets", ())):
        if row:
            subnet: Any = call.ec2.get_subnet(row["SubnetId"])
            row["Ipv6CidrBlockAssociationSet"] = [_answered(one) for one in _rows(subnet)]


@answers("ec2", "DisassociateSubnetCidrBlock")
def taken_away(call: Call, _proceed: Proceed) -> Answer:
    """Take a range away, unless interfaces have addresses of it, or are to get some.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DisassociateSubnetCidrBlock.html
    The words of one that assigns: https://github.com/hashicorp/terraform-provider-aws/issues/46017
    """
    identity = call.parameters["AssociationId"]
    subnet: Any = call.ec2.get_subnet_from_ipv6_association(identity)
    row = subnet.ipv6_cidr_block_associations[identity] if subnet else None
    if row is None or _state(row) not in ("associating", "associated"):
        message = f"The subnet CIDR block with association ID '{identity}' does not exist"
        raise Refusal("InvalidSubnetCidrBlockAssociationID.NotFound", message)
    reason = None
    if subnet.assign_ipv6_address_on_creation:
        reason = "its subnet has assign-ipv6-address-on-creation set to true"
    elif any(one.ipv6_addresses for one in call.ec2.enis.values() if one.subnet.id == subnet.id):
        reason = "network interfaces have addresses of it"
    if reason:
        message = f"The subnet IPv6 CIDR block with association ID {identity} may not be disassociated, because"
        raise Refusal("InvalidCidrBlock.InUse", f"{message} {reason}.")
    _enter(row, "disassociating")
    call.later(DISASSOCIATED, lambda: subnet.ipv6_cidr_block_associations.pop(identity, None))
    return {"SubnetId": subnet.id, "Ipv6CidrBlockAssociation": _answered(row)}


@before("ec2", "ModifySubnetAttribute")
def assigns_what_it_has(call: Call) -> None:
    """Refuse to assign addresses of a range that isn't there.

    The words: https://github.com/hashicorp/terraform-provider-aws/issues/46795
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifySubnetAttribute.html
    """
    subnet: Any = call.ec2.get_subnet(call.parameters["SubnetId"])
    match call.without("SubnetId").parameters:
        # Two attributes in a call are refused whatever they are.
        case {"AssignIpv6AddressOnCreation": {"Value": True}, **others} if not others:
            pass
        case _:
            return
    if not any(_state(row) == "associated" for row in _rows(subnet)):
        raise invalid_parameter(
            "Invalid value 'true' for assign-ipv6-address-on-creation. Cannot set assign-ipv6-address-on-creation to "
            f"true unless the subnet ({subnet.id}) has an IPv6 CIDR block associated with it."
        )


def _checked(call: Call, vpc_id: str) -> Call | None:
    if "Ipv6CidrBlock" not in call.parameters:
        return None
    network = ipv6(call.parameters["Ipv6CidrBlock"])
    if network.prefixlen not in IPV6_PREFIXES:
        raise Refusal("InvalidSubnet.Range", f"The CIDR '{network}' is invalid.")
    taken = [one for subnet in subnets_of(call, vpc_id) for one in subnet_ipv6(subnet)]
    fits(network, vpc_ipv6(call.ec2.vpcs[vpc_id], ready=True), taken)
    return call.with_parameters({**call.parameters, "Ipv6CidrBlock": str(network)})


def _known(subnet: Any, answer: Answer) -> set[str]:
    """Which of a subnet's ranges the call has made: all of a new one's, or the one that it answers."""
    made = answer.get("Ipv6CidrBlockAssociation")
    return {made["AssociationId"]} if made else {row["associationId"] for row in _rows(subnet)}


def _rows(subnet: Any) -> list[dict[str, Any]]:
    return list(subnet.ipv6_cidr_block_associations.values())


def _state(row: dict[str, Any]) -> str:
    return str(row["ipv6CidrBlockState"]["State"])


def _enter(row: dict[str, Any], state: str, only: str | None = None) -> None:
    if only is None or _state(row) == only:
        row["ipv6CidrBlockState"] = {"State": state}


def _answered(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "AssociationId": row["associationId"],
        "Ipv6CidrBlock": row["ipv6CidrBlock"],
        "Ipv6CidrBlockState": {"State": _state(row)},
    }
