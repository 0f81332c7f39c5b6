"""The cluster of nets.py with Services of every type in it, all of them right, to be broken in one way at a time."""

from __future__ import annotations

from ipaddress import IPv4Address, ip_network
from typing import Any

from kubewire.prover.facts.facts import Facts
from kubewire.prover.facts.firewall import Direction, GroupPeer, GroupRule, PortSpan, SecurityGroup
from kubewire.prover.facts.network import RouteTable, Subnet, Via
from kubewire.prover.facts.services import (
    HealthCheck,
    Listener,
    LoadBalancer,
    Record,
    Service,
    ServiceEndpoint,
    ServicePort,
    ServiceType,
    Target,
    TargetGroup,
    Zone,
)
from tests.unit.prover.nets import PODS, cluster, facts, group, rule, to, within

TCP, UDP = 6, 17
OFFICE = "10.8.0.0/16"
DNS_NAME = "web-1234.elb.eu-west-1.amazonaws.com"
PODS_OF = {"a": "100.64.0.7", "b": "100.64.1.7", "c": "100.64.2.7"}


FRONT = RouteTable(name="front", vpc="net", routes=(to("0.0.0.0/0", Via.INTERNET_GATEWAY, "igw"),))
"""The table of the load balancer's subnets."""


def port(number: int, protocol: int = TCP, **changes: Any) -> ServicePort:
    """Write a port of a Service; its pods listen on 8000 more."""
    given = {"port": number, "protocol": protocol, "target_port": 8000 + number}
    return ServicePort.model_validate({**given, **changes})


def endpoint(at: str, *ports: ServicePort, **changes: Any) -> ServiceEndpoint:
    """Write a pod behind a Service."""
    given = {
        "address": IPv4Address(PODS_OF[at]),
        "node": at,
        "pod": f"shop/pod-{at}",
        "ports": {one.name: one.target_port for one in ports},
    }
    return ServiceEndpoint.model_validate({**given, **changes})


def service(name: str, kind: ServiceType, *ports: ServicePort, **changes: Any) -> Service:
    """Write a Service with a pod on each node."""
    given = {
        "namespace": "shop",
        "name": name,
        "type": kind,
        "cluster_ip": f"10.96.0.{len(name)}",
        "ports": ports,
        "endpoints": tuple(endpoint(node, *ports) for node in PODS),
    }
    return Service.model_validate({**given, **changes})


def cart(**changes: Any) -> Service:
    """Write a ClusterIP Service."""
    return service("cart", ServiceType.CLUSTER_IP, port(80), **changes)


def dns(**changes: Any) -> Service:
    """Write one with one port of both protocols."""
    both = (port(53, name="tcp"), port(53, UDP, name="udp", target_port=9053))
    return service("resolver", ServiceType.CLUSTER_IP, *both, **changes)


def admin(**changes: Any) -> Service:
    """Write a NodePort Service for the office."""
    given = {"sources": (within(OFFICE),), **changes}
    return service("admin", ServiceType.NODE_PORT, port(8080, node_port=30081), **given)


def web(**changes: Any) -> Service:
    """Write a Service behind a load balancer, for everybody."""
    given = {"sources": (within("0.0.0.0/0"),), **changes}
    return service("web", ServiceType.LOAD_BALANCER, port(443, node_port=30443), **given)


def bank(**changes: Any) -> Service:
    """Write a name for a name."""
    given = {"cluster_ip": None, "endpoints": (), "external_name": "db.shop.internal", **changes}
    return service("bank", ServiceType.EXTERNAL_NAME, **given)


SERVICES = {"cart": cart, "resolver": dns, "admin": admin, "web": web, "bank": bank}


def targets(number: int = 30443) -> tuple[Target, ...]:
    """Write all nodes as targets."""
    return tuple(Target(name=node, port=number) for node in PODS)


