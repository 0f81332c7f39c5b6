from __future__ import annotations

from ipaddress import IPv4Network
from typing import Any

import pytest
from hypothesis import given

from kubewire import ClusterNetworkArgs
from kubewire.model import Ref
from kubewire.network.endpoints import GatewayService
from kubewire.network.firewall import endpoint_rules, node_rules, ways_to_endpoints
from kubewire.resources.security_group_rules import SecurityGroupRulesArgs
from kubewire.resources.traffic import CidrPeer, Direction, GroupPeer, PrefixListPeer, Protocol, Rule
from tests.unit.network.strategies import Wire, descriptions
from tests.unit.program import declared, network_args

OWN_RULES = 2
"""In each direction: one for nodes, one for pods."""
GROUP = Ref(name="shop-nodes", id="sg-1")
PLANE: Wire = {"kind": "group", "name": "eks", "id": "sg-0123456789abcdef0"}
OVERLAY: Wire = {"kind": "overlay", "cidr": "100.64.0.0/16", "encapsulation": "vxlan"}
DUAL_STACK: Wire = {
    "vpc": {"kind": "new", "cidr": "10.0.0.0/16", "ipv6": True},
    "pods": {"kind": "routed", "cidr": "100.64.0.0/16", "cidr6": "fd00::/72"},
    "nodes": declared(),
}


def rules(**changed: Any) -> dict[str, Rule]:
    return node_rules(network_args(**changed), GROUP)


def written(found: dict[str, Rule], *, but: str = "") -> set[str]:
    """Write rules as `in tcp 443 eks`, without those whose names start with a word."""
    lines = set()
    for name, rule in found.items():
        who = rule.peer.cidr if isinstance(rule.peer, CidrPeer) else rule.peer.name
        ports = f" {rule.ports.first}-{rule.ports.last}" if rule.ports else ""
        if not but or not name.startswith(but):
            way = "in" if rule.direction is Direction.INGRESS else "out"
            lines.add(f"{way} {rule.protocol}{ports} {who}".replace("-1 ", "all "))
    return lines


def test_pods_are_named_by_their_range_for_no_interface_has_their_addresses() -> None:
    pods = [rule.peer for name, rule in rules().items() if name.endswith("pods")]
    assert pods == [CidrPeer(cidr=IPv4Network("100.64.0.0/16"))] * 2


def test_nodes_are_named_by_their_group() -> None:
    nodes = [rule.peer for name, rule in rules().items() if name.endswith("nodes")]
    assert nodes == [GroupPeer(name="shop-nodes", id="sg-1")] * 2


@pytest.mark.parametrize("pods", [{"kind": "vpc"}, OVERLAY])
def test_pods_that_are_not_routed_are_in_the_group(pods: Wire) -> None:
    assert written(rules(pods=pods, nodes=declared())) == {"in all shop-nodes", "out all shop-nodes"}


def test_dual_stack_pods_are_named_by_both_ranges() -> None:
    admitted = {str(rule.peer.cidr) for rule in rules(**DUAL_STACK).values() if isinstance(rule.peer, CidrPeer)}
    assert admitted == {"100.64.0.0/16", "fd00::/72"}


@pytest.mark.parametrize("direction", Direction)
def test_its_own_rules_are_as_many_as_are_counted_for_it(direction: Direction) -> None:
    assert sum(rule.direction is direction for rule in rules().values()) == OWN_RULES


@pytest.mark.parametrize(
    "egress", [["anywhere"], ["10.9.0.0/16", "10.11.0.0/16"], ["10.9.0.0/16", "10.9.0.0/16"], ["100.64.0.0/16"]]
)
def test_every_way_out_makes_a_set_that_ec2_takes(egress: list[str]) -> None:
    found = rules(egress=egress)
    assert SecurityGroupRulesArgs(group=GROUP, rules=found).rules == found
    open_to = {
        str(rule.peer.cidr)
        for rule in found.values()
        if isinstance(rule.peer, CidrPeer) and rule.direction is Direction.EGRESS
    }
    assert open_to == {"100.64.0.0/16", *(cidr.replace("anywhere", "0.0.0.0/0") for cidr in egress)}


def test_every_rule_but_word_of_packets_too_big_admits_all_protocols() -> None:
    found = rules(egress=["anywhere"])
    assert {rule.protocol for name, rule in found.items() if "path MTU" not in name} == {Protocol.ALL}


