"""How many pods the nodes of a network with VPC pods can hold, and whether their subnets have the addresses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from kubewire.errors import InvalidInputError
from kubewire.functions.get_instance_types import GetInstanceTypes, GetInstanceTypesArgs, InstanceLimits
from kubewire.network.capacity import Capacity, capacity
from kubewire.network.layout import Role
from kubewire.network.node_checks import KEPT_BY_AWS
from kubewire.network.nodes import DeclaredNodes
from kubewire.network.parts.declarer import Declarer
from kubewire.network.pods import VpcPods


def pod_capacity(declarer: Declarer) -> dict[str, Capacity]:
    """Give what a node of each type holds; how many pods these are is what its kubelet's `maxPods` should be.

    Raises:
        InvalidInputError: a type can't have prefixes, or a zone's nodes could hold more pods than its subnets have
            addresses for.
    """
    args = declarer.args
    if not isinstance(args.pods, VpcPods):
        return {}
    machines = args.nodes.machines if isinstance(args.nodes, DeclaredNodes) else ()
    types = sorted({*args.pods.instance_types, *(machine.instance_type for machine in machines)})
    if not types:
        return {}
    found = declarer.asked(GetInstanceTypes, GetInstanceTypesArgs(types=tuple(types)), "pods.instanceTypes").types
    if args.pods.prefix_delegation:
        _check_prefixes(args.name, found)
    own_subnets = Role.PODS in args.roles
    holds = {
        name: capacity(found[name], prefixes=args.pods.prefix_delegation, own_subnets=own_subnets) for name in types
    }
    _check_room(declarer, Counter((machine.zone, machine.instance_type) for machine in machines), holds)
    return holds


def _check_prefixes(network: str, types: Mapping[str, InstanceLimits]) -> None:
    """Refuse types without prefixes: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-prefix-eni.html."""
    for name, limits in types.items():
        if not limits.nitro:
            detail = (
                "Only types on the Nitro system have them. Choose one, `m5.large`, or set `prefixDelegation: false`."
            )
            path = f"{network}: pods.prefixDelegation"
            raise InvalidInputError(f"interfaces of a {name} take no prefixes", detail=detail, path=path)


def _check_room(declarer: Declarer, machines: Counter[tuple[str, str]], holds: dict[str, Capacity]) -> None:
    args = declarer.args
    role = Role.PODS if Role.PODS in args.roles else args.node_role
    for zone in args.zones:
        needed = sum(number * holds[kind].addresses for (where, kind), number in machines.items() if where == zone)
        subnets = [subnet.cidr for subnet in args.carved if subnet.role is role and subnet.zone == zone]
        free = sum(cidr.num_addresses - KEPT_BY_AWS for cidr in subnets)
        if subnets and needed > free:
            detail = f"{', '.join(map(str, subnets))} have {free}. Take larger subnets, fewer nodes or smaller ones."
            summary = f"the pods that the nodes of {zone} can hold need {needed} addresses"
            raise InvalidInputError(summary, detail=detail, path=f"{args.name}: nodes")
