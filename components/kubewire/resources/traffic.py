"""One rule of a security group, and how EC2 writes it."""

from __future__ import annotations

from enum import StrEnum
from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field, model_validator

from kubewire.deferred import Later, is_deferred
from kubewire.errors import InvalidInputError
from kubewire.model import AnyCidr, Model, PortNumber, Ref

if TYPE_CHECKING:
    from types_boto3_ec2.type_defs import IpPermissionTypeDef

ANY_PORT = -1
"""EC2's word for every port, and for every ICMP type."""

LARGEST_ICMP = 255
MOST_ENTRIES: Final = 1000
"""Of a prefix list. https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html"""

Identity = tuple[bool, str, int, int, str]
"""What makes two rules the same to EC2: egress, protocol, from, to, peer."""


class Direction(StrEnum):
    """Which way a connection is opened."""

    INGRESS = "ingress"
    EGRESS = "egress"


class Protocol(StrEnum):
    """What a rule admits; the values are EC2's.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
    """

    ALL = "-1"
    TCP = "tcp"
    UDP = "udp"
    ICMP = "icmp"
    ICMPV6 = "icmpv6"
    IP_IN_IP = "4"
    """Packets in packets, RFC 2003."""
    ESP = "50"
    """What IPsec encrypts, RFC 4303."""
    SCTP = "132"
    """RFC 9260. EC2 knows no ports of it: a rule admits every one."""


# https://www.iana.org/assignments/protocol-numbers/protocol-numbers.xhtml
_BY_NUMBER: Final = {
    1: Protocol.ICMP,
    4: Protocol.IP_IN_IP,
    6: Protocol.TCP,
    17: Protocol.UDP,
    50: Protocol.ESP,
    58: Protocol.ICMPV6,
    132: Protocol.SCTP,
}
LARGEST_PROTOCOL = 255


def _by_name(given: Any) -> Any:
    """Name a protocol that is given by its number, where it has a name here.

    What is no protocol is refused here: the union would say what both of its members find wrong with it.
    """
    # On the wire of the engine, every number is a float.
    text = f"{given:g}" if isinstance(given, float) else str(given)
    if text in {member.value for member in Protocol} - {str(number) for number in _BY_NUMBER}:
        return Protocol(text)
    if not text.isdecimal() or int(text) > LARGEST_PROTOCOL:
        detail = "Write tcp, udp, icmp, icmpv6, `-1` for all, or a number up to 255."
        raise InvalidInputError(f"{given!r} is no protocol", detail=detail)
    return _BY_NUMBER.get(int(text), int(text))


IpProtocol = Annotated[Protocol | Annotated[int, Field(ge=0, le=255)], BeforeValidator(_by_name)]
"""A protocol by its name, or by its number if it has no name here."""

PORTED: Final = (Protocol.TCP, Protocol.UDP)
TYPED: Final = (Protocol.ICMP, Protocol.ICMPV6)


class CidrPeer(Model):
    """Everyone in a range, of either family."""

    kind: Literal["cidr"] = "cidr"
    cidr: AnyCidr


class GroupPeer(Ref):
    """The interfaces in a security group."""

    kind: Literal["group"] = "group"


class PrefixListPeer(Ref):
    """Everyone in the ranges of a managed prefix list."""

    kind: Literal["prefix-list"] = "prefix-list"
    max_entries: int = Field(ge=1, le=MOST_ENTRIES)
    """How many rules it counts as: as many as it can have entries, whatever it has. For one of AWS's own, its weight.
    https://docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html"""


Peer = CidrPeer | GroupPeer | PrefixListPeer


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
    protocol: IpProtocol
    ports: Ports | None = None
    """None: every port, or every type of ICMP."""
    peer: Annotated[Peer, Field(discriminator="kind")]
    """Who is at the other end."""

    @model_validator(mode="after")
    def _ports_fit(self) -> Rule:
        if self.ports is None:
            if self.protocol in PORTED:
                detail = "Write 0 to 65535 for every port."
                raise InvalidInputError(f"a rule for {self.protocol} says which ports", detail=detail, path="ports")
        elif self.protocol is Protocol.ALL:
            detail = "Leave the ports out, or name a protocol."
            raise InvalidInputError("a rule for all protocols has no ports", detail=detail, path="ports")
        elif self.protocol not in PORTED + TYPED:
            detail = "Leave the ports out: EC2 admits every one of this protocol, whatever the rule says."
            raise InvalidInputError(f"a rule for IP protocol {self.protocol} has no ports", detail=detail, path="ports")
        elif not is_deferred(self.ports.first) and not is_deferred(self.ports.last):
            self._check(self.ports.first, self.ports.last)
        return self

    def _check(self, first: int, last: int) -> None:
        if self.protocol not in TYPED:
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
        peer = str(self.peer.cidr) if isinstance(self.peer, CidrPeer) else self.peer.id
        return (self.direction is Direction.EGRESS, str(self.protocol), first, last, peer)

    def permission(self, description: str) -> IpPermissionTypeDef:
        """Write the rule as Authorize calls take it."""
        written: dict[str, Any] = {"IpProtocol": str(self.protocol)}
        if self.protocol in PORTED + TYPED:
            # ICMP wants its types too, where all are meant.
            _, _, first, last, _ = self.identity()
            written |= {"FromPort": first, "ToPort": last}
        match self.peer:
            case GroupPeer(id=group):
                written["UserIdGroupPairs"] = [{"GroupId": group, "Description": description}]
            case PrefixListPeer(id=prefix_list):
                written["PrefixListIds"] = [{"PrefixListId": prefix_list, "Description": description}]
            case CidrPeer(cidr=IPv4Network() as cidr):
                written["IpRanges"] = [{"CidrIp": str(cidr), "Description": description}]
            case CidrPeer(cidr=cidr):
                written["Ipv6Ranges"] = [{"CidrIpv6": str(cidr), "Description": description}]
        return written  # type: ignore[return-value]  # a dict of the shape that its keys show
