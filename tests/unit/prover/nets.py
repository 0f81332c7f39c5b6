"""A cluster of three nodes in two zones in which every property holds, to be broken in one way at a time."""

from __future__ import annotations

from ipaddress import IPv4Address, ip_network
from typing import Any

from kubewire.prover.facts.cluster import Apart, Cluster, Node, NodePorts
from kubewire.prover.facts.facts import Facts
from kubewire.prover.facts.firewall import (
    AnyTraffic,
    Direction,
    GroupPeer,
    GroupRule,
    Match,
    Peer,
    RangePeer,
    SecurityGroup,
)
from kubewire.prover.facts.network import Interface, RangeDestination, Route, RouteTable, Subnet, Via, Vpc
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.properties import PROPERTIES
from kubewire.prover.prove import prove
from kubewire.prover.verdict import Broken, NotProven, Verdict

PODS = {"a": "100.64.0.0/24", "b": "100.64.1.0/24", "c": "100.64.2.0/24"}
ADDRESSES = {"a": "10.0.0.10", "b": "10.0.1.10", "c": "10.0.1.11"}
SUBNETS = {"a": "one", "b": "two", "c": "two"}
MOST_PODS = 110


def to(destination: str, via: Via, target: str | Unknown, *, black_hole: bool = False) -> Route:
    """Write a route."""
    there = RangeDestination(range=ip_network(destination))
    return Route(destination=there, via=via, target=target, black_hole=black_hole)


def rule(name: str, direction: Direction, peer: Peer, match: Match | None = None) -> GroupRule:
    """Write a rule."""
    return GroupRule(name=name, direction=direction, peer=peer, match=match or AnyTraffic())


def within(text: str) -> RangePeer:
    """Write a range as a rule's peer."""
    return RangePeer(range=ip_network(text))


def table(name: str, *extra: Route, without: str = "") -> RouteTable:
    """Write a table that routes every node's pods, and what else is given."""
    pods = [to(cidr, Via.INTERFACE, node) for node, cidr in PODS.items() if node != without]
    return RouteTable(name=name, vpc="net", routes=(*pods, to("0.0.0.0/0", Via.NAT_GATEWAY, "nat"), *extra))


def group(*extra: GroupRule, without: str = "") -> SecurityGroup:
    """Write the nodes' group: all from and to nodes and pods, and what else is given."""
    own = [
        rule(f"all {word} {who}", direction, peer)
        for direction, word in ((Direction.INGRESS, "from"), (Direction.EGRESS, "to"))
        for who, peer in (("nodes", GroupPeer(group="nodes")), ("pods", within("100.64.0.0/16")))
    ]
    plane = rule("kubelets from the control plane", Direction.INGRESS, within("10.9.0.0/28"))
    return SecurityGroup(
        name="nodes", vpc="net", rules=tuple(one for one in (*own, plane, *extra) if one.name != without)
    )


def interface(name: str, **changes: Any) -> Interface:
    """Write a node's interface."""
    given = {
        "name": name,
        "subnet": SUBNETS[name],
        "address": IPv4Address(ADDRESSES[name]),
        "groups": ("nodes",),
        "checks": False,
        "machine": name,
    }
    return Interface.model_validate({**given, **changes})


def node(name: str, **changes: Any) -> Node:
    """Write a node."""
    given = {"name": name, "interface": name, "pod_ranges": (PODS[name],), "most_pods": MOST_PODS}
    return Node.model_validate({**given, **changes})


def cluster(**changes: Any) -> Cluster:
    """Write the cluster."""
    given = {
        "name": "net",
        "vpc": "net",
        "pod_ranges": ("100.64.0.0/16",),
        "service_ranges": ("10.96.0.0/16",),
        "node_ports": NodePorts(first=30000, last=32767),
        "nodes": tuple(node(name) for name in PODS),
        "control_plane": Apart(peers=(within("10.9.0.0/28"),), webhook_ports=(9443,)),
        "unmasqueraded": ("10.0.0.0/16", "100.64.0.0/16"),
    }
    return Cluster.model_validate({**given, **changes})


def facts(**changes: Any) -> Facts:
    """Write the whole."""
    given: dict[str, Any] = {
        "vpcs": {"net": Vpc(name="net", ranges=(ip_network("10.0.0.0/16"),), main_table="main")},
        "subnets": {
            "one": Subnet(name="one", vpc="net", zone="z1", ranges=(ip_network("10.0.0.0/24"),), table="first"),
            "two": Subnet(name="two", vpc="net", zone="z2", ranges=(ip_network("10.0.1.0/24"),), table="second"),
        },
        "tables": {name: table(name) for name in ("first", "second")},
        "interfaces": {name: interface(name) for name in PODS},
        "groups": {"nodes": group()},
        "clusters": (cluster(),),
    }
    return Facts.model_validate({**given, **changes})


def verdict(found: Facts, number: int) -> Verdict:
    """Prove one property of the only cluster."""
    (proof,) = prove(found, [item for item in PROPERTIES if item.number == number])
    return proof.verdict


def broken(found: Facts, number: int) -> str:
    """Give the first witness against a property, as a reader sees it."""
    said = verdict(found, number)
    assert isinstance(said, Broken), said
    assert said.count >= len(said.witnesses) >= 1
    return str(said.witnesses[0])


def unproven(found: Facts, number: int) -> tuple[str, ...]:
    """Give what a property depends on that isn't known."""
    said = verdict(found, number)
    assert isinstance(said, NotProven), said
    return said.unknowns
