"""VPC peering connections: their states, and which VPCs can't be peers.

https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html
"""

from __future__ import annotations

from typing import Any, Final

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.durations import duration
from kubewire.local.aws.ec2.ranges import vpc_ipv4
from kubewire.local.aws.ec2.selection import listed, selected
from kubewire.local.aws.refusal import Refusal
from kubewire.local.aws.rules import Proceed, after, answers, before, exists

_STATES: Final = "https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html"
DELETED: Final = duration("vpc-peering-connection.deleted", aws=5.0, page=_STATES)
# As long as the page above says that they are seen.
SEEN_AFTERWARDS: Final = 7200.0

_FILTERS: Final = {
    "accepter-vpc-info.cidr-block": "AccepterVpcInfo.CidrBlock",
    "accepter-vpc-info.owner-id": "AccepterVpcInfo.OwnerId",
    "accepter-vpc-info.vpc-id": "AccepterVpcInfo.VpcId",
    "requester-vpc-info.cidr-block": "RequesterVpcInfo.CidrBlock",
    "requester-vpc-info.owner-id": "RequesterVpcInfo.OwnerId",
    "requester-vpc-info.vpc-id": "RequesterVpcInfo.VpcId",
    "status-code": "Status.Code",
    "status-message": "Status.Message",
    "vpc-peering-connection-id": "VpcPeeringConnectionId",
}


@exists("ec2", "VpcPeeringConnectionId", "VpcPeeringConnectionIds")
def peering_exists(call: Call, identity: str) -> None:
    """Refuse a connection that isn't there.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
    """
    if identity not in call.ec2.vpc_pcxs:
        message = f"The vpcPeeringConnection ID '{identity}' does not exist"
        raise Refusal("InvalidVpcPeeringConnectionID.NotFound", message)


@after("ec2", "CreateVpcPeeringConnection")
def overlapping_peers(call: Call, answer: Answer) -> None:
    """Let a connection between VPCs of overlapping ranges fail.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcPeeringConnection.html
    """
    made = answer["VpcPeeringConnection"]
    connection: Any = call.ec2.vpc_pcxs[made["VpcPeeringConnectionId"]]
    mine, theirs = vpc_ipv4(connection.vpc), vpc_ipv4(connection.peer_vpc)
    if any(one.overlaps(other) for one in mine for other in theirs):
        message = "Failed due to incorrect VPC-ID, Account ID, or overlapping CIDR range"
        _enter(connection, "failed", message)
        made["Status"] = {"Code": "failed", "Message": message}
        call.emulator.schedule.later(SEEN_AFTERWARDS, lambda: _forget(call, connection))


@answers("ec2", "DescribeVpcPeeringConnections")
def listed_peerings(call: Call, proceed: Proceed) -> Answer:
    """Apply the filters, which moto doesn't know here."""
    answer = listed(call, proceed)
    answer["VpcPeeringConnections"] = selected(call, answer.get("VpcPeeringConnections", ()), _FILTERS)
    return answer


@before("ec2", "AcceptVpcPeeringConnection", "RejectVpcPeeringConnection")
def pending_peering(call: Call) -> None:
    """Refuse to accept or reject what isn't pending."""
    state = "active" if call.operation.startswith("Accept") else "rejected"
    _check_step(call, ("pending-acceptance",), state)


@answers("ec2", "DeleteVpcPeeringConnection")
def deleted_peering(call: Call, _proceed: Proceed) -> Answer:
    """Delete a connection that is, or may yet be.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteVpcPeeringConnection.html
    """
    connection = _check_step(call, ("active", "pending-acceptance"), "deleting")
    _enter(connection, "deleting", f"Deleting by {call.account}")
    call.later(DELETED, lambda: _delete(call, connection))
    return {"Return": True}


def _check_step(call: Call, possible: tuple[str, ...], wanted: str) -> Any:
    connection: Any = call.ec2.vpc_pcxs[call.parameters["VpcPeeringConnectionId"]]
    now = connection.status["Code"]
    if now not in possible:
        message = f"Invalid state transition for {connection.id}, attempted to transition from {now} to {wanted}"
        raise Refusal("InvalidStateTransition", message)
    return connection


def _enter(connection: Any, code: str, message: str) -> None:
    status = connection._status  # noqa: SLF001 - moto has no public name for it
    status.code, status.message = code, message


def _delete(call: Call, connection: Any) -> None:
    _enter(connection, "deleted", f"Deleted by {call.account}")
    call.emulator.schedule.later(SEEN_AFTERWARDS, lambda: _forget(call, connection))


def _forget(call: Call, connection: Any) -> None:
    call.ec2.vpc_pcxs.pop(connection.id, None)
    call.ec2.tags.pop(connection.id, None)
