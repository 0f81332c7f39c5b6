"""Clusters of any size, for what must not grow faster than they do."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, ip_network

from kubewire.prover.facts.cluster import Node
from kubewire.prover.facts.facts import Facts
from kubewire.prover.facts.firewall import Direction, PortSpan
from kubewire.prover.facts.network import Interface, RangeDestination, Route, RouteTable, Subnet, Via, Vpc
from kubewire.prover.facts.services import Service, ServicePort, ServiceType
from tests.unit.prover.nets import cluster, facts, group, rule, within

PODS_PER_NODE = 30
"""Of Kubernetes' 150,000 on 5,000 nodes: https://kubernetes.io/docs/setup/best-practices/cluster-large/."""
NODE_BITS = 26
ZONES = 3
WEB = PortSpan(protocol=6, first=30080, last=30080)


def network(nodes: int) -> Facts:
    """Give a cluster in three zones, with a table for each and a route for every node in each of them."""
    start = int(ip_network("100.64.0.0/10").network_address)
    pods = {f"n{at}": IPv4Network((start + at * 64, NODE_BITS)) for at in range(nodes)}
    routes = tuple(
        Route(destination=RangeDestination(range=cidr), via=Via.INTERFACE, target=name) for name, cidr in pods.items()
    )
    zones = range(ZONES)
    wide = within("100.64.0.0/10")
    own = group(rule("pods in", Direction.INGRESS, wide), rule("pods out", Direction.EGRESS, wide))
    own = own.model_copy(
        update={"rules": tuple(one for one in own.rules if not one.name.endswith(("from pods", "to pods")))}
    )
    members = tuple(
        Node(name=name, interface=name, pod_ranges=(cidr,), most_pods=PODS_PER_NODE) for name, cidr in pods.items()
    )
    said = cluster(
        nodes=members,
        pod_ranges=("100.64.0.0/10",),
        service_ranges=("172.20.0.0/16",),
        unmasqueraded=("10.0.0.0/8", "100.64.0.0/10"),
    )
    return facts(
        vpcs={"net": Vpc(name="net", ranges=(ip_network("10.0.0.0/8"),), main_table="main")},
        subnets={
            f"s{zone}": Subnet(
                name=f"s{zone}", vpc="net", zone=f"z{zone}", ranges=(ip_network(f"10.{zone}.0.0/16"),), table=f"t{zone}"
            )
            for zone in zones
        },
        tables={f"t{zone}": RouteTable(name=f"t{zone}", vpc="net", routes=routes) for zone in zones},
        interfaces={name: _interface(name, at) for at, name in enumerate(pods)},
        groups={"nodes": own},
        clusters=(said,),
        # No account has so many routes in a table; here it is about the prover.
        routes_per_table=nodes,
    )


def _interface(name: str, at: int) -> Interface:
    zone, place = at % ZONES, at // ZONES
    address = IPv4Address(f"10.{zone}.{place // 250}.{place % 250 + 4}")
    return Interface(name=name, subnet=f"s{zone}", address=address, groups=("nodes",), checks=False, machine=name)


def with_services(found: Facts, number: int) -> Facts:
    """Add Services that any pod may be behind."""
    return found.model_copy(update={"services": tuple(map(_service, range(number)))})


def _service(at: int) -> Service:
    port = ServicePort(port=80, protocol=6, target_port=8080)
    return Service(namespace="shop", name=f"s{at}", type=ServiceType.CLUSTER_IP, cluster_ip="172.20.0.9", ports=(port,))


def changed(found: Facts) -> Facts:
    """Open a port, lose a route, add a Service."""
    nodes = found.groups["nodes"]
    rules = (*nodes.rules, rule("web", Direction.INGRESS, within("10.64.0.0/16"), WEB))
    table = found.tables["t1"]
    return found.model_copy(
        update={
            "services": (*found.services, _service(len(found.services))),
            "groups": {**found.groups, "nodes": nodes.model_copy(update={"rules": rules})},
            "tables": {**found.tables, "t1": table.model_copy(update={"routes": table.routes[1:]})},
        }
    )
