"""Each property of Services in a cluster where it holds, and broken in one way at a time: by the right witness."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Address

import pytest

from kubewire.prover.facts.cluster import Apart
from kubewire.prover.facts.facts import Facts
from kubewire.prover.facts.firewall import (
    GroupPeer,
    PortSpan,
    PrefixListPeer,
)
from kubewire.prover.facts.network import Via
from kubewire.prover.facts.services import (
    Record,
    Target,
    TargetType,
    WeightedPolicy,
)
from kubewire.prover.properties import PROPERTIES
from tests.unit.prover.nets import PODS, broken, cluster, group, interface, rule, table, to, unproven, verdict, within
from tests.unit.prover.served import (
    DNS_NAME,
    PODS_OF,
    TCP,
    UDP,
    admin,
    balancer,
    balancer_group,
    endpoint,
    front,
    listener,
    node_group,
    opened,
    port,
    served,
    target_group,
    web,
)
from tests.unit.prover.service_cases import IN, OPEN, OUT, WRONG, Case, cname, endless, internal, named
from tests.unit.prover.service_doubts import UNSURE

OURS = (*range(20, 28), *range(29, 40))


def test_there_is_a_property_for_every_number_but_the_difference() -> None:
    assert [item.number for item in PROPERTIES] == list(range(1, 40))
    assert len({item.title for item in PROPERTIES}) == len({item.check for item in PROPERTIES}) == len(PROPERTIES)


@pytest.mark.parametrize("number", [item.number for item in PROPERTIES])
def test_holds_where_all_is_right(number: int) -> None:
    assert verdict(served(), number).verdict == "holds"


@pytest.mark.parametrize("number", OURS)
def test_holds_without_services(number: int) -> None:
    made = served(services=dict.fromkeys(("cart", "resolver", "admin", "web", "bank")), load_balancers=(), zones=())
    assert verdict(made, number).verdict == "holds"


@pytest.mark.parametrize(("number", "make", "said"), WRONG, ids=[f"{at}-{one[0]}" for at, one in enumerate(WRONG)])
def test_broken_by_the_right_witness(number: int, make: Callable[[], Facts], said: str) -> None:
    whole = verdict(make(), number)
    assert said in broken(make(), number) or any(said in str(one) for one in whole.witnesses), broken(make(), number)  # type: ignore[union-attr]  # broken, or the first would have said so


@pytest.mark.parametrize(("number", "make", "said"), UNSURE, ids=[f"{at}-{one[0]}" for at, one in enumerate(UNSURE)])
def test_not_proven_where_a_value_is_unknown(number: int, make: Callable[[], Facts], said: str) -> None:
    assert any(said in unknown for unknown in unproven(make(), number)), unproven(make(), number)


def test_every_property_of_services_is_broken_and_not_proven_by_some_case() -> None:
    assert {number for number, _, _ in WRONG} == set(OURS) - {20, 31, 32}
    assert {number for number, _, _ in UNSURE} == set(OURS) - {20, 31, 32}


RIGHT: list[Case] = [
    (21, lambda: endless("cart", endpoints=OPEN), "any pod may be behind it, and all are reached"),
    (21, lambda: endless("cart", internal_local=True), "a pod on each node"),
    (
        21,
        lambda: endless("cart", endpoints=(endpoint("a", port(80), address=IPv4Address("10.0.0.10")),)),
        "on its host",
    ),
    (23, served, "one Service with one port of both"),
    (26, lambda: served(services={"admin": admin(local=True)}), "endpoints everywhere"),
    (33, lambda: served(services={"web": web(local=True, health_check_node_port=30999)}), "the node port itself"),
    (34, lambda: internal(source="203.0.113.0/24"), "no client inside"),
    (35, lambda: served(load_balancers=(balancer(subnets=("front-one",)),)), "it crosses zones"),
]


@pytest.mark.parametrize(("number", "make", "why"), RIGHT, ids=[f"{at}-{one[0]}" for at, one in enumerate(RIGHT)])
def test_holds_although_it_looks_odd(number: int, make: Callable[[], Facts], why: str) -> None:
    assert verdict(make(), number).verdict == "holds", why


def test_both_protocols_of_a_listener_go_to_their_own_ports() -> None:
    both = (port(443, name="tcp", node_port=30443), port(443, UDP, name="udp", node_port=30443))
    right = served(
        services={"web": web(ports=both, endpoints=tuple(endpoint(node, *both) for node in PODS))},
        load_balancers=(balancer(listeners=(listener(protocols=(TCP, UDP)),)),),
        target_groups={"web": target_group(protocols=(TCP, UDP))},
    )
    assert {verdict(right, number).verdict for number in (23, 29, 30)} == {"holds"}
    apart = (both[0], port(443, UDP, name="udp", node_port=30444))
    mixed = right.model_copy(update={"services": (web(ports=apart),)})
    assert "sends udp/443 to port 30443 of a, another protocol's" in broken(mixed, 23)
    assert "sends to port 30443 of a (udp/30443), and shop/web has 30444 there" in broken(mixed, 30)


def test_pods_may_be_the_targets_by_address() -> None:
    pods = tuple(Target(name=node, port=8443, address=IPv4Address(address)) for node, address in PODS_OF.items())
    admitted = rule("web from lb to pods", IN, GroupPeer(group="lb"), opened(8443))
    out = rule("web to pods", OUT, within("100.64.0.0/16"), opened(8443))
    right = served(
        target_groups={"web": target_group(type=TargetType.IP, targets=pods)},
        groups={"nodes": node_group(admitted), "lb": balancer_group(out)},
    )
    assert {verdict(right, number).verdict for number in OURS} == {"holds"}
    fewer = right.model_copy(update={"target_groups": {"web": target_group(type=TargetType.IP, targets=pods[1:])}})
    assert "doesn't send to 100.64.0.7 of shop/web" in broken(fewer, 30)
    closed = right.model_copy(update={"groups": {"nodes": node_group(), "lb": balancer_group(out)}})
    assert "don't get tcp/8443 to pod 100.64.0.7 on a" in broken(closed, 31)
    assert "the destination becomes a, port 8443; the source stays the client" in broken(closed, 31)


def test_a_weighted_cname_may_be_beside_its_like() -> None:
    def weighed(identifier: str) -> Record:
        policy = WeightedPolicy(set_identifier=identifier, weight=1)
        return cname("web.shop.internal", DNS_NAME, service="shop/web", policy=policy)

    assert verdict(named(web=weighed("one"), other=weighed("two")), 39).verdict == "holds"
    assert "has several records" in broken(named(web=weighed("one"), other=weighed("one")), 39)


def test_a_name_of_the_balancer_that_only_the_apply_will_know_is_its_own() -> None:
    record = cname("web.shop.internal", OPEN, service="shop/web", balancer="lb")
    assert verdict(named(web=record), 39).verdict == "holds"


def test_a_prefix_list_is_a_source_as_a_whole() -> None:
    listed = PrefixListPeer(prefix_list="pl-1")
    made = served(
        services={"admin": admin(sources=(listed,))},
        groups={
            "nodes": node_group(rule("by list", IN, listed, opened(30081)), without="admin from the office"),
            "lb": balancer_group(),
        },
    )
    assert {verdict(made, number).verdict for number in (26, 27, 29)} == {"holds"}


def test_a_stranger_without_a_way_in_is_no_exposure() -> None:
    some = node_group(rule("shop", IN, within("203.0.113.0/24"), opened(30081)))
    private = served(groups={"nodes": some, "lb": balancer_group()})
    assert verdict(private, 27).verdict == "holds"
    subnets = {name: one.model_copy(update={"table": "front"}) for name, one in private.subnets.items()}
    without = private.model_copy(update={"subnets": subnets})
    assert verdict(without, 27).verdict == "holds"
    public = {**without.interfaces, "b": interface("b", public="198.51.100.7")}
    found = broken(without.model_copy(update={"interfaces": public}), 27)
    assert "203.0.113.0/24 reaches tcp/30081 of node b (10.0.1.10) by 'shop'" in found
    assert "route table front: 0.0.0.0/0 -> internet gateway igw" in found
    assert 'security group nodes, into b: rule "shop"' in found


def test_the_control_plane_and_neighbouring_pods_are_no_strangers() -> None:
    plane = Apart(peers=(within("10.9.0.0/28"),))
    wide = group(rule("all of it", IN, within("10.9.0.0/28")), rule("pods", IN, within("100.64.0.0/16")))
    made = served(
        clusters=(cluster(hairpin=True, control_plane=plane),),
        groups={
            "nodes": node_group().model_copy(update={"rules": (*node_group().rules, *wide.rules)}),
            "lb": balancer_group(),
        },
    )
    assert verdict(made, 27).verdict == "holds"


def test_an_internal_balancer_admits_no_one_from_the_internet_behind_a_transit_gateway() -> None:
    way = to("0.0.0.0/0", Via.TRANSIT_GATEWAY, "hub")
    front_table = served().tables["front"].model_copy(update={"routes": (way,)})
    made = internal(source="0.0.0.0/0")
    made = made.model_copy(update={"tables": {**made.tables, "front": front_table}})
    assert any("what is behind 0.0.0.0/0 -> transit gateway hub" in one for one in unproven(made, 36))
    assert verdict(internal(source="0.0.0.0/0"), 36).verdict == "holds"


def test_a_witness_of_a_service_begins_at_kube_proxy_and_names_every_hop() -> None:
    without = dict.fromkeys(("resolver", "admin", "web"))
    made = served(tables={**served().tables, "first": table("first", without="c")}, services=without)
    lines = broken(made, 21).splitlines()
    assert "doesn't reach shop/cart:80: the way to port 8080 of pod 100.64.2.7 on c is closed" in lines[0]
    assert "kube-proxy on a: shop/cart:80 becomes port 8080 of pod 100.64.2.7 on c, and the source stays" in lines[2]
    assert "first: 0.0.0.0/0 -> NAT gateway nat, so it leaves the VPC, with its source rewritten" in lines[-1]


def test_two_clusters_have_node_ports_of_their_own() -> None:
    one = served()
    two = [service.model_copy(update={"cluster": "net"}) for service in one.services]
    others = [service.model_copy(update={"cluster": "other"}) for service in one.services]
    made = one.model_copy(update={"services": (*two, *others)})
    assert {verdict(made, number).verdict for number in (21, 29)} == {"holds"}


def test_ports_of_an_unknown_span_may_be_a_node_port() -> None:
    unsure = PortSpan(protocol=TCP, first=OPEN, last=OPEN)
    lab = rule("lab", IN, within("10.0.40.0/24"), unsure)
    assert "who knows" in unproven(served(groups={"nodes": node_group(lab), "lb": balancer_group()}), 27)


def test_zones_of_targets_count_by_themselves() -> None:
    made = served(
        subnets={**served().subnets, "front-two": front("front-two", zone=OPEN)},
        load_balancers=(balancer(cross_zone=False),),
    )
    assert "who knows" in unproven(made, 35)
