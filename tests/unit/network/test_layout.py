from __future__ import annotations

from ipaddress import IPv4Network

import pytest

from kubewire.errors import InvalidInputError
from kubewire.network.description import MOST_ZONES
from kubewire.network.layout import MOST_SLOTS, ZONE_BITS, Role, Slot, carve, check_slots, ipv6_of, standard_layout

VPC = IPv4Network("10.0.0.0/16")
ZONES = ("eu-west-1a", "eu-west-1b")


def slots(*described: tuple[str, int]) -> list[Slot]:
    return [Slot(role=Role(role), prefix=prefix, index=0) for role, prefix in described]


def test_half_of_a_zone_s_block_is_private_and_a_quarter_public() -> None:
    found = [(part.zone[-1], part.role, str(part.cidr)) for part in carve(VPC, ZONES, standard_layout(VPC))]
    assert found == [
        ("a", Role.PRIVATE, "10.0.0.0/20"),
        ("a", Role.PUBLIC, "10.0.16.0/21"),
        ("b", Role.PRIVATE, "10.0.32.0/20"),
        ("b", Role.PUBLIC, "10.0.48.0/21"),
    ]


def test_the_smallest_vpc_holds_the_standard_layout() -> None:
    smallest = IPv4Network("10.0.0.0/22")
    assert {part.cidr.prefixlen for part in carve(smallest, ZONES, standard_layout(smallest))} == {26, 27}


def test_slots_follow_each_other_at_the_next_address_that_their_size_allows() -> None:
    layout = slots(("private", 24), ("public", 22), ("isolated", 24))
    found = [str(part.cidr) for part in carve(VPC, ZONES[:1], layout)]
    assert found == ["10.0.0.0/24", "10.0.4.0/22", "10.0.8.0/24"]


def test_a_reserved_slot_keeps_its_place_and_is_no_subnet() -> None:
    found = carve(VPC, ZONES[:1], slots(("reserved", 21), ("private", 21)))
    assert [(part.role, str(part.cidr), part.number) for part in found] == [(Role.PRIVATE, "10.0.8.0/21", 1)]


def test_more_than_fits_is_refused_with_the_room_that_there_is() -> None:
    with pytest.raises(InvalidInputError, match="every zone has a /19, room for 2 of /20") as caught:
        carve(VPC, ZONES, slots(("private", 20), ("public", 20), ("isolated", 20)))
    assert caught.value.path == "layout[2]"


def test_there_is_room_for_every_zone_that_may_be_declared() -> None:
    assert MOST_ZONES <= 1 << ZONE_BITS


@pytest.mark.parametrize(
    ("place", "block", "position", "number"),
    [(0, 0, 0, 0), (0, 0, 15, 15), (0, 1, 0, 16), (0, 4, 3, 31), (1, 0, 0, 32), (5, 4, 3, 191)],
)
def test_every_slot_of_every_zone_and_range_has_its_own_64(place: int, block: int, position: int, number: int) -> None:
    zones = [f"eu-west-1{letter}" for letter in "abcdef"[: place + 1]]
    layout = slots(*[("reserved", 28)] * position, ("pods", 28))
    assert carve(VPC, zones, layout, block)[-1].number == number


def test_the_64s_of_six_zones_fit_into_amazons_56() -> None:
    assert 6 * 2 * MOST_SLOTS <= 1 << (64 - 56)


def test_a_64_is_counted_from_the_start_of_the_range() -> None:
    assert ipv6_of("2600:1f18:1234:5600::/56", 0) == "2600:1f18:1234:5600::/64"
    assert ipv6_of("2600:1f18:1234:5600::/56", 191) == "2600:1f18:1234:56bf::/64"


def test_reserved_slots_are_known_by_nothing() -> None:
    check_slots((f"[{index}]", slot) for index, slot in enumerate(slots(("reserved", 24), ("reserved", 24))))


def test_the_second_subnet_of_a_role_is_named_by_its_index() -> None:
    layout = [Slot(role=Role.PODS, prefix=24), Slot(role=Role.PODS, prefix=24, index=1)]
    assert [part.key for part in carve(VPC, ZONES[:1], layout)] == ["eu-west-1a", "eu-west-1a-1"]
