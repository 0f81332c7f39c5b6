"""Which nodes fit into a network: each check refuses with the field's path and the way out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from kubewire.errors import InvalidInputError
from kubewire.model import Network
from kubewire.network.description import NetworkDescription
from kubewire.network.nodes import AutoScalingGroupNodes, DeclaredNodes, Node, NodeSlots
from kubewire.network.pods import RoutedPods
from kubewire.network.slots import FIRST_ADDRESS, LAST_KEPT, most_slots
from kubewire.network.subnets import ExistingSubnets
from kubewire.resources.destinations import within

# https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
KEPT_BY_AWS = 5


def nodes(args: NetworkDescription) -> None:
    """Refuse nodes that the network has no zone, no pod range or no address for."""
    match args.nodes:
        case DeclaredNodes(machines=machines):
            _declared(machines, args)
            room(Counter(machine.zone for machine in machines), args, KEPT_BY_AWS)
        case NodeSlots(zones=zones):
            for zone in zones:
                _known_zone(zone, args.zones, f"nodes.zones.{zone}")
            if isinstance(args.subnets, ExistingSubnets):
                detail = "Their addresses are counted from a subnet's first one, and others have some of these. "
                raise InvalidInputError(
                    "slots need carved subnets", detail=f"{detail}Carve subnets.", path="nodes.kind"
                )
            room(Counter(zones), args, FIRST_ADDRESS + LAST_KEPT)
            if isinstance(args.pods, RoutedPods):
                _slots_have_ranges(args.pods, zones)
        case AutoScalingGroupNodes() if isinstance(args.pods, RoutedPods):
            detail = "Name the cluster's nodes instead (`kind: cluster`): Kubernetes says which range each has."
            summary = "a group doesn't say which pod range a machine has"
            raise InvalidInputError(summary, detail=detail, path="nodes.kind")


def _known_zone(zone: str, zones: Sequence[str], path: str) -> None:
    if zone not in zones:
        detail = f"The network has {', '.join(zones)}. Add the zone, or move the node."
        raise InvalidInputError(f"the network has no zone {zone}", detail=detail, path=path)


def _declared(machines: Sequence[Node], args: NetworkDescription) -> None:
    names: set[str] = set()
    owners: dict[Network, str] = {}
    for index, node in enumerate(machines):
        path = f"nodes.machines[{index}]"
        if node.name in names:
            raise InvalidInputError(f"there are two nodes {node.name}", detail="Rename one.", path=f"{path}.name")
        names.add(node.name)
        _known_zone(node.zone, args.zones, f"{path}.zone")
        routed = args.pods if isinstance(args.pods, RoutedPods) else None
        whole = (routed.cidr, routed.node_prefix) if routed else None
        whole6 = (routed.cidr6, routed.node_prefix6) if routed and routed.cidr6 else None
        for key, given, wanted in (("podCidr", node.pod_cidr, whole), ("podCidr6", node.pod_cidr6, whole6)):
            _part(given, wanted, f"{path}.{key}")
            # All have one prefix length, so two that share an address are equal.
            if given and owners.setdefault(given, node.name) != node.name:
                detail = "Each node needs a range of its own, or one answers for the other's pods."
                summary = f"{given} belongs to {owners[given]} already"
                raise InvalidInputError(summary, detail=detail, path=f"{path}.{key}")


def _part(given: Network | None, wanted: tuple[Network, int] | None, path: str) -> None:
    """Refuse a pod range that isn't a part of the pods' range, is missing, or is there without one."""
    if wanted is None:
        if given is not None:
            detail = "Only routed pods have a range for each node. Remove it."
            raise InvalidInputError(f"{given} leads to no pods", detail=detail, path=path)
        return
    whole, prefix = wanted
    if given is None:
        raise InvalidInputError("required, but not given", detail=f"Choose a /{prefix} of {whole}.", path=path)
    if not within(given, whole) or given.prefixlen != prefix:
        summary = f"{given} is no node's part of the pods' range"
        raise InvalidInputError(summary, detail=f"Choose a /{prefix} of {whole}.", path=path)


def _slots_have_ranges(pods: RoutedPods, zones: dict[str, int]) -> None:
    most = most_slots(pods)
    for zone, number in zones.items():
        if number > most:
            detail = f"Of {pods.cidr}, every zone has room for {most} nodes with a /{pods.node_prefix}. Take fewer, "
            raise InvalidInputError(
                f"{number} slots are too many", detail=f"{detail}or a larger range.", path=f"nodes.zones.{zone}"
            )


def room(numbers: Counter[str], args: NetworkDescription, kept: int) -> None:
    """Refuse more nodes than a zone's first subnet for them has addresses for."""
    for subnet in args.carved:
        number, most = numbers[subnet.zone], subnet.cidr.num_addresses - kept
        if subnet.role is args.node_role and not subnet.index and number > most:
            detail = f"Its subnet {subnet.cidr} has {most} addresses. Spread the nodes, or give the VPC a larger range."
            raise InvalidInputError(f"{number} nodes are too many for {subnet.zone}", detail=detail, path="nodes")
