"""Clusters in which one thing of Services isn't known: each with its property and what is said of it."""

from __future__ import annotations

from kubewire.prover.facts.firewall import (
    PrefixListPeer,
)
from kubewire.prover.facts.services import (
    HealthCheck,
    Zone,
)
from kubewire.prover.facts.unknown import Unknown
from tests.unit.prover.nets import cluster, rule, within
from tests.unit.prover.served import (
    TCP,
    UDP,
    admin,
    balancer,
    balancer_group,
    bank,
    cart,
    endpoint,
    listener,
    node_group,
    opened,
    port,
    records,
    served,
    target_group,
    web,
)
from tests.unit.prover.service_cases import IN, OPEN, Case, cname, endless, internal, named

UNKNOWN_PORT = Unknown(comes_from="the node port")
UNSURE: list[Case] = [
    (21, lambda: served(clusters=(cluster(hairpin=True, service_ranges=OPEN),)), "who knows"),
    (
        21,
        lambda: served(services={"cart": cart(ports=(port(80, target_port="http"),), endpoints=OPEN)}),
        "which number the pods of shop/cart give to port http",
    ),
    (21, lambda: endless("cart", endpoints=OPEN, selects=False), "who answers for shop/cart: it selects no pods"),
    (21, lambda: endless("cart", endpoints=(endpoint("a", port(80), exists=OPEN),)), "who knows"),
    (21, lambda: served(clusters=(cluster(hairpin=True, open_ends=("an Auto Scaling group",)),)), "an Auto Scaling"),
    (22, lambda: endless("cart", internal_local=True, endpoints=OPEN), "the endpoints of shop/cart"),
    (
        23,
        lambda: served(
            services={
                "web": web(
                    ports=(port(443, name="tcp", node_port=UNKNOWN_PORT), port(443, UDP, name="udp", node_port=30444))
                )
            },
            load_balancers=(balancer(listeners=(listener(protocols=(TCP, UDP)),)),),
        ),
        "the node port",
    ),
    (24, lambda: served(clusters=(cluster(),)), "hairpin mode"),
    (25, lambda: served(clusters=(cluster(hairpin=True, unmasqueraded=OPEN),)), "who knows"),
    (26, lambda: served(services={"admin": admin(sources=None)}), "who may connect to shop/admin from outside"),
    (26, lambda: served(services={"admin": admin(ports=(port(8080, node_port=UNKNOWN_PORT),))}), "the node port"),
    (26, lambda: served(services={"admin": admin(local=True, endpoints=OPEN)}), "the endpoints of shop/admin"),
    (
        26,
        lambda: served(services={"admin": admin(sources=(PrefixListPeer(prefix_list="pl-1"),))}),
        "the ranges of prefix list pl-1",
    ),
    (27, lambda: served(groups={"lb": balancer_group()}), "the rules of security group nodes"),
    (
        27,
        lambda: served(
            groups={
                "nodes": node_group(rule("list", IN, PrefixListPeer(prefix_list="pl-1"), opened(30081))),
                "lb": balancer_group(),
            }
        ),
        "the ranges of prefix list pl-1",
    ),
    (
        27,
        lambda: served(
            groups={
                "nodes": node_group(rule("lab", IN, within("10.0.40.0/24"), opened(30090))),
                "lb": balancer_group(),
            },
            services={"admin": admin(ports=(port(8080, node_port=UNKNOWN_PORT),))},
        ),
        "the node port",
    ),
    (29, lambda: served(clusters=(cluster(hairpin=True, node_ports=OPEN),)), "who knows"),
    (30, lambda: served(services={"web": web(ports=(port(443, node_port=UNKNOWN_PORT),))}), "the node port"),
    (
        33,
        lambda: served(
            services={"web": web(local=True, health_check_node_port=OPEN)},
            target_groups={"web": target_group(health_check=HealthCheck(protocol=TCP, http=True, port=30999))},
        ),
        "who knows",
    ),
    (34, lambda: internal(subnets=(OPEN,)), "the subnets of lb"),
    (35, lambda: served(load_balancers=(balancer(cross_zone=OPEN, subnets=("front-one",)),)), "who knows"),
    (36, lambda: served(services={"web": web(sources=None)}), "who may connect to shop/web from outside"),
    (
        37,
        lambda: served(load_balancers=(balancer(listeners=tuple(listener(port=1000 + at) for at in range(51))),)),
        "the account's quota of listeners per Network Load Balancer",
    ),
    (38, lambda: served(services={"bank": bank(external_name=OPEN)}), "who knows"),
    (39, lambda: named(web=cname("web.shop.internal", OPEN, service="shop/web")), "who knows"),
    (
        39,
        lambda: named(bank=cname("bank.shop.internal", "db.example.com")),
        "whether db.example.com is there: it is outside of what is known here",
    ),
    (
        39,
        lambda: served(
            zones=(Zone(domain="shop.internal", vpcs=("net",), records=records(), open_ends=("others' records",)),)
        ),
        "others' records",
    ),
]
