"""Steps that the cases of security groups have in common."""

from __future__ import annotations

from typing import Any

from tests.integration.local.aws.case import Step, ec2

VPC = ec2.create_vpc(CidrBlock="10.0.0.0/16").keep(vpc="Vpc.VpcId")
OTHER_VPC = ec2.create_vpc(CidrBlock="10.1.0.0/16").keep(other="Vpc.VpcId")
PEERED = (
    ec2.create_vpc_peering_connection(VpcId="$vpc", PeerVpcId="$other").keep(
        peering="VpcPeeringConnection.VpcPeeringConnectionId"
    ),
    ec2.accept_vpc_peering_connection(VpcPeeringConnectionId="$peering"),
)


def made(name: str = "nodes", vpc: str = "$vpc", keep: str = "group") -> Step:
    """Make a group, and keep its id."""
    return ec2.create_security_group(GroupName=name, Description="what it is for", VpcId=vpc).keep(**{keep: "GroupId"})


def tcp(first: int, last: int | None = None, **peers: Any) -> dict[str, Any]:
    """A permission."""
    peers = peers or {"IpRanges": [{"CidrIp": "192.0.2.0/24"}]}
    return {"IpProtocol": "tcp", "FromPort": first, "ToPort": first if last is None else last, **peers}


def from_group(group: str) -> dict[str, Any]:
    """A permission for everything from a group."""
    return {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": group}]}


def admit(*permissions: dict[str, Any], group: str = "$group") -> Step:
    """Put rules on a group."""
    return ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=list(permissions))


def withdraw(*permissions: dict[str, Any], group: str = "$group") -> Step:
    """Take rules from a group."""
    return ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=list(permissions))


def admitted(ports: list[int]) -> Step:
    """See from which ports on a group admits."""
    return ec2.describe_security_groups(GroupIds=["$group"]).answers(
        {"SecurityGroups[0].IpPermissions[].FromPort": ports}
    )
