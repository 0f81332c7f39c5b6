"""Clusters whose pods move into the VPC: what lay in the pods' range lies in subnets then, one for each node."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv4Network, ip_network
from typing import Any

from kubewire.model import Model
from kubewire.prover.facts.cluster import Node, PodPlace
from kubewire.prover.facts.facts import Facts
from kubewire.prover.facts.network import Route, RouteTable, Subnet, Via
from tests.unit.prover.nets import PODS, SUBNETS

WAS, IS = IPv4Network("100.64.0.0/22"), IPv4Network("10.0.8.0/22")
WHOLE = IPv4Network("100.64.0.0/16")


def moved(made: Facts) -> Facts:
    """Move the pods of a cluster, with all that is said of their range; routes to their nodes go."""
    there: Facts = _moved(made)
    tables = {name: _without(table) for name, table in there.tables.items()}
    lodgings = {f"pods of {node}": _subnet(there, node) for node in PODS}
    (own,) = there.clusters
    cluster = own.model_copy(update={"nodes": tuple(map(_lodged, own.nodes)), "pod_ranges": ()})
    changes = {"tables": tables, "subnets": {**there.subnets, **lodgings}, "clusters": (cluster,)}
    return there.model_copy(update=changes)


def _lodged(node: Node) -> Node:
    place = PodPlace(subnet=f"pods of {node.name}", groups=("nodes",))
    others = tuple(item for item in node.pod_ranges if item != _moved(ip_network(PODS[node.name])))
    return node.model_copy(update={"pod_places": (place,), "pod_ranges": others, "most_addresses": 100})


def _subnet(made: Facts, node: str) -> Subnet:
    """Put a subnet for pods beside that of their node, with its table and its ACL."""
    beside = made.subnets[SUBNETS[node]]
    return beside.model_copy(update={"name": f"pods of {node}", "ranges": (_moved(ip_network(PODS[node])),)})


def _without(table: RouteTable) -> RouteTable:
    kept = [route for route in table.routes if not _is_home(route)]
    return table.model_copy(update={"routes": tuple(kept)})


def _is_home(route: Route) -> bool:
    homes = {(str(_moved(ip_network(cidr))), node) for node, cidr in PODS.items()}
    return route.via is Via.INTERFACE and (str(route.destination), route.target) in homes and not route.black_hole


def _moved(value: Any) -> Any:
    match value:
        case IPv4Network() if value == WHOLE:
            return IS
        case IPv4Network() if value.subnet_of(WAS):
            return IPv4Network((_moved(value.network_address), value.prefixlen))
        case IPv4Address() if value in WAS:
            return IPv4Address(int(value) - int(WAS.network_address) + int(IS.network_address))
        case Model():
            return value.model_copy(update={key: _moved(item) for key, item in value})
        case tuple():
            return tuple(_moved(item) for item in value)
        case Mapping():
            return {key: _moved(item) for key, item in value.items()}
        case _:
            return value
