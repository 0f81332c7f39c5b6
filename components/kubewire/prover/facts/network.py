"""A VPC, its subnets and where their packets go."""

from __future__ import annotations

from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address

from kubewire.model import Model
from kubewire.net.addresses import Range
from kubewire.prover.facts.unknown import Known, Unknown


class Vpc(Model):
    """A VPC."""

    name: str
    ranges: tuple[Known[Range], ...]
    """All of its ranges. Its tables route each of them locally."""
    main_table: Known[str]
    """The route table of the subnets that name none."""
    ipv6_from_amazon: Unknown | None = None
    """The one of its ranges that Amazon will choose from its own addresses, a /56."""


class Subnet(Model):
    """A part of a VPC's ranges in one zone."""

    name: str
    vpc: Known[str]
    zone: Known[str]
    ranges: tuple[Known[Range], ...]
    """Its IPv4 range, and its IPv6 range if it has one."""
    table: Known[str]
    """The route table that it uses, named or the VPC's main one."""
    acl: Known[str] | None = None
    """The network ACL that guards it. None: the VPC's default one, as AWS makes it, which passes everything.
    https://docs.aws.amazon.com/vpc/latest/userguide/default-network-acl.html"""


class Via(StrEnum):
    """What a route leads to."""

    LOCAL = "local"
    INTERFACE = "network interface"
    INTERNET_GATEWAY = "internet gateway"
    EGRESS_ONLY_GATEWAY = "egress-only internet gateway"
    NAT_GATEWAY = "NAT gateway"
    TRANSIT_GATEWAY = "transit gateway"
    PEERING_CONNECTION = "peering connection"
    ENDPOINT = "gateway endpoint"
    OTHER = "something outside the model"


class RangeDestination(Model):
    """Packets to one range."""

    range: Range

    def __str__(self) -> str:
        return str(self.range)


class PrefixListDestination(Model):
    """Packets to the ranges of a prefix list."""

    prefix_list: str

    def __str__(self) -> str:
        return f"prefix list {self.prefix_list}"


class Route(Model):
    """A row of a route table."""

    destination: RangeDestination | PrefixListDestination
    via: Via
    target: Known[str]
    """The name of what it leads to, as facts of that sort are keyed."""
    black_hole: bool = False
    """Whether AWS says that the target is gone: such a row drops what it matches."""


class RouteTable(Model):
    """Where packets of some subnets go. Its local routes aren't listed: they follow from the VPC's ranges."""

    name: str
    vpc: Known[str]
    routes: tuple[Route, ...] = ()
    open_ends: tuple[str, ...] = ()
    """What may add rows that aren't known: with any, no address is surely without a longer prefix."""


class Interface(Model):
    """A network interface."""

    name: str
    subnet: Known[str]
    address: Known[IPv4Address] | None
    """Its private IPv4 address; one that AWS will choose from its subnet's range is unknown. None without one."""
    ipv6: Known[IPv6Address] | None = None
    """Its IPv6 address, from its subnet's range too."""
    prefixes: tuple[Range, ...] = ()
    """Ranges that are assigned to it beside, for pods: AWS knows them as its own.
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-prefix-eni.html"""
    public: Known[str] | None = None
    """Its public IPv4 address; None without one."""
    groups: tuple[Known[str], ...]
    """Its security groups."""
    checks: Known[bool]
    """Whether AWS drops what is neither from nor to its own addresses (the source/destination check).
    https://docs.aws.amazon.com/vpc/latest/userguide/work-with-nat-instances.html#EIP_Disable_SrcDestCheck"""
    machine: Known[str] | None = None
    """The instance that has it."""
