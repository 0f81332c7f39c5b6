"""What a rule of a security group admits, as a call says it, and as AWS understands it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from typing import Any, Final, TypeAlias

from kubewire.local.aws.ec2.security_groups import CHARACTERS, TEXT
from kubewire.local.aws.refusal import Refusal, invalid_parameter

# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
ALL: Final = "-1"
NAMES: Final = {"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6"}
ANY: Final = -1
HIGHEST_PROTOCOL: Final = 255
HIGHEST_PORT: Final = 65535
HIGHEST_TYPE: Final = 255

Identity: TypeAlias = tuple[str, int | None, int | None, str]


@dataclass(frozen=True)
class Traffic:
    """A protocol with its ports; for ICMP a type and a code. Both are None where all are meant."""

    protocol: str
    first: int | None
    last: int | None

    def __str__(self) -> str:
        """As AWS writes it when it names a rule."""
        if self.protocol == ALL:
            return "ALL"
        name = "ICMPv6" if self.protocol == "icmpv6" else self.protocol.upper()
        if self.first is None:
            return name
        if self.protocol.startswith("icmp"):
            words = ("ALL" if number == ANY else str(number) for number in (self.first, self.last))
            return "{}, type: {}, code: {}".format(name, *words)
        return f"{name}, from port: {self.first}, to port: {self.last}"


@dataclass(frozen=True)
class Wanted:
    """One rule that a call is about.

    Attributes:
        traffic: what it admits.
        peer: a range, a group's id or a prefix list's id; it tells rules apart.
        kind: how a rule's row names a peer of this kind.
        reference: more of a group: whose it is, and through which peering.
        description: what it's for; None where nothing is said.
        said: the permission as the call has it, with this peer alone.
    """

    traffic: Traffic
    peer: str
    kind: str
    reference: Mapping[str, str]
    description: str | None
    said: Mapping[str, Any]

    @property
    def identity(self) -> Identity:
        """What tells it from other rules of the same direction."""
        return (self.traffic.protocol, self.traffic.first, self.traffic.last, self.peer)

    def __str__(self) -> str:
        return f'"peer: {self.peer}, {self.traffic}, ALLOW"'


def traffic_of(said: Mapping[str, Any]) -> Traffic:
    """Read a protocol and its ports.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html

    Raises:
        Refusal: AWS doesn't know the protocol, or it has no such ports.
    """
    given = said.get("IpProtocol")
    if not given:
        raise invalid_parameter(
            "Invalid value 'null' for protocol. VPC security group rules must specify protocols explicitly."
        )
    protocol = NAMES.get(given, given.lower())
    first, last = said.get("FromPort"), said.get("ToPort")
    match protocol:
        case "tcp" | "udp":
            return Traffic(protocol, *_ports(first, last))
        case "icmp" | "icmpv6":
            return Traffic(protocol, *_types(first, last, needed=protocol == "icmp"))
        case number if number == ALL or (number.isdecimal() and int(number) <= HIGHEST_PROTOCOL):
            return Traffic(protocol, None, None)
    raise invalid_parameter(f"Invalid value '{given}' for IP protocol. Unknown protocol.")


def described(said: Mapping[str, Any]) -> str | None:
    """Read what a rule is for.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpRange.html (Description)

    Raises:
        Refusal: it has characters that AWS doesn't take, or too many.
    """
    description = said.get("Description")
    if description is not None and not TEXT.fullmatch(description):
        raise invalid_parameter(f"Invalid rule description. Valid descriptions are {CHARACTERS}")
    return str(description) if description else None


def canonical(text: str | None, kind: type[IPv4Network | IPv6Network]) -> str:
    """Read a range; host bits are dropped.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpRange.html (CidrIp)

    Raises:
        Refusal: it is none.
    """
    try:
        if text and "/" in text:
            return str(kind(text, strict=False))
    except ValueError:
        pass
    raise invalid_parameter(f"CIDR block {text} is malformed")


def _ports(first: int | None, last: int | None) -> tuple[int, int]:
    if first is None or last is None:
        raise invalid_parameter("Invalid value for portRange. Must specify both from and to ports with TCP/UDP.")
    for word, port in (("from", first), ("to", last)):
        if not 0 <= port <= HIGHEST_PORT:
            raise invalid_parameter(f"TCP/UDP ({word}) port ({port}) out of range")
    if first > last:
        raise invalid_parameter(f"Invalid TCP/UDP port range ({first}:{last})")
    return first, last


def _types(kind: int | None, code: int | None, *, needed: bool) -> tuple[int, int]:
    if kind is None and code is None and not needed:
        return ANY, ANY
    if kind is None or code is None:
        raise Refusal(
            "InvalidParameterValue", "Invalid value for portRange. Must specify both type and code with ICMP."
        )
    for word, number in (("type", kind), ("code", code)):
        if not ANY <= number <= HIGHEST_TYPE:
            raise invalid_parameter(f"ICMP {word} ({number}) out of range")
    if kind == ANY and code != ANY:
        raise invalid_parameter(f"ICMP code ({code}) must be -1 (all) where the type is -1 (all)")
    return kind, code
