from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Network
from typing import Any

import pytest

from kubewire.errors import InvalidInputError
from kubewire.network import checks
from kubewire.network.carving import carve

ZONES = ("eu-west-1a", "eu-west-1b")


def cidr(text: str) -> IPv4Network:
    return IPv4Network(text)


def nodes(*described: tuple[str, str, str]) -> Callable[[], None]:
    declared = [(name, zone, cidr(pods)) for name, zone, pods in described]
    return lambda: checks.nodes(declared, ZONES, cidr("100.64.0.0/16"), 24)


def ranges(**given: str) -> dict[str, IPv4Network]:
    return {name: cidr(text) for name, text in given.items()}


def crowd(number: int, vpc: str) -> Callable[[], None]:
    return lambda: checks.room(["eu-west-1b"] * number, carve(cidr(vpc), ZONES))


REFUSED: dict[str, tuple[Callable[[], Any], str, str]] = {
    "VPC of /15": (lambda: checks.vpc_size(cidr("10.0.0.0/15")), "cidr", "/16 to /22"),
    "VPC of /23": (lambda: checks.vpc_size(cidr("10.0.0.0/23")), "cidr", "/16 to /22"),
    "same range": (lambda: checks.disjoint(ranges(a="10.0.0.0/16", b="10.0.0.0/16")), "b", "overlaps a 10.0.0.0/16"),
    "one in another": (lambda: checks.disjoint(ranges(a="10.0.3.0/24", b="10.0.0.0/16")), "b", "overlaps a"),
    "the third": (
        lambda: checks.disjoint(ranges(a="10.1.0.0/16", b="10.2.0.0/16", c="10.2.3.0/24")),
        "c",
        "overlaps b",
    ),
    "loopback": (lambda: checks.for_hosts(ranges(a="127.0.0.0/8")), "a", "machines can't have"),
    "link-local": (lambda: checks.for_hosts(ranges(a="169.254.168.0/24")), "a", "machines can't have"),
    "around link-local": (lambda: checks.for_hosts(ranges(a="169.0.0.0/8")), "a", "169.254.0.0/16"),
    "multicast": (lambda: checks.for_hosts(ranges(a="10.0.0.0/8", b="239.0.0.0/8")), "b", "224.0.0.0/4"),
    "name of a group's id": (lambda: checks.network_name("sg-shop"), "", "no network can be named sg-shop"),
    "name before a hyphen": (lambda: checks.network_name("sg"), "", "no network can be named sg"),
    "part above the whole": (lambda: checks.node_prefix(24, cidr("100.64.0.0/25")), "pods.nodePrefix", "from /25"),
    "zone elsewhere": (lambda: checks.zones("eu-west-1", ("eu-west-1a", "eu-west-2a")), "zones[1]", "not in eu-west-1"),
    "zone of a longer region": (lambda: checks.zones("eu-west-1", ("eu-west-11a",)), "zones[0]", "not in eu-west-1"),
    "zone twice": (lambda: checks.zones("eu-west-1", ("eu-west-1a", "eu-west-1a")), "zones[1]", "there twice"),
    "no ports": (lambda: checks.node_ports(30001, 30000), "nodePorts", "no range"),
    "two nodes of one name": (
        nodes(("a", ZONES[0], "100.64.0.0/24"), ("a", ZONES[0], "100.64.1.0/24")),
        "nodes[1].name",
        "two nodes a",
    ),
    "node in no zone": (nodes(("a", "eu-west-1c", "100.64.0.0/24")), "nodes[0].zone", "has eu-west-1a, eu-west-1b"),
    "pods elsewhere": (nodes(("a", ZONES[0], "100.65.0.0/24")), "nodes[0].podCidr", "Choose a /24 of 100.64.0.0/16"),
    "too few pods": (nodes(("a", ZONES[0], "100.64.0.0/25")), "nodes[0].podCidr", "Choose a /24"),
    "the pods of another": (
        nodes(("a", ZONES[0], "100.64.0.0/24"), ("b", ZONES[1], "100.64.0.0/24")),
        "nodes[1].podCidr",
        "belongs to a already",
    ),
    "a zone too full": (crowd(60, "10.0.0.0/22"), "nodes", "60 nodes are too many for eu-west-1b"),
}

TAKEN: dict[str, Callable[[], Any]] = {
    "largest VPC": lambda: checks.vpc_size(cidr("10.0.0.0/16")),
    "smallest VPC": lambda: checks.vpc_size(cidr("10.0.0.0/22")),
    "neighbours": lambda: checks.disjoint(ranges(a="10.0.0.0/24", b="10.0.1.0/24", c="10.0.2.0/23")),
    "shared address space": lambda: checks.for_hosts(ranges(a="100.64.0.0/10", b="10.0.0.0/8", c="192.168.0.0/16")),
    "sg inside a name": lambda: checks.network_name("sgx"),
    "one node for all pods": lambda: checks.node_prefix(24, cidr("100.64.0.0/24")),
    "zones": lambda: checks.zones("eu-west-1", ZONES),
    "one port": lambda: checks.node_ports(30000, 30000),
    "nodes": nodes(("a", ZONES[0], "100.64.0.0/24"), ("b", ZONES[0], "100.64.255.0/24")),
    "no nodes": nodes(),
    "a full zone": crowd(59, "10.0.0.0/22"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_is_refused_with_its_path_and_the_way_out(case: str) -> None:
    check, path, words = REFUSED[case]
    with pytest.raises(InvalidInputError) as caught:
        check()
    assert caught.value.path == path
    assert words in str(caught.value)
    assert caught.value.detail


@pytest.mark.parametrize("case", TAKEN)
def test_is_taken(case: str) -> None:
    TAKEN[case]()
