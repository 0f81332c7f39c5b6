"""Clusters in which one thing of Services is wrong: each with its property and what is said of it."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Address, ip_network

from kubewire.prover.facts.cluster import Proxy
from kubewire.prover.facts.facts import Facts
from kubewire.prover.facts.firewall import (
    Acl,
    AclRow,
    AnyTraffic,
    Direction,
    GroupPeer,
    SecurityGroup,
    WholeProtocol,
)
from kubewire.prover.facts.quotas import Quotas
from kubewire.prover.facts.services import (
    HealthCheck,
    Record,
    ServiceType,
    Zone,
)
from kubewire.prover.facts.unknown import Unknown
from tests.unit.prover.nets import cluster, interface, rule, table, within
from tests.unit.prover.served import (
    DNS_NAME,
    OFFICE,
    TCP,
    UDP,
    admin,
    balancer,
    balancer_group,
    bank,
    cart,
    dns,
    endpoint,
    listener,
    node_group,
    opened,
    port,
    records,
    served,
    service,
    target_group,
    targets,
    web,
)

OPEN = Unknown(comes_from="who knows")
IN, OUT = Direction.INGRESS, Direction.EGRESS


def walled(*rows: tuple[int, Direction, bool, str, int | None]) -> Facts:
    """Put an ACL before the first nodes' subnet: number, way, whether it allows, range, protocol or all."""
    made = tuple(
        AclRow(
            number=number,
            direction=way,
            allows=allows,
            match=AnyTraffic() if protocol is None else WholeProtocol(protocol=protocol),
            range=ip_network(cidr),
        )
        for number, way, allows, cidr, protocol in rows
    )
    one = served().subnets["one"].model_copy(update={"acl": "wall"})
    return served(subnets={**served().subnets, "one": one}, acls={"wall": Acl(name="wall", rows=made)})


ALL_IN, ALL_OUT = (900, IN, True, "0.0.0.0/0", None), (900, OUT, True, "0.0.0.0/0", None)


def endless(name: str, **changes: object) -> Facts:
    """Change what is known of a Service's endpoints."""
    makers = {"cart": cart, "admin": admin, "web": web, "resolver": dns}
    return served(services={name: makers[name](**changes)})


def internal(source: str = "10.0.0.0/16", **changes: object) -> Facts:
    """Make the load balancer internal, for the VPC."""
    return served(
        load_balancers=(balancer(internet_facing=False, **changes),),
        groups={"nodes": node_group(), "lb": balancer_group(source=source)},
        services={"web": web(sources=(within(source),))},
    )


def proxied(**changes: object) -> Facts:
    """Say how kube-proxy is set."""
    return served(clusters=(cluster(hairpin=True, proxy=Proxy.model_validate(changes)),))


def routed_by_nat() -> Facts:
    """Lead pods of b, as the first table has it, to the NAT gateway."""
    first = table("first", without="b")
    return served(tables={**served().tables, "first": first})


Case = tuple[int, Callable[[], Facts], str]

CLUSTER_IPS: list[Case] = [
    (
        21,
        lambda: endless("cart", cluster_ip="10.97.0.1"),
        "shop/cart has the address 10.97.0.1, and Services have 10.96",
    ),
    (21, lambda: endless("cart", cluster_ip="10.96.0.8"), "10.96.0.8 is the address of shop/cart and of shop/resolver"),
    (21, lambda: endless("cart", endpoints=()), "shop/cart has no endpoint that is ready"),
    (21, lambda: endless("cart", endpoints=(endpoint("a", port(80), ready=False),)), "no endpoint that is ready"),
    (21, lambda: endless("cart", endpoints=(endpoint("a", port(80), exists=False),)), "pod shop/pod-a is gone"),
    (
        21,
        lambda: endless("cart", endpoints=(endpoint("a", port(80), address=IPv4Address("100.64.1.9")),)),
        "no pod of a can have that address",
    ),
    (21, lambda: endless("cart", endpoints=(endpoint("a", port(80), node="gone"),)), "on gone, which isn't there"),
    (
        21,
        lambda: endless("cart", endpoints=(endpoint("a", port(80, target_port=9999)),)),
        "has the target port 8080, and its endpoint 100.64.0.7 still has 9999",
    ),
    (21, lambda: endless("cart", endpoints=(endpoint("a"),)), "it has no 80"),
    (
        21,
        lambda: served(
            groups={"nodes": node_group(without=""), "lb": balancer_group()},
            tables={**served().tables, "first": table("first", without="c")},
        ),
        "doesn't reach shop/",
    ),
    (
        22,
        lambda: endless("cart", internal_local=True, endpoints=(endpoint("a", port(80)),)),
        "what b sends to shop/cart is dropped, and not refused",
    ),
    (22, lambda: walled(ALL_IN, ALL_OUT, (10, OUT, False, OFFICE, 1)), "waits for shop/admin where nobody answers"),
    (23, lambda: served(services={"cart": service("cart", ServiceType.CLUSTER_IP, port(80), port(80))}), "there twice"),
    (
        23,
        lambda: served(services={"cart": service("cart", ServiceType.CLUSTER_IP, port(80), port(80, UDP))}),
        "has no name, as another of its ports",
    ),
    (
        23,
        lambda: served(load_balancers=(balancer(listeners=(listener(), listener(name="again"))),)),
        "port 443 of lb has two listeners, web and again",
    ),
    (
        23,
        lambda: served(load_balancers=(balancer(listeners=(listener(protocols=(TCP, UDP)),)),)),
        "takes udp/443, and shop/web has that port for another protocol",
    ),
    (24, lambda: served(clusters=(cluster(hairpin=False),)), "it hands no packet back to the pod that sent it"),
    (25, lambda: proxied(masquerades_all=True), "masqueradeAll is set"),
    (25, lambda: proxied(pod_ranges=("100.64.0.0/23",)), "on what 100.64.2.0/24 send to Services: its clusterCIDR"),
    (
        25,
        lambda: served(clusters=(cluster(hairpin=True, unmasqueraded=("10.0.0.0/16", "100.64.0.0/24")),)),
        "nodes put their own address on what pods send through Services to 100.64.1.7, 100.64.2.7",
    ),
    (25, routed_by_nat, "NAT gateway nat rewrites the source of what Services lead to 100.64.1.0/24 of b"),
]

