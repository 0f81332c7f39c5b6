from __future__ import annotations

from ipaddress import IPv4Network, ip_network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from kubewire.network.sources import ANYWHERE, OWN_NAMES, WORLD, WORLD6, Source, all_peers, weight
from kubewire.resources.destinations import within
from kubewire.resources.traffic import CidrPeer, GroupPeer, PrefixListPeer
from tests.unit.network.people import sources

adapter: TypeAdapter[Any] = TypeAdapter(Source)
LIST, OTHER_LIST = "pl-0123456789abcdef0", "pl-0123456789abcdef1"
GROUP = "sg-0123456789abcdef0"


def peers(*described: Any, ipv6: bool = False) -> dict[str, Any]:
    return dict(all_peers([adapter.validate_python(source) for source in described], ipv6=ipv6))


def test_anywhere_is_written_out() -> None:
    assert adapter.validate_python("anywhere") is ANYWHERE
    assert peers("anywhere") == {"0.0.0.0/0": CidrPeer(cidr=WORLD)}
    assert list(peers("anywhere", ipv6=True)) == ["0.0.0.0/0", "::/0"]


@pytest.mark.parametrize("cidr", ["10.8.0.0/16", "2001:db8::/32"])
def test_a_range_is_itself(cidr: str) -> None:
    assert adapter.validate_python(cidr) == ip_network(cidr)
    assert peers(cidr) == {cidr: CidrPeer(cidr=ip_network(cidr))}


@pytest.mark.parametrize("source", ["0.0.0.0/0", WORLD, "::/0", WORLD6])
def test_the_world_does_not_hide_in_a_range(source: Any) -> None:
    with pytest.raises(ValidationError, match="is everybody"):
        adapter.validate_python(source)


@pytest.mark.parametrize("source", ["0.0.0.0/7", "2000::/15"])
def test_nor_does_a_large_part_of_it(source: str) -> None:
    with pytest.raises(ValidationError, match="large part of the internet"):
        adapter.validate_python(source)


@pytest.mark.parametrize(
    "source", ["everywhere", "10.8.0.1/16", "", None, 10, {}, {"cidr": "10.8.0.0/16"}, ["anywhere"]]
)
def test_what_is_no_source_is_refused_once(source: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        adapter.validate_python(source)
    assert caught.value.error_count() == 1


def test_a_prefix_list_counts_for_the_most_that_it_can_have() -> None:
    found = peers({"prefixList": LIST, "entries": 7, "name": "corp"})
    assert found == {"corp": PrefixListPeer(name="corp", id=LIST, max_entries=7)}
    assert weight(found["corp"]) == 7


def test_a_group_counts_for_one() -> None:
    found = peers({"group": GROUP})
    assert found == {"group": GroupPeer(name="group", id=GROUP)}
    assert weight(found["group"]) == 1


def test_neighbouring_ranges_are_one() -> None:
    assert list(peers("10.8.0.0/24", "10.8.1.0/24", "10.9.0.0/16", "10.9.3.0/24")) == ["10.8.0.0/23", "10.9.0.0/16"]


def test_families_are_merged_apart() -> None:
    found = peers("2001:db8:1::/48", "10.8.1.0/24", "2001:db8::/48", "10.8.0.0/24")
    assert list(found) == ["10.8.0.0/23", "2001:db8::/47"]


def test_two_lists_of_one_name_are_two() -> None:
    found = peers({"prefixList": LIST, "entries": 2}, {"prefixList": OTHER_LIST, "entries": 3})
    assert {name: peer.id for name, peer in found.items()} == {"prefix list": LIST, "prefix list 2": OTHER_LIST}


def test_one_list_by_two_names_is_one_of_its_larger_size() -> None:
    found = peers({"prefixList": LIST, "entries": 2, "name": "a"}, {"prefixList": LIST, "entries": 3, "name": "b"})
    assert found == {"b": PrefixListPeer(name="b", id=LIST, max_entries=3)}


@pytest.mark.parametrize("name", OWN_NAMES)
def test_nobody_is_taken_for_the_network_s_own(name: str) -> None:
    assert list(peers({"group": GROUP, "name": name})) == [f"{name} 2"]


@given(described=st.lists(sources(standalone=False), max_size=8))
def test_nobody_gets_lost_and_nobody_comes_in_addition(described: list[Any]) -> None:
    found = peers(*described).values()
    written = [ip_network("0.0.0.0/0" if it == "anywhere" else it) for it in described if isinstance(it, str)]
    ranges = [peer.cidr for peer in found if isinstance(peer, CidrPeer)]
    for cidr in written:
        assert any(within(cidr, whole) for whole in ranges)
    for whole in ranges:
        inside = [it for it in written if within(it, whole)]
        assert sum(it.num_addresses for it in set(inside)) >= whole.num_addresses
    ids = {it.get("group") or it.get("prefix_list") for it in described if isinstance(it, dict)}
    referred = [peer.id for peer in found if not isinstance(peer, CidrPeer)]
    assert set(referred) == ids
    assert len(referred) == len(ids)
    assert not any(
        one != other and one.overlaps(other)
        for one in ranges
        for other in ranges
        if isinstance(one, IPv4Network) is isinstance(other, IPv4Network)
    )
