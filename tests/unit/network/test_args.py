from __future__ import annotations

from typing import Any

import pytest

from kubewire import InvalidInputError, Nat, NodePortRange
from tests.unit.program import network_args, node


def test_what_is_left_out_is_safe_and_cheap() -> None:
    args = network_args()
    assert args.egress == ()
    assert args.nat is Nat.SINGLE
    assert (args.node_ports.first, args.node_ports.last) == (30000, 32767)
    assert (args.quotas.routes_per_table, args.quotas.rules_per_group) == (500, 60)


MISTAKES: dict[str, tuple[dict[str, Any], str, str]] = {
    "pods in the VPC": ({"pods": {"cidr": "10.0.0.0/18"}}, "pods.cidr", "overlaps cidr"),
    "Services in the VPC": ({"service_cidr": "10.0.0.0/18"}, "serviceCidr", "overlaps cidr"),
    "Services among pods": ({"service_cidr": "100.64.0.0/18"}, "serviceCidr", "overlaps pods.cidr"),
    "multicast": ({"service_cidr": "224.0.0.0/16"}, "serviceCidr", "machines can't have"),
    "all pods less than a node's": ({"pods": {"cidr": "100.64.0.0/25"}, "nodes": []}, "pods.nodePrefix", "/25"),
    "more nodes than routes": ({"quotas": {"routes_per_table": 2}}, "nodes", "4 routes"),
    "more ways out than rules": (
        {"quotas": {"rules_per_group": 3}, "egress": ["10.8.0.0/16", "10.9.0.0/16"]},
        "egress",
        "4 rules are too many",
    ),
    "a quota that nobody has": ({"quotas": {"routes_per_table": 1001}}, "quotas.routes_per_table", "1000"),
    "the name of a group's id": ({"name": "sg"}, "name", "no network can be named sg"),
    "48 tags": ({"tags": {f"key-{n}": "x" for n in range(48)}}, "tags", "at most 47"),
    "a domain too long": ({"domain": ".".join(["a" * 63] * 4)}, "domain", "at most 253"),
    "a size that is none": (
        {"nodes": [{**node(0, "a"), "instance_type": "large"}]},
        "nodes[0].instance_type",
        "pattern",
    ),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_mistake_is_named_with_its_path(case: str) -> None:
    changed, path, words = MISTAKES[case]
    with pytest.raises(InvalidInputError) as caught:
        network_args(**changed)
    _, line, *more = str(caught.value).splitlines()
    assert line.startswith(f"{path}: ")
    assert words in "\n".join([line, *more])


class TestNodePortRange:
    def test_a_port_belongs_to_one_service(self) -> None:
        holders: dict[int, str] = {}
        ports = NodePortRange()
        ports.claim(30080, "shop/web", holders, "a")
        ports.claim(30080, "shop/web", holders, "a")
        with pytest.raises(InvalidInputError, match="30080 belongs to shop/web already") as caught:
            ports.claim(30080, "shop/admin", holders, "b")
        assert caught.value.path == "b"

    @pytest.mark.parametrize("port", [29999, 32768])
    def test_a_port_is_in_the_range(self, port: int) -> None:
        with pytest.raises(InvalidInputError, match=f"{port} is no node port"):
            NodePortRange().claim(port, "shop/web", {}, "a")

    @pytest.mark.parametrize("port", [30000, 32767])
    def test_both_ends_are_in_it(self, port: int) -> None:
        holders: dict[int, str] = {}
        NodePortRange().claim(port, "shop/web", holders, "a")
        assert holders == {port: "shop/web"}
