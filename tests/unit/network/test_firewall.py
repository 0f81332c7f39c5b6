from __future__ import annotations

from ipaddress import IPv4Network

import pytest

from kubewire.model import Ref
from kubewire.network.firewall import node_rules
from kubewire.network.quotas import OWN_RULES
from kubewire.resources.security_group_rules import SecurityGroupRulesArgs
from kubewire.resources.traffic import CidrPeer, Direction, GroupPeer, Protocol
from tests.unit.program import network_args

GROUP = Ref(name="shop-nodes", id="sg-1")


def test_pods_are_named_by_their_range_for_no_interface_has_their_addresses() -> None:
    pods = [rule.peer for name, rule in node_rules(network_args(), GROUP).items() if name.endswith("pods")]
    assert pods == [CidrPeer(cidr=IPv4Network("100.64.0.0/16"))] * 2


def test_nodes_are_named_by_their_group() -> None:
    nodes = [rule.peer for name, rule in node_rules(network_args(), GROUP).items() if name.endswith("nodes")]
    assert nodes == [GroupPeer(name="shop-nodes", id="sg-1")] * 2


@pytest.mark.parametrize("direction", Direction)
def test_its_own_rules_are_as_many_as_are_counted_for_it(direction: Direction) -> None:
    rules = node_rules(network_args(), GROUP).values()
    assert sum(rule.direction is direction for rule in rules) == OWN_RULES


@pytest.mark.parametrize(
    "egress", [["anywhere"], ["10.9.0.0/16", "10.10.0.0/16"], ["10.9.0.0/16", "10.9.0.0/16"], ["100.64.0.0/16"]]
)
def test_every_way_out_makes_a_set_that_ec2_takes(egress: list[str]) -> None:
    rules = node_rules(network_args(egress=egress), GROUP)
    assert SecurityGroupRulesArgs(group=GROUP, rules=rules).rules == rules
    open_to = {str(rule.peer.cidr) for rule in rules.values() if isinstance(rule.peer, CidrPeer)}
    assert open_to == {"100.64.0.0/16", *(cidr.replace("anywhere", "0.0.0.0/0") for cidr in egress)}


def test_every_rule_admits_all_protocols() -> None:
    rules = node_rules(network_args(egress=["anywhere"]), GROUP).values()
    assert {rule.protocol for rule in rules} == {Protocol.ALL}
