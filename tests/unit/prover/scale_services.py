"""As many Services as Kubernetes takes, and as many of them with node ports and load balancers as there can be."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, ip_network

from kubewire.prover.facts.facts import Facts
from kubewire.prover.facts.firewall import Direction, GroupPeer, PortSpan, SecurityGroup
from kubewire.prover.facts.services import (
    HealthCheck,
    Listener,
    LoadBalancer,
    Service,
    ServiceEndpoint,
    ServicePort,
    ServiceType,
    Target,
    TargetGroup,
    TargetType,
)
from tests.unit.prover.nets import rule, within
from tests.unit.prover.scale import NODE_BITS, PODS_PER_NODE, network

SERVICES_PER_NODE = 2
"""10,000 on 5,000 nodes: https://github.com/kubernetes/community/blob/master/sig-scalability/configs-and-limits/thresholds.md"""
NODE_PORTS = 2768
"""Ports from 30000 to 32767, of which each is one Service's."""
BALANCERS, LISTENERS = 50, 10
TCP, TARGET, FIRST = 6, 8080, 30000
OFFICE = "10.250.0.0/16"


def served(nodes: int) -> Facts:
    """Give a cluster with all of them: every pod is behind a Service, and 500 Services are behind load balancers."""
    made = network(nodes)
    count = nodes * SERVICES_PER_NODE
    ports = min(NODE_PORTS, count // 2)
    balanced = min(BALANCERS * LISTENERS, count // 4)
    services = tuple(_service(at, nodes, count, ports, balanced) for at in range(count))
    behind = [one for one in services if one.type is ServiceType.LOAD_BALANCER]
    from_lb = rule("pods from lb", Direction.INGRESS, GroupPeer(group="lb"), _span(TARGET, TARGET))
    from_office = rule("node ports", Direction.INGRESS, within(OFFICE), _span(FIRST, FIRST + NODE_PORTS - 1))
    group = made.groups["nodes"]
    groups = {
        "nodes": group.model_copy(update={"rules": (*group.rules, from_lb, from_office)}),
        "lb": SecurityGroup(
            name="lb",
            vpc="net",
            rules=(
                rule("listeners", Direction.INGRESS, within("0.0.0.0/0"), _span(1, 1023)),
                rule("pods", Direction.EGRESS, within("100.64.0.0/10"), _span(TARGET, TARGET)),
            ),
        ),
    }
    cluster = made.clusters[0].model_copy(update={"hairpin": True, "service_ranges": (ip_network("172.20.0.0/16"),)})
    return made.model_copy(
        update={
            "clusters": (cluster,),
            "groups": groups,
            "services": services,
            "load_balancers": tuple(_balancers(behind)),
            "target_groups": {one.name: _targets(one) for one in behind},
        }
    )


def _span(first: int, last: int) -> PortSpan:
    return PortSpan(protocol=TCP, first=first, last=last)


def _service(at: int, nodes: int, count: int, ports: int, balanced: int) -> Service:
    """Write one with its part of all pods, each on another node."""
    kind = ServiceType.NODE_PORT if at < ports else ServiceType.CLUSTER_IP
    if ports <= at < ports + balanced:
        kind = ServiceType.LOAD_BALANCER
    number = 80 + (at - ports) % LISTENERS if kind is ServiceType.LOAD_BALANCER else 80
    port = ServicePort(port=number, protocol=TCP, target_port=TARGET, node_port=FIRST + at if at < ports else None)
    members = nodes * PODS_PER_NODE // count
    start = int(ip_network("100.64.0.0/10").network_address)
    backends = []
    for member in range(members):
        node, place = (at + member * 7) % nodes, (at // nodes) * members + member
        address = IPv4Address(start + node * 2 ** (32 - NODE_BITS) + 2 + place)
        backends.append(ServiceEndpoint.model_construct(address=address, node=f"n{node}", ports={"": TARGET}))
    return Service.model_construct(
        namespace="shop",
        name=f"s{at}",
        type=kind,
        cluster_ip=str(IPv4Network("172.20.0.0/16")[at + 1]),
        ports=(port,),
        endpoints=tuple(backends),
        sources=(within(OFFICE if kind is ServiceType.NODE_PORT else "0.0.0.0/0"),),
    )


def _balancers(services: list[Service]) -> list[LoadBalancer]:
    """Share them out: each has ports of its own on a load balancer that it shares."""
    found = []
    for first in range(0, len(services), LISTENERS):
        share = services[first : first + LISTENERS]
        listeners = tuple(
            Listener(name=one.name, port=80 + at, protocols=(TCP,), target_group=one.name, service=one.label)
            for at, one in enumerate(share)
        )
        found.append(
            LoadBalancer(
                name=f"lb{first}",
                internet_facing=True,
                subnets=tuple(f"s{zone}" for zone in range(3)),
                groups=("lb",),
                cross_zone=True,
                listeners=listeners,
            )
        )
    return found


def _targets(service: Service) -> TargetGroup:
    assert isinstance(service.endpoints, tuple)
    targets = tuple(Target(name=str(one.address), port=TARGET, address=one.address) for one in service.endpoints)
    return TargetGroup(
        name=service.name,
        protocols=(TCP,),
        type=TargetType.IP,
        targets=targets,
        health_check=HealthCheck(protocol=TCP),
        preserves_client=True,
    )
