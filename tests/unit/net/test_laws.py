from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kubewire.net.addresses import Addresses
from kubewire.net.kinds import Kinds
from kubewire.net.traffic import Traffic
from tests.unit.net.sets import ADDRESSES, KINDS, RULERS, TRAFFIC, Ruler


@pytest.mark.parametrize("sets", [RULERS, ADDRESSES, KINDS, TRAFFIC], ids=["points", "addresses", "kinds", "traffic"])
class TestEverySetKeepsTheLaws:
    @settings(max_examples=150, deadline=None)
    @given(data=st.data())
    def test_of_two(self, sets: st.SearchStrategy[Any], data: st.DataObject) -> None:
        a, b = data.draw(sets), data.draw(sets)
        assert a | b == b | a
        assert a & b == b & a
        assert a & b <= a <= a | b
        assert not (a - b) & b
        assert (a - b) | (a & b) == a
        assert (a <= b) == (a | b == b) == (a & b == a)
        assert (a == b) == (a <= b <= a)
        assert bool(a - a) is False

    @settings(max_examples=100, deadline=None)
    @given(data=st.data())
    def test_of_three(self, sets: st.SearchStrategy[Any], data: st.DataObject) -> None:
        a, b, c = data.draw(sets), data.draw(sets), data.draw(sets)
        assert (a | b) | c == a | (b | c)
        assert a & (b | c) == (a & b) | (a & c)
        assert a - (b | c) == (a - b) & (a - c)
        assert a - (b & c) == (a - b) | (a - c)


@given(RULERS, RULERS)
def test_points_are_those_of_plain_sets(a: Ruler, b: Ruler) -> None:
    line = range(Ruler.SIZE)
    mine, theirs = ({place for place in line if place in points} for points in (a, b))
    for made, meant in ((a | b, mine | theirs), (a & b, mine & theirs), (a - b, mine - theirs), (~a, set(line) - mine)):
        assert {place for place in line if place in made} == meant
        assert len(made) == len(meant)
        assert bool(made) == bool(meant)
        assert made == Ruler.union(Ruler.span(place, place) for place in meant)


@given(TRAFFIC)
def test_no_packet_is_in_two_boxes(traffic: Traffic) -> None:
    assert all(traffic.boxes)
    assert not any(one & other for at, one in enumerate(traffic.boxes) for other in traffic.boxes[:at])


@given(TRAFFIC, TRAFFIC, ADDRESSES, ADDRESSES, KINDS)
def test_packets_are_in_what_their_sets_say(
    a: Traffic, b: Traffic, sources: Addresses, destinations: Addresses, kinds: Kinds
) -> None:
    for source in sources.cuts[:-1]:
        for destination in destinations.cuts[:-1]:
            for kind in kinds.cuts[:-1]:
                packet = (source, destination, kind)
                assert (packet in a | b) == (packet in a or packet in b)
                assert (packet in a & b) == (packet in a and packet in b)
                assert (packet in a - b) == (packet in a and packet not in b)
