"""Where pods get addresses of the VPC, and the nodes that others make for them: a part of the plan, for its readers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pulumi

from kubewire.functions.machines import ExistingMachine
from kubewire.model import Ref
from kubewire.network.args import ClusterNetworkArgs
from kubewire.network.capacity import Capacity
from kubewire.network.layout import Role
from kubewire.network.nodes import AutoScalingGroupNodes, ClusterNodes, DeclaredNodes
from kubewire.network.parts.nodes import NodesPart
from kubewire.network.parts.subnets import SubnetsPart
from kubewire.network.pods import VpcPods

Wire = dict[str, Any]


class PodPlaces(pulumi.ComponentResource):
    """Registers the subnets where nodes come to be, those where their pods do, and the security groups of both.

    They are what the outputs tell the launch templates and the CNI of others: nobody else says it in a plan. Machines
    that are there are registered as they were found, wherever that is.

    Attributes:
        inputs: what it registers.
    """

    def __init__(self, name: str, inputs: Wire, network: pulumi.Resource) -> None:
        self.inputs = inputs
        super().__init__("kubewire:network:PodPlaces", name, inputs, pulumi.ResourceOptions(parent=network))
        self.register_outputs({})


def pod_places(
    args: ClusterNetworkArgs,
    subnets: SubnetsPart,
    groups: Sequence[Ref],
    nodes: NodesPart,
    held: Mapping[str, Capacity],
    network: pulumi.Resource,
) -> PodPlaces | None:
    """Register where pods get addresses of the VPC, if they do.

    Args:
        args: the network's.
        subnets: those of nodes and pods.
        groups: the nodes' security groups.
        nodes: the nodes, those of others with what was found of them.
        held: by instance type, what a node holds.
        network: the component.
    """
    if not isinstance(args.pods, VpcPods):
        return None
    inputs: Wire = {
        "securityGroups": {group.name: group.id for group in groups},
        "subnets": dict(_subnets(args, subnets)),
        "machines": {name: _machine(machine) for name, machine in nodes.found.items()},
        "addresses": _addresses(args, held),
        "expected": _expected(args),
    }
    told = {key: value for key, value in inputs.items() if value}
    if isinstance(args.nodes, AutoScalingGroupNodes | ClusterNodes) and held:
        told["mostAddresses"] = max(one.addresses for one in held.values())
    return PodPlaces(args.name, told, network)


def _subnets(args: ClusterNetworkArgs, subnets: SubnetsPart) -> Iterator[tuple[str, Wire]]:
    """Give the nodes' subnets by name, each with those in which their pods get addresses: of the same zone."""
    zones = {carved.key: carved.zone for carved in args.carved}
    for key, subnet in subnets.of[args.node_role].items():
        zone = zones.get(key, key)
        own = {one.name: one.id for name, one in subnets.of[Role.PODS].items() if zones.get(name, name) == zone}
        yield subnet.name, {"id": subnet.id, "zone": zone, "pods": own or {subnet.name: subnet.id}}


def _addresses(args: ClusterNetworkArgs, held: Mapping[str, Capacity]) -> dict[str, int]:
    """Give how many addresses each declared machine takes at most."""
    machines = args.nodes.machines if isinstance(args.nodes, DeclaredNodes) else ()
    return {node.name: held[node.instance_type].addresses for node in machines}


def _expected(args: ClusterNetworkArgs) -> Wire:
    """Say who makes nodes, and how many at most."""
    match args.nodes:
        case AutoScalingGroupNodes(group=group, max_size=most, attach=attach):
            told = {"by": f"Auto Scaling group {group}", **({"most": most} if most else {})}
            return told | ({"group": group} if attach else {})
        case ClusterNodes():
            return {"by": "the cluster"}
        case _:
            return {}


def _machine(machine: ExistingMachine) -> Wire:
    return {
        "instance": machine.instance,
        "interface": machine.network_interface,
        "subnet": machine.subnet,
        "address": machine.private_address,
        **({"ipv6Address": machine.ipv6_address} if machine.ipv6_address else {}),
        **({"publicAddress": machine.public_address} if machine.public_address else {}),
        "sourceDestCheck": machine.source_dest_check,
        "securityGroups": list(machine.security_groups),
        "furtherInterfaces": [one.to_wire() for one in machine.further_interfaces],
    }
