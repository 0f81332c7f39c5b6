"""Security groups and network ACLs, with their rules as their owners named them."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from kubewire.model import Model
from kubewire.net.addresses import Range
from kubewire.prover.facts.unknown import Known


class Direction(StrEnum):
    """Which way packets go, seen from the interface or the subnet that is guarded."""

    INGRESS = "ingress"
    EGRESS = "egress"


class AnyTraffic(Model):
    """Every protocol."""

    kind: Literal["any"] = "any"


class WholeProtocol(Model):
    """All of one protocol, by its number."""

    kind: Literal["protocol"] = "protocol"
    protocol: int = Field(ge=0, le=255)


class PortSpan(Model):
    """Destination ports of TCP, UDP or SCTP, both ends included."""

    kind: Literal["ports"] = "ports"
    protocol: int = Field(ge=0, le=255)
    first: Known[int]
    last: Known[int]


class IcmpType(Model):
    """A type of ICMP or ICMPv6, with one code or all (None)."""

    kind: Literal["icmp"] = "icmp"
    protocol: int
    type: int = Field(ge=0, le=255)
    code: int | None = Field(default=None, ge=0, le=255)


Match = AnyTraffic | WholeProtocol | PortSpan | IcmpType
"""The traffic that a rule is about."""


class RangePeer(Model):
    """Everyone with an address in a range."""

    kind: Literal["range"] = "range"
    range: Known[Range]

    def __str__(self) -> str:
        return str(self.range)


class GroupPeer(Model):
    """The interfaces in a security group, by their own private addresses."""

    kind: Literal["group"] = "group"
    group: Known[str]

    def __str__(self) -> str:
        return f"group {self.group}"


class PrefixListPeer(Model):
    """Everyone with an address in a prefix list."""

    kind: Literal["prefix-list"] = "prefix-list"
    prefix_list: str

    def __str__(self) -> str:
        return f"prefix list {self.prefix_list}"


Peer = RangePeer | GroupPeer | PrefixListPeer
"""Who is at the other end."""


class GroupRule(Model):
    """Traffic that a security group lets pass; answers pass by themselves."""

    name: str
    """What its owner calls it."""
    direction: Direction
    match: Match = Field(discriminator="kind")
    peer: Peer = Field(discriminator="kind")


class SecurityGroup(Model):
    """What may open connections to and from its interfaces: the union of its rules, and nothing without any."""

    name: str
    vpc: Known[str]
    rules: tuple[GroupRule, ...] = ()
    open_ends: tuple[str, ...] = ()
    """What may add rules that aren't known."""


class AclRow(Model):
    """A numbered row of a network ACL."""

    number: int
    direction: Direction
    allows: bool
    match: Match = Field(discriminator="kind")
    range: Range


class Acl(Model):
    """A subnet's filter: without a memory of connections, first match by number, and nothing without a match.

    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html
    """

    name: str
    rows: tuple[AclRow, ...] = ()
    open_ends: tuple[str, ...] = ()
    """What may add rows that aren't known: with any, nothing is sure to pass, or not to."""