def target_group(**changes: Any) -> TargetGroup:
    """Write the load balancer's target group."""
    given = {
        "name": "web",
        "protocols": (TCP,),
        "targets": targets(),
        "health_check": HealthCheck(protocol=TCP),
        "preserves_client": True,
    }
    return TargetGroup.model_validate({**given, **changes})


def listener(**changes: Any) -> Listener:
    """Write its listener."""
    given = {"name": "web", "port": 443, "protocols": (TCP,), "target_group": "web", "service": "shop/web"}
    return Listener.model_validate({**given, **changes})


def balancer(**changes: Any) -> LoadBalancer:
    """Write the load balancer."""
    given = {
        "name": "lb",
        "internet_facing": True,
        "subnets": ("front-one", "front-two"),
        "groups": ("lb",),
        "cross_zone": True,
        "dns_name": DNS_NAME,
        "service": "shop/web",
        "listeners": (listener(),),
    }
    return LoadBalancer.model_validate({**given, **changes})


def opened(number: int, protocol: int = TCP) -> PortSpan:
    """Write one port as a rule's match."""
    return PortSpan(protocol=protocol, first=number, last=number)


def node_group(*extra: GroupRule, without: str = "") -> SecurityGroup:
    """Write the nodes' group with what Services need."""
    own = [
        rule("admin from the office", Direction.INGRESS, within(OFFICE), opened(30081)),
        rule("web from lb", Direction.INGRESS, GroupPeer(group="lb"), opened(30443)),
        rule("to the web", Direction.EGRESS, GroupPeer(group="lb"), opened(443)),
    ]
    return group(*(one for one in own if one.name != without), *extra)


def balancer_group(*extra: GroupRule, source: str = "0.0.0.0/0") -> SecurityGroup:
    """Write the load balancer's group."""
    rules = [
        rule("web from its sources", Direction.INGRESS, within(source), opened(443)),
        rule("web to nodes", Direction.EGRESS, GroupPeer(group="nodes"), opened(30443)),
    ]
    return SecurityGroup(name="lb", vpc="net", rules=(*rules, *extra))


def front(name: str, **changes: Any) -> Subnet:
    """Write a subnet of the load balancer's."""
    number = {"front-one": 8, "front-two": 9}[name]
    given = {
        "name": name,
        "vpc": "net",
        "zone": "z1" if number == 8 else "z2",
        "ranges": (ip_network(f"10.0.{number}.0/24"),),
        "table": "front",
    }
    return Subnet.model_validate({**given, **changes})


def records(**changed: Record | None) -> tuple[Record, ...]:
    """Write the zone's records; `None` leaves one out."""
    found: dict[str, Record | None] = {
        "web": Record(name="web.shop.internal", type="CNAME", values=(DNS_NAME,), service="shop/web"),
        "bank": Record(name="bank.shop.internal", type="CNAME", values=("db.shop.internal",), service="shop/bank"),
        "db": Record(name="db.shop.internal", type="A", values=("10.0.0.200",)),
        **changed,
    }
    return tuple(one for one in found.values() if one is not None)


def served(*, services: dict[str, Service | None] | None = None, **changes: Any) -> Facts:
    """Write the whole; `services` replaces some by name, or leaves them out."""
    whole: dict[str, Service | None] = {**{name: make() for name, make in SERVICES.items()}, **(services or {})}
    given: dict[str, Any] = {
        "clusters": (cluster(hairpin=True),),
        "subnets": {**facts().subnets, "front-one": front("front-one"), "front-two": front("front-two")},
        "tables": {**facts().tables, "front": FRONT},
        "groups": {"nodes": node_group(), "lb": balancer_group()},
        "services": tuple(one for one in whole.values() if one is not None),
        "load_balancers": (balancer(),),
        "target_groups": {"web": target_group()},
        "zones": (Zone(domain="shop.internal", vpcs=("net",), records=records()),),
    }
    return facts(**{**given, **changes})
