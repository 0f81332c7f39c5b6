"""The whole range of node ports, opened by the network itself."""

from __future__ import annotations

from typing import Any

import pytest

from kubewire.errors import InvalidInputError
from kubewire.model import Ref
from kubewire.network.firewall import node_rules
from kubewire.resources.security_group_rules import SecurityGroupRulesArgs
from kubewire.resources.traffic import CidrPeer, Direction, PrefixListPeer, Rule
from tests.unit.program import network_args

GROUP = Ref(name="shop-nodes", id="sg-1")


def opened(**node_ports: Any) -> dict[str, Rule]:
    """The rules that the network has more of than one without."""
    rules = node_rules(network_args(nodePorts=node_ports), GROUP)
    SecurityGroupRulesArgs(group=GROUP, rules=rules)
    return {name: rule for name, rule in rules.items() if name not in node_rules(network_args(), GROUP)}


def written(rule: Rule) -> tuple[str, int, int, str]:
    assert rule.direction is Direction.INGRESS
    assert rule.ports is not None
    peer = str(rule.peer.cidr) if isinstance(rule.peer, CidrPeer) else rule.peer.id
    return str(rule.protocol), int(rule.ports.first), int(rule.ports.last), peer


def test_nobody_reaches_node_ports_by_default() -> None:
    assert opened(first=30000, last=30999) == {}


def test_sources_reach_the_whole_range_and_tell_of_packets_that_are_too_big() -> None:
    listed = {"prefixList": "pl-0123456789abcdef0", "name": "monitors", "entries": 5}
    found = opened(first=30000, last=30999, sources=["192.168.0.0/24", "192.168.1.0/24", listed])
    assert {written(rule) for rule in found.values()} == {
        (protocol, first, last, peer)
        for protocol, first, last in (("tcp", 30000, 30999), ("udp", 30000, 30999), ("icmp", 3, 4))
        for peer in ("192.168.0.0/23", "pl-0123456789abcdef0")
    }
    assert {rule.peer.max_entries for rule in found.values() if isinstance(rule.peer, PrefixListPeer)} == {5}


def test_everybody_is_written_out() -> None:
    with pytest.raises(InvalidInputError, match=r"nodePorts\.sources\[0\]: 0\.0\.0\.0/0 is everybody"):
        opened(sources=["0.0.0.0/0"])
