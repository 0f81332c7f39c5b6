"""Random networks in which pods have addresses of the VPC, and nodes may be yet to come; and who may be there then.

Each pod is somewhere in a subnet, and nobody knows where: so the checker tries two addresses of each part of it that
some range tells from the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from ipaddress import IPv4Address, IPv4Network, ip_network
from random import Random

from kubewire.prover.facts.cluster import Cluster, Node, PodPlace
from kubewire.prover.facts.facts import Facts
from kubewire.prover.facts.firewall import AnyTraffic, Direction, GroupRule, RangePeer, SecurityGroup
from kubewire.prover.facts.network import Interface, RangeDestination, Route, Subnet, Via
from kubewire.prover.facts.unknown import Unknown
from tests.unit.prover.bruteforce.networks import GROUPS, LISTS, PEERS, SUBNETS, TABLES, Draw
from tests.unit.prover.bruteforce.packets import Host, interface_of

LODGINGS = {**SUBNETS, "pods": "10.0.0.32/29", "more": "10.0.0.40/29"}
"""All subnets: pods may be in those of nodes, too."""
ASTRAY = ("10.0.0.32/29", "10.0.0.40/29", "10.0.0.36/30", "10.0.0.16/28")
"""Destinations of rows that lead out of the VPC though they are in it."""


WRITTEN = [IPv4Network(cidr) for cidr in (*PEERS[1:], *ASTRAY, *(one for ranges in LISTS.values() for one in ranges))]


def lodged(seed: int) -> Facts:
    """Draw a network, and lodge some of its pods in subnets; of some nodes nobody knows which machines they will be."""
    random = Random(seed)  # noqa: S311 - repeatable on purpose
    facts = Draw(seed).facts
    subnets = {name: facts.subnets.get(name) or _subnet(random, name) for name in LODGINGS}
    nodes = tuple(_lodged(random, node) if random.random() < MOSTLY else node for node in facts.clusters[0].nodes)
    interfaces = dict(facts.interfaces)
    if random.random() < HALF:
        for node in _to_come(random, interfaces):
            nodes = (*nodes, node)
    groups = {name: _opened(one) if random.random() < MOSTLY else one for name, one in facts.groups.items()}
    tables = dict(facts.tables)
    if random.random() < SELDOM:
        name = random.choice(TABLES)
        out = Route(
            destination=RangeDestination(range=ip_network(random.choice(ASTRAY))), via=Via.NAT_GATEWAY, target="x"
        )
        tables[name] = tables[name].model_copy(update={"routes": (*tables[name].routes, out)})
    cluster = facts.clusters[0].model_copy(update={"nodes": nodes})
    changes = {"subnets": subnets, "interfaces": interfaces, "clusters": (cluster,), "tables": tables, "groups": groups}
    return facts.model_copy(update=changes)


MOSTLY, HALF, SELDOM = 0.7, 0.5, 0.3


def _opened(group: SecurityGroup) -> SecurityGroup:
    """Let everybody pass: what is wrong then is wrong elsewhere."""
    anybody = RangePeer(range=ip_network("0.0.0.0/0"))
    rules = [GroupRule(name=f"all {way}", direction=way, match=AnyTraffic(), peer=anybody) for way in Direction]
    return group.model_copy(update={"rules": tuple(rules)})


def _subnet(random: Random, name: str) -> Subnet:
    acl = random.choice(["wall", "fence"]) if random.random() < SELDOM else None
    ranges = (ip_network(LODGINGS[name]),)
    return Subnet(name=name, vpc="net", zone=name, ranges=ranges, table=random.choice(TABLES), acl=acl)


def _lodged(random: Random, node: Node) -> Node:
    return node.model_copy(update={"pod_ranges": (), "pod_places": tuple(_places(random))})


def _places(random: Random) -> Iterator[PodPlace]:
    for name in random.sample(list(LODGINGS), random.choice([1, 1, 2])):
        yield PodPlace(subnet=name, groups=tuple(random.sample(GROUPS, random.choice([1, 2]))))


def _to_come(random: Random, interfaces: dict[str, Interface]) -> Iterator[Node]:
    """Put two nodes that are to come into a subnet, alike in all."""
    subnet, groups = random.choice(list(SUBNETS)), tuple(random.sample(GROUPS, 1))
    places = tuple(_places(random))
    for name in ("a node to come", "another node to come"):
        interfaces[name] = Interface(
            name=name, subnet=subnet, address=Unknown(comes_from=f"address of {name}"), groups=groups, checks=True
        )
        most = Unknown(comes_from="not asked")
        yield Node(name=name, interface=name, pod_places=places, expected=True, most_pods=most)


def lodgers(facts: Facts, cluster: Cluster) -> Iterator[Host]:
    """Give everybody who may be there: nodes and pods at every address that they may get."""
    for node in cluster.nodes:
        interface = interface_of(facts, node)
        if isinstance(interface.address, IPv4Address):
            yield Host(node.name, is_pod=False, interface=interface, address=interface.address)
        else:
            yield from _anywhere(facts, node, interface, is_pod=False)
        for cidr in node.pod_ranges:
            yield from (Host(node.name, is_pod=True, interface=interface, address=one) for one in cidr)
        for place in node.pod_places:
            own = Interface(name=f"of {node.name}", subnet=place.subnet, address=None, groups=place.groups, checks=True)
            yield from _anywhere(facts, node, own, is_pod=True)


def _anywhere(facts: Facts, node: Node, interface: Interface, *, is_pod: bool) -> Iterator[Host]:
    (item,) = facts.subnets[str(interface.subnet)].ranges
    assert isinstance(item, IPv4Network)
    for address in _tried(item):
        own = interface.model_copy(update={"address": address})
        yield Host(node.name, is_pod=is_pod, interface=own, address=address)


@cache
def _tried(item: IPv4Network) -> tuple[IPv4Address, ...]:
    """Give the first two addresses of each part."""
    ends = [end for one in WRITTEN for end in (one.network_address, one.broadcast_address + 1)]
    starts = {item.network_address, *(end for end in ends if end in item)}
    return tuple(sorted(one for start in starts for one in (start, start + 1) if one in item))


def alike(host: Host) -> tuple[object, ...]:
    """Tell whom a host stands for: of its sort and node, all in its subnet and groups."""
    interface = host.interface
    if host.is_pod and host.address != interface.address:
        return host.node, host.is_pod, host.address
    return host.node, host.is_pod, interface.subnet, interface.groups
