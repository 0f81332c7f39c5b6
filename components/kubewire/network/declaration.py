"""What a network says of itself to whoever reads the plan: its ranges and nodes, which no single resource tells."""

from __future__ import annotations

from typing import Any

from kubewire.network.control_plane import ControlPlaneDescription, ControlPlaneGroup
from kubewire.network.description import NetworkDescription
from kubewire.network.firewall import pod_ranges
from kubewire.network.nodes import DeclaredNodes, NodeSlots
from kubewire.network.pods import OverlayPods, RoutedPods, VpcPods
from kubewire.network.slots import slots
from kubewire.network.vpcs import NewVpc

Wire = dict[str, Any]


def declaration(args: NetworkDescription) -> Wire:
    """Give the inputs that the component registers: what is to be proved, not how it is done."""
    pods = [args.pods.cidr] if isinstance(args.pods, OverlayPods) else pod_ranges(args)
    own = [args.vpc.cidr, *(more.cidr for more in args.vpc.secondary)]
    linked = [cidr for link in args.links for cidr in link.cidrs]
    declared: Wire = {
        "podRanges": [str(cidr) for cidr in pods],
        "serviceRanges": [str(cidr) for cidr in (args.service_cidr, args.service_cidr6) if cidr],
        "nodePorts": {"first": args.node_ports.first, "last": args.node_ports.last},
        "unmasqueraded": [str(cidr) for cidr in (*own, *pods, *linked) if cidr],
        "unmasqueradedVpc": args.ipv6 or not isinstance(args.vpc, NewVpc),
        "nodes": _nodes(args),
    }
    if isinstance(args.vpc, NewVpc):
        declared["vpc"] = {"name": args.name}
    if args.control_plane or isinstance(args.nodes, DeclaredNodes | NodeSlots):
        # Nodes that others make are workers as a rule, EKS's say, and its control plane is nobody's node.
        declared["controlPlane"] = _control_plane(args.control_plane)
    return {key: value for key, value in declared.items() if value} | _hairpin(args)


def _hairpin(args: NetworkDescription) -> Wire:
    told = isinstance(args.pods, VpcPods) or args.pods.hairpin
    return {} if told is None else {"hairpin": told}


def _nodes(args: NetworkDescription) -> Wire:
    match args.nodes:
        case DeclaredNodes(machines=machines):
            ranges = {node.name: [node.pod_cidr, node.pod_cidr6] for node in machines}
        case NodeSlots(zones=zones):
            routed = args.pods if isinstance(args.pods, RoutedPods) else None
            subnets = {item.zone: item.cidr for item in args.carved if item.role is args.node_role and item.index == 0}
            ranges = {slot.name: list(slot.pods) for slot in slots(args.zones, zones, subnets, routed)}
        case _:
            return {}
    most = args.pods.max_pods if isinstance(args.pods, RoutedPods) else None
    limit = {"maxPods": most} if most else {}
    return {
        name: {"interface": {"name": name}, "podRanges": [str(cidr) for cidr in found if cidr], **limit}
        for name, found in ranges.items()
    }


def _control_plane(plane: ControlPlaneDescription | None) -> Wire:
    if plane is None:
        return {"kind": "nodes"}
    ports = list(plane.webhooks)
    if isinstance(plane, ControlPlaneGroup):
        return {"kind": "group", "name": plane.name, "id": plane.id, "webhookPorts": ports}
    return {"kind": "ranges", "ranges": [str(cidr) for cidr in plane.cidrs], "webhookPorts": ports}
