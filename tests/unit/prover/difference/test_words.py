"""How a difference reads."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

import pytest

from kubewire.net.addresses import Addresses
from kubewire.net.kinds import Kinds
from kubewire.prover.difference.covers import atoms, covers
from kubewire.prover.difference.delta import Turn
from kubewire.prover.difference.difference import Difference, difference
from kubewire.prover.facts.facts import Facts
from kubewire.prover.facts.firewall import Direction, GroupPeer, PortSpan
from kubewire.prover.facts.network import Via
from kubewire.prover.facts.services import (
    HealthCheck,
    Listener,
    LoadBalancer,
    Service,
    ServicePort,
    ServiceType,
    Target,
    TargetGroup,
)
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.witness import Outcome
from tests.unit.prover.nets import ADDRESSES, PODS, cluster, facts, group, interface, node, rule, table, to, within

WEB = PortSpan(protocol=6, first=30080, last=30080)
ANYWHERE = "0.0.0.0/0"
SIX = to("::/0", Via.INTERNET_GATEWAY, "gate")
FRONTEND = Service(
    namespace="shop",
    name="frontend",
    type=ServiceType.NODE_PORT,
    cluster_ip="10.96.0.9",
    ports=(ServicePort(port=80, protocol=6, target_port=8080, node_port=30080),),
)
PUBLIC = {
    "tables": {
        name: table(name).model_copy(
            update={"routes": (*table(name).routes[:-1], to(ANYWHERE, Via.INTERNET_GATEWAY, "gate"))}
        )
        for name in ("first", "second")
    },
    "interfaces": {name: interface(name, public=f"203.0.113.{at}") for at, name in enumerate(ADDRESSES, 1)},
    "services": (FRONTEND,),
}
"""Nodes that the internet finds, if their groups let it in."""


def opened(*peers: str, **others: Any) -> dict[str, Any]:
    rules = [rule(f"web from {peer}", Direction.INGRESS, within(peer), WEB) for peer in peers]
    return {"groups": {"nodes": group(*rules)}, **others}


def of(before: Facts | None, after: Facts) -> Difference:
    (found,) = difference(before, after)
    return found


def test_a_port_that_is_opened_to_the_world_is_one_line() -> None:
    found = of(facts(**PUBLIC), facts(**PUBLIC, **opened(ANYWHERE)))
    assert found.lines(Turn.GAINED) == [
        "internet => node port of shop/frontend (nodes:30080/tcp)",
        "the rest of the VPC => node port of shop/frontend (nodes and pods:30080/tcp)",
    ]
    assert found.lines(Turn.LOST) == found.lines(Turn.UNSURE) == []


def test_it_is_closed_again_by_the_same_line() -> None:
    opening = of(facts(**PUBLIC), facts(**PUBLIC, **opened(ANYWHERE)))
    closing = of(facts(**PUBLIC, **opened(ANYWHERE)), facts(**PUBLIC))
    assert closing.lines(Turn.LOST) == opening.lines(Turn.GAINED)
    assert closing.lines(Turn.GAINED) == []


def test_what_is_admitted_without_a_way_to_it_is_no_line() -> None:
    private = {**PUBLIC, "interfaces": {name: interface(name) for name in ADDRESSES}}
    found = of(facts(**private), facts(**private, **opened("198.51.100.0/24")))
    assert found.flows == ()


def test_a_witness_follows_a_packet_after_the_change() -> None:
    found = of(facts(**PUBLIC), facts(**PUBLIC, **opened("198.51.100.0/24")))
    (flow,) = found.flows
    witness = flow.witness()
    assert witness.traffic == "tcp/30080"
    assert {hop.outcome for hop in witness.hops} == {Outcome.PASSES}
    (lost,) = of(facts(**PUBLIC, **opened("198.51.100.0/24")), facts(**PUBLIC)).flows
    assert lost.witness().hops[-1].outcome is Outcome.STOPS


@pytest.mark.parametrize(
    ("peers", "said"),
    [
        (("198.51.100.0/24",), "198.51.100.0/24 => node port of shop/frontend (nodes:30080/tcp)"),
        (("198.51.100.7/32",), "198.51.100.7 => node port of shop/frontend (nodes:30080/tcp)"),
        (
            ("198.51.100.0/25", "198.51.100.128/25"),
            "198.51.100.0/24 => node port of shop/frontend (nodes:30080/tcp)",
        ),
        (
            ("198.51.100.0/24", "192.0.2.0/24"),
            "192.0.2.0/24, 198.51.100.0/24 => node port of shop/frontend (nodes:30080/tcp)",
        ),
    ],
)
def test_sources_are_named_by_their_ranges(peers: tuple[str, ...], said: str) -> None:
    assert of(facts(**PUBLIC), facts(**PUBLIC, **opened(*peers))).lines(Turn.GAINED) == [said]


def test_a_new_node_reaches_the_others_and_is_reached_by_them() -> None:
    fewer = facts(clusters=(cluster(nodes=(node("a"), node("b"))),))
    found = of(fewer, facts())
    inside = [line for line in found.lines(Turn.GAINED) if "VPC" not in line and "anyone" not in line]
    assert "node c and its pods => other nodes and pods, all traffic" in inside
    assert "other nodes and pods => node c and its pods, all traffic" in inside
    assert found.lines(Turn.LOST) == []


def test_pods_that_move_are_told_by_their_ranges() -> None:
    moved = {**PODS, "c": "100.64.9.0/24"}
    routes = {name: table(name, to(moved["c"], Via.INTERFACE, "c"), without="c") for name in ("first", "second")}
    after = facts(tables=routes, clusters=(cluster(nodes=(node("a"), node("b"), node("c", pod_ranges=(moved["c"],)))),))
    found = of(facts(), after)
    assert "pods 100.64.9.0/24 of c => other nodes and pods, all traffic" in found.lines(Turn.GAINED)
    assert "pods 100.64.2.0/24 of c => other nodes and pods, all traffic" in found.lines(Turn.LOST)


def test_members_of_another_group_are_senders_of_their_own() -> None:
    admitted = rule("admin", Direction.INGRESS, GroupPeer(group="bastion"), PortSpan(protocol=6, first=22, last=22))
    found = of(facts(), facts(groups={"nodes": group(admitted)}))
    assert found.lines(Turn.GAINED) == ["members of security group bastion => nodes and pods:22/tcp"]


def test_unknown_values_are_kept_apart_and_named() -> None:
    maybe = {
        **PUBLIC,
        "interfaces": {
            name: interface(name, public=Unknown(comes_from=f"the public address of {name}")) for name in PODS
        },
    }
    found = of(facts(**maybe), facts(**maybe, **opened("198.51.100.0/24")))
    assert found.lines(Turn.GAINED) == []
    assert found.lines(Turn.UNSURE) == ["198.51.100.0/24 => node port of shop/frontend (nodes:30080/tcp)"]
    assert found.flows[0].unknowns == {"the public address of a", "the public address of b"}, "one of each class"


def balanced(**changes: Any) -> dict[str, Any]:
    web = PortSpan(protocol=6, first=443, last=443)
    port = PortSpan(protocol=6, first=30080, last=30080)
    given: dict[str, Any] = {
        **PUBLIC,
        "interfaces": {name: interface(name) for name in PODS},
        "groups": {
            "nodes": group(rule("from lb", Direction.INGRESS, GroupPeer(group="lb"), port)),
            "lb": group().model_copy(
                update={
                    "name": "lb",
                    "rules": (
                        rule("in", Direction.INGRESS, within(ANYWHERE), web),
                        rule("out", Direction.EGRESS, GroupPeer(group="nodes")),
                    ),
                }
            ),
        },
        "load_balancers": (
            LoadBalancer(
                name="front",
                internet_facing=True,
                subnets=("one",),
                groups=("lb",),
                cross_zone=True,
                service="shop/frontend",
                listeners=(Listener(name="web", port=443, protocols=(6,), target_group="web"),),
            ),
        ),
        "target_groups": {
            "web": TargetGroup(
                name="web",
                protocols=(6,),
                targets=tuple(Target(name=name, port=30080) for name in PODS),
                health_check=HealthCheck(protocol=6),
                preserves_client=False,
            )
        },
    }
    return {**given, **changes}


def test_a_load_balancer_is_reached_as_far_as_the_nodes_behind_it() -> None:
    without = facts(**balanced(load_balancers=()))
    gained = of(without, facts(**balanced())).lines(Turn.GAINED)
    assert "internet and the rest of the VPC => load balancer of shop/frontend:443/tcp" in gained
    shut = facts(**balanced(groups={"nodes": group(), "lb": balanced()["groups"]["lb"]}))
    assert not [line for line in of(without, shut).lines(Turn.GAINED) if "load balancer" in line]


@pytest.mark.parametrize("preserves", [True, False])
def test_the_internet_reaches_the_ipv6_addresses_of_a_load_balancer(preserves: bool) -> None:  # noqa: FBT001 - a case
    given = balanced()
    tables = {name: one.model_copy(update={"routes": (*one.routes, SIX)}) for name, one in given["tables"].items()}
    web = given["target_groups"]["web"].model_copy(update={"preserves_client": preserves})
    opened_to = rule("in, IPv6", Direction.INGRESS, within("::/0"), PortSpan(protocol=6, first=443, last=443))
    lb = given["groups"]["lb"].model_copy(update={"rules": (*given["groups"]["lb"].rules, opened_to)})
    ready = {**given, "tables": tables, "target_groups": {"web": web}}
    to_all = {**ready, "groups": {**given["groups"], "lb": lb}}
    front = given["load_balancers"][0]
    dual = {"load_balancers": (front.model_copy(update={"dual_stack": True}),)}
    gained = ["internet (IPv6) => load balancer of shop/frontend:443/tcp"]
    assert of(facts(**to_all), facts(**{**to_all, **dual})).lines(Turn.GAINED) == gained
    assert of(facts(**{**ready, **dual}), facts(**{**to_all, **dual})).lines(Turn.GAINED) == gained


def test_ipv6_addresses_of_a_load_balancer_are_a_caveat_to_nodes_that_have_some() -> None:
    given = balanced(interfaces={name: interface(name, ipv6="2001:db8::9") for name in PODS})
    dual = facts(**{**given, "load_balancers": (given["load_balancers"][0].model_copy(update={"dual_stack": True}),)})
    caveat = "which nodes and pods reach the IPv6 addresses of load balancer shop/frontend"
    assert of(facts(**given), dual).caveats == (caveat,)
    assert of(dual, dual).caveats == of(facts(**given), facts(**given)).caveats == ()


def test_a_new_service_is_reached_by_nodes_and_pods() -> None:
    found = of(facts(), facts(services=(FRONTEND,)))
    assert found.lines(Turn.GAINED) == ["nodes and pods => Service shop/frontend:80/tcp"]
    headless = FRONTEND.model_copy(update={"cluster_ip": None})
    assert of(facts(), facts(services=(headless,))).flows == ()


def test_what_cannot_be_read_is_a_caveat() -> None:
    found = of(facts(), facts(strangers=("aws:ec2/route:Route odd",)))
    assert found.caveats == ("aws:ec2/route:Route odd",)


def test_sets_of_traffic_are_cut_by_each_other() -> None:
    web, both, all_tcp = Kinds.ports(6, 80), Kinds.ports(6, 80, 81), Kinds.protocol(6)
    parts = atoms([both, web, all_tcp])
    assert Kinds.union(parts) == all_tcp
    assert all(not (one & other) for one in parts for other in parts if one is not other)


def test_rectangles_share_no_packet_and_miss_none() -> None:
    web, ssh = Kinds.ports(6, 80), Kinds.ports(6, 22)
    pairs = {("a", "x"): web | ssh, ("a", "y"): web, ("b", "x"): web, ("b", "y"): web}
    found = covers(pairs)
    assert len(found) == 2
    for (source, destination), expected in pairs.items():
        parts = [kinds for ones, others, kinds in found if source in ones and destination in others]
        assert Kinds.union(parts) == expected
        assert len(parts) == (2 if (source, destination) == ("a", "x") else 1)


def test_addresses_of_both_sides_are_outside_as_either_says() -> None:
    wider = of(None, facts()).words.addresses(Addresses.of(ip_network("10.0.0.0/16")))
    assert wider == "the rest of the VPC"
