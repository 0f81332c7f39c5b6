from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network

import pytest

from kubewire import RoutedPods
from kubewire.network.slots import most_slots, slots

ZONES = ("eu-west-1a", "eu-west-1b")
SUBNETS = {"eu-west-1a": IPv4Network("10.0.0.0/20"), "eu-west-1b": IPv4Network("10.0.32.0/20")}
PODS = RoutedPods(cidr="100.64.0.0/16")


def test_zones_take_turns_so_that_each_can_grow() -> None:
    found = list(slots(ZONES, {"eu-west-1a": 2, "eu-west-1b": 1}, SUBNETS, PODS))
    assert [(it.name, it.address, [str(cidr) for cidr in it.pods]) for it in found] == [
        ("slot-eu-west-1a-0", IPv4Address("10.0.0.10"), ["100.64.0.0/24"]),
        ("slot-eu-west-1a-1", IPv4Address("10.0.0.11"), ["100.64.8.0/24"]),
        ("slot-eu-west-1b-0", IPv4Address("10.0.32.10"), ["100.64.1.0/24"]),
    ]


def test_dual_stack_pods_have_a_range_of_each_family() -> None:
    pods = RoutedPods(cidr="100.64.0.0/16", cidr6="fd00:64::/64")
    (first, second) = slots(ZONES, {"eu-west-1a": 2}, SUBNETS, pods)
    assert [str(cidr) for cidr in first.pods] == ["100.64.0.0/24", "fd00:64::/80"]
    assert [str(cidr) for cidr in second.pods] == ["100.64.8.0/24", "fd00:64:0:0:8::/80"]


def test_pods_that_are_not_routed_have_no_ranges() -> None:
    assert [it.pods for it in slots(ZONES, {"eu-west-1b": 1}, SUBNETS, None)] == [()]


@pytest.mark.parametrize(
    ("described", "most"),
    [
        ({"cidr": "100.64.0.0/16"}, 32),
        ({"cidr": "100.64.0.0/16", "node_prefix": 26}, 128),
        ({"cidr": "100.64.0.0/21"}, 1),
        ({"cidr": "100.64.0.0/22"}, 0),
        ({"cidr": "100.64.0.0/10", "cidr6": "fd00::/72"}, 32),
    ],
)
def test_a_zone_has_an_eighth_of_the_parts(described: dict[str, object], most: int) -> None:
    assert most_slots(RoutedPods(**described)) == most
