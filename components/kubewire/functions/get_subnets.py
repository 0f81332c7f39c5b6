"""Existing subnets of one VPC, and how each of them routes."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from kubewire.errors import InvalidInputError
from kubewire.functions.base import Function
from kubewire.functions.get_vpc import VpcId
from kubewire.functions.selection import ByTags, name_of, shown
from kubewire.model import Cidr, Cidr6, Model
from kubewire.resources.destinations import Destination
from kubewire.resources.network_acl_entries import AclEntry, read_entries
from kubewire.resources.routing import Route, routes_in
from kubewire.resources.tagging import where

if TYPE_CHECKING:
    from types_boto3_ec2.type_defs import NetworkAclTypeDef, RouteTableTypeDef, SubnetTypeDef


SubnetId = Annotated[str, Field(pattern=r"^subnet-[0-9a-f]{8,17}$")]
"""Id of a subnet, `subnet-0123456789abcdef0`."""


class SubnetsById(Model):
    """The subnets with these ids."""

    by: Literal["ids"] = "ids"
    """Tells it from a selection by tags."""
    ids: Annotated[tuple[SubnetId, ...], Field(min_length=1)]
    """Their ids, in the order in which the result has them."""


class GetSubnetsArgs(Model):
    """Which subnets. At least one must fit, and every id."""

    vpc: VpcId
    """Id of their VPC."""
    select: Annotated[SubnetsById | ByTags, Field(discriminator="by")]
    """Their ids, or tags that all of them bear."""


class ExistingSubnet(Model):
    """One subnet as it is."""

    id: str
    """Its id."""
    name: str
    """Its Name tag; empty without one."""
    zone: str
    """The name of its availability zone."""
    cidr: Cidr
    """Its IPv4 range."""
    ipv6_cidr: Cidr6 | None = None
    """Its IPv6 range."""
    available_addresses: int
    """How many IPv4 addresses are free in it."""
    route_table: str
    """Id of the route table that it uses."""
    own_route_table: bool
    """Whether it was associated with that table; else it uses the VPC's main one."""
    public: bool
    """Whether that table leads to an internet gateway:
    https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html#subnet-types."""
    network_acl: str
    """Id of the network ACL that it uses."""


class ExistingTable(Model):
    """A route table as it is."""

    id: str
    """Its id."""
    name: str
    """Its Name tag; empty without one."""
    routes: dict[Destination, Route] = {}
    """Its routes but the local ones, and those of gateway endpoints; propagated ones are among them."""


class ExistingAcl(Model):
    """A network ACL as it is."""

    id: str
    """Its id."""
    name: str
    """Its Name tag; empty without one."""
    entries: dict[str, AclEntry] = {}
    """Its entries by their keys: `ingress 100`, `egress 100`."""


class GetSubnetsResult(Model):
    """Subnets as they are."""

    subnets: tuple[ExistingSubnet, ...]
    """In the order of the ids; those found by tags by zone, then by range."""
    route_tables: tuple[ExistingTable, ...] = ()
    """The tables that they use."""
    network_acls: tuple[ExistingAcl, ...] = ()
    """The ACLs that they use."""


class GetSubnets(Function[GetSubnetsArgs, GetSubnetsResult]):
    """Looks up existing subnets of one VPC, by their ids or by their tags: three calls, however many there are."""

    Args, Result = GetSubnetsArgs, GetSubnetsResult

    def run(self, args: GetSubnetsArgs) -> GetSubnetsResult:
        ec2, inside = self.cloud.ec2, where({"vpc-id": args.vpc})
        every = ec2.describe_subnets(Filters=inside)["Subnets"]
        chosen = _chosen(args, every)
        tables = ec2.describe_route_tables(Filters=inside)["RouteTables"]
        acls = ec2.describe_network_acls(Filters=inside)["NetworkAcls"]
        own, main, acl_of = _own_tables(tables), _main_table(tables), _acls(acls)
        rows = []
        for subnet in chosen:
            subnet_id = subnet["SubnetId"]
            table = own.get(subnet_id, main)
            if table is None or subnet_id not in acl_of:
                raise _not_ours(subnet)
            rows.append(
                ExistingSubnet(
                    id=subnet_id,
                    name=name_of(subnet.get("Tags", [])),
                    zone=subnet["AvailabilityZone"],
                    cidr=IPv4Network(subnet["CidrBlock"]),
                    ipv6_cidr=_ipv6(subnet),
                    available_addresses=subnet["AvailableIpAddressCount"],
                    route_table=table["RouteTableId"],
                    own_route_table=subnet_id in own,
                    public=_leads_out(table),
                    network_acl=acl_of[subnet_id],
                )
            )
        used = {row.route_table for row in rows}, {row.network_acl for row in rows}
        return GetSubnetsResult(
            subnets=tuple(rows),
            route_tables=tuple(_table(item) for item in tables if item["RouteTableId"] in used[0]),
            network_acls=tuple(_acl(item) for item in acls if item["NetworkAclId"] in used[1]),
        )


