"""Start here: facts, with the clusters that a file and the source itself tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kubewire.errors import InvalidInputError
from kubewire.prover.declared.cluster_file import (
    ClusterFile,
    ListedNodes,
    PlaneInGroup,
    PlaneInRanges,
    TaggedNodes,
)
from kubewire.prover.declared.found import Found
from kubewire.prover.declared.routed import routed_ranges
from kubewire.prover.facts.cluster import Apart, Cluster, ControlPlane, Node, OnNodes, Told
from kubewire.prover.facts.facts import Facts
from kubewire.prover.facts.firewall import GroupPeer, RangePeer
from kubewire.prover.facts.services import TargetGroup
from kubewire.prover.facts.unknown import Known, Unknown

SHOWN = 8
"""Names that an error lists."""
DETAIL = "Give one of those in the file of --cluster."


def with_clusters(found: Found, file: ClusterFile | None) -> Facts:
    """Give the facts, with every cluster that is told of.

    Raises:
        InvalidInputError: the file names what isn't there, or it isn't clear which VPC it means.
    """
    if not found.facts.vpcs:
        detail = "A network is proved whole: give what has its VPC, too."
        raise InvalidInputError("there is no VPC in it, so there is nothing to prove", detail=detail)
    by_vpc = {cluster.vpc: cluster for cluster in found.clusters}
    if file is None:
        told = [by_vpc.get(vpc) or nothing_told(vpc, found.beside) for vpc in found.facts.vpcs]
        return found.facts.model_copy(update={"clusters": tuple(told)})
    vpc = _vpc(found, file)
    cluster = _told(found, file, by_vpc.get(vpc) or nothing_told(vpc, found.beside))
    return found.facts.model_copy(update={"clusters": (cluster,), "target_groups": _by_node(found.facts, cluster)})


def nothing_told(vpc: str, beside: Iterable[str] = ()) -> Cluster:
    """Give a cluster of which nothing is told but its VPC.

    Args:
        vpc: the key of its VPC.
        beside: what may add nodes.
    """
    return Cluster(
        name=vpc,
        vpc=vpc,
        service_ranges=_open(f"the range of the Services of {vpc}"),
        node_ports=_open(f"the node ports of {vpc}"),
        control_plane=_open(f"where the control plane of {vpc} is"),
        unmasqueraded=_open(f"where the nodes of {vpc} send pods' own addresses"),
        open_ends=(_no_nodes(vpc), *beside),
    )


def _told(found: Found, file: ClusterFile, base: Cluster) -> Cluster:
    update: dict[str, Any] = {
        "name": file.name,
        "pod_ranges": file.pod_ranges,
        "service_ranges": file.service_ranges,
        "node_ports": file.node_ports,
        "unmasqueraded": file.unmasqueraded,
        "hairpin": file.hairpin,
        "control_plane": None if file.control_plane is None else _plane(found, file),
    }
    nodes, open_ends = base.nodes, list(base.open_ends)
    if file.nodes is not None:
        nodes = tuple(_nodes(found, file, file.nodes))
        # Who lists the nodes has listed them all; tags find those that are there, and more may come.
        open_ends = [] if isinstance(file.nodes, ListedNodes) else [*_maybe(found, file.nodes), *found.beside]
        open_ends += [f"the pods of {node.name}: nothing says their addresses" for node in nodes if not node.pod_ranges]
        open_ends += [] if nodes else [_no_nodes(str(base.vpc))]
    elif file.max_pods is not None:
        most = {"most_pods": file.max_pods}
        nodes = tuple(node.model_copy(update=most) if isinstance(node.most_pods, Unknown) else node for node in nodes)
    given = {key: value for key, value in update.items() if value is not None}
    return base.model_copy(update={**given, "nodes": nodes, "open_ends": tuple(open_ends)})


def _by_node(facts: Facts, cluster: Cluster) -> dict[str, TargetGroup]:
    """Call targets by the nodes that they are: a reader knows their machines alone."""
    interfaces = [(node.name, facts.interfaces.get(str(node.interface))) for node in cluster.nodes]
    names = {str(one.machine): name for name, one in interfaces if one is not None and one.machine is not None}
    return {
        key: group.model_copy(
            update={
                "targets": tuple(
                    one.model_copy(update={"name": names.get(one.name, one.name)}) for one in group.targets
                )
            }
        )
        for key, group in facts.target_groups.items()
    }


def _vpc(found: Found, file: ClusterFile) -> str:
    if file.vpc is not None:
        return _named(found, file.vpc, found.facts.vpcs, "vpc", "VPC")
    if len(found.facts.vpcs) == 1:
        return next(iter(found.facts.vpcs))
    detail = f"There are {_few(found.facts.vpcs)}. Write `vpc: NAME` into the file of --cluster."
    raise InvalidInputError("it isn't clear which VPC the cluster is in", detail=detail, path="vpc")


def _nodes(found: Found, file: ClusterFile, nodes: ListedNodes | TaggedNodes) -> Iterator[Node]:
    routed = routed_ranges(found.facts.tables.values())
    most: Known[int] | None = file.max_pods
    if isinstance(nodes, ListedNodes):
        for at, one in enumerate(nodes.machines):
            interface = _interface(found, one.interface, f"nodes.machines[{at}].interface")
            ranges = one.pod_ranges if one.pod_ranges is not None else _carried(found, interface, routed)
            told = Told.DECLARED if one.pod_ranges is not None else Told.ROUTES
            limit = one.max_pods or most or _no_limit(one.name)
            yield Node(name=one.name, interface=interface, pod_ranges=ranges, told=told, most_pods=limit)
        return
    for interface, tags in found.tags.items():
        if nodes.tags.items() <= dict(tags).items():
            name = found.facts.interfaces[interface].machine
            label = name if isinstance(name, str) else interface
            ranges = _carried(found, interface, routed)
            limit = most or _no_limit(label)
            yield Node(name=label, interface=interface, pod_ranges=ranges, told=Told.ROUTES, most_pods=limit)


def _maybe(found: Found, nodes: TaggedNodes) -> Iterator[str]:
    """Give what may bear the tags, and isn't known to."""
    for interface, tags in found.tags.items():
        asked = {key: tags.get(key) for key in nodes.tags}
        unsure = [value for value in asked.values() if isinstance(value, Unknown)]
        if unsure and all(isinstance(value, Unknown) or value == nodes.tags[key] for key, value in asked.items()):
            yield f"whether {interface} is a node: {unsure[0]}"


