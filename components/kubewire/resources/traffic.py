"""One rule of a security group, and how EC2 writes it."""

from __future__ import annotations

from enum import StrEnum
from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, model_validator

from kubewire.deferred import Later, is_deferred
from kubewire.errors import InvalidInputError
from kubewire.model import Cidr, Model, PortNumber, Ref

if TYPE_CHECKING:
    from types_boto3_ec2.type_defs import IpPermissionTypeDef, SecurityGroupRuleTypeDef

ANY_PORT = -1
"""EC2's word for every port, and for every ICMP type."""

LARGEST_ICMP = 255

Identity = tuple[bool, str, int, int, str]
"""What makes two rules the same to EC2: egress, protocol, from, to, peer."""


class Direction(StrEnum):
    """Which way a connection is opened."""

    INGRESS = "ingress"
    EGRESS = "egress"


class Protocol(StrEnum):
    """What a rule admits; the values are EC2's."""

    ALL = "-1"
    TCP = "tcp"
    UDP = "udp"
    ICMP = "icmp"


class CidrPeer(Model):
    """Everyone in a range."""

    kind: Literal["cidr"] = "cidr"
    cidr: Cidr


class GroupPeer(Ref):
    """The interfaces in a security group."""

    kind: Literal["group"] = "group"


class Ports(Model):
    """A range of ports, both ends included; for ICMP, a type and a code."""

    first: Later[Annotated[int, Field(ge=ANY_PORT, le=65535)]]
    last: Later[Annotated[int, Field(ge=ANY_PORT, le=65535)]]

    @classmethod
    def one(cls, port: PortNumber) -> Ports:
        """Give a range of one port; it may be known later."""
        return cls(first=port, last=port)


class Rule(Model):
    """Traffic that a group admits."""

    direction: Direction
    protocol: Protocol
    ports: Ports | None = None
    """None: every port."""
    peer: Annotated[CidrPeer | GroupPeer, Field(discriminator="kind")]
    """Who is at the other end."""

    @model_validator(mode="after")
    def _ports_fit(self) -> Rule:
        if self.ports is None and self.protocol in (Protocol.TCP, Protocol.UDP):
            detail = "Write 0 to 65535 for every port."
            raise InvalidInputError(f"a rule for {self.protocol} says which ports", detail=detail, path="ports")
        if self.ports is not None and self.protocol is Protocol.ALL:
            detail = "Leave the ports out, or name a protocol."
            raise InvalidInputError("a rule for all protocols has no ports", detail=detail, path="ports")
        if self.ports is not None and not is_deferred(self.ports.first) and not is_deferred(self.ports.last):
            self._check(self.ports.first, self.ports.last)
        return self

    def _check(self, first: int, last: int) -> None:
        if self.protocol is not Protocol.ICMP:
            if not 0 <= first <= last:
                raise InvalidInputError(f"{first} to {last} is no range of ports", path="ports")
        elif first == ANY_PORT:
            raise InvalidInputError("every type of ICMP", detail="Leave the ports out for that.", path="ports")
        elif max(first, last) > LARGEST_ICMP:
            detail = f"Types and codes go to {LARGEST_ICMP}; the code {ANY_PORT} stands for every one."
            raise InvalidInputError(f"{first} with {last} is no type and code of ICMP", detail=detail, path="ports")

    def identity(self) -> Identity:
        """Give what EC2 tells rules apart by."""
        first, last = (self.ports.first, self.ports.last) if self.ports else (ANY_PORT, ANY_PORT)
        peer = self.peer.id if isinstance(self.peer, GroupPeer) else str(self.peer.cidr)
        return (self.direction is Direction.EGRESS, self.protocol.value, first, last, peer)

    def permission(self, description: str) -> IpPermissionTypeDef:
        """Write the rule as Authorize calls take it."""
        written: dict[str, Any] = {"IpProtocol": self.protocol.value}
        if self.protocol is not Protocol.ALL:
            # ICMP wants its types too, where all are meant.
            _, _, first, last, _ = self.identity()
            written |= {"FromPort": first, "ToPort": last}
        match self.peer:
            case GroupPeer(id=group):
                written["UserIdGroupPairs"] = [{"GroupId": group, "Description": description}]
            case CidrPeer(cidr=cidr):
                written["IpRanges"] = [{"CidrIp": str(cidr), "Description": description}]
        return written  # type: ignore[return-value]  # a dict of the shape that its keys show


def read_rule(row: SecurityGroupRuleTypeDef, groups: dict[str, str]) -> Rule | None:
    """Read a rule as EC2 describes it; None for a peer or protocol that kubewire doesn't declare yet.

    Args:
        row: one of DescribeSecurityGroupRules.
        groups: names of groups by id.
    """
    group = row.get("ReferencedGroupInfo", {}).get("GroupId")
    if group:
        peer: CidrPeer | GroupPeer = GroupPeer(name=groups.get(group, group), id=group)
    elif "CidrIpv4" in row:
        peer = CidrPeer(cidr=IPv4Network(row["CidrIpv4"], strict=False))
    else:
        return None
    if row["IpProtocol"] not in {protocol.value for protocol in Protocol}:
        return None
    first, last = row.get("FromPort", ANY_PORT), row.get("ToPort", ANY_PORT)
    bounded = row["IpProtocol"] != Protocol.ALL and not (row["IpProtocol"] == Protocol.ICMP and first == ANY_PORT)
    return Rule(
        direction=Direction.EGRESS if row["IsEgress"] else Direction.INGRESS,
        protocol=Protocol(row["IpProtocol"]),
        ports=Ports(first=first, last=last) if bounded else None,
        peer=peer,
    )