def _table(table: RouteTableTypeDef) -> ExistingTable:
    rows = routes_in(table, idle_interfaces=True, propagated=True)
    return ExistingTable(id=table["RouteTableId"], name=name_of(table.get("Tags", [])), routes=rows)


def _acl(acl: NetworkAclTypeDef) -> ExistingAcl:
    entries = read_entries(acl.get("Entries", []))
    return ExistingAcl(id=acl["NetworkAclId"], name=name_of(acl.get("Tags", [])), entries=entries)


def _chosen(args: GetSubnetsArgs, every: list[SubnetTypeDef]) -> list[SubnetTypeDef]:
    if isinstance(args.select, SubnetsById):
        found = _by_ids(args.vpc, args.select, every)
    else:
        found = _by_tags(args.vpc, args.select, every)
    without = [subnet for subnet in found if not subnet.get("CidrBlock")]
    if without:
        detail = "Choose subnets that have one: nodes and routes of a kubewire network need IPv4."
        raise InvalidInputError(f"{_listed(without)} without an IPv4 range", detail=detail, path="select")
    return found


def _by_ids(vpc: str, select: SubnetsById, every: list[SubnetTypeDef]) -> list[SubnetTypeDef]:
    known = {subnet["SubnetId"]: subnet for subnet in every}
    missing = [subnet_id for subnet_id in select.ids if subnet_id not in known]
    if missing:
        message = f"{vpc} has no subnet {', '.join(missing)}"
        raise InvalidInputError(message, detail=f"It has {_listed(every)}.", path="select.ids")
    return [known[subnet_id] for subnet_id in dict.fromkeys(select.ids)]


def _by_tags(vpc: str, select: ByTags, every: list[SubnetTypeDef]) -> list[SubnetTypeDef]:
    found = [subnet for subnet in every if select.fits(subnet.get("Tags", []))]
    if not found:
        message = f"no subnet of {vpc} has {select.shown()}"
        raise InvalidInputError(message, detail=f"It has {_listed(every)}.", path="select.tags")
    return sorted(found, key=lambda subnet: (subnet["AvailabilityZone"], IPv4Network(subnet.get("CidrBlock") or 0)))


def _listed(subnets: Iterable[SubnetTypeDef]) -> str:
    return ", ".join(sorted(shown(item["SubnetId"], item.get("Tags", [])) for item in subnets)) or "no subnet at all"


def _own_tables(tables: Iterable[RouteTableTypeDef]) -> dict[str, RouteTableTypeDef]:
    """Give the table of each subnet that was associated with one."""
    return {
        association["SubnetId"]: table
        for table in tables
        for association in table.get("Associations", [])
        if association.get("SubnetId") and association.get("AssociationState", {}).get("State") != "disassociated"
    }


def _main_table(tables: Iterable[RouteTableTypeDef]) -> RouteTableTypeDef | None:
    return next((table for table in tables if any(item.get("Main") for item in table.get("Associations", []))), None)


def _leads_out(table: RouteTableTypeDef) -> bool:
    """Whether a table has a route to an internet gateway; one that was detached or deleted leaves a black hole."""
    return any(
        route.get("GatewayId", "").startswith("igw-") and route.get("State") == "active"
        for route in table.get("Routes", [])
    )


def _acls(acls: Iterable[NetworkAclTypeDef]) -> dict[str, str]:
    return {item["SubnetId"]: acl["NetworkAclId"] for acl in acls for item in acl.get("Associations", [])}


def _ipv6(subnet: SubnetTypeDef) -> IPv6Network | None:
    associated = (
        IPv6Network(item["Ipv6CidrBlock"])
        for item in subnet.get("Ipv6CidrBlockAssociationSet", [])
        if item["Ipv6CidrBlockState"]["State"] == "associated"
    )
    return next(associated, None)


def _not_ours(subnet: SubnetTypeDef) -> InvalidInputError:
    """Refuse a subnet that another account shares where it hides how that subnet routes.

    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-sharing.html
    """
    detail = f"{subnet.get('OwnerId', 'Another account')} owns it. Use a profile or a role of that account."
    message = f"{subnet['SubnetId']} shows neither its route table nor its network ACL"
    return InvalidInputError(message, detail=detail, path="select")
