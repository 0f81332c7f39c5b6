"""The ways that packets take: gateways, and tables that lead to them, to other networks and to every node's pods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network

import pulumi

from kubewire.deferred import Later
from kubewire.errors import InvalidInputError
from kubewire.model import Ref
from kubewire.network.description import Nat
from kubewire.network.layout import Role
from kubewire.network.links import PeeringLink
from kubewire.network.nodes import NodeSlots
from kubewire.network.parts.declarer import Declarer
from kubewire.network.parts.nodes import NodesPart
from kubewire.network.parts.subnets import SubnetsPart
from kubewire.network.parts.vpc import VpcPart
from kubewire.network.sources import WORLD, WORLD6
from kubewire.network.subnets import ExistingSubnets
from kubewire.resources.egress_only_internet_gateway import EgressOnlyInternetGateway, EgressOnlyInternetGatewayArgs
from kubewire.resources.internet_gateway import InternetGateway, InternetGatewayArgs
from kubewire.resources.nat_gateway import NatGateway, NatGatewayArgs
from kubewire.resources.route_table import RouteTable, RouteTableArgs
from kubewire.resources.routes import Routes, RoutesArgs
from kubewire.resources.routing import Route, Via

RouteRows = dict[IPv4Network | IPv6Network, Route]


@dataclass(frozen=True)
class TablesPart:
    """The ways out.

    Attributes:
        all: what has to be there before a packet finds its way.
        tables: the tables that were made.
    """

    all: Sequence[pulumi.Resource]
    tables: Mapping[str, Later[str]]


def make_tables(declarer: Declarer, vpc: VpcPart, subnets: SubnetsPart, nodes: NodesPart) -> TablesPart:
    """Make gateways and tables; every table has a route to every node's pods.

    Raises:
        InvalidInputError: an existing VPC has no internet gateway for public subnets.
    """
    return _Tables(declarer, vpc, subnets, nodes).make()


class _Tables:
    def __init__(self, declarer: Declarer, vpc: VpcPart, subnets: SubnetsPart, nodes: NodesPart) -> None:
        self._declarer, self._args = declarer, declarer.args
        self._vpc, self._subnets = vpc, subnets
        self._everywhere: RouteRows = {**_pods(nodes), **_links(declarer)}
        # A slot waits for its machine; until it comes, its route leads nowhere, and that is as it should be.
        self._idle = isinstance(self._args.nodes, NodeSlots)
        self._made: list[pulumi.Resource] = []
        self._ids: dict[str, Later[str]] = {}

    def make(self) -> TablesPart:
        existing = isinstance(self._args.subnets, ExistingSubnets)
        if not existing and Role.PUBLIC in self._args.roles:
            self._public()
        # A NAT gateway needs its own way out first.
        gateways = self._nat_gateways()
        outward = self._egress_only() if not existing else {}
        for zone in self._args.zones:
            inside = {} if existing else self._subnets_of(Role.PRIVATE, zone)
            inside |= self._subnets_of(Role.PODS, zone)
            if inside:
                self._table(f"private-{zone}", {**self._everywhere, **gateways.get(zone, {}), **outward}, inside)
        if isolated := self._subnets.of[Role.ISOLATED]:
            self._table("isolated", self._everywhere, isolated)
        if existing:
            self._existing()
        return TablesPart(self._made, self._ids)

    def _subnets_of(self, role: Role, zone: str) -> dict[str, Ref]:
        """Give a zone's subnets of a role by their names: by their keys, one of another role would take its place."""
        found = self._subnets.of[role].items()
        return {ref.name: ref for key, ref in found if key == zone or key.startswith(f"{zone}-")}

    def _public(self) -> None:
        if self._vpc.internet_gateway:
            gateway = Ref(name=self._vpc.internet_gateway, id=self._vpc.internet_gateway)
        elif self._vpc.found:
            detail = "Public subnets need one, and a VPC has one at most: whoever owns it attaches it."
            path = f"{self._args.name}: vpc"
            raise InvalidInputError(f"{self._vpc.ref.id} has no internet gateway", detail=detail, path=path)
        else:
            described = InternetGatewayArgs(name=self._args.name, vpc=self._vpc.ref, tags=self._args.tags)
            gateway = self._declarer.named(InternetGateway, described).ref
        out: RouteRows = {WORLD: route(gateway, Via.INTERNET_GATEWAY)}
        if self._args.ipv6:
            out[WORLD6] = route(gateway, Via.INTERNET_GATEWAY)
        self._table("public", {**self._everywhere, **out}, self._subnets.of[Role.PUBLIC])

    def _nat_gateways(self) -> dict[str, RouteRows]:
        """Give each zone's way out."""
        args = self._args
        standing = {Nat.NONE: (), Nat.SINGLE: args.zones[:1], Nat.PER_ZONE: args.zones}[args.nat]
        made: dict[str, RouteRows] = {}
        for zone in standing:
            described = NatGatewayArgs(
                name=f"{args.name}-{zone}", subnet=self._subnets.of[Role.PUBLIC][zone], tags=args.tags
            )
            gateway = self._declarer.named(NatGateway, described, after=self._made).ref
            made[zone] = {WORLD: route(gateway, Via.NAT_GATEWAY)}
        return {zone: made.get(zone) or made[args.zones[0]] for zone in args.zones} if made else {}

    def _egress_only(self) -> RouteRows:
        """Give the way out for IPv6, which needs no NAT: as the network's NAT says, there is one or none."""
        args = self._args
        if not args.ipv6 or args.nat is Nat.NONE or not args.roles & {Role.PRIVATE, Role.PODS}:
            return {}
        described = EgressOnlyInternetGatewayArgs(name=args.name, vpc=self._vpc.ref, tags=args.tags)
        gateway = self._declarer.named(EgressOnlyInternetGateway, described).ref
        return {WORLD6: route(gateway, Via.EGRESS_ONLY_INTERNET_GATEWAY)}

    def _table(self, name: str, routes: RouteRows, subnets: Mapping[str, Ref]) -> None:
        users: dict[str, Later[str]] = {subnet.name: subnet.id for subnet in subnets.values()}
        described = RouteTableArgs(
            name=f"{self._args.name}-{name}",
            vpc=self._vpc.ref,
            routes=routes,
            idle_interfaces=self._idle,
            subnets=users,
            tags=self._args.tags,
        )
        made = self._declarer.named(RouteTable, described)
        self._made.append(made)
        self._ids[described.name] = made.ref.id

    def _existing(self) -> None:
        """Put the routes into the tables of others, each once: their own rows stay as they are."""
        tables = {**self._subnets.tables[Role.PUBLIC], **self._subnets.tables[Role.PRIVATE]}
        for table in tables.values():
            if self._everywhere:
                described = RoutesArgs(table=table, routes=self._everywhere, idle_interfaces=self._idle)
                name = self._declarer.inner(str(table.id))
                self._made.append(self._declarer.declare(Routes, described, name=name))


def route(target: Ref, via: Via) -> Route:
    """Lead to something."""
    return Route(name=target.name, id=target.id, via=via)


def _pods(nodes: NodesPart) -> RouteRows:
    return {
        cidr: route(nodes.interfaces[name], Via.NETWORK_INTERFACE)
        for name, ranges in nodes.pods.items()
        for cidr in ranges
    }


def _links(declarer: Declarer) -> RouteRows:
    rows: RouteRows = {}
    for link in declarer.args.links:
        if isinstance(link, PeeringLink):
            target = Route(name=link.name, id=link.connection, via=Via.PEERING_CONNECTION)
        else:
            target = Route(name=link.name, id=link.gateway, via=Via.TRANSIT_GATEWAY)
        rows |= dict.fromkeys(link.cidrs, target)
    return rows
