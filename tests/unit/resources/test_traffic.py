from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from kubewire.deferred import UNKNOWN
from kubewire.resources.traffic import CidrPeer, Direction, GroupPeer, Ports, Protocol, Rule, read_rule

NODES = GroupPeer(name="nodes", id="sg-1")
OFFICE = CidrPeer.model_validate({"cidr": "10.8.0.0/16"})


def rule(protocol: Protocol, ports: tuple[Any, Any] | None, peer: CidrPeer | GroupPeer = OFFICE) -> Rule:
    bounds = Ports(first=ports[0], last=ports[1]) if ports else None
    return Rule(direction=Direction.INGRESS, protocol=protocol, ports=bounds, peer=peer)


RULES: dict[str, tuple[Rule, dict[str, Any]]] = {
    "a port": (rule(Protocol.TCP, (80, 80)), {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80}),
    "a range": (rule(Protocol.UDP, (0, 65535)), {"IpProtocol": "udp", "FromPort": 0, "ToPort": 65535}),
    "everything": (rule(Protocol.ALL, None), {"IpProtocol": "-1"}),
    "all ICMP": (rule(Protocol.ICMP, None), {"IpProtocol": "icmp", "FromPort": -1, "ToPort": -1}),
    "a type of ICMP": (rule(Protocol.ICMP, (8, -1)), {"IpProtocol": "icmp", "FromPort": 8, "ToPort": -1}),
    "a code of ICMP": (rule(Protocol.ICMP, (3, 4)), {"IpProtocol": "icmp", "FromPort": 3, "ToPort": 4}),
}


@pytest.mark.parametrize("case", RULES)
def test_is_written_as_authorize_takes_it(case: str) -> None:
    declared, written = RULES[case]
    assert declared.permission("why") == {**written, "IpRanges": [{"CidrIp": "10.8.0.0/16", "Description": "why"}]}


@pytest.mark.parametrize("case", RULES)
def test_is_read_as_it_was_declared(case: str) -> None:
    declared, written = RULES[case]
    row: Any = {"FromPort": -1, "ToPort": -1, **written, "IsEgress": False, "CidrIpv4": "10.8.0.0/16"}
    assert read_rule(row, {}) == declared


def test_a_group_is_referred_to_by_its_id_and_read_by_its_name() -> None:
    declared = rule(Protocol.ALL, None, NODES)
    assert declared.permission("why")["UserIdGroupPairs"] == [{"GroupId": "sg-1", "Description": "why"}]
    row: Any = {"IsEgress": False, "IpProtocol": "-1", "ReferencedGroupInfo": {"GroupId": "sg-1"}}
    assert read_rule(row, {"sg-1": "nodes"}) == declared
    unknown = read_rule(row, {})
    assert unknown
    assert unknown.peer == GroupPeer(name="sg-1", id="sg-1")


@pytest.mark.parametrize(
    "row",
    [
        {"IpProtocol": "-1", "CidrIpv6": "::/0"},
        {"IpProtocol": "-1", "PrefixListId": "pl-1"},
        {"IpProtocol": "50", "CidrIpv4": "10.0.0.0/8"},
        {"IpProtocol": "icmpv6", "CidrIpv4": "10.0.0.0/8"},
    ],
    ids=["IPv6", "prefix list", "ESP", "ICMPv6"],
)
def test_what_can_not_be_declared_is_not_read(row: Any) -> None:
    assert read_rule(row | {"IsEgress": False}, {}) is None


def test_a_range_that_somebody_wrote_with_host_bits_is_read() -> None:
    row: Any = {"IsEgress": False, "IpProtocol": "-1", "CidrIpv4": "10.8.1.1/16"}
    assert read_rule(row, {}) == rule(Protocol.ALL, None)


@pytest.mark.parametrize(
    ("protocol", "ports", "words"),
    [
        (Protocol.TCP, None, "says which ports"),
        (Protocol.UDP, None, "says which ports"),
        (Protocol.ALL, (80, 80), "has no ports"),
        (Protocol.TCP, (81, 80), "no range of ports"),
        (Protocol.TCP, (-1, -1), "no range of ports"),
        (Protocol.TCP, (0, 65536), "65535"),
        (Protocol.ICMP, (-1, -1), "every type of ICMP"),
        (Protocol.ICMP, (8, 256), "no type and code"),
    ],
)
def test_traffic_that_is_none_is_refused(protocol: Protocol, ports: tuple[int, int] | None, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        rule(protocol, ports)


def test_ports_may_be_known_later() -> None:
    first: object = rule(Protocol.TCP, (UNKNOWN, UNKNOWN)).identity()[2]
    assert first is UNKNOWN


def test_two_directions_are_two_rules() -> None:
    inward = rule(Protocol.ALL, None)
    assert inward.identity() != inward.model_copy(update={"direction": Direction.EGRESS}).identity()


def test_a_renamed_group_is_the_same_peer() -> None:
    renamed = GroupPeer(name="machines", id="sg-1")
    assert rule(Protocol.ALL, None, NODES).identity() == rule(Protocol.ALL, None, renamed).identity()
