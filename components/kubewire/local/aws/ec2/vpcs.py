"""VPCs: their number, their ranges, their states, and what keeps them from being deleted."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import Any, Final

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.durations import duration
from kubewire.local.aws.ec2.ranges import ipv4, subnets_of, vpc_ipv4
from kubewire.local.aws.quotas import quota
from kubewire.local.aws.refusal import Refusal, dependency_violation
from kubewire.local.aws.rules import after, before, exists

_LIMITS: Final = "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html"
VPCS: Final = quota("vpcs-per-region", default=5, page=_LIMITS)

_STATES: Final = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Vpc.html"
AVAILABLE: Final = duration("vpc.available", aws=1.0, page=_STATES)

# https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
LARGEST: Final = 16
SMALLEST: Final = 28
# A VPC with a range in one of these can't have one in another of them.
_APART: Final = tuple(IPv4Network(one) for one in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "198.19.0.0/16"))


@exists("ec2", "VpcId", "VpcIds")
def vpc_exists(call: Call, vpc_id: str) -> None:
    """Refuse a VPC that isn't the caller's, or isn't at all: AWS doesn't say which."""
    if vpc_id not in call.ec2.vpcs:
        raise Refusal("InvalidVpcID.NotFound", f"The vpc ID '{vpc_id}' does not exist")


@before("ec2", "CreateVpc")
def vpc_quota(call: Call) -> None:
    """Refuse one VPC too many; the default VPC counts."""
    if len(call.ec2.vpcs) >= call.limit(VPCS):
        raise Refusal("VpcLimitExceeded", "The maximum number of VPCs has been reached.")


@before("ec2", "CreateVpc", "AssociateVpcCidrBlock")
def vpc_range(call: Call) -> Call | None:
    """Refuse ranges that are too large or too small, and take the others without their host bits.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpc.html
    """
    given = call.parameters.get("CidrBlock")
    if given is None:
        return None
    network = ipv4(given)
    if not LARGEST <= network.prefixlen <= SMALLEST:
        raise Refusal("InvalidVpc.Range", f"The CIDR '{given}' is invalid.")
    return call.with_parameters({**call.parameters, "CidrBlock": str(network)})


@before("ec2", "AssociateVpcCidrBlock")
def secondary_range(call: Call) -> None:
    """Refuse a further range that overlaps, or that AWS doesn't let be with those that the VPC has.

    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
    """
    if "CidrBlock" not in call.parameters:
        return
    network = IPv4Network(call.parameters["CidrBlock"])
    present = vpc_ipv4(call.ec2.vpcs[call.parameters["VpcId"]])
    if any(network.overlaps(one) for one in present):
        raise Refusal("InvalidVpc.Range", f"The CIDR '{network}' conflicts with another CIDR block of the VPC.")
    mine = _private_range(network)
    if mine is not None and any(_private_range(one) != mine for one in present):
        raise Refusal(
            "InvalidVpc.Range",
            f"The CIDR '{network}' is restricted. Use a CIDR from the same private address range as the current VPC "
            "CIDR, or use a publicly-routable CIDR. For additional restrictions, see "
            "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html",
        )


@before("ec2", "DisassociateVpcCidrBlock")
def range_in_use(call: Call) -> None:
    """Refuse to take a range away while subnets are in it.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DisassociateVpcCidrBlock.html
    """
    wanted = call.parameters["AssociationId"]
    for vpc in call.ec2.vpcs.values():
        for one in vpc.get_cidr_block_association_set():
            network = IPv4Network(one["cidr_block"], strict=False)
            if one["association_id"] == wanted and network != IPv4Network(vpc.cidr_block, strict=False):
                within = [s for s in subnets_of(call, vpc.id) if s.cidr_block and s.cidr.subnet_of(network)]
                if within:
                    raise dependency_violation("vpc CIDR block", str(network))


@after("ec2", "CreateVpc")
def vpc_starts_pending(call: Call, answer: Answer) -> None:
    """A VPC is answered as pending, and available from then on."""
    vpc = call.ec2.vpcs[answer["Vpc"]["VpcId"]]
    vpc.state = answer["Vpc"]["State"] = "pending"
    call.later(AVAILABLE, lambda: setattr(vpc, "state", "available"))


@before("ec2", "DeleteVpc")
def vpc_in_use(call: Call) -> None:
    """Refuse to delete a VPC that anything but its own defaults is in.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteVpc.html
    """
    vpc_id = call.parameters["VpcId"]
    if any(True for _ in _dependents(call, vpc_id)):
        raise dependency_violation("vpc", vpc_id)


@after("ec2", "DeleteVpc")
def defaults_go_with_the_vpc(call: Call, _answer: Answer) -> None:
    """The default network ACL goes, too, which moto leaves behind."""
    acls = call.ec2.network_acls
    for acl in [acl for acl in acls.values() if acl.vpc_id == call.parameters["VpcId"]]:
        del acls[acl.id]


@before("ec2", "ModifyVpcAttribute", "ModifySubnetAttribute")
def one_attribute_at_a_time(call: Call) -> None:
    """Refuse to change two attributes in a call.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcAttribute.html
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifySubnetAttribute.html
    """
    if len(call.parameters.keys() - {"VpcId", "SubnetId"}) > 1:
        raise Refusal("InvalidParameterCombination", "Fields for multiple attribute types specified")


def _private_range(network: IPv4Network) -> IPv4Network | None:
    return next((one for one in _APART if network.subnet_of(one)), None)


def _dependents(call: Call, vpc_id: str) -> Iterator[Any]:
    """What must be gone before a VPC can go."""
    ec2: Any = call.ec2
    yield from subnets_of(call, vpc_id)
    yield from (one for one in ec2.internet_gateways.values() if one.vpc and one.vpc.id == vpc_id)
    yield from (one for one in ec2.egress_only_internet_gateways.values() if one.vpc_id == vpc_id)
    yield from (one for one in ec2.carrier_gateways.values() if one.vpc_id == vpc_id)
    yield from (one for one in ec2.vpn_gateways.values() if vpc_id in one.attachments)
    yield from (one for one in ec2.vpc_end_points.values() if one.vpc_id == vpc_id)
    yield from (one for one in ec2.groups.get(vpc_id, {}).values() if one.name != "default")
    yield from (one for one in ec2.route_tables.values() if one.vpc_id == vpc_id and not one.main_association_id)
    yield from (one for one in ec2.network_acls.values() if one.vpc_id == vpc_id and not one.default)
