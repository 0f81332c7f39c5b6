from __future__ import annotations

from ipaddress import IPv4Network
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubewire.network.description import MOST_ZONES
from kubewire.network.carving import BLOCK_BITS, Role, carve
from kubewire.network.checks import LARGEST_VPC, SMALLEST_VPC

vpcs = st.builds(
    lambda start, prefix: IPv4Network((start << 16, prefix)),
    st.integers(10 << 8, (10 << 8) + 255),
    st.integers(LARGEST_VPC, SMALLEST_VPC),
)
zones = st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=MOST_ZONES, unique=True)


@given(vpc=vpcs, names=zones)
def test_subnets_are_apart_inside_the_vpc_and_of_a_size_that_aws_takes(vpc: IPv4Network, names: list[str]) -> None:
    carved = [part.cidr for part in carve(vpc, names)]
    assert not any(one.overlaps(other) for one, other in combinations(carved, 2))
    assert all(part.subnet_of(vpc) and 16 <= part.prefixlen <= 28 for part in carved)


@given(vpc=vpcs, names=zones)
def test_every_zone_has_one_subnet_of_each_role(vpc: IPv4Network, names: list[str]) -> None:
    assert sorted((part.zone, part.role) for part in carve(vpc, names)) == sorted(
        (zone, role) for zone in names for role in Role
    )


@given(vpc=vpcs, names=zones)
def test_a_zone_added_at_the_end_moves_nothing(vpc: IPv4Network, names: list[str]) -> None:
    assert carve(vpc, names)[: 2 * len(names) - 2] == carve(vpc, names[:-1])


@given(vpc=vpcs, names=zones)
def test_private_subnets_have_twice_the_room(vpc: IPv4Network, names: list[str]) -> None:
    for private, public in zip(*[iter(carve(vpc, names))] * 2, strict=True):
        assert (private.role, public.role) == (Role.PRIVATE, Role.PUBLIC)
        assert private.cidr.num_addresses == 2 * public.cidr.num_addresses


def test_there_is_room_for_every_zone_that_may_be_declared() -> None:
    assert MOST_ZONES <= 2**BLOCK_BITS


@pytest.mark.parametrize("count", [0, 1])
def test_the_ranges_themselves(count: int) -> None:
    names = ["a", "b"][: count + 1]
    last = carve(IPv4Network("10.0.0.0/16"), names)[-2:]
    assert [str(part.cidr) for part in last] == [f"10.0.{32 * count}.0/20", f"10.0.{32 * count + 16}.0/21"]
