"""Who reaches whom, in what the real engine planned, and with one place of it changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from kubewire.errors import InvalidInputError
from kubewire.prover.queries.can import Reply, can
from tests.unit.prover.engine import UNKNOWN, Plan
from tests.unit.prover.served import cart, endpoint, port, served

ADMIN = "SecurityGroupRules::shop.shop.frontend-admin.nodes"
BALANCER = "NetworkLoadBalancer::shop.shop.frontend"
OF_BALANCER = "SecurityGroupRules::shop.shop.frontend"
NODE_RULES = "SecurityGroupRules::shop.shop.frontend.nodes"
PUBLIC_TABLE = "RouteTable::shop-public"
PRIVATE_TABLE = "RouteTable::shop-private-eu-west-1a"
VPC = {"name": "shop", "id": UNKNOWN}


def ask(source: str, destination: str, *changes: Callable[[Plan], None]) -> Reply:
    plan = Plan()
    for change in changes:
        change(plan)
    return can(plan.facts(), source, destination)


def last_hop(reply: Reply) -> str:
    return str(reply.witness.hops[-1])


PLAIN = [
    ("internet", "lb:shop/frontend:80", "yes", 'rule "shop/frontend:http from load balancer"'),
    ("internet", "lb:shop/frontend:81", "no", "no ingress rule admits it"),
    ("internet", "node:node-a:30080", "no", "NAT gateway shop-eu-west-1a, which lets nobody in"),
    ("internet", "pod:node-a:8080", "no", "which lets nobody in"),
    ("internet", "node:node-a/icmp", "no", "which lets nobody in"),
    ("internet", "service:shop/redis-cart:6379", "no", "no route and no load balancer leads to Services' addresses"),
    ("10.8.0.0/16", "node:node-b:30081", "no", "which lets nobody in"),
    ("pod:node-a", "service:shop/redis-cart:6379", "yes", 'rule "all from pods"'),
    ("pod:node-a", "service:shop/redis-cart:6380", "no", "the Service has tcp/6379"),
    ("pod:node-a", "service:shop/redis-cart:6379/udp", "no", "the Service has tcp/6379"),
    ("pod:node-a", "pod:node-b:53/udp", "yes", 'rule "all from pods"'),
    ("pod:100.64.1.7", "node:node-c:10250", "yes", 'rule "all from pods"'),
    ("node:node-a", "pod:100.64.2.9/icmp", "yes", 'rule "all from nodes"'),
    ("node:node-a", "pod:node-a:80", "yes", "both are on it"),
    ("pod:node-a", "internet:443", "yes", "with its source rewritten"),
    ("node:node-b", "lb:shop/frontend:80", "yes", 'rule "shop/frontend:http from load balancer"'),
    ("pod:node-b", "service:shop/bank:443", "not proven", "payments.example.com"),
    ("10.0.0.0/16", "node:node-a:30081", "not proven", "the security groups of 10.0.16.0 and others"),
]


@pytest.mark.parametrize(("source", "destination", "answer", "decided_by"), PLAIN)
def test_a_plan_of_the_engine(source: str, destination: str, answer: str, decided_by: str) -> None:
    reply = ask(source, destination)
    assert reply.answer == answer
    assert decided_by in str(reply.witness)
    assert bool(reply.unknowns) is (answer == "not proven")
    words = {"yes": "reaches", "no": "doesn't reach", "not proven": "may reach"}
    assert reply.sentence.startswith(f"{source} {words[answer]} {destination}")


def no_rules(name: str) -> Callable[[Plan], None]:
    def change(plan: Plan) -> None:
        plan.inputs(name)["rules"].clear()

    return change


def route(table: str, destination: str, via: str) -> Callable[[Plan], None]:
    def change(plan: Plan) -> None:
        plan.inputs(table)["routes"][destination] = {"name": "way", "id": UNKNOWN, "via": via}

    return change


def internal(plan: Plan) -> None:
    plan.inputs(BALANCER)["scheme"] = "internal"
    plan.inputs(BALANCER)["subnets"] = dict.fromkeys((f"shop-private-eu-west-1{zone}" for zone in "abc"), UNKNOWN)


def internal_and_seen(plan: Plan) -> None:
    internal(plan)
    plan.inputs("TargetGroup::shop.shop.frontend.http")["preserveClientIp"] = False


def only_from(cidr: str) -> Callable[[Plan], None]:
    def change(plan: Plan) -> None:
        plan.inputs(OF_BALANCER)["rules"]["http from 0.0.0.0/0"]["peer"]["cidr"] = cidr

    return change


def wall(**entries: Any) -> Callable[[Plan], None]:
    """Put an ACL before the first private subnet."""
    common = {"number": 100, "action": "allow", "protocol": "-1", "cidr": "0.0.0.0/0"}
    rows = {f"{way} 100": {**common, "direction": way, **more} for way, more in entries.items()}
    subnets = {"shop-private-eu-west-1a": UNKNOWN}

    def change(plan: Plan) -> None:
        given = {"name": "wall", "vpc": VPC, "entries": rows, "subnets": subnets}
        plan.add("kubewire:index:NetworkAcl", "wall", given)

    return change


def stranger(plan: Plan) -> None:
    plan.add("aws:ec2/route:Route", "extra", {})


def chosen_by_the_server(plan: Plan) -> None:
    for target in plan.inputs("TargetGroup::shop.shop.frontend.http")["targets"].values():
        target["port"] = UNKNOWN


FRONT = "lb:shop/frontend:80"
CHANGED: list[tuple[str, str, Callable[[Plan], None], str, str]] = [
    ("internet", FRONT, no_rules(NODE_RULES), "no", "shop-nodes, into node-a: no ingress rule admits it"),
    ("internet", FRONT, no_rules(OF_BALANCER), "no", "into load balancer shop-shop-frontend: no ingress rule"),
    ("internet", FRONT, internal, "no", "which lets nobody in"),
    ("node:node-a", FRONT, internal, "not proven", "node node-a: it is the client's own node"),
    ("pod:node-a", FRONT, internal, "not proven", "node node-a: it is the client's own node"),
    ("pod:node-a", FRONT, internal_and_seen, "yes", 'rule "shop/frontend:http from load balancer"'),
    ("internet", FRONT, chosen_by_the_server, "not proven", "port of TargetGroup"),
    ("internet", FRONT, route(PUBLIC_TABLE, "0.0.0.0/0", "blackhole"), "no", "so no answer gets back"),
    ("node:node-a", FRONT, only_from("198.51.100.0/24"), "not proven", "the public address that node node-a gets"),
    ("10.8.0.0/16", "node:node-a:30081", route(PRIVATE_TABLE, "10.8.0.0/16", "transit-gateway"), "not proven", "way"),
    ("10.7.0.0/16", "node:node-a:30081", route(PRIVATE_TABLE, "10.7.0.0/16", "transit-gateway"), "no", "no ingress"),
    ("internet", "node:node-a:30081", route(PRIVATE_TABLE, "0.0.0.0/0", "internet-gateway"), "no", "no public address"),
    ("node:node-a", "internet:443", route(PRIVATE_TABLE, "0.0.0.0/0", "internet-gateway"), "no", "no answer gets back"),
    ("node:node-b", "node:node-a:22", wall(ingress={}), "yes", "row 100 allows"),
    ("node:node-b", "node:node-a:22", wall(ingress={"action": "deny"}), "no", "row 100 denies"),
    ("node:node-a", "internet:443", wall(ingress={}), "no", "network ACL wall, out of shop-private-eu-west-1a"),
    ("internet", FRONT, stranger, "not proven", "into node-a"),
]


@pytest.mark.parametrize(("source", "destination", "change", "answer", "said"), CHANGED)
def test_a_change_decides(
    source: str, destination: str, change: Callable[[Plan], None], answer: str, said: str
) -> None:
    reply = ask(source, destination, change)
    assert reply.answer == answer
    assert said in str(reply.witness)


def test_where_some_addresses_are_admitted_it_says_which() -> None:
    reply = ask("internet", FRONT, only_from("198.51.100.0/24"))
    assert (reply.answer, reply.sentence) == ("yes", "internet reaches lb:shop/frontend:80, with 198.51.100.0/24")


def test_one_node_that_refuses_is_told() -> None:
    reply = ask("internet", FRONT, wall(ingress={"action": "deny"}, egress={}))
    assert reply.answer == "not proven"
    assert reply.unknowns == ("which of those behind load balancer shop-shop-frontend it is sent to",)
    assert "into node-a" not in last_hop(reply)
    assert "row 100 denies" in last_hop(reply)


def test_a_route_to_services_is_no_answer_but_is_told() -> None:
    def to_node(plan: Plan) -> None:
        route_to = {"name": "node-a", "id": UNKNOWN, "via": "network-interface"}
        plan.inputs(PUBLIC_TABLE)["routes"]["10.96.0.0/16"] = route_to

    reply = ask("internet", "service:shop/redis-cart:6379", to_node)
    assert reply.answer == "not proven"
    assert "10.96.0.0/16 -> network interface node-a" in reply.unknowns[0]


def test_pods_of_which_the_addresses_are_not_known() -> None:
    def unknown(plan: Plan) -> None:
        plan.inputs("ClusterNetwork::shop")["nodes"]["node-a"]["podRanges"] = UNKNOWN

    reply = ask("pod:node-a", "node:node-b:10250", unknown)
    assert (reply.answer, reply.unknowns) == ("not proven", ("the pods of node-a: nothing says their addresses",))


WRONG = [
    ("pod:node-z", "node:node-a:22", "WHO: there is no node node-z\n  There are node-a, node-b, node-c."),
    ("node:node-a", "node:node-z:22", "WHOM: there is no node node-z"),
    ("pod:100.64.9.1", "node:node-a:22", "WHO: no node is known to have a pod 100.64.9.1"),
    ("somebody", "node:node-a:22", "WHO: somebody is nobody\n  Write `pod:NODE`"),
    ("10.8.0.1/16", "node:node-a:22", "WHO: 10.8.0.1/16 is nobody"),
    ("service:shop/cart", "node:node-a:22", "WHO: service:shop/cart opens no connections"),
    ("internet", "node:node-a", "WHOM: node:node-a has no port"),
    ("internet", "node:node-a:99999", "WHOM: 99999 is no port"),
    ("internet", "node:node-a:0", "WHOM: 0 is no port"),
    ("internet", "lb:shop/frontend/icmp", "WHOM: Services and load balancers take no ICMP"),
    ("internet", "lb:shop/cart:80", "WHOM: there is no load balancer of a Service shop/cart"),
    ("pod:node-a", "service:shop/cart:80", "WHOM: there is no Service shop/cart\n  There are shop/adservice"),
    ("internet", "10.9.0.0/16:80", "nothing here says how others reach each other"),
    ("fd00::/8", "node:node-a:80", "fd00::/8 and node:node-a:80 have no addresses of one IP version"),
]


@pytest.mark.parametrize(("source", "destination", "said"), WRONG)
def test_a_mistake_is_explained(source: str, destination: str, said: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        ask(source, destination)
    assert said in str(caught.value)


def test_of_several_networks_one_is_meant() -> None:
    facts = Plan().facts()
    twice = facts.model_copy(update={"clusters": (*facts.clusters, facts.clusters[0].model_copy(update={"name": "b"}))})
    with pytest.raises(InvalidInputError, match="which network is meant") as caught:
        can(twice, "internet", FRONT)
    assert caught.value.detail == "There are shop, b."
    assert can(twice, "internet", FRONT, "shop").answer == "yes"


@pytest.mark.parametrize(
    ("changes", "answer", "told"),
    [
        ({}, "yes", "100.64."),
        ({"endpoints": ()}, "no", "it has no endpoint that is ready, so it is refused"),
        ({"endpoints": (endpoint("b", port(80), ready=False),)}, "no", "it has no endpoint that is ready"),
        ({"endpoints": (endpoint("b", port(80)),)}, "yes", "100.64."),
        (
            {"endpoints": (endpoint("b", port(80)),), "internal_local": True},
            "no",
            "it has no endpoint that is ready on a, so it is refused",
        ),
        ({"endpoints": (endpoint("a", port(80)),), "internal_local": True}, "yes", "nothing of AWS's is between"),
        ({"endpoints": (endpoint("b", port(80), exists=False),)}, "no", "pod shop/pod-b is gone"),
        (
            {"endpoints": (endpoint("a", port(80)), endpoint("b", port(80), exists=False))},
            "not proven",
            "pod shop/pod-b is gone",
        ),
    ],
)
def test_a_service_of_which_the_cluster_tells_the_endpoints(changes: dict[str, Any], answer: str, told: str) -> None:
    reply = can(served(services={"cart": cart(**changes)}), "pod:a", "service:shop/cart:80")
    assert reply.answer == answer
    assert told in str(reply.witness)