def _carried(found: Found, interface: str, routed: Mapping[str, Any]) -> tuple[Any, ...]:
    own = found.facts.interfaces[interface].prefixes
    return (*own, *(item for item in routed.get(interface, ()) if item not in own))


def _interface(found: Found, name: str, path: str) -> str:
    """Find an interface by its own name, or by its instance's where that has one."""
    interfaces = found.facts.interfaces
    key = found.ids.get(name, name)
    if key in interfaces:
        return key
    of_machine = [one for one, interface in interfaces.items() if interface.machine == key]
    primary = [one for one in of_machine if one in found.tags]
    if len(primary) == 1:
        return primary[0]
    if len(of_machine) > 1:
        detail = f"It has {_few(of_machine)}: name its primary one."
        raise InvalidInputError(f"{name} has several network interfaces", detail=detail, path=path)
    machines = {str(interface.machine) for interface in interfaces.values() if interface.machine is not None}
    raise _missing(name, "network interface or instance", {**dict.fromkeys(machines), **interfaces}, path)


def _plane(found: Found, file: ClusterFile) -> ControlPlane:
    match file.control_plane:
        case PlaneInRanges(ranges=ranges, webhook_ports=ports):
            return Apart(peers=tuple(RangePeer(range=item) for item in ranges), webhook_ports=ports)
        case PlaneInGroup(group=group, webhook_ports=ports):
            key = _named(found, group, found.facts.groups, "controlPlane.group", "security group")
            return Apart(peers=(GroupPeer(group=key),), webhook_ports=ports)
        case _:
            return OnNodes()


def _named(found: Found, name: str, among: Mapping[str, Any], path: str, what: str) -> str:
    key = found.ids.get(name, name)
    if key not in among:
        raise _missing(name, what, among, path)
    return key


def _missing(name: str, what: str, among: Iterable[str], path: str) -> InvalidInputError:
    return InvalidInputError(f"there is no {what} {name}", detail=f"There are {_few(among)}. {DETAIL}", path=path)


def _few(names: Iterable[str]) -> str:
    known = sorted(names)
    return ", ".join(known[:SHOWN]) + (f" and {len(known) - SHOWN} more" if len(known) > SHOWN else "") or "none"


def _no_nodes(vpc: str) -> str:
    return f"the nodes of {vpc}, of which none is named"


def _no_limit(node: str) -> Unknown:
    return _open(f"how many pods {node} runs at most")


def _open(what: str) -> Unknown:
    return Unknown(comes_from=what)