class TestPathMtu:
    def test_whoever_is_talked_to_may_say_that_a_packet_was_too_big(self) -> None:
        found = rules(egress=["10.9.0.0/16"], path_mtu=["10.11.0.0/16"])
        heard = {name: rule for name, rule in found.items() if "path MTU" in name}
        # Destination unreachable, fragmentation needed (RFC 1191).
        assert written(heard) == {"in icmp 3-4 10.9.0.0/16", "in icmp 3-4 10.11.0.0/16"}

    def test_the_range_of_pods_needs_no_rule_of_its_own(self) -> None:
        assert not [name for name in rules(egress=["100.64.0.0/16"]) if "path MTU" in name]

    def test_in_ipv6_packet_too_big_is_another_protocol(self) -> None:
        found = {name: it for name, it in rules(egress=["anywhere"], **DUAL_STACK).items() if "path MTU" in name}
        assert written(found) == {"in icmp 3-4 0.0.0.0/0", "in icmpv6 2-0 ::/0"}

    @pytest.mark.parametrize(
        "source", [{"group": "sg-01234567", "name": "web"}, {"prefix_list": "pl-01234567", "name": "web", "entries": 3}]
    )
    def test_a_group_and_a_list_have_both_families(self, source: Wire) -> None:
        found = {name: it for name, it in rules(path_mtu=[source], **DUAL_STACK).items() if "path MTU" in name}
        assert written(found) == {"in icmp 3-4 web", "in icmpv6 2-0 web"}
        assert found.keys() == {"path MTU from web", "IPv6 path MTU from web"}


class TestControlPlane:
    def test_a_group_reaches_kubelets_and_webhooks_and_is_reached_on_its_api(self) -> None:
        assert written(rules(control_plane=PLANE), but="all") == {
            "in tcp 10250-10250 eks",
            "in tcp 8443-8443 eks",
            "in tcp 9443-9443 eks",
            "out tcp 443-443 eks",
        }

    def test_ranges_each_have_the_same(self) -> None:
        plane = {"kind": "ranges", "cidrs": ["10.9.0.0/28", "10.11.0.0/28"], "api_port": 6443, "webhooks": []}
        assert written(rules(control_plane=plane), but="all") == {
            f"{line} 10.{second}.0.0/28" for second in (9, 11) for line in ("in tcp 10250-10250", "out tcp 6443-6443")
        }

    def test_a_webhook_on_the_kubelet_s_port_is_no_second_rule(self) -> None:
        plane = {**PLANE, "webhooks": [10250, 8443, 8443]}
        found = rules(control_plane=plane)
        assert SecurityGroupRulesArgs(group=GROUP, rules=found).rules == found
        assert len([name for name in found if name.startswith("webhook")]) == 1

    @pytest.mark.parametrize(
        ("encapsulation", "carried"),
        [
            ("vxlan", "udp 4789-4789"),
            ("vxlan-8472", "udp 8472-8472"),
            ("geneve", "udp 6081-6081"),
            ("wireguard", "udp 51820-51820"),
            ("ip-in-ip", "4"),
        ],
    )
    @pytest.mark.parametrize("bgp", [False, True])
    def test_with_an_overlay_it_carries_packets_too(self, encapsulation: str, carried: str, bgp: bool) -> None:  # noqa: FBT001 - pytest gives it by name
        pods = {**OVERLAY, "encapsulation": encapsulation, "bgp": bgp}
        found = rules(pods=pods, nodes=declared(), control_plane={**PLANE, "webhooks": []})
        overlay = {f"in {carried} eks", f"out {carried} eks"}
        routes = {"in tcp 179-179 eks", "out tcp 179-179 eks"} if bgp else set()
        api = {"in tcp 10250-10250 eks", "out tcp 443-443 eks"}
        assert written(found, but="all") == overlay | routes | api

    def test_on_the_nodes_it_needs_no_rule(self) -> None:
        assert rules().keys() == {"all from nodes", "all to nodes", "all from pods", "all to pods"}


class TestEndpoints:
    def test_nodes_and_routed_pods_may_ask(self) -> None:
        found = endpoint_rules(network_args(), GROUP)
        assert written(found) == {"in tcp 443-443 shop-nodes", "in tcp 443-443 100.64.0.0/16"}

    def test_nodes_reach_the_interfaces_by_their_group_and_services_by_their_lists(self) -> None:
        lists = {GatewayService.S3: Ref(name="s3 of eu-west-1", id="pl-1")}
        found = ways_to_endpoints(Ref(name="shop-endpoints", id="sg-2"), lists)
        assert written(found) == {"out tcp 443-443 shop-endpoints", "out tcp 443-443 s3 of eu-west-1"}
        # AWS's own lists for gateways weigh one.
        assert [rule.peer.max_entries for rule in found.values() if isinstance(rule.peer, PrefixListPeer)] == [1]

    def test_without_endpoints_there_is_no_way(self) -> None:
        assert ways_to_endpoints(None, {}) == {}


@given(description=descriptions())
def test_ec2_takes_the_rules_of_every_network(description: Wire) -> None:
    found = node_rules(ClusterNetworkArgs(**description), GROUP)
    assert SecurityGroupRulesArgs(group=GROUP, rules=found).rules == found
