from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_network

import pytest

from kubewire.net.addresses import Addresses, address_at, point
from kubewire.net.kinds import IpProtocol, Kinds, kind_name
from kubewire.net.traffic import Traffic

TCP, UDP = IpProtocol.TCP, IpProtocol.UDP


@pytest.mark.parametrize(
    ("kinds", "text"),
    [
        (Kinds.everything(), "all traffic"),
        (Kinds.nothing(), ""),
        (Kinds.ports(TCP, 80), "tcp/80"),
        (Kinds.ports(TCP, 80, 90) | Kinds.ports(UDP, 53), "tcp/80-90, udp/53"),
        (Kinds.protocol(UDP), "udp"),
        (Kinds.icmp(8), "icmp/8"),
        (Kinds.icmp(3, 4), "icmp/3/4"),
        (Kinds.icmp(128, protocol=IpProtocol.ICMPV6), "icmpv6/128"),
        (Kinds.protocol(200), "protocol 200"),
        (Kinds.everything() - Kinds.ports(TCP, 22), "all traffic but tcp/22"),
    ],
)
def test_kinds_read_as_people_write_them(kinds: Kinds, text: str) -> None:
    assert str(kinds) == text


def test_one_kind_has_a_name() -> None:
    made = [Kinds.ports(TCP, 443), Kinds.icmp(8, 0), Kinds.protocol(IpProtocol.GRE)]
    assert [kind_name(kinds.lowest()) for kinds in made] == ["tcp/443", "icmp/8/0", "gre"]


def test_addresses_of_both_versions_stand_beside_each_other() -> None:
    both = Addresses.of(ip_network("10.0.0.0/25"), ip_network("10.0.0.128/25"), ip_network("fd00::1/128"))
    assert str(both) == "10.0.0.0/24, fd00::1"
    assert point(IPv6Address("::1")) not in Addresses.ipv4()
    assert [address_at(place) for place in (point(IPv4Address("10.0.0.1")), point(IPv6Address("fd00::1")))] == [
        IPv4Address("10.0.0.1"),
        IPv6Address("fd00::1"),
    ]


def test_a_span_off_the_line_is_refused() -> None:
    with pytest.raises(ValueError, match="isn't a part of the line"):
        Kinds.ports(TCP, 80, 79)
    with pytest.raises(ValueError, match="isn't a part of the line"):
        Kinds.protocol(256)


def test_traffic_reads_as_who_sends_what_to_whom() -> None:
    web = Traffic.between(
        Addresses.of(ip_network("0.0.0.0/0")), Addresses.one(IPv4Address("10.0.0.1")), Kinds.ports(TCP, 80)
    )
    assert str(web) == "0.0.0.0/0 -> 10.0.0.1 tcp/80"
    assert str(web - web) == "nothing"
