"""What others own is read from what the network registered of it."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

import pytest

from kubewire.prover.facts.facts import Facts
from kubewire.prover.facts.network import Via
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.from_plan.document import Listed
from kubewire.prover.from_plan.facts import from_resources

NETWORK = "urn:pulumi:dev::p::kubewire:network:ClusterNetwork::shop"
INSIDE = "urn:pulumi:dev::p::kubewire:network:ClusterNetwork$"
FOUND: dict[str, Any] = {
    "vpc": {"id": "vpc-1", "name": "corporate", "cidrs": ["10.0.0.0/16", "100.64.0.0/16", "2600:1f18::/56"]},
    "subnets": {
        "subnet-a": {
            "name": "a",
            "zone": "eu-west-1a",
            "cidr": "10.0.1.0/24",
            "routeTable": "rtb-a",
            "networkAcl": "acl-a",
        },
        "subnet-b": {
            "name": "b",
            "zone": "eu-west-1b",
            "cidr": "10.0.2.0/24",
            "ipv6Cidr": "2600:1f18::/64",
            "routeTable": "rtb-a",
            "networkAcl": "acl-a",
        },
    },
    "routeTables": {
        "rtb-a": {
            "name": "theirs",
            "routes": {
                "0.0.0.0/0": {"name": "nat-1", "id": "nat-1", "via": "nat-gateway"},
                "100.80.0.0/24": {"name": "eni-1", "id": "eni-1", "via": "network-interface"},
            },
        }
    },
    "networkAcls": {
        "acl-a": {
            "name": "walls",
            "entries": {
                "ingress 100": {
                    "direction": "ingress",
                    "number": 100,
                    "action": "allow",
                    "protocol": "-1",
                    "cidr": "0.0.0.0/0",
                }
            },
        }
    },
}


def listed(kind: str, name: str, inputs: dict[str, Any], object_id: str = "", **more: Any) -> Listed:
    known = object_id or Unknown(comes_from=f"the id of {name}")
    return Listed(f"{INSIDE}{kind}::{name}", kind, name, known, inputs, parent=NETWORK, **more)


@pytest.fixture
def facts() -> Facts:
    interface = {"subnet": {"name": "a", "id": "subnet-a"}}
    return from_resources(
        [
            Listed(
                NETWORK, "kubewire:network:ClusterNetwork", "shop", "x", {"unmasqueradedVpc": True}, is_object=False
            ),
            listed("kubewire:network:ExistingNetwork", "shop", FOUND, is_object=False),
            listed(
                "kubewire:index:NetworkInterfaces",
                "shop",
                {"interfaces": {"node-a": interface}},
                "set-1",
                outputs={"ids": {"node-a": "eni-1"}},
            ),
            listed(
                "kubewire:index:Routes",
                "rtb-a",
                {
                    "table": {"name": "table of a", "id": "rtb-a"},
                    "routes": {"100.80.0.0/24": {"name": "node-a", "id": "eni-1", "via": "network-interface"}},
                },
            ),
            listed(
                "kubewire:index:Subnet",
                "own",
                {"name": "own", "vpc": {"name": "corporate", "id": "vpc-1"}, "zone": "z", "cidr": "10.0.3.0/24"},
            ),
        ]
    )


def test_the_vpc_has_all_its_ranges_and_is_the_clusters(facts: Facts) -> None:
    assert facts.vpcs["corporate"].ranges == tuple(ip_network(item) for item in FOUND["vpc"]["cidrs"])
    assert facts.clusters[0].vpc == "corporate"


def test_subnets_have_the_table_and_the_acl_that_were_found(facts: Facts) -> None:
    a, b = facts.subnets["a"], facts.subnets["b"]
    assert (a.vpc, a.table, a.acl) == (b.vpc, b.table, b.acl) == ("corporate", "theirs", "walls")
    assert b.ranges == (ip_network("10.0.2.0/24"), ip_network("2600:1f18::/64"))
    assert facts.interfaces["node-a"].subnet == "a"
    assert facts.acls["walls"].rows[0].allows


def test_a_route_of_ours_that_is_there_already_is_one(facts: Facts) -> None:
    rows = {str(route.destination): (route.via, route.target) for route in facts.tables["theirs"].routes}
    assert rows == {"0.0.0.0/0": (Via.NAT_GATEWAY, "nat-1"), "100.80.0.0/24": (Via.INTERFACE, "node-a")}
    assert len(facts.tables["theirs"].routes) == 2


def test_a_local_route_that_somebody_bent_leaves_its_table_open() -> None:
    table = FOUND["routeTables"]["rtb-a"]
    to_appliance = {"name": "eni-9", "id": "eni-9", "via": "network-interface"}
    bent = {**table, "routes": {**table["routes"], "10.0.0.0/16": to_appliance}}
    found = {**FOUND, "routeTables": {"rtb-a": bent}}
    facts = from_resources([listed("kubewire:network:ExistingNetwork", "shop", found, is_object=False)])
    said = "10.0.0.0/16 in theirs, which leads to network interface in the place of local"
    assert facts.tables["theirs"].open_ends == (said,)


def test_what_was_not_looked_at_stays_open(facts: Facts) -> None:
    assert facts.groups["default"].open_ends == ("the rules of the default group of Vpc corporate",)
    own = facts.subnets["own"]
    assert isinstance(own.table, Unknown)
    assert isinstance(own.acl, Unknown)
    assert str(own.table) == "the main route table of corporate"
