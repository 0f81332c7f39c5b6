"""Where pods with addresses of the VPC come to be is registered, with the nodes that others make for them."""

from __future__ import annotations

from typing import Any

import pytest

from kubewire import ClusterNetwork
from tests.unit.network.answers import answers, existing_machine
from tests.unit.network.strategies import Wire
from tests.unit.program import Declarations, declare, declared, network_args, node

ZONES = ("eu-west-1a", "eu-west-1b")
SECONDARY: Wire = {"kind": "new", "cidr": "10.0.0.0/16", "secondary": [{"cidr": "100.64.0.0/16"}]}
WORKERS: Wire = {"kind": "auto-scaling-group", "group": "workers"}


def network(*machines: Wire, **changed: Any) -> Declarations:
    given = answers({"zones": ["eu-west-1a"], "vpc": {"kind": "new"}, "pods": {"kind": "vpc"}}, nodes=0)
    given["kubewire:index:getAutoScalingGroup"] = {"machines": list(machines)}
    described = {"pods": {"kind": "vpc"}, "nodes": WORKERS, **changed}
    return declare(lambda: ClusterNetwork(network_args(**described)), given)


def places(*machines: Wire, **changed: Any) -> Wire:
    found: Wire = network(*machines, **changed).one("PodPlaces")
    return found


def names(found: Wire) -> dict[str, list[str]]:
    return {name: sorted(row["pods"]) for name, row in found["subnets"].items()}


def test_pods_are_in_the_subnets_for_pods_of_their_node_s_zone() -> None:
    found = places(vpc=SECONDARY)
    assert names(found) == {f"shop-private-{zone}": [f"shop-pods-{zone}"] for zone in ZONES}
    assert list(found["securityGroups"]) == ["shop-nodes"]


def test_without_such_subnets_they_are_where_their_nodes_are() -> None:
    assert names(places()) == {f"shop-private-{zone}": [f"shop-private-{zone}"] for zone in ZONES}


def test_every_subnet_of_a_zone_is_told() -> None:
    layout = [{"role": "private", "prefix": 20}, {"role": "public", "prefix": 22}]
    layout += [{"role": "private", "prefix": 22, "index": 1}, {"role": "pods", "prefix": 24}]
    found = places(subnets={"kind": "carved", "layout": layout})
    assert names(found) == {
        f"shop-private-{zone}{index}": [f"shop-pods-{zone}"] for zone in ZONES for index in ("", "-1")
    }


def test_who_makes_nodes_is_told_and_how_many() -> None:
    assert places()["expected"] == {"by": "Auto Scaling group workers"}
    assert places(nodes={**WORKERS, "max_size": 9})["expected"]["most"] == 9
    assert places(nodes={"kind": "cluster"})["expected"] == {"by": "the cluster"}


def test_the_addresses_that_a_node_takes_are_those_of_the_largest_type() -> None:
    assert "mostAddresses" not in places()
    found = places(pods={"kind": "vpc", "instance_types": ["t3.medium", "c5.24xlarge"]})
    assert found["mostAddresses"] == 271


def test_declared_machines_take_what_their_own_type_does() -> None:
    one = {key: value for key, value in node(0, "a").items() if key != "pod_cidr"}
    found = places(nodes=declared(one))
    assert (found["addresses"], "expected" in found) == ({"node-0": 115}, False)


def test_a_machine_that_is_there_is_told_as_it_is() -> None:
    machine = existing_machine(1, ZONES[0])
    further = {"subnet": "subnet-0123456789abcdef9", "securityGroups": ["sg-0123456789abcdef9"]}
    (found,) = places({**machine, "furtherInterfaces": [further]})["machines"].values()
    assert found == {
        "instance": machine["instance"],
        "interface": machine["networkInterface"],
        "subnet": machine["subnet"],
        "address": machine["privateAddress"],
        "sourceDestCheck": True,
        "securityGroups": machine["securityGroups"],
        "furtherInterfaces": [further],
    }


@pytest.mark.parametrize("pods", [{"kind": "routed", "cidr": "100.64.0.0/16"}])
def test_of_other_pods_nothing_is_told(pods: Wire) -> None:
    assert declare(lambda: ClusterNetwork(network_args(pods=pods))).of("PodPlaces") == {}
