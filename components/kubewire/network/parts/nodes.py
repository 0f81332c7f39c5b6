"""The nodes: their interfaces, the ranges of their pods, and the machines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Network, IPv6Network

import pulumi

from kubewire.declared import Declared
from kubewire.deferred import Later
from kubewire.errors import InvalidInputError
from kubewire.functions.get_auto_scaling_group import GetAutoScalingGroup, GetAutoScalingGroupArgs
from kubewire.functions.get_cluster_nodes import GetClusterNodes, GetClusterNodesArgs
from kubewire.functions.machines import ExistingMachine
from kubewire.model import Ref
from kubewire.network.nodes import AutoScalingGroupNodes, ClusterNodes, DeclaredNodes, Node, NodeSlots
from kubewire.network.parts.declarer import Declarer
from kubewire.network.parts.subnets import SubnetsPart
from kubewire.network.pods import RoutedPods
from kubewire.network.slots import slots
from kubewire.resources.destinations import within
from kubewire.resources.instance_sets import InstancesArgs, Machine
from kubewire.resources.instances import Instances
from kubewire.resources.interface_sets import Interface, NetworkInterfacesArgs
from kubewire.resources.network_interfaces import NetworkInterfaces
from kubewire.resources.source_dest_checks import SourceDestChecks, SourceDestChecksArgs
from kubewire.resources.target_group import TargetType

Ranges = tuple[IPv4Network | IPv6Network, ...]


@dataclass(frozen=True)
class NodesPart:
    """The nodes, by name.

    Attributes:
        interfaces: what routes lead to.
        pods: the ranges of each one's pods, where the VPC routes these.
        machines: the instances that are there or will be.
        targets: what load balancers send to: an instance's id, or an address.
        target_type: which of the two.
        addresses: their IPv4 addresses in the VPC.
        public_addresses: those that the internet reaches them by, of nodes that have one.
        ipv6_addresses: their IPv6 addresses, of nodes that have one.
        found: the machines of others, as they are.
        registering: the Auto Scaling group that registers its machines as targets itself; None where they are listed.
    """

    interfaces: Mapping[str, Ref] = field(default_factory=dict)
    pods: Mapping[str, Ranges] = field(default_factory=dict)
    machines: Mapping[str, Ref] = field(default_factory=dict)
    targets: Mapping[str, Later[str]] = field(default_factory=dict)
    target_type: TargetType = TargetType.INSTANCE
    addresses: Mapping[str, Later[str]] = field(default_factory=dict)
    public_addresses: Mapping[str, Later[str]] = field(default_factory=dict)
    ipv6_addresses: Mapping[str, Later[str]] = field(default_factory=dict)
    found: Mapping[str, ExistingMachine] = field(default_factory=dict)
    registering: str | None = None


def make_interfaces(declarer: Declarer, subnets: SubnetsPart, groups: Sequence[Ref]) -> NodesPart:
    """Make the nodes' interfaces, or find them. They pass packets of pods, which aren't their own: AWS must not check.

    Raises:
        InvalidInputError: nodes that are there don't fit the network.
    """
    match declarer.args.nodes:
        case DeclaredNodes(machines=machines):
            role = declarer.args.node_role
            rows = {node.name: _interface(declarer, subnets.of[role][node.zone]) for node in machines}
            made = _make(declarer, rows, groups)
            pods = {node.name: _declared_ranges(node) for node in machines}
            return NodesPart(
                interfaces=_refs(made, rows),
                pods=pods,
                addresses=_entries(made, "addresses", rows),
                ipv6_addresses=_entries(made, "ipv6_addresses", rows) if declarer.args.ipv6 else {},
            )
        case NodeSlots() as described:
            return _slots(declarer, subnets, groups, described)
        case ClusterNodes(selector=selector):
            return _cluster_nodes(declarer, selector)
        case AutoScalingGroupNodes(group=group, attach=attach):
            asked = GetAutoScalingGroupArgs(name=group, attaches=attach)
            found = declarer.asked(GetAutoScalingGroup, asked, "nodes.group")
            nodes = _found(declarer, {machine.instance: machine for machine in found.machines}, {})
            return replace(nodes, registering=group if attach else None)


def make_machines(declarer: Declarer, nodes: NodesPart, after: Sequence[pulumi.Resource]) -> NodesPart:
    """Make the machines, once they can reach each other and what they boot from: routes and firewall are there."""
    args = declarer.args
    if not isinstance(args.nodes, DeclaredNodes) or not args.nodes.machines:
        return nodes
    rows = {
        node.name: Machine(image=node.image, instance_type=node.instance_type, interface=nodes.interfaces[node.name])
        for node in args.nodes.machines
    }
    described = InstancesArgs(
        name=args.name, instances=rows, max_unavailable=args.nodes.max_unavailable, tags=args.tags
    )
    made = declarer.declare(Instances, described, name=args.name, after=after)
    machines = {name: Ref(name=name, id=made.entry("ids", name)) for name in rows}
    targets = {name: ref.id for name, ref in machines.items()}
    return replace(nodes, machines=machines, targets=targets)


def _declared_ranges(node: Node) -> Ranges:
    given: tuple[IPv4Network | IPv6Network | None, ...] = (node.pod_cidr, node.pod_cidr6)
    return tuple(cidr for cidr in given if cidr is not None)


def _interface(declarer: Declarer, subnet: Ref) -> Interface:
    return Interface(subnet=subnet, ipv6=declarer.args.ipv6)


def _make(declarer: Declarer, rows: dict[str, Interface], groups: Sequence[Ref]) -> Declared | None:
    args = declarer.args
    if not rows:
        return None
    described = NetworkInterfacesArgs(
        name=args.name,
        interfaces=rows,
        security_groups={group.name: group.id for group in groups},
        source_dest_check=not isinstance(args.pods, RoutedPods),
        tags=args.tags,
    )
    return declarer.declare(NetworkInterfaces, described, name=args.name)


def _refs(made: Declared | None, rows: Mapping[str, Interface]) -> dict[str, Ref]:
    return {name: Ref(name=name, id=made.entry("ids", name)) for name in rows} if made else {}


def _entries(made: Declared | None, field_name: str, rows: Mapping[str, Interface]) -> dict[str, Later[str]]:
    return {name: made.entry(field_name, name) for name in rows} if made else {}


def _slots(declarer: Declarer, subnets: SubnetsPart, groups: Sequence[Ref], described: NodeSlots) -> NodesPart:
    args = declarer.args
    routed = args.pods if isinstance(args.pods, RoutedPods) else None
    planned = list(slots(args.zones, described.zones, subnets.cidrs, routed))
    rows = {
        slot.name: Interface(subnet=subnets.of[args.node_role][slot.zone], address=slot.address, ipv6=args.ipv6)
        for slot in planned
    }
    made = _make(declarer, rows, groups)
    return NodesPart(
        interfaces=_refs(made, rows),
        pods={slot.name: slot.pods for slot in planned if slot.pods},
        # Whichever machine attaches the interface, its address is the same.
        targets={slot.name: str(slot.address) for slot in planned},
        target_type=TargetType.IP,
        addresses={slot.name: str(slot.address) for slot in planned},
        ipv6_addresses=_entries(made, "ipv6_addresses", rows) if args.ipv6 else {},
    )


def _cluster_nodes(declarer: Declarer, selector: dict[str, str]) -> NodesPart:
    args = declarer.args
    found = declarer.asked(GetClusterNodes, GetClusterNodesArgs(labels=selector), "nodes.selector")
    if found.others:
        reasons = "; ".join(f"{node.name}: {node.reason}" for node in found.others)
        pulumi.log.warn(f"nodes that have no machine on AWS are left out: {reasons}", declarer.component)
    machines = {node.name: node for node in found.nodes}
    pods: dict[str, Ranges] = {}
    if isinstance(args.pods, RoutedPods):
        for node in found.nodes:
            pods[node.name] = _routed(node.name, node.pod_cidrs, args.pods, args.name)
    return _found(declarer, machines, pods)


def _routed(name: str, ranges: Ranges, pods: RoutedPods, network: str) -> Ranges:
    wholes: Ranges = (pods.cidr, pods.cidr6) if pods.cidr6 else (pods.cidr,)
    for cidr in ranges:
        if not any(within(cidr, whole) for whole in wholes):
            detail = f"Kubernetes gave it out (`spec.podCIDRs`). Make `pods` the cluster's own range: {cidr} is not in "
            raise InvalidInputError(
                f"node {name} has pods in {cidr}",
                detail=f"{detail}{', '.join(map(str, wholes))}.",
                path=f"{network}: pods.cidr",
            )
    if not ranges:
        pulumi.log.warn(f"node {name} has no pod range yet: it gets no route")
    return ranges


def _found(declarer: Declarer, machines: Mapping[str, ExistingMachine], pods: dict[str, Ranges]) -> NodesPart:
    args = declarer.args
    interfaces = {name: Ref(name=name, id=machine.network_interface) for name, machine in machines.items()}
    if isinstance(args.pods, RoutedPods) and interfaces:
        described = SourceDestChecksArgs(interfaces={name: ref.id for name, ref in interfaces.items()})
        declarer.declare(SourceDestChecks, described, name=args.name)
    instances = {name: Ref(name=name, id=machine.instance) for name, machine in machines.items()}
    return NodesPart(
        interfaces,
        pods,
        instances,
        {name: ref.id for name, ref in instances.items()},
        addresses={name: machine.private_address for name, machine in machines.items()},
        public_addresses={name: machine.public_address for name, machine in machines.items() if machine.public_address},
        ipv6_addresses={name: machine.ipv6_address for name, machine in machines.items() if machine.ipv6_address},
        found=machines,
    )
