from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubewire.deferred import UNKNOWN
from kubewire.resources.network_acl import AclEntry
from kubewire.resources.network_acl_entries import read_entries

PLACE = {"direction": "ingress", "number": 100, "action": "allow"}
V4, V6 = "10.0.0.0/8", "2001:db8::/56"


def entry(**fields: Any) -> AclEntry:
    return AclEntry.model_validate({**PLACE, "cidr": V4, **fields})


def ports(first: Any, last: Any) -> dict[str, Any]:
    return {"first": first, "last": last}


ranges = st.tuples(st.integers(0, 65535), st.integers(0, 65535)).map(lambda pair: ports(min(pair), max(pair)))
types = st.builds(ports, st.integers(0, 255), st.integers(-1, 255))
any_fields = st.one_of(
    st.fixed_dictionaries({"protocol": st.sampled_from(["tcp", "udp"]), "ports": ranges}),
    st.fixed_dictionaries({"protocol": st.just("icmp"), "ports": types | st.none()}),
    st.fixed_dictionaries({"protocol": st.just("icmpv6"), "ports": types | st.none(), "cidr": st.just(V6)}),
    st.fixed_dictionaries({"protocol": st.just("-1") | st.integers(0, 255).filter(lambda n: n not in (1, 6, 17, 58))}),
)


@given(fields=any_fields, cidr=st.sampled_from([V4, V6]), direction=st.sampled_from(["ingress", "egress"]))
def test_what_is_written_reads_the_same(fields: dict[str, Any], cidr: str, direction: str) -> None:
    one = AclEntry.model_validate({**PLACE, "direction": direction, "cidr": cidr, **fields})
    row: Any = one.written()
    assert read_entries([row]) == {f"{direction} 100": one}
    assert AclEntry.model_validate(one.to_wire()) == one


@pytest.mark.parametrize(
    ("fields", "written"),
    [
        ({"protocol": "tcp", "ports": ports(80, 81)}, {"Protocol": "6", "PortRange": {"From": 80, "To": 81}}),
        ({"protocol": 17, "ports": ports(53, 53)}, {"Protocol": "17", "PortRange": {"From": 53, "To": 53}}),
        ({"protocol": "icmp"}, {"Protocol": "1", "IcmpTypeCode": {"Type": -1, "Code": -1}}),
        ({"protocol": "icmp", "ports": ports(8, -1)}, {"Protocol": "1", "IcmpTypeCode": {"Type": 8, "Code": -1}}),
        ({}, {"Protocol": "-1"}),
        ({"protocol": 47}, {"Protocol": "47"}),
        ({"protocol": "4"}, {"Protocol": "4"}),
    ],
)
def test_protocols_are_numbers(fields: dict[str, Any], written: dict[str, Any]) -> None:
    place = {"Egress": False, "RuleNumber": 100, "RuleAction": "allow", "CidrBlock": V4}
    assert entry(**fields).written() == {**place, **written}


def test_icmpv6_of_ipv6_has_its_types_written() -> None:
    written = entry(protocol="icmpv6", cidr=V6, ports=ports(128, 0)).written()
    assert (written["Protocol"], written["Ipv6CidrBlock"]) == ("58", V6)
    assert written["IcmpTypeCode"] == {"Type": 128, "Code": 0}


@pytest.mark.parametrize(
    ("fields", "summary"),
    [
        ({"protocol": "tcp"}, "an entry for tcp says which ports"),
        ({"protocol": "udp", "ports": ports(2, 1)}, "2 to 1 is no range of ports"),
        ({"protocol": "tcp", "ports": ports(-1, -1)}, "-1 to -1 is no range of ports"),
        ({"ports": ports(1, 2)}, "an entry for IP protocol -1 has no ports"),
        ({"protocol": 47, "ports": ports(1, 2)}, "an entry for IP protocol 47 has no ports"),
        ({"protocol": "icmpv6", "ports": ports(128, 0)}, "an entry for IP protocol icmpv6 has no ports"),
        ({"protocol": "icmp", "ports": ports(-1, -1)}, "every type of ICMP"),
        ({"protocol": "icmp", "ports": ports(256, 0)}, "256 with 0 is no type and code of ICMP"),
        ({"number": 0}, "greater than or equal to 1"),
        ({"number": 32767}, "less than or equal to 32766"),
        ({"cidr": "10.0.0.1/8"}, "10.0.0.1/8 has host bits set|is no range of addresses"),
    ],
)
def test_what_aws_takes_otherwise_is_refused(fields: dict[str, Any], summary: str) -> None:
    with pytest.raises(ValueError, match=summary):
        entry(**fields)


def test_ports_and_a_range_may_be_known_later() -> None:
    found = entry(protocol="tcp", ports=ports(UNKNOWN, UNKNOWN), cidr=UNKNOWN)
    assert (found.key, found.to_wire()["cidr"]) == ("ingress 100", UNKNOWN)


def test_what_aws_puts_at_the_end_is_not_read() -> None:
    last: Any = [
        {"Egress": egress, "RuleNumber": number, "RuleAction": "deny", "Protocol": "-1", **cidr}
        for egress in (True, False)
        for number, cidr in ((32767, {"CidrBlock": "0.0.0.0/0"}), (32768, {"Ipv6CidrBlock": "::/0"}))
    ]
    assert read_entries(last) == {}
