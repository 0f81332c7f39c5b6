"""What holds of every network that is accepted, whatever it is made of."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubewire import ClusterNetwork, ClusterNetworkArgs
from tests.unit.network.answers import answers
from tests.unit.network.strategies import Wire, descriptions
from tests.unit.program import Declarations, declare

WORLDS = {"0.0.0.0/0", "::/0"}
FOUND_NODES = 3


def network(description: Wire, nodes: int = FOUND_NODES) -> Declarations:
    return declare(lambda: ClusterNetwork(ClusterNetworkArgs(**description)), answers(description, nodes))


def pod_ranges(declared: Declarations) -> list[str]:
    """Give the pod ranges of all nodes, as the component shows them."""
    (component,) = [item for item in declared.resources if item.typ == "kubewire:network:ClusterNetwork"]
    assert component.inputs == {}
    return []


def tables(declared: Declarations) -> dict[str, Wire]:
    """Give the routes of every table: the network's own, and those of others."""
    own = {name: table["routes"] for name, table in declared.of("RouteTable").items()}
    return {**own, **{name: rows["routes"] for name, rows in declared.of("Routes").items()}}


def expected_ranges(description: Wire) -> Counter[str]:
    """Say which pod ranges a network's nodes have, from its description alone."""
    if description["pods"]["kind"] != "routed":
        return Counter()
    match description["nodes"]:
        case {"kind": "declared", "machines": machines}:
            return Counter(machine[key] for machine in machines for key in ("pod_cidr", "pod_cidr6") if key in machine)
        case {"kind": "cluster"}:
            nodes = answers(description, FOUND_NODES)["kubewire:index:getClusterNodes"]["nodes"]
            return Counter(cidr for node in nodes for cidr in node["podCidrs"])
    raise AssertionError(description["nodes"])


@given(description=descriptions())
def test_every_resource_takes_its_inputs_and_has_a_name_of_its_own(description: Wire) -> None:
    declared = network(description)
    names = Counter((item.typ, item.name) for item in declared.resources)
    assert {name: number for name, number in names.items() if number > 1} == {}


@given(description=descriptions().filter(lambda it: it["nodes"]["kind"] != "slots"))
def test_every_table_routes_the_pods_of_every_node_once(description: Wire) -> None:
    wanted = expected_ranges(description)
    assert max(wanted.values(), default=1) == 1
    for routes in tables(network(description)).values():
        to_nodes = [cidr for cidr, route in routes.items() if route["via"] == "network-interface"]
        assert Counter(to_nodes) == wanted


@given(description=descriptions().filter(lambda it: it["nodes"]["kind"] == "slots"))
def test_every_table_routes_the_pods_of_every_slot_once(description: Wire) -> None:
    declared = network(description)
    number = sum(description["nodes"]["zones"].values())
    families = 2 if "cidr6" in description["pods"] else 1
    wanted = number * families if description["pods"]["kind"] == "routed" else 0
    seen = set()
    for routes in tables(declared).values():
        to_nodes = {cidr: row["name"] for cidr, row in routes.items() if row["via"] == "network-interface"}
        assert len(to_nodes) == wanted
        assert Counter(to_nodes.values()) == (Counter(dict.fromkeys(slots_of(declared), families)) if wanted else {})
        seen.add(tuple(sorted(to_nodes.items())))
    assert len(seen) <= 1


def slots_of(declared: Declarations) -> list[str]:
    sets = declared.of("NetworkInterfaces").values()
    return [name for rows in sets for name in rows["interfaces"]]


@given(description=descriptions())
def test_no_check_of_sources_and_destinations_if_and_only_if_pods_are_routed(description: Wire) -> None:
    declared = network(description)
    routed = description["pods"]["kind"] == "routed"
    for interfaces in declared.of("NetworkInterfaces").values():
        assert interfaces["sourceDestCheck"] is not routed
    found = description["nodes"]["kind"] == "cluster"
    switched = [len(checks["interfaces"]) for checks in declared.of("SourceDestChecks").values()]
    assert switched == ([FOUND_NODES] if routed and found else [])


@given(description=descriptions())
def test_nobody_is_the_world_unless_it_is_written(description: Wire) -> None:
    declared = network(description)
    egress = {
        rule["peer"]["cidr"]
        for rules in declared.of("SecurityGroupRules").values()
        for rule in rules.get("rules", {}).values()
        if rule["peer"].get("cidr") in WORLDS and rule["direction"] == "egress"
    }
    ingress = [
        name
        for rules in declared.of("SecurityGroupRules").values()
        for name, rule in rules.get("rules", {}).items()
        if rule["peer"].get("cidr") in WORLDS and rule["direction"] == "ingress" and "path MTU" not in name
    ]
    assert ingress == []
    ipv6 = bool(description["vpc"].get("ipv6") or description["vpc"].get("ipv6_cidr"))
    worlds = WORLDS if ipv6 else {"0.0.0.0/0"}
    assert egress == (worlds if "anywhere" in description["egress"] else set())


def more_nodes(description: Wire) -> Wire:
    """Write the same network with nodes, or with more of them."""
    nodes = description["nodes"]
    match nodes["kind"]:
        case "slots":
            return {**description, "nodes": {**nodes, "zones": dict.fromkeys(description["zones"], 5)}}
        case "declared":
            few = nodes["machines"][:1]
            return {**description, "nodes": {**nodes, "machines": few}}
        case _:
            return description


@given(description=descriptions().filter(lambda it: known_nodes(it) > 0))
def test_more_nodes_are_no_more_resources(description: Wire) -> None:
    other = more_nodes(description)
    nodes = 1 if other is description else FOUND_NODES
    assert shape(network(description)) == shape(network(other, nodes))


def known_nodes(description: Wire) -> int:
    nodes: dict[str, Any] = description["nodes"]
    return len(nodes["machines"]) if "machines" in nodes else sum(nodes.get("zones", {"": 1}).values())


def shape(declared: Declarations) -> list[tuple[str, str]]:
    return sorted((item.typ, item.name) for item in declared.resources)


@given(description=descriptions(), data=st.data())
def test_rules_of_the_network_are_on_its_first_groups(description: Wire, data: st.DataObject) -> None:
    del data
    declared = network(description)
    number = description["node_groups"]
    groups = [name for name in declared.of("SecurityGroup") if not name.endswith("-endpoints")]
    assert len(groups) == number
    for interfaces in declared.of("NetworkInterfaces").values():
        assert list(interfaces["securityGroups"]) == groups


@pytest.mark.parametrize("direction", ["ingress", "egress"])
@given(description=descriptions())
def test_nodes_and_routed_pods_are_admitted_on_everything(direction: str, description: Wire) -> None:
    declared = network(description)
    admitted = [
        rule["peer"].get("cidr") or rule["peer"]["id"]
        for rules in declared.of("SecurityGroupRules").values()
        for rule in rules.get("rules", {}).values()
        if rule["direction"] == direction and rule["protocol"] == "-1"
    ]
    pods = description["pods"]
    ranges = {pods[key] for key in ("cidr", "cidr6") if key in pods} if pods["kind"] == "routed" else set()
    assert {f"{description['name']}-nodes-id", *ranges} <= set(admitted)
