"""The network of a cluster, as a Pulumi component."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from ipaddress import IPv4Network
from typing import Any, TypeVar

import pulumi

from kubewire.declared import Declared, later
from kubewire.deferred import Later
from kubewire.errors import InvalidInputError
from kubewire.model import Model, Ref
from kubewire.network.args import ClusterNetworkArgs, Nat
from kubewire.network.carving import Role, carve
from kubewire.network.firewall import node_rules
from kubewire.network.quotas import OWN_RULES
from kubewire.network.sources import WORLD
from kubewire.resources.base import NamedArgs, Resource
from kubewire.resources.hosted_zone import HostedZone, HostedZoneArgs
from kubewire.resources.instance import Instance, InstanceArgs
from kubewire.resources.internet_gateway import InternetGateway, InternetGatewayArgs
from kubewire.resources.nat_gateway import NatGateway, NatGatewayArgs
from kubewire.resources.network_interface import NetworkInterface, NetworkInterfaceArgs
from kubewire.resources.route_table import Route, RouteTable, RouteTableArgs, Via
from kubewire.resources.security_group import SecurityGroup, SecurityGroupArgs
from kubewire.resources.security_group_rules import SecurityGroupRules, SecurityGroupRulesArgs
from kubewire.resources.subnet import Subnet, SubnetArgs
from kubewire.resources.vpc import Vpc, VpcArgs

ArgsT = TypeVar("ArgsT", bound=Model)
NamedT = TypeVar("NamedT", bound=NamedArgs)
StateT = TypeVar("StateT", bound=Model)


class ClusterNetwork(pulumi.ComponentResource):
    """A VPC whose nodes and pods reach each other without NAT.

    Attributes:
        args: what it was described by.
        vpc: the VPC.
        subnets: role, then subnet name, to the subnet.
        node_group: the security group of every node.
        nodes: node name to the instance.
        zone: the private DNS zone, if it has one.
    """

    def __init__(self, args: ClusterNetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        _check_region(args, opts)
        super().__init__("kubewire:network:ClusterNetwork", args.name, None, opts)
        self.args = args
        self._claimed: dict[int, str] = {}
        self._admitted = OWN_RULES
        self.vpc = self._named(Vpc, VpcArgs(name=args.name, cidr=args.cidr, tags=args.tags)).ref
        self.subnets = self._make_subnets()
        self.node_group = self._named(
            SecurityGroup,
            SecurityGroupArgs(
                name=f"{args.name}-nodes", vpc=self.vpc, description=f"Nodes of {args.name}", tags=args.tags
            ),
        ).ref
        self._interfaces = self._make_interfaces()
        tables = self._make_route_tables()
        own = SecurityGroupRulesArgs(group=self.node_group, rules=node_rules(args, self.node_group))
        firewall = self._declare(SecurityGroupRules, own, name=f"{args.name}-nodes")
        # What an internet-facing load balancer waits for: AWS refuses one in a VPC without an internet gateway.
        self.ways_out = tables
        self.nodes = self._make_nodes([*tables, firewall])
        self.zone = self._make_zone()
        self.register_outputs(self._outputs())

    def claim_node_port(self, port: int, service: str) -> None:
        """Take a node port for a Service. Raises InvalidInputError if it can't have it."""
        self.args.node_ports.claim(port, service, self._claimed, f"{service}: nodePort")

    def claim_rules(self, number: int, service: str) -> None:
        """Take room in the nodes' group for a Service's rules. Raises InvalidInputError if there is none."""
        self._admitted += number
        self.args.quotas.hold_rules(self._admitted, "the nodes", f"{service}: sources")

    def _declare(
        self, kind: type[Resource[ArgsT, StateT]], args: ArgsT, *, name: str, after: list[pulumi.Resource] | None = None
    ) -> Declared:
        return Declared(kind, name, args, pulumi.ResourceOptions(parent=self, depends_on=after))

    def _named(
        self, kind: type[Resource[NamedT, StateT]], args: NamedT, *, after: list[pulumi.Resource] | None = None
    ) -> Declared:
        """Declare what bears the network's name in its own."""
        return self._declare(kind, args, name=args.name, after=after)

    def _make_subnets(self) -> dict[Role, dict[str, Ref]]:
        subnets: defaultdict[Role, dict[str, Ref]] = defaultdict(dict)
        for part in carve(self.args.cidr, self.args.zones):
            name = f"{self.args.name}-{part.role}-{part.zone}"
            args = SubnetArgs(name=name, vpc=self.vpc, cidr=part.cidr, zone=part.zone, tags=self.args.tags)
            subnets[part.role][part.zone] = self._named(Subnet, args).ref
        return dict(subnets)

    def _make_interfaces(self) -> dict[str, Ref]:
        """Make each node's interface. It passes packets of pods, which aren't its own: so AWS must not check."""
        group = {self.node_group.name: self.node_group.id}
        return {
            node.name: self._declare(
                NetworkInterface,
                NetworkInterfaceArgs(
                    name=node.name,
                    subnet=self.subnets[Role.PRIVATE][node.zone],
                    security_groups=group,
                    source_dest_check=False,
                    tags=self.args.tags,
                ),
                name=self._inner(node.name),
            ).ref
            for node in self.args.nodes
        }

    def _make_route_tables(self) -> list[pulumi.Resource]:
        """Make a public table, and a private one a zone. Every one routes every pod range to its node."""
        args = self.args
        internet = self._named(InternetGateway, InternetGatewayArgs(name=args.name, vpc=self.vpc, tags=args.tags))
        pods = {node.pod_cidr: _route(self._interfaces[node.name], Via.NETWORK_INTERFACE) for node in args.nodes}
        out = _route(internet.ref, Via.INTERNET_GATEWAY)
        public = self._table("public", {**pods, WORLD: out}, self.subnets[Role.PUBLIC])
        # A NAT gateway needs its own way out first.
        gateways = self._make_nat_gateways([public])
        tables = [public]
        for zone, subnet in self.subnets[Role.PRIVATE].items():
            routes = dict(pods)
            if gateway := gateways.get(zone):
                routes[WORLD] = _route(gateway, Via.NAT_GATEWAY)
            tables.append(self._table(f"private-{zone}", routes, {zone: subnet}))
        return tables

    def _table(self, name: str, routes: dict[IPv4Network, Route], subnets: Mapping[str, Ref]) -> pulumi.Resource:
        users: dict[str, Later[str]] = {subnet.name: subnet.id for subnet in subnets.values()}
        args = RouteTableArgs(
            name=f"{self.args.name}-{name}", vpc=self.vpc, routes=routes, subnets=users, tags=self.args.tags
        )
        return self._named(RouteTable, args)

    def _make_nat_gateways(self, after: list[pulumi.Resource]) -> dict[str, Ref]:
        """Give each zone's NAT gateway."""
        zones = self.args.zones
        standing = {Nat.NONE: (), Nat.SINGLE: zones[:1], Nat.PER_ZONE: zones}[self.args.nat]
        made = {}
        for zone in standing:
            args = NatGatewayArgs(
                name=f"{self.args.name}-{zone}", subnet=self.subnets[Role.PUBLIC][zone], tags=self.args.tags
            )
            made[zone] = self._named(NatGateway, args, after=after).ref
        return {zone: made.get(zone) or made[zones[0]] for zone in zones} if made else {}

    def _make_nodes(self, after: list[pulumi.Resource]) -> dict[str, Ref]:
        """Make the machines, once they can reach each other and what they boot from: routes and firewall are there."""
        return {
            node.name: self._declare(
                Instance,
                InstanceArgs(
                    name=node.name,
                    image=node.image,
                    instance_type=node.instance_type,
                    interface=self._interfaces[node.name],
                    tags=self.args.tags,
                ),
                name=self._inner(node.name),
                after=after,
            ).ref
            for node in self.args.nodes
        }

    def _make_zone(self) -> Ref | None:
        if self.args.domain is None:
            return None
        args = HostedZoneArgs(domain=self.args.domain, vpcs={self.vpc.name: self.vpc.id}, tags=self.args.tags)
        zone = self._declare(HostedZone, args, name=self._inner(self.args.domain))
        return Ref(name=self.args.domain, id=later(zone.id))

    def _inner(self, name: str) -> str:
        """Tell a part from one that another network of the stack calls the same; a dot is in no network's name."""
        return f"{self.args.name}.{name}"

    def _outputs(self) -> dict[str, Any]:
        outputs: dict[str, Any] = {
            "vpcId": self.vpc.id,
            "privateSubnetIds": {zone: subnet.id for zone, subnet in self.subnets[Role.PRIVATE].items()},
            "publicSubnetIds": {zone: subnet.id for zone, subnet in self.subnets[Role.PUBLIC].items()},
            "nodeSecurityGroupId": self.node_group.id,
            "nodeInstanceIds": {name: node.id for name, node in self.nodes.items()},
            "podRanges": {node.name: str(node.pod_cidr) for node in self.args.nodes},
            "zoneId": self.zone.id if self.zone else None,
        }
        self.outputs = {key: value for key, value in outputs.items() if value is not None}
        return self.outputs


def _check_region(args: ClusterNetworkArgs, opts: pulumi.ResourceOptions | None) -> None:
    """Refuse a network in another region than the one that its provider is configured for, as far as that is known."""
    region = pulumi.Config("kubewire").get("region")
    own_provider = opts is not None and (opts.provider is not None or opts.providers is not None)
    if region and region != args.region and not own_provider:
        detail = f"`kubewire:region` says {region}, and there the provider works. Make them the same."
        raise InvalidInputError(f"{args.region} is another region", detail=detail, path=f"{args.name}: region")


def _route(target: Ref, via: Via) -> Route:
    return Route(name=target.name, id=target.id, via=via)
