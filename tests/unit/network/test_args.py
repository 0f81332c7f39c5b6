from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from kubewire import ClusterNetworkArgs, InvalidInputError, Nat, NodePortRange
from tests.unit.network.strategies import Wire, descriptions
from tests.unit.program import declared, network_args, node


def test_what_is_left_out_is_safe_and_cheap() -> None:
    described: Wire = {
        "name": "shop",
        "region": "eu-west-1",
        "vpc": {"kind": "new", "cidr": "10.0.0.0/16"},
        "zones": ["eu-west-1a"],
        "pods": {"kind": "routed", "cidr": "100.64.0.0/16"},
        "service_cidr": "10.96.0.0/16",
    }
    args = ClusterNetworkArgs(**described)
    assert args.nat is Nat.NONE
    assert (args.egress, args.path_mtu, args.links, args.endpoints) == ((), (), (), ())
    assert args.vpc.kind == "new"
    assert args.vpc.lock_default_group
    assert (args.node_ports.first, args.node_ports.last) == (30000, 32767)
    assert args.quotas.live


@given(description=descriptions(standalone=True))
def test_a_description_and_its_wire_form_are_the_same_network(description: Wire) -> None:
    args = ClusterNetworkArgs(**description)
    assert ClusterNetworkArgs(**args.to_wire()) == args


TAKEN: dict[str, dict[str, Any]] = {
    "largest VPC": {"vpc": {"kind": "new", "cidr": "10.0.0.0/16"}},
    "smallest VPC": {"vpc": {"kind": "new", "cidr": "10.0.0.0/22"}},
    "neighbours": {"service_cidr": "100.65.0.0/16"},
    "Services of the shared address space": {"service_cidr": "100.65.0.0/24"},
    "sg inside a name": {"name": "sgx"},
    "one node for all pods": {
        "pods": {"kind": "routed", "cidr": "100.64.0.0/24"},
        "nodes": declared(node(0, "a")),
    },
    "one node port": {"node_ports": {"first": 30000, "last": 30000}},
    "the first and the last pod range": {
        "nodes": declared(node(0, "a"), {**node(1, "b"), "pod_cidr": "100.64.255.0/24"}),
    },
    "no nodes": {"nodes": declared()},
    "a full zone": {
        "vpc": {"kind": "new", "cidr": "10.0.0.0/22"},
        "nodes": declared(*[node(number, "b") for number in range(59)]),
    },
    "a zone full of slots": {
        "vpc": {"kind": "new", "cidr": "10.0.0.0/22"},
        "pods": {"kind": "routed", "cidr": "100.64.0.0/14"},
        "nodes": {"kind": "slots", "zones": {"eu-west-1b": 53}},
    },
    "six zones": {"zones": [f"eu-west-1{letter}" for letter in "abcdef"]},
    "40 tags": {"tags": {f"key-{number}": "x" for number in range(40)}},
    "four secondary ranges, of one layout each": {
        "vpc": {"kind": "new", "cidr": "10.0.0.0/16", "secondary": [{"cidr": f"100.{n}.0.0/16"} for n in range(80, 84)]}
    },
    "as many rules as an interface takes": {"node_groups": 5, "quotas": {"rules_per_group": 200}},
    "a region with three words": {"region": "us-gov-west-1", "zones": ["us-gov-west-1a"], "nodes": declared()},
    "a bucket that is known later": {"flow_logs": [{"kind": "s3", "bucket_arn": "arn:aws-cn:s3:::logs/vpc"}]},
}


def test_a_nodes_part_holds_its_pods() -> None:
    pods = {"kind": "routed", "cidr": "100.64.0.0/16", "node_prefix": 25}
    nodes = declared({**node(0, "a"), "pod_cidr": "100.64.0.0/25"})
    assert network_args(pods={**pods, "max_pods": 125}, nodes=nodes).pods.kind == "routed"
    with pytest.raises(InvalidInputError) as caught:
        network_args(pods={**pods, "max_pods": 126}, nodes=nodes)
    assert "a node's /25 has room for 125 pods" in str(caught.value)


@pytest.mark.parametrize("case", TAKEN)
def test_is_taken(case: str) -> None:
    network_args(**TAKEN[case])


def test_secondary_ranges_without_a_layout_have_a_subnet_for_pods_each() -> None:
    args = network_args(**TAKEN["four secondary ranges, of one layout each"])
    keys = {subnet.key for subnet in args.carved if subnet.role == "pods"}
    assert keys == {f"eu-west-1{zone}{mark}" for zone in "ab" for mark in ("", "-1", "-2", "-3")}


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
