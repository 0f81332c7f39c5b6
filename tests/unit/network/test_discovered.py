"""Nodes that others made, as the provider finds them."""

from __future__ import annotations

from typing import Any

import pytest

from kubewire import ClusterNetwork
from kubewire.errors import InvalidInputError
from tests.unit.network.answers import answers, cluster_node, existing_machine
from tests.unit.network.strategies import Wire
from tests.unit.program import Declarations, declare, network_args

CLUSTER, GROUP = "kubewire:index:getClusterNodes", "kubewire:index:getAutoScalingGroup"
ROUTED: Wire = {"kind": "routed", "cidr": "100.64.0.0/16"}


def nodes(number: int, **changed: Any) -> list[Wire]:
    return [cluster_node(existing_machine(n, "eu-west-1a"), n, ROUTED, **changed) for n in range(number)]


def network(found: list[Wire], others: list[Wire] | None = None, **changed: Any) -> Declarations:
    given = answers({"zones": ["eu-west-1a"], "vpc": {"kind": "new"}, "pods": ROUTED})
    given |= {CLUSTER: {"nodes": found, "others": others or []}}
    described = {"nodes": {"kind": "cluster"}, **changed}
    return declare(lambda: ClusterNetwork(network_args(**described)), given)


def test_their_pods_are_routed_to_their_first_interfaces() -> None:
    found = network(nodes(2))
    for table in found.of("RouteTable").values():
        pods = {cidr: row["id"] for cidr, row in table["routes"].items() if row["via"] == "network-interface"}
        assert pods == {f"100.64.{n}.0/24": existing_machine(n, "")["networkInterface"] for n in (0, 1)}


def test_their_checks_are_switched_off_and_they_are_not_made() -> None:
    found = network(nodes(2))
    interfaces = {f"ip-{n}": existing_machine(n, "")["networkInterface"] for n in (0, 1)}
    assert found.one("SourceDestChecks")["interfaces"] == interfaces
    assert (found.of("NetworkInterfaces"), found.of("Instances")) == ({}, {})


def test_a_cluster_without_nodes_is_a_network() -> None:
    assert network([]).of("SourceDestChecks") == {}


def test_a_node_without_a_range_has_no_route_yet() -> None:
    found = network([*nodes(1), *nodes(2, podCidrs=[])[1:]])
    routes = found.of("RouteTable")["shop-public"]["routes"]
    assert {cidr for cidr, row in routes.items() if row["via"] == "network-interface"} == {"100.64.0.0/24"}


def test_nodes_without_machines_are_left_out() -> None:
    found = network(nodes(1), [{"name": "fargate-1", "reason": "not-an-ec2-instance"}])
    assert found.one("SourceDestChecks")["interfaces"].keys() == {"ip-0"}


@pytest.mark.parametrize("cidr", ["10.244.0.0/24", "fd00::/80", "100.0.0.0/8"])
def test_a_range_outside_the_declared_one_is_refused(cidr: str) -> None:
    with pytest.raises(InvalidInputError, match=f"node ip-0 has pods in {cidr}") as caught:
        network(nodes(1, podCidrs=[cidr]))
    assert caught.value.path == "shop: pods.cidr"


def test_more_nodes_than_routes_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="shop: nodes: 4 routes are too many"):
        network(nodes(3), quotas={"live": False, "routes_per_table": 3})


@pytest.mark.parametrize(
    "pods", [{"kind": "vpc"}, {"kind": "overlay", "cidr": "100.64.0.0/16", "encapsulation": "vxlan"}]
)
def test_an_autoscaling_group_s_machines_are_targets_and_are_left_as_they_are(pods: Wire) -> None:
    made: list[ClusterNetwork] = []
    given = answers({"zones": ["eu-west-1a"], "vpc": {"kind": "new"}, "pods": pods})
    described = {"nodes": {"kind": "auto-scaling-group", "group": "workers"}, "pods": pods}
    found = declare(lambda: made.append(ClusterNetwork(network_args(**described))), given)
    assert found.of("SourceDestChecks") == {}
    targets = [existing_machine(n, "")["instance"] for n in range(3)]
    assert list(made[0].nodes.targets.values()) == targets
