"""Additions move nothing: neither a subnet that is there, nor a node slot."""

from __future__ import annotations

import copy
from ipaddress import IPv4Network
from itertools import combinations, pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kubewire import ClusterNetworkArgs, NodeSlots, RoutedPods
from kubewire.network.layout import ZONE_BITS, Carved
from kubewire.network.slots import Slot, slots
from tests.unit.network.strategies import LETTERS, REGION, Wire, accepted, vpc_ranges

ROLES = ("private", "public", "isolated", "pods")
Subnets = dict[tuple[str, str, int], tuple[str, int]]


def described(cidr: str) -> Wire:
    """Describe a network with one slot of a zone's block taken, and little in it."""
    block = IPv4Network(cidr).prefixlen + ZONE_BITS
    return {
        "name": "shop",
        "region": REGION,
        "vpc": {"kind": "new", "cidr": cidr, "secondary": []},
        "zones": [f"{REGION}a"],
        "subnets": {"kind": "carved", "layout": [{"role": "private", "prefix": block + 1}]},
        "pods": {"kind": "routed", "cidr": "100.64.0.0/14", "node_prefix": 26},
        "service_cidr": "172.20.0.0/16",
        "nodes": {"kind": "slots", "zones": {f"{REGION}a": 1}},
    }


@st.composite
def additions(draw: st.DrawFn, description: Wire) -> Wire:
    """Add one thing, as a user may."""
    more = copy.deepcopy(description)
    vpc, layout, zones = more["vpc"], more["subnets"]["layout"], more["zones"]
    match draw(
        st.sampled_from(("zone", "slot", "reserved", "reserved becomes", "secondary", "secondary slot", "node"))
    ):
        case "zone":
            zones.append(f"{REGION}{draw(st.sampled_from(LETTERS))}")
        case "slot":
            layout.append(slot(draw(st.sampled_from(ROLES)), draw(st.integers(20, 28)), more))
        case "reserved":
            layout.append({"role": "reserved", "prefix": draw(st.integers(20, 28))})
        case "reserved becomes":
            for row in layout:
                if row["role"] == "reserved":
                    row.update(slot(draw(st.sampled_from(ROLES)), row["prefix"], more))
                    break
        case "secondary":
            number = len(vpc["secondary"])
            vpc["secondary"].append({"cidr": f"100.{96 + number}.0.0/20", "layout": [slot("pods", 25, more)]})
        case "secondary slot" if vpc["secondary"]:
            draw(st.sampled_from(vpc["secondary"]))["layout"].append(slot("pods", draw(st.integers(24, 28)), more))
        case _:
            numbers = more["nodes"]["zones"]
            zone = draw(st.sampled_from(zones))
            numbers[zone] = numbers.get(zone, 0) + draw(st.integers(1, 3))
    return more


def slot(role: str, prefix: int, description: Wire) -> Wire:
    """Describe the next slot of a role."""
    rows = [*description["subnets"]["layout"], *(row for it in description["vpc"]["secondary"] for row in it["layout"])]
    return {"role": role, "prefix": prefix, "index": sum(row["role"] == role for row in rows)}


@st.composite
def growing(draw: st.DrawFn) -> list[ClusterNetworkArgs]:
    """Draw a network as it grows, step by step; what is refused isn't a step."""
    description = described(draw(vpc_ranges()))
    steps = [ClusterNetworkArgs(**description)]
    for _ in range(draw(st.integers(1, 8))):
        more = draw(additions(description))
        if accepted(lambda more=more: ClusterNetworkArgs(**more)):  # type: ignore[misc]  # of this turn
            description = more
            steps.append(ClusterNetworkArgs(**more))
    return steps


def subnets(args: ClusterNetworkArgs) -> Subnets:
    return {(it.zone, it.role.value, it.index): (str(it.cidr), it.number) for it in args.carved}


def node_slots(args: ClusterNetworkArgs) -> dict[str, Slot]:
    assert isinstance(args.nodes, NodeSlots)
    assert isinstance(args.pods, RoutedPods)
    first = {it.zone: it.cidr for it in args.carved if it.role is args.node_role and not it.index}
    return {it.name: it for it in slots(args.zones, args.nodes.zones, first, args.pods)}


@given(steps=growing())
def test_no_subnet_that_is_there_moves(steps: list[ClusterNetworkArgs]) -> None:
    for before, after in pairwise(steps):
        assert subnets(before).items() <= subnets(after).items()


@given(steps=growing())
def test_no_node_slot_that_is_there_changes(steps: list[ClusterNetworkArgs]) -> None:
    for before, after in pairwise(steps):
        assert node_slots(before).items() <= node_slots(after).items()


@given(steps=growing())
def test_subnets_are_apart_and_each_is_in_its_zone_s_block(steps: list[ClusterNetworkArgs]) -> None:
    args = steps[-1]
    found = args.carved
    assert len({(it.zone, it.role, it.index) for it in found}) == len(found)
    assert not any(one.cidr.overlaps(other.cidr) for one, other in combinations(found, 2))
    assert len({it.number for it in found}) == len(found)
    assert all(0 <= it.number < 1 << 8 for it in found)
    assert all(_in_block(args, it) and 16 <= it.cidr.prefixlen <= 28 for it in found)


@given(steps=growing())
def test_slots_have_addresses_of_their_own_and_pods_of_their_own(steps: list[ClusterNetworkArgs]) -> None:
    args = steps[-1]
    assert isinstance(args.pods, RoutedPods)
    found = list(node_slots(args).values())
    ranges: list[Any] = [cidr for it in found for cidr in it.pods]
    assert len(ranges) == len(found)
    assert not any(one.overlaps(other) for one, other in combinations(ranges, 2))
    assert all(cidr.subnet_of(args.pods.cidr) and cidr.prefixlen == args.pods.node_prefix for cidr in ranges)
    assert len({it.address for it in found}) == len(found)
    first = {it.zone: it.cidr for it in args.carved if it.role is args.node_role and not it.index}
    for it in found:
        # AWS keeps the first four addresses and the last one.
        assert list(first[it.zone])[4] <= it.address < first[it.zone].broadcast_address


def _in_block(args: ClusterNetworkArgs, subnet: Carved) -> bool:
    assert args.vpc.cidr is not None
    place = args.zones.index(subnet.zone)
    wholes = (args.vpc.cidr, *(more.cidr for more in args.vpc.secondary))
    return any(subnet.cidr.subnet_of(list(whole.subnets(prefixlen_diff=ZONE_BITS))[place]) for whole in wholes)
