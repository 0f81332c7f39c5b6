"""One of each EC2 resource, described; what it stands in; and what is seen of it through plain boto3."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kubewire.model import Model, Ref
from kubewire.provider.diff import compare
from kubewire.resources.base import Resource
from kubewire.resources.egress_only_internet_gateway import (
    EgressOnlyInternetGateway,
    EgressOnlyInternetGatewayArgs,
)
from kubewire.resources.instance_sets import InstancesArgs, Machine
from kubewire.resources.instances import Instances
from kubewire.resources.interface_sets import Interface, NetworkInterfacesArgs
from kubewire.resources.internet_gateway import InternetGateway, InternetGatewayArgs
from kubewire.resources.nat_gateway import NatGateway, NatGatewayArgs
from kubewire.resources.network_interfaces import NetworkInterfaces
from kubewire.resources.route_table import RouteTable, RouteTableArgs
from kubewire.resources.routes import Routes, RoutesArgs
from kubewire.resources.routing import Route, Via
from kubewire.resources.security_group import SecurityGroup, SecurityGroupArgs
from kubewire.resources.security_group_rules import SecurityGroupRules, SecurityGroupRulesArgs
from kubewire.resources.source_dest_checks import SourceDestChecks, SourceDestChecksArgs
from kubewire.resources.subnet import Subnet, SubnetArgs
from kubewire.resources.traffic import CidrPeer, Direction, GroupPeer, Ports, Protocol, Rule
from kubewire.resources.vpc import Vpc, VpcArgs
from kubewire.resources.vpc_cidr_blocks import VpcCidrBlocks, VpcCidrBlocksArgs
from tests.integration.resources.ec2.around import AROUND, made_around

IMAGE = "ami-0d71ea30463e0ff8d"
POD_ROUTE, POD_ROUTE6 = "100.64.0.0/24", "2001:db8:64::/80"
NOBODY: frozenset[str] = frozenset()

Kind = type[Resource[Any, Any]]


class World:
    """A VPC with a subnet, a gateway, a group and an interface, and a bare one, made by plain boto3."""

    def __init__(self, ec2: Any) -> None:
        self.bare = Ref(name="bare", id=ec2.create_vpc(CidrBlock="10.7.0.0/16")["Vpc"]["VpcId"])
        self.vpc = Ref(name="shop", id=ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"])
        made = ec2.create_subnet(VpcId=self.vpc.id, CidrBlock="10.0.0.0/20", AvailabilityZone="eu-west-1a")
        self.subnet = Ref(name="private-a", id=made["Subnet"]["SubnetId"])
        gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=self.vpc.id)
        self.gateway = Ref(name="out", id=gateway)
        group = ec2.create_security_group(GroupName="nodes", Description="nodes", VpcId=self.vpc.id)["GroupId"]
        self.group = Ref(name="nodes", id=group)
        interface = ec2.create_network_interface(SubnetId=self.subnet.id, Groups=[group])["NetworkInterface"]
        self.interface = Ref(name="node-a", id=interface["NetworkInterfaceId"])
        self._ec2 = ec2

    def machine(self) -> Ref:
        """Launch a machine and give its interface: a route to one that no machine has is a black hole."""
        launched = self._ec2.run_instances(
            ImageId=IMAGE, InstanceType="t3.medium", MinCount=1, MaxCount=1, SubnetId=self.subnet.id
        )
        return Ref(name="node-a", id=launched["Instances"][0]["NetworkInterfaces"][0]["NetworkInterfaceId"])

    def table(self) -> Ref:
        """Make a route table that others have a route in."""
        made = self._ec2.create_route_table(VpcId=self.vpc.id)["RouteTable"]["RouteTableId"]
        self._ec2.create_route(RouteTableId=made, DestinationCidrBlock="0.0.0.0/0", GatewayId=self.gateway.id)
        return Ref(name="theirs", id=made)


def vpc(_: World) -> VpcArgs:
    return VpcArgs.model_validate({"name": "main", "cidr": "10.1.0.0/16"})


def subnet(world: World) -> SubnetArgs:
    fields = {"name": "main", "vpc": world.vpc, "cidr": "10.0.16.0/20", "zone": "eu-west-1b"}
    return SubnetArgs.model_validate(fields)


def vpc_cidr_blocks(world: World) -> VpcCidrBlocksArgs:
    return VpcCidrBlocksArgs.model_validate({"vpc": world.vpc, "cidrs": ["100.64.0.0/16", "10.1.0.0/16"], "ipv6": True})


def egress_only_internet_gateway(world: World) -> EgressOnlyInternetGatewayArgs:
    return EgressOnlyInternetGatewayArgs(name="main", vpc=world.vpc)


def internet_gateway(world: World) -> InternetGatewayArgs:
    return InternetGatewayArgs(name="main", vpc=world.bare)


def nat_gateway(world: World) -> NatGatewayArgs:
    return NatGatewayArgs(name="main", subnet=world.subnet)


def route_table(world: World) -> RouteTableArgs:
    return RouteTableArgs.model_validate(
        {
            "name": "main",
            "vpc": world.vpc,
            "routes": {
                POD_ROUTE: Route(name="node-a", id=world.machine().id, via=Via.NETWORK_INTERFACE),
                "0.0.0.0/0": Route(name="out", id=world.gateway.id, via=Via.INTERNET_GATEWAY),
            },
            "subnets": {world.subnet.name: world.subnet.id},
        }
    )


def routes(world: World) -> RoutesArgs:
    to_node = Route(name="node-a", id=world.machine().id, via=Via.NETWORK_INTERFACE)
    return RoutesArgs.model_validate({"table": world.table(), "routes": {POD_ROUTE: to_node, POD_ROUTE6: to_node}})


def security_group(world: World) -> SecurityGroupArgs:
    return SecurityGroupArgs(name="main", vpc=world.vpc, description="A test")


def rule(port: int, cidr: str = "10.8.0.0/16") -> Rule:
    peer = CidrPeer.model_validate({"cidr": cidr})
    return Rule(direction=Direction.INGRESS, protocol=Protocol.TCP, ports=Ports.one(port), peer=peer)


def security_group_rules(world: World) -> SecurityGroupRulesArgs:
    nodes = GroupPeer(name=world.group.name, id=world.group.id)
    out = Rule(direction=Direction.EGRESS, protocol=Protocol.ALL, peer=nodes)
    ping = Rule(direction=Direction.INGRESS, protocol=Protocol.ICMP, peer=nodes)
    return SecurityGroupRulesArgs(group=world.group, rules={"web": rule(80), "ping": ping, "all to nodes": out})


def network_interfaces(world: World) -> NetworkInterfacesArgs:
    rows = {name: Interface(subnet=world.subnet) for name in ("node-a", "node-b")}
    groups = {world.group.name: world.group.id}
    return NetworkInterfacesArgs(name="main", interfaces=rows, security_groups=groups, source_dest_check=False)


def instances(world: World) -> InstancesArgs:
    machine = Machine(image=IMAGE, instance_type="t3.medium", interface=world.interface)
    return InstancesArgs(name="main", instances={"node-a": machine})


def source_dest_checks(world: World) -> SourceDestChecksArgs:
    return SourceDestChecksArgs(interfaces={"node-a": world.machine().id, "bare": world.interface.id})


EVERY: dict[str, tuple[Kind, Callable[[World], Any]]] = {
    "Vpc": (Vpc, vpc),
    "VpcCidrBlocks": (VpcCidrBlocks, vpc_cidr_blocks),
    "Subnet": (Subnet, subnet),
    "InternetGateway": (InternetGateway, internet_gateway),
    "EgressOnlyInternetGateway": (EgressOnlyInternetGateway, egress_only_internet_gateway),
    "NatGateway": (NatGateway, nat_gateway),
    "RouteTable": (RouteTable, route_table),
    "Routes": (Routes, routes),
    "SecurityGroup": (SecurityGroup, security_group),
    "SecurityGroupRules": (SecurityGroupRules, security_group_rules),
    "NetworkInterfaces": (NetworkInterfaces, network_interfaces),
    "Instances": (Instances, instances),
    "SourceDestChecks": (SourceDestChecks, source_dest_checks),
    **AROUND,
}
SETS = ("Routes", "SecurityGroupRules", "VpcCidrBlocks", "NetworkInterfaces", "Instances", "SourceDestChecks")
TAGGED = [name for name in EVERY if name not in SETS]


def tags(ec2: Any, object_id: str) -> dict[str, str]:
    found = ec2.describe_tags(Filters=[{"Name": "resource-id", "Values": [object_id]}])["Tags"]
    return {tag["Key"]: tag["Value"] for tag in found}


def differences(kind: Kind, state: Model | None, args: Model) -> set[str]:
    assert state
    return set(compare(kind.Args, state.to_wire(), args.to_wire()).changes)


def made_in(ec2: Any) -> dict[str, set[str]]:
    """Give everything that costs, or is in the way, if it stays."""
    instances = [item for found in ec2.describe_instances()["Reservations"] for item in found["Instances"]]
    gateways = ec2.describe_nat_gateways()["NatGateways"]
    egress_only = ec2.describe_egress_only_internet_gateways()["EgressOnlyInternetGateways"]
    tables = ec2.describe_route_tables()["RouteTables"]
    interfaces = ec2.describe_network_interfaces()["NetworkInterfaces"]
    # A VPC that gets IPv6 has its groups opened to that by AWS, and nobody knows of AWS shutting them again.
    rules = ec2.describe_security_group_rules()["SecurityGroupRules"]
    return {
        "vpcs": {item["VpcId"] for item in ec2.describe_vpcs()["Vpcs"]},
        "ranges": {key for item in ec2.describe_vpcs()["Vpcs"] for key in _ranges(item)},
        "subnets": {item["SubnetId"] for item in ec2.describe_subnets()["Subnets"]},
        "gateways": {item["InternetGatewayId"] for item in ec2.describe_internet_gateways()["InternetGateways"]},
        "egress only": {item["EgressOnlyInternetGatewayId"] for item in egress_only},
        "nat": {item["NatGatewayId"] for item in gateways if item["State"] != "deleted"},
        "addresses": {item["AllocationId"] for item in ec2.describe_addresses()["Addresses"]},
        "tables": {item["RouteTableId"] for item in tables},
        "routes": {f"{item['RouteTableId']} {row}" for item in tables for row in item["Routes"]},
        "groups": {item["GroupId"] for item in ec2.describe_security_groups()["SecurityGroups"]},
        "rules": {item["SecurityGroupRuleId"] for item in rules if item.get("Tags") or item.get("CidrIpv6") != "::/0"},
        "interfaces": {item["NetworkInterfaceId"] for item in interfaces},
        "unchecked": {item["NetworkInterfaceId"] for item in interfaces if not item["SourceDestCheck"]},
        **made_around(ec2),
        "instances": {item["InstanceId"] for item in instances if item["State"]["Name"] != "terminated"},
    }


def _ranges(vpc: dict[str, Any]) -> set[str]:
    """Give the ids of a VPC's ranges, and the marks on it that say whose they are."""
    rows = [(row, row["CidrBlockState"]) for row in vpc.get("CidrBlockAssociationSet", [])]
    rows += [(row, row["Ipv6CidrBlockState"]) for row in vpc.get("Ipv6CidrBlockAssociationSet", [])]
    marks = {tag["Key"] for tag in vpc.get("Tags", []) if tag["Key"].startswith("kubewire:range")}
    return marks | {row["AssociationId"] for row, state in rows if state["State"] != "disassociated"}
