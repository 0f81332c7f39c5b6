"""What the cluster says of itself: the inputs that its component registers with the engine.

    {"vpc": {"name", "id"}, "podRanges": ["100.64.0.0/16"], "serviceRanges": ["10.96.0.0/16"],
     "nodePorts": {"first": 30000, "last": 32767}, "unmasqueraded": ["10.0.0.0/16", "100.64.0.0/16"],
     "controlPlane": {"kind": "ranges", "ranges": ["10.9.0.0/28"], "webhookPorts": [9443]},
     "nodes": {"node-a": {"interface": {"name", "id"}, "podRanges": ["100.64.0.0/24"], "maxPods": 110}}}

Each is optional, and so is `"hairpin": true`, where nodes hand a pod what it sends to itself. Where it doesn't say
which pods a node has, that is taken from the routes to the node's interface, and
marked so: nothing is proved of a route by the route itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kubewire.net.addresses import Range
from kubewire.prover.facts.cluster import Apart, Cluster, ControlPlane, Node, NodePorts, OnNodes, Told
from kubewire.prover.facts.firewall import GroupPeer, RangePeer
from kubewire.prover.facts.unknown import Known, Unknown
from kubewire.prover.from_plan.document import Listed
from kubewire.prover.from_plan.index import Index, Sort
from kubewire.prover.from_plan.pod_places import Places
from kubewire.prover.from_plan.values import Values, is_open


def cluster(
    index: Index,
    listed: Listed,
    routed: Mapping[str, tuple[Range, ...]],
    own: Iterable[str],
    places: Places | None = None,
) -> Cluster:
    """Read a cluster's declaration.

    Args:
        index: what it refers to.
        listed: its component.
        routed: by interface, the ranges outside the VPC that routes lead to it.
        own: the interfaces of machines of the VPC, for what it doesn't declare.
        places: where pods get addresses of the VPC, if they do.
    """
    values = Values(str(listed), listed.inputs)
    pods = values.optional_ranges("podRanges")
    declared = values.parts("nodes")
    nodes = [] if isinstance(declared, Unknown) else [_node(index, listed, name, part) for name, part in declared]
    unknown = [declared.comes_from] if isinstance(declared, Unknown) else []
    if places:
        nodes = places.nodes(nodes)
    elif not nodes:
        nodes = [_from_routes(name, routed.get(name, ())) for name in own]
    if not nodes:
        # Machines that nobody here declares, an Auto Scaling group's say, may be all of them.
        unknown.append(f"the nodes of {listed.name}, of which none is declared here")
    bare = [node.name for node in nodes if not node.pod_ranges and not node.pod_places]
    unknown += [f"the pods of {name}: nothing says their addresses" for name in bare]
    return Cluster(
        name=listed.name,
        vpc=index.key(Sort.VPC, values.pointer("vpc"), listed) if "vpc" in listed.inputs else _only_vpc(index, listed),
        pod_ranges=() if isinstance(pods, Unknown) else pods,
        service_ranges=_said(values, "serviceRanges"),
        node_ports=_node_ports(values),
        nodes=tuple(nodes),
        most_nodes=places.most_nodes() if places else None,
        group=places.group() if places else None,
        control_plane=_control_plane(index, values, listed),
        unmasqueraded=_said(values, "unmasqueraded"),
        spares_vpc=values.flag("unmasqueradedVpc") is True,
        **({"hairpin": values.flag("hairpin")} if "hairpin" in values.fields else {}),
        open_ends=tuple(unknown),
    )


def _node(index: Index, listed: Listed, name: str, values: Values) -> Node:
    ranges = values.optional_ranges("podRanges")
    most = values.number("maxPods") if "maxPods" in values.fields else _open(f"how many pods {name} runs at most")
    return Node(
        name=name,
        interface=index.key(Sort.INTERFACE, values.pointer("interface"), listed),
        pod_ranges=() if isinstance(ranges, Unknown) else ranges,
        most_pods=most,
    )


def _from_routes(interface: str, ranges: tuple[Range, ...]) -> Node:
    most = _open(f"how many pods {interface} runs at most")
    return Node(name=interface, interface=interface, pod_ranges=ranges, told=Told.ROUTES, most_pods=most)


def _only_vpc(index: Index, listed: Listed) -> Known[str]:
    """Give the VPC that the component itself made."""
    made = [
        key
        for key, entry in index.of(Sort.VPC)
        if entry.listed.parent == listed.urn or (f"{listed.kind}$" in entry.listed.urn and entry.name == listed.name)
    ]
    return made[0] if len(made) == 1 else _open(f"the VPC of {listed.name}")


def _said(values: Values, key: str) -> Known[tuple[Range, ...]]:
    return values.optional_ranges(key) if key in values.fields else _open(values.says(key))


def _node_ports(values: Values) -> Known[NodePorts]:
    inner = values.inner("nodePorts")
    if isinstance(inner, Unknown) or not inner.fields:
        return _open(values.says("nodePorts"))
    first, last = inner.number("first"), inner.number("last")
    if isinstance(first, Unknown):
        return first
    return last if isinstance(last, Unknown) else NodePorts(first=first, last=last)


def _control_plane(index: Index, values: Values, listed: Listed) -> ControlPlane | Unknown:
    inner = values.inner("controlPlane")
    if isinstance(inner, Unknown) or not inner.fields:
        return _open(values.says("controlPlane"))
    if inner.fields.get("kind") == "nodes":
        return OnNodes()
    if any(map(is_open, inner.items("webhookPorts"))):
        return _open(inner.says("webhookPorts"))
    ports = tuple(item for item in inner.items("webhookPorts") if isinstance(item, int))
    if inner.fields.get("kind") == "group":
        group = index.peer(values.pointer("controlPlane"), listed)
        return Apart(peers=(GroupPeer(group=group),), webhook_ports=ports)
    ranges = inner.optional_ranges("ranges")
    if isinstance(ranges, Unknown):
        return ranges
    return Apart(peers=tuple(RangePeer(range=item) for item in ranges), webhook_ports=ports)


def _open(what: str) -> Unknown:
    return Unknown(comes_from=what)
