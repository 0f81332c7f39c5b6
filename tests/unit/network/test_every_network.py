"""What holds of every network that is accepted, whatever it is made of."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings

from kubewire import ClusterNetwork, ClusterNetworkArgs
from tests.unit.network.answers import answers
from tests.unit.network.strategies import Wire, descriptions
from tests.unit.program import Declarations, declare

WORLD, WORLD6 = "0.0.0.0/0", "::/0"
FOUND_NODES = 3
EXAMPLES = 60
"""Each runs a whole program."""


def network(description: Wire, nodes: int = FOUND_NODES) -> Declarations:
    return declare(lambda: ClusterNetwork(ClusterNetworkArgs(**description)), answers(description, nodes))


@settings(max_examples=EXAMPLES)
@given(description=descriptions())
def test_is_declared_and_keeps_what_the_network_model_asks(description: Wire) -> None:
    declared = network(description)
    names_differ(declared)
    every_table_leads_to_the_pods_of_every_node_once(description, declared)
    checks_are_off_if_and_only_if_pods_are_routed(description, declared)
    the_world_is_where_it_is_written(description, declared)
    nodes_and_pods_reach_each_other_on_everything(description, declared)
    nodes_have_every_group(description, declared)
    every_subnet_that_is_made_has_one_table(declared)


@settings(max_examples=EXAMPLES // 2)
@given(description=descriptions().filter(lambda it: known_nodes(it) > 0))
def test_more_nodes_are_no_more_resources(description: Wire) -> None:
    fewer = {**description, "nodes": one_node(description["nodes"])}
    assert shape(network(description)) == shape(network(fewer, 1))


def names_differ(declared: Declarations) -> None:
    names = Counter((item.typ, item.name) for item in declared.resources)
    assert {name: number for name, number in names.items() if number > 1} == {}


def every_table_leads_to_the_pods_of_every_node_once(description: Wire, declared: Declarations) -> None:
    routed = description["pods"]["kind"] == "routed"
    wanted = ranges_by_node(description, declared) if routed else Counter()
    for name, routes in tables(declared).items():
        found = Counter((route["name"], cidr) for cidr, route in routes.items() if route["via"] == "network-interface")
        if description["nodes"]["kind"] == "slots":
            # Which ranges they are, test_slots says; here it's that each slot has its number of them.
            assert Counter(node for node, _ in found) == Counter(node for node, _ in wanted.elements()), name
        else:
            assert found == wanted, name


def every_subnet_that_is_made_has_one_table(declared: Declarations) -> None:
    """Without one it would have the VPC's main table, which leads nowhere."""
    users = Counter(name for table in declared.of("RouteTable").values() for name in table["subnets"])
    assert users == Counter(subnet["name"] for subnet in declared.of("Subnet").values())


def checks_are_off_if_and_only_if_pods_are_routed(description: Wire, declared: Declarations) -> None:
    routed = description["pods"]["kind"] == "routed"
    for interfaces in declared.of("NetworkInterfaces").values():
        assert interfaces["sourceDestCheck"] is not routed
    found = description["nodes"]["kind"] == "cluster"
    switched = [len(checks["interfaces"]) for checks in declared.of("SourceDestChecks").values()]
    assert switched == ([FOUND_NODES] if routed and found else [])


def the_world_is_where_it_is_written(description: Wire, declared: Declarations) -> None:
    written = {source for source in description["egress"] if source == "anywhere"}
    heard = written | {source for source in description["path_mtu"] if source == "anywhere"}
    ipv6 = bool(description["vpc"].get("ipv6") or description["vpc"].get("ipv6_cidr"))
    world = {WORLD, WORLD6} if ipv6 else {WORLD}
    open_to = [(name, rule) for name, rule in rules(declared) if rule["peer"].get("cidr") in {WORLD, WORLD6}]
    egress = {rule["peer"]["cidr"] for _, rule in open_to if rule["direction"] == "egress"}
    assert egress == (world if written else set())
    # What comes in from everywhere is word of packets that are too big, and nothing else.
    ingress = {(rule["peer"]["cidr"], rule["protocol"]) for _, rule in open_to if rule["direction"] == "ingress"}
    too_big = {(WORLD, "icmp"), (WORLD6, "icmpv6")}
    assert ingress == ({(cidr, word) for cidr, word in too_big if cidr in world} if heard else set())


def nodes_and_pods_reach_each_other_on_everything(description: Wire, declared: Declarations) -> None:
    pods = description["pods"]
    ranges = {pods[key] for key in ("cidr", "cidr6") if key in pods} if pods["kind"] == "routed" else set()
    for direction in ("ingress", "egress"):
        admitted = {
            rule["peer"].get("cidr") or rule["peer"]["id"]
            for _, rule in rules(declared)
            if (rule["direction"], rule["protocol"]) == (direction, "-1")
        }
        assert {f"{description['name']}-nodes-id", *ranges} <= admitted


def nodes_have_every_group(description: Wire, declared: Declarations) -> None:
    groups = {name for name in declared.of("SecurityGroup") if not name.endswith("-endpoints")}
    assert len(groups) == description["node_groups"]
    for interfaces in declared.of("NetworkInterfaces").values():
        assert interfaces["securityGroups"] == {name: f"{name}-id" for name in groups}


def tables(declared: Declarations) -> dict[str, Wire]:
    """Give the routes of every table: the network's own, and those that it puts into tables of others."""
    own = {name: table["routes"] for name, table in declared.of("RouteTable").items()}
    others = {f"in {name}": rows["routes"] for name, rows in declared.of("Routes").items()}
    return {**own, **others}


def rules(declared: Declarations) -> list[tuple[str, Wire]]:
    return [item for rows in declared.of("SecurityGroupRules").values() for item in rows.get("rules", {}).items()]


def ranges_by_node(description: Wire, declared: Declarations) -> Counter[tuple[str, str]]:
    """Say which ranges each node's pods have, from the description, or from what the cluster answers."""
    nodes = description["nodes"]
    match nodes["kind"]:
        case "declared":
            keys = ("pod_cidr", "pod_cidr6")
            return Counter((row["name"], row[key]) for row in nodes["machines"] for key in keys if key in row)
        case "cluster":
            found = answers(description, FOUND_NODES)["kubewire:index:getClusterNodes"]["nodes"]
            return Counter((node["name"], cidr) for node in found for cidr in node["podCidrs"])
    families = 2 if "cidr6" in description["pods"] else 1
    made = [name for rows in declared.of("NetworkInterfaces").values() for name in rows["interfaces"]]
    assert len(made) == sum(nodes["zones"].values())
    return Counter((name, f"{family}") for name in made for family in range(families) if made.count(name) == 1)


def known_nodes(description: Wire) -> int:
    nodes: Wire = description["nodes"]
    return len(nodes["machines"]) if "machines" in nodes else sum(nodes.get("zones", {"": 1}).values())


def one_node(nodes: Wire) -> Wire:
    if "machines" in nodes:
        return {**nodes, "machines": nodes["machines"][:1]}
    if "zones" in nodes:
        zone = next(zone for zone, number in nodes["zones"].items() if number)
        return {**nodes, "zones": {zone: 1}}
    return nodes


def shape(declared: Declarations) -> list[tuple[str, str]]:
    return sorted((item.typ, item.name) for item in declared.resources)
