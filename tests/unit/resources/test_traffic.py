from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from kubewire.deferred import UNKNOWN
from kubewire.resources.security_group_rows import read_rule
from kubewire.resources.traffic import CidrPeer, Direction, GroupPeer, Peer, Ports, PrefixListPeer, Protocol, Rule

NODES = GroupPeer(name="nodes", id="sg-1")
OFFICE = CidrPeer.model_validate({"cidr": "10.8.0.0/16"})
OFFICE6 = CidrPeer.model_validate({"cidr": "2001:db8::/48"})
PARTNERS = PrefixListPeer(name="partners", id="pl-1", max_entries=20)


def rule(protocol: Protocol | int, ports: tuple[Any, Any] | None, peer: Peer = OFFICE) -> Rule:
    bounds = Ports(first=ports[0], last=ports[1]) if ports else None
    return Rule(direction=Direction.INGRESS, protocol=protocol, ports=bounds, peer=peer)


RULES: dict[str, tuple[Rule, dict[str, Any]]] = {
    "a port": (rule(Protocol.TCP, (80, 80)), {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80}),
    "a range": (rule(Protocol.UDP, (0, 65535)), {"IpProtocol": "udp", "FromPort": 0, "ToPort": 65535}),
    "everything": (rule(Protocol.ALL, None), {"IpProtocol": "-1"}),
    "all ICMP": (rule(Protocol.ICMP, None), {"IpProtocol": "icmp", "FromPort": -1, "ToPort": -1}),
    "a type of ICMP": (rule(Protocol.ICMP, (8, -1)), {"IpProtocol": "icmp", "FromPort": 8, "ToPort": -1}),
    "a code of ICMP": (rule(Protocol.ICMP, (3, 4)), {"IpProtocol": "icmp", "FromPort": 3, "ToPort": 4}),
    "all ICMPv6": (rule(Protocol.ICMPV6, None), {"IpProtocol": "icmpv6", "FromPort": -1, "ToPort": -1}),
    "a type of ICMPv6": (rule(Protocol.ICMPV6, (128, -1)), {"IpProtocol": "icmpv6", "FromPort": 128, "ToPort": -1}),
    "SCTP": (rule(Protocol.SCTP, None), {"IpProtocol": "132"}),
    "IP in IP": (rule(Protocol.IP_IN_IP, None), {"IpProtocol": "4"}),
    "ESP": (rule(Protocol.ESP, None), {"IpProtocol": "50"}),
    "GRE, which has no name here": (rule(47, None), {"IpProtocol": "47"}),
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


PEERS: dict[str, tuple[Peer, str, dict[str, str], dict[str, Any]]] = {
    "IPv4": (OFFICE, "IpRanges", {"CidrIp": "10.8.0.0/16"}, {"CidrIpv4": "10.8.0.0/16"}),
    "IPv6": (OFFICE6, "Ipv6Ranges", {"CidrIpv6": "2001:db8::/48"}, {"CidrIpv6": "2001:db8::/48"}),
    "group": (NODES, "UserIdGroupPairs", {"GroupId": "sg-1"}, {"ReferencedGroupInfo": {"GroupId": "sg-1"}}),
    "prefix list": (PARTNERS, "PrefixListIds", {"PrefixListId": "pl-1"}, {"PrefixListId": "pl-1"}),
}


@pytest.mark.parametrize("case", PEERS)
def test_every_kind_of_peer_is_written_and_read(case: str) -> None:
    peer, member, written, described = PEERS[case]
    declared = rule(Protocol.ALL, None, peer)
    assert declared.permission("why") == {"IpProtocol": "-1", member: [{**written, "Description": "why"}]}
    row: Any = {"IsEgress": False, "IpProtocol": "-1", "FromPort": -1, "ToPort": -1, **described}
    assert read_rule(row, {"sg-1": NODES, "pl-1": PARTNERS}) == declared


@pytest.mark.parametrize("case", PEERS)
def test_every_kind_of_peer_goes_over_the_wire_and_back(case: str) -> None:
    declared = rule(Protocol.ALL, None, PEERS[case][0])
    assert Rule.model_validate(declared.to_wire()) == declared


def test_groups_and_lists_that_nobody_named_are_read_by_their_ids() -> None:
    by_group: Any = {"IsEgress": False, "IpProtocol": "-1", "ReferencedGroupInfo": {"GroupId": "sg-1"}}
    by_list: Any = {"IsEgress": False, "IpProtocol": "-1", "PrefixListId": "pl-1"}
    group, listed = read_rule(by_group, {}), read_rule(by_list, {})
    assert group
    assert group.peer == GroupPeer(name="sg-1", id="sg-1")
    assert listed
    assert listed.peer == PrefixListPeer(name="pl-1", id="pl-1", max_entries=1)


@pytest.mark.parametrize(
    ("number", "name"),
    [(1, "icmp"), (4, "4"), ("6", "tcp"), (17, "udp"), ("50", "50"), (58, "icmpv6"), (132, "132"), ("-1", "-1")],
)
def test_a_protocol_by_its_number_is_the_one_that_has_the_name(number: Any, name: str) -> None:
    ports = {"first": 80, "last": 80} if name in ("tcp", "udp") else None
    given = {"direction": "ingress", "protocol": number, "ports": ports, "peer": OFFICE}
    assert Rule.model_validate(given).protocol is Protocol(name)


@pytest.mark.parametrize("protocol", [256, -2, "http", ""])
def test_protocols_that_are_none_are_refused(protocol: Any) -> None:
    with pytest.raises(ValidationError):
        rule(protocol, None)


@pytest.mark.parametrize("entries", [0, 1001])
def test_a_prefix_list_has_one_entry_to_a_thousand(entries: int) -> None:
    with pytest.raises(ValidationError, match=r"max_entries|maxEntries"):
        PrefixListPeer(name="partners", id="pl-1", max_entries=entries)


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
        (Protocol.ICMPV6, (-1, 0), "every type of ICMP"),
        (Protocol.ICMPV6, (256, -1), "no type and code"),
        (Protocol.SCTP, (80, 80), "IP protocol 132 has no ports"),
        (Protocol.IP_IN_IP, (80, 80), "IP protocol 4 has no ports"),
        (47, (0, 65535), "IP protocol 47 has no ports"),
    ],
)
def test_traffic_that_is_none_is_refused(protocol: Protocol | int, ports: tuple[int, int] | None, words: str) -> None:
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
