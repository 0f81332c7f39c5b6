"""VPCs: their number, their first ranges, their states, and what keeps them from being deleted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.durations import duration
from kubewire.local.aws.ec2.ranges import subnets_of
from kubewire.local.aws.ec2.vpc_cidr_limits import vpc_sized
from kubewire.local.aws.quotas import quota
from kubewire.local.aws.refusal import Refusal, dependency_violation
from kubewire.local.aws.rules import after, before, exists

_LIMITS: Final = "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html"
VPCS: Final = quota("vpcs-per-region", default=5, page=_LIMITS)

_STATES: Final = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Vpc.html"
AVAILABLE: Final = duration("vpc.available", aws=1.0, page=_STATES)


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


@before("ec2", "CreateVpc")
def vpc_range(call: Call) -> Call | None:
    """Refuse ranges that are too large or too small, and take the others without their host bits.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpc.html
    """
    given = call.parameters.get("CidrBlock")
    if given is None:
        return None
    return call.with_parameters({**call.parameters, "CidrBlock": str(vpc_sized(given))})


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
