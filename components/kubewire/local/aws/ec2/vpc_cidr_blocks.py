"""The ranges of a VPC beside its first one: how many, how they come, and what keeps them from going.

moto counts to five whatever the account's quota is, and knows no states between; so the rows are written here.
"""

from __future__ import annotations

from ipaddress import IPv6Network
from typing import Any, Final

from moto.ec2.models.route_tables import Route
from moto.ec2.utils import random_ipv6_cidr, random_vpc_cidr_association_id

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.durations import duration
from kubewire.local.aws.ec2.ipam_allocations import allocate, release
from kubewire.local.aws.ec2.ranges import subnet_ipv6, subnets_of, vpc_ipv4, vpc_ipv6
from kubewire.local.aws.ec2.vpc_cidr_limits import must_go_together, vpc_sized
from kubewire.local.aws.quotas import quota
from kubewire.local.aws.refusal import Refusal
from kubewire.local.aws.rules import Proceed, after, answers

_LIMITS: Final = "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html"
BLOCKS: Final = quota("ipv4-cidr-blocks-per-vpc", default=5, page=_LIMITS)

_STATES: Final = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcCidrBlockState.html"
ASSOCIATED: Final = duration("vpc-cidr-block.associated", aws=10.0, page=_STATES)
DISASSOCIATED: Final = duration("vpc-cidr-block.disassociated", aws=10.0, page=_STATES)

# mypy takes moto's class for an abstract one.
_MAKE: Final[Any] = Route
_OTHERS: Final = ("Ipv6Pool", "Ipv6CidrBlock", "Ipv6IpamPoolId", "Ipv4NetmaskLength", "Ipv6NetmaskLength")


@answers("ec2", "AssociateVpcCidrBlock")
def associated(call: Call, _proceed: Proceed) -> Answer:
    """Add one range: an IPv4 range that is named, out of an IPAM pool or not, or an IPv6 range that Amazon chooses.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateVpcCidrBlock.html
    """
    given = call.parameters
    vpc: Any = call.ec2.vpcs[given["VpcId"]]
    if any(name in given for name in _OTHERS):
        message = "The embedded AWS adds ranges that are named, and Amazon's own IPv6 ranges, alone"
        raise Refusal("NotImplemented", message, status=501)
    six = given.get("AmazonProvidedIpv6CidrBlock", False)
    if six == ("CidrBlock" in given):
        code = "InvalidParameterCombination" if six else "MissingParameter"
        raise Refusal(code, "The request must contain exactly one of: cidrBlock, amazonProvidedIpv6CidrBlock")
    return {"VpcId": vpc.id, **(_amazons(call, vpc) if six else _named(call, vpc))}


@answers("ec2", "DisassociateVpcCidrBlock")
def disassociated(call: Call, _proceed: Proceed) -> Answer:
    """Take a range away, but not the first one, nor one that subnets are in.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DisassociateVpcCidrBlock.html
    The words of a range in use: https://github.com/hashicorp/terraform-provider-aws/issues/29077
    """
    wanted = call.parameters["AssociationId"]
    vpc, row = _row(call, wanted)
    if row["cidr_block"] == vpc.cidr_block:
        message = f"The vpc CIDR block with association ID {wanted} may not be disassociated. It is the primary IPv4 "
        raise Refusal("OperationNotPermitted", f"{message}CIDR block of the VPC")
    network: Any = next(one for one in [*vpc_ipv4(vpc), *vpc_ipv6(vpc)] if str(one) == row["cidr_block"])
    for subnet in subnets_of(call, vpc.id):
        inside = [*([subnet.cidr] if subnet.cidr_block else []), *subnet_ipv6(subnet)]
        if any(one.version == network.version and one.subnet_of(network) for one in inside):
            message = f"The vpc {vpc.id} currently has a subnet within CIDR block {network}"
            raise Refusal("InvalidCidrBlock.InUse", message)
    _enter(row, "disassociating")
    answer = {"VpcId": vpc.id, **_answered(row)}
    for table in call.ec2.route_tables.values():
        if table.vpc_id == vpc.id:
            table._routes.pop(_local(table, network).id, None)  # noqa: SLF001 - moto has no public name for it
    release(call, vpc.id, str(network))
    call.later(DISASSOCIATED, lambda: _enter(row, "disassociated"))
    return answer


