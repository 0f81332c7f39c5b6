from __future__ import annotations

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubewire.errors import InvalidInputError
from kubewire.network.budget import RuleBudget, Rules
from kubewire.network.quotas import Limit, Limits
from kubewire.resources.traffic import CidrPeer, Direction, GroupPeer, Peer, PrefixListPeer, Protocol, Rule

LIST = PrefixListPeer(name="corp", id="pl-1", max_entries=3)
GROUP = GroupPeer(name="web", id="sg-1")


def budget(groups: int, most: int = 4) -> RuleBudget:
    return RuleBudget(Limits(rules_per_group=Limit(most)), groups)


def rules(number: int, *, family: int = 4, direction: Direction = Direction.INGRESS, first: int = 0) -> Rules:
    ranges = [f"10.{n}.0.0/16" if family == 4 else f"2001:db8:{n:x}::/48" for n in range(first, first + number)]
    return {cidr: rule(CidrPeer(cidr=ip_network(cidr)), direction) for cidr in ranges}


def rule(peer: Peer, direction: Direction = Direction.INGRESS) -> Rule:
    return Rule(direction=direction, protocol=Protocol.ALL, peer=peer)


def sizes(placed: list[Rules]) -> list[int]:
    return [len(rows) for rows in placed]


def test_who_asks_gets_the_first_group_that_holds_all_of_his() -> None:
    room = budget(3)
    assert sizes(room.place(rules(3), "a")) == [3, 0, 0]
    assert sizes(room.place(rules(2), "b")) == [0, 2, 0]
    assert sizes(room.place(rules(1), "c")) == [1, 0, 0]


@pytest.mark.parametrize("groups", [2, 3, 4, 5])
def test_each_further_group_holds_as_many_again(groups: int) -> None:
    room = budget(groups)
    for number in range(groups):
        assert sizes(room.place(rules(4), str(number))) == [4 * (number == group) for group in range(groups)]
    with pytest.raises(InvalidInputError, match="1 more rules are too many"):
        room.place(rules(1), "more")


def test_what_no_group_holds_alone_is_spread_in_order() -> None:
    room = budget(3)
    room.place(rules(3), "a")
    placed = room.place(rules(6), "b")
    assert sizes(placed) == [1, 4, 1]
    assert [name for rows in placed for name in rows] == list(rules(6))


def test_a_refusal_says_what_is_needed_what_there_is_and_what_is_taken() -> None:
    room = budget(2)
    room.place(rules(3), "a")
    with pytest.raises(InvalidInputError) as caught:
        room.place(rules(9), "services[3]")
    assert caught.value.summary == "9 more rules are too many for the security group of the nodes"
    assert "2 groups hold 2 x 4 rules of ingress" in caught.value.detail
    assert "`nodeGroups` of the network to 3 (up to 5)" in caught.value.detail
    assert caught.value.path == "services[3]"


def test_with_five_groups_there_is_no_sixth_to_ask_for() -> None:
    with pytest.raises(InvalidInputError) as caught:
        budget(5).place(rules(21), "a")
    assert "nodeGroups" not in caught.value.detail
    assert "`quotas.rulesPerGroup`" in caught.value.detail


def test_directions_are_counted_apart() -> None:
    room = budget(1)
    room.place({**rules(4), **{f"to {name}": it for name, it in rules(4, direction=Direction.EGRESS).items()}}, "a")
    with pytest.raises(InvalidInputError, match="1 more"):
        room.place(rules(1, direction=Direction.EGRESS), "b")


def test_families_are_counted_apart() -> None:
    room = budget(1)
    assert sizes(room.place({**rules(4), **rules(4, family=6)}, "a")) == [8]
    for family in (4, 6):
        with pytest.raises(InvalidInputError, match="1 more"):
            room.place(rules(1, family=family), "b")


def test_a_group_counts_in_both_families() -> None:
    room = budget(1)
    room.place({**rules(3), **rules(2, family=6), "web": rule(GROUP)}, "a")
    room.place(rules(1, family=6), "b")
    with pytest.raises(InvalidInputError, match="1 more"):
        room.place(rules(1), "c")


def test_a_prefix_list_counts_for_its_most_entries_in_both_families() -> None:
    room = budget(2)
    room.place({"corp": rule(LIST)}, "a")
    assert sizes(room.place(rules(2), "b")) == [0, 2]
    with pytest.raises(InvalidInputError, match="3 more rules are too many"):
        room.place({"corp": rule(LIST)}, "c")


@pytest.mark.parametrize(("groups", "most"), [(5, 201), (2, 501), (1, 1001)])
def test_an_interface_takes_a_thousand_rules_of_all_its_groups(groups: int, most: int) -> None:
    with pytest.raises(InvalidInputError, match=f"{groups} groups of {most} rules are too many") as caught:
        budget(groups, most)
    assert caught.value.path == "nodeGroups"


asked = st.builds(
    lambda number, family, direction: rules(number, family=family, direction=direction),
    st.integers(0, 6),
    st.sampled_from((4, 6)),
    st.sampled_from(list(Direction)),
)


@given(requests=st.lists(asked, max_size=12), groups=st.integers(1, 5))
def test_every_rule_is_placed_once_and_no_group_holds_too_many(requests: list[Rules], groups: int) -> None:
    room = budget(groups)
    held: list[list[Rule]] = [[] for _ in range(groups)]
    for number, request in enumerate(requests):
        try:
            placed = room.place(request, str(number))
        except InvalidInputError:
            break
        assert {name: it for rows in placed for name, it in rows.items()} == request
        assert sum(sizes(placed)) == len(request)
        for group, rows in enumerate(placed):
            held[group] += rows.values()
    for direction in Direction:
        for family in (4, 6):
            for taken in held:
                peers = [it.peer for it in taken if it.direction is direction and isinstance(it.peer, CidrPeer)]
                assert sum(peer.cidr.version == family for peer in peers) <= 4