NODE_PORTS: list[Case] = [
    (
        26,
        lambda: served(groups={"nodes": node_group(without="admin from the office"), "lb": balancer_group()}),
        "node a (10.0.0.10) doesn't take tcp/30081 from 10.8.0.0/16",
    ),
    (26, lambda: walled(ALL_IN, ALL_OUT, (10, IN, False, "10.8.9.0/24", TCP)), "from 10.8.9.0/24"),
    (26, lambda: endless("admin", local=True, endpoints=(endpoint("b", port(8080)),)), "no endpoint on a, c"),
    (
        27,
        lambda: served(
            groups={
                "nodes": node_group(rule("lab", IN, within("10.0.40.0/24"), opened(30081))),
                "lb": balancer_group(),
            }
        ),
        "10.0.40.0/24 reaches tcp/30081 of node a (10.0.0.10) by 'lab', and is no declared source of shop/admin",
    ),
    (
        27,
        lambda: served(
            groups={
                "nodes": node_group(rule("bastion", IN, GroupPeer(group="bastion"))),
                "lb": balancer_group(),
                "bastion": SecurityGroup(name="bastion", vpc="net"),
            },
            interfaces={
                **served().interfaces,
                "jump": interface(
                    "a", address=IPv4Address("10.0.0.77"), groups=("bastion",), machine="jump"
                ).model_copy(update={"name": "jump"}),
            },
        ),
        "jump (10.0.0.77) reaches tcp/30",
    ),
    (
        29,
        lambda: served(services={"web": web(ports=(port(443, node_port=30081),))}),
        "node port 30081 is that of shop/",
    ),
    (
        29,
        lambda: served(services={"web": web(ports=(port(443, node_port=8443),))}),
        "8443 of shop/web:443 (tcp/443) isn't",
    ),
    (
        29,
        lambda: served(services={"web": web(local=True, health_check_node_port=30081)}),
        "node port 30081 is that of shop/admin:8080 (tcp/8080) and of the health check of shop/web",
    ),
    (
        29,
        lambda: served(
            groups={
                "nodes": node_group(
                    rule("by mistake", IN, within(OFFICE), opened(30081, UDP)), without="admin from the office"
                ),
                "lb": balancer_group(),
            }
        ),
        "takes udp/30081 from 10.8.0.0/16, where the Service has tcp/30081",
    ),
]