@after("ec2", "CreateVpc")
def first_ipv6_range(call: Call, answer: Answer) -> None:
    """A VPC's IPv6 range is still coming when the VPC is answered, and is written as AWS writes ranges.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpc.html
    """
    vpc: Any = call.ec2.vpcs[answer["Vpc"]["VpcId"]]
    for row in vpc.get_cidr_block_association_set(ipv6=True):
        row["cidr_block"] = str(IPv6Network(row["cidr_block"]))
        _coming(call, row)
        answer["Vpc"]["Ipv6CidrBlockAssociationSet"] = [_answered(row)["Ipv6CidrBlockAssociation"]]


def _named(call: Call, vpc: Any) -> Answer:
    network = vpc_sized(call.parameters["CidrBlock"])
    _check_number(vpc, len(vpc_ipv4(vpc)), call.limit(BLOCKS))
    must_go_together(call, vpc, network)
    if "Ipv4IpamPoolId" in call.parameters:
        allocate(call, call.parameters["Ipv4IpamPoolId"], network, vpc.id)
    return _added(call, vpc, {"cidr_block": str(network)})


def _amazons(call: Call, vpc: Any) -> Answer:
    """Amazon gives a VPC one range in each network border group, of which the embedded AWS has one a region."""
    _check_number(vpc, len(vpc_ipv6(vpc)), 1)
    group = call.parameters.get("Ipv6CidrBlockNetworkBorderGroup", call.region)
    fields = {"ipv6_pool": "Amazon", "ipv6_cidr_block_network_border_group": group}
    return _added(call, vpc, {"cidr_block": str(IPv6Network(random_ipv6_cidr())), **fields})


def _check_number(vpc: Any, present: int, most: int) -> None:
    if present >= most:
        message = f"This network '{vpc.id}' has met its maximum number of allowed CIDRs: {most}"
        raise Refusal("CidrLimitExceeded", message)


def _added(call: Call, vpc: Any, fields: dict[str, Any]) -> Answer:
    row = {"association_id": random_vpc_cidr_association_id(), "cidr_block_state": {}, **fields}
    # What left is seen for a while on AWS, and here until the next range comes.
    rows = vpc._cidr_block_association_set  # noqa: SLF001 - moto has no public name for it
    for identity in [key for key, one in rows.items() if one["cidr_block_state"]["state"] == "disassociated"]:
        del rows[identity]
    rows[row["association_id"]] = row
    for table in call.ec2.route_tables.values():
        if table.vpc_id == vpc.id:
            route = _local(table, row["cidr_block"])
            table._routes[route.id] = route  # noqa: SLF001 - as above
    _coming(call, row)
    return _answered(row)


def _coming(call: Call, row: dict[str, Any]) -> None:
    _enter(row, "associating")
    call.later(ASSOCIATED, lambda: _enter(row, "associated", only="associating"))


def _enter(row: dict[str, Any], state: str, only: str | None = None) -> None:
    if only is None or row["cidr_block_state"]["state"] == only:
        row["cidr_block_state"] = {"state": state, "StatusMessage": None}


def _answered(row: dict[str, Any]) -> Answer:
    state = {"State": row["cidr_block_state"]["state"]}
    common = {"AssociationId": row["association_id"]}
    if ":" not in row["cidr_block"]:
        return {"CidrBlockAssociation": {**common, "CidrBlock": row["cidr_block"], "CidrBlockState": state}}
    six = {
        "Ipv6CidrBlock": row["cidr_block"],
        "Ipv6CidrBlockState": state,
        "NetworkBorderGroup": row["ipv6_cidr_block_network_border_group"],
        "Ipv6Pool": row["ipv6_pool"],
    }
    return {"Ipv6CidrBlockAssociation": {**common, **six}}


def _row(call: Call, association: str) -> tuple[Any, dict[str, Any]]:
    for vpc in call.ec2.vpcs.values():
        rows: Any = vpc._cidr_block_association_set  # noqa: SLF001 - as above
        row = rows.get(association)
        if row is not None and row["cidr_block_state"]["state"] in ("associating", "associated"):
            return vpc, row
    message = f"The vpc CIDR block association ID '{association}' does not exist"
    raise Refusal("InvalidVpcCidrBlockAssociationID.NotFound", message)


def _local(table: Any, cidr: object) -> Any:
    text = str(cidr)
    four, six = (None, text) if ":" in text else (text, None)
    return _MAKE(table, four, six, local=True)