BALANCERS: list[Case] = [
    (30, lambda: served(target_groups={"web": target_group(targets=targets(30081))}), "has 30443 there"),
    (30, lambda: served(target_groups={"web": target_group(targets=targets()[:2])}), "doesn't send to c"),
    (
        30,
        lambda: served(load_balancers=(balancer(listeners=(listener(port=80),)),)),
        "takes tcp/80, which shop/web doesn't",
    ),
    (
        33,
        lambda: served(
            services={"web": web(local=True, health_check_node_port=30999)},
            target_groups={"web": target_group(health_check=HealthCheck(protocol=TCP, http=True, port=10256))},
        ),
        "asks port 10256, and nodes of shop/web tell at 30999 what they have",
    ),
    (
        33,
        lambda: served(
            services={"web": web(local=True, health_check_node_port=30999)},
            target_groups={"web": target_group(health_check=HealthCheck(protocol=TCP, port=10250))},
        ),
        "asks port 10250, which answers without endpoints of shop/web too",
    ),
    (34, internal, "node a (10.0.0.10) gets no answer of listener 443 of load balancer lb when it is sent back to a"),
    (
        35,
        lambda: served(load_balancers=(balancer(cross_zone=False, subnets=("front-one",)),)),
        "sends nothing to b in z2: it is in z1, and doesn't cross zones",
    ),
    (
        36,
        lambda: served(services={"web": web(sources=(within("203.0.113.0/24"),))}),
        "of load balancer lb, and is no declared source of shop/web",
    ),
    (
        36,
        lambda: served(
            load_balancers=(balancer(groups=()),),
            services={"web": web(sources=(within("203.0.113.0/24"),))},
            groups={"nodes": node_group(rule("all", IN, within("0.0.0.0/0"), opened(30443))), "lb": balancer_group()},
        ),
        "is no declared source of shop/web",
    ),
    (
        37,
        lambda: served(
            load_balancers=(balancer(listeners=tuple(listener(port=1000 + at) for at in range(51))),),
            quotas=Quotas(listeners_per_balancer=50),
        ),
        "lb has 51 listeners, and AWS takes 50",
    ),
    (
        37,
        lambda: served(quotas=Quotas(rules_per_group=4)),
        "security group nodes has 5 ingress rules of IPv4, and AWS takes 4",
    ),
    (37, lambda: served(quotas=Quotas(targets_per_zone=2)), "lb sends to 3 targets from each zone, and AWS takes 2"),
    (
        37,
        lambda: served(load_balancers=(balancer(cross_zone=False),), quotas=Quotas(targets_per_zone=1)),
        "lb has 2 targets in z2, and AWS takes 1",
    ),
]


def named(**changed: Record | None) -> Facts:
    """Change records of the zone."""
    return served(zones=(Zone(domain="shop.internal", vpcs=("net",), records=records(**changed)),))


def cname(name: str, *values: str | Unknown, **changes: object) -> Record:
    """Write a CNAME."""
    return Record.model_validate({"name": name, "type": "CNAME", "values": values, **changes})


NAMES: list[Case] = [
    (38, lambda: served(services={"bank": bank(external_name="10.0.0.7")}), "leads to 10.0.0.7, an address"),
    (38, lambda: served(services={"bank": bank(external_name="10.0.0.256")}), "an address"),
    (38, lambda: served(services={"bank": bank(external_name="a_b.example.com")}), "which is no DNS name"),
    (38, lambda: served(services={"bank": bank(external_name=None)}), "is an ExternalName without a name"),
    (38, lambda: served(services={"bank": bank(cluster_ip="10.96.0.99")}), "is an ExternalName with the address 10.96"),
    (38, lambda: served(services={"bank": bank(ports=(port(80),))}), "is an ExternalName with ports"),
    (38, lambda: served(services={"bank": bank(endpoints=(endpoint("a"),))}), "is an ExternalName with endpoints"),
    (38, lambda: served(services={"cart": cart(external_name="x.example.com")}), "has an externalName, and is a Clus"),
    (39, lambda: named(apex=cname("shop.internal", "db.shop.internal")), "shop.internal CNAME is the apex of its zone"),
    (
        39,
        lambda: named(web2=Record(name="WEB.shop.internal.", type="A", values=("10.0.0.9",))),
        "web.shop.internal has several records, A, CNAME",
    ),
    (39, lambda: named(db=None), "bank.shop.internal CNAME dangles: db.shop.internal is in zone shop.internal"),
    (
        39,
        lambda: named(bank=cname("bank.shop.internal", "evil.example.com", service="shop/bank")),
        "stands for db.shop",
    ),
    (39, lambda: named(web=cname("web.shop.internal", "old.elb.amazonaws.com", service="shop/web")), DNS_NAME),
    (
        39,
        lambda: named(web=cname("web.shop.internal", OPEN, service="shop/web", balancer="other")),
        "leads to load balancer other, which isn't that of shop/web",
    ),
    (
        39,
        lambda: named(
            loop=cname("a.shop.internal", "b.shop.internal"), back=cname("b.shop.internal", "a.shop.internal")
        ),
        "leads back to itself",
    ),
    (
        39,
        lambda: named(two=cname("two.shop.internal", DNS_NAME, "db.shop.internal")),
        "has 2 values, and a CNAME has one",
    ),
    (
        39,
        lambda: named(
            alias=Record(name="old.shop.internal", type="A", values=(), alias="gone.shop.internal", service="shop/web")
        ),
        "old.shop.internal A leads to gone.shop.internal",
    ),
]
WRONG = CLUSTER_IPS + NODE_PORTS + BALANCERS + NAMES
