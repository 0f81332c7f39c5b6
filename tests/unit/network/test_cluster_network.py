"""What the network declares, by the properties that it has to prove."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import Any

import pytest

from kubewire import ClusterNetwork
from kubewire.errors import InvalidInputError
from tests.unit.program import Declarations, Wire, declare, network_args, node

WORLD = "0.0.0.0/0"
PODS = "100.64.0.0/16"


def network(**changed: Any) -> Declarations:
    return declare(lambda: ClusterNetwork(network_args(**changed)))


@pytest.fixture(scope="module")
def plain() -> Declarations:
    return network()


def rules(declared: Declarations) -> dict[str, Wire]:
    found: dict[str, Wire] = declared.one("SecurityGroupRules")["rules"]
    return found


def peers(declared: Declarations, direction: str) -> set[str]:
    """Give who is admitted in a direction, on everything."""
    found = [rule for rule in rules(declared).values() if rule["direction"] == direction and rule["protocol"] == "-1"]
    return {rule["peer"].get("cidr") or rule["peer"]["id"] for rule in found}


def test_1_pod_ranges_of_nodes_are_apart(plain: Declarations) -> None:
    ranges = [IPv4Network(cidr) for cidr in plain.of("RouteTable")["shop-public"]["routes"] if cidr != WORLD]
    assert len(ranges) == 3
    assert not any(one.overlaps(other) for number, one in enumerate(ranges) for other in ranges[:number])


def test_2_the_vpc_holds_neither_pods_nor_services(plain: Declarations) -> None:
    vpc = IPv4Network(plain.one("Vpc")["cidr"])
    assert not vpc.overlaps(IPv4Network(PODS))
    assert not vpc.overlaps(IPv4Network("10.96.0.0/16"))


def test_4_no_route_leads_into_link_local(plain: Declarations) -> None:
    destinations = {cidr for table in plain.of("RouteTable").values() for cidr in table["routes"]} - {WORLD}
    assert not any(IPv4Network(cidr).overlaps(IPv4Network("169.254.0.0/16")) for cidr in destinations)


@pytest.mark.parametrize("nat", ["none", "single", "per-zone"])
def test_6_and_7_every_table_routes_every_pod_range_to_its_node(nat: str) -> None:
    declared = network(nat=nat)
    tables = declared.of("RouteTable")
    assert tables.keys() == {"shop-public", "shop-private-eu-west-1a", "shop-private-eu-west-1b"}
    for table in tables.values():
        pods = {cidr: (route["via"], route["id"]) for cidr, route in table["routes"].items() if cidr != WORLD}
        assert pods == {f"100.64.{number}.0/24": ("network-interface", f"shop.node-{number}-id") for number in range(3)}


def test_7_the_interface_that_a_route_leads_to_is_the_nodes_own(plain: Declarations) -> None:
    for number in range(3):
        instance = plain.of("Instance")[f"shop.node-{number}"]
        route = plain.of("RouteTable")["shop-public"]["routes"][f"100.64.{number}.0/24"]
        assert instance["interface"]["id"] == route["id"]


@pytest.mark.parametrize(
    ("nat", "ways"),
    [
        ("none", [None, None]),
        ("single", ["shop-eu-west-1a-id", "shop-eu-west-1a-id"]),
        ("per-zone", ["shop-eu-west-1a-id", "shop-eu-west-1b-id"]),
    ],
)
def test_9_gateways_are_the_way_to_the_rest_of_the_world_alone(nat: str, ways: list[str | None]) -> None:
    declared = network(nat=nat)
    tables = declared.of("RouteTable")
    assert tables["shop-public"]["routes"][WORLD]["via"] == "internet-gateway"
    private = [tables[f"shop-private-eu-west-1{zone}"]["routes"].get(WORLD, {}) for zone in "ab"]
    assert [route.get("id") for route in private] == ways
    assert {route["via"] for route in private if route} <= {"nat-gateway"}
    through_gateways = {
        cidr
        for table in tables.values()
        for cidr, route in table["routes"].items()
        if route["via"] != "network-interface"
    }
    assert through_gateways == {WORLD}


@pytest.mark.parametrize(("nat", "zones"), [("none", ""), ("single", "a"), ("per-zone", "ab")])
def test_nat_gateways_stand_in_public_subnets(nat: str, zones: str) -> None:
    gateways = network(nat=nat).of("NatGateway")
    assert sorted(gateway["subnet"]["name"] for gateway in gateways.values()) == [
        f"shop-public-eu-west-1{zone}" for zone in zones
    ]


def test_10_no_node_checks_sources_and_destinations(plain: Declarations) -> None:
    interfaces = plain.of("NetworkInterface").values()
    assert [interface["sourceDestCheck"] for interface in interfaces] == [False] * 3


def test_11_more_nodes_than_routes_in_a_table_are_refused_and_a_higher_quota_is_taken() -> None:
    with pytest.raises(InvalidInputError, match="4 routes are too many for one table"):
        network(quotas={"routes_per_table": 3})
    assert len(network(quotas={"routes_per_table": 4}).of("Instance")) == 3


def test_12_every_subnet_has_a_table_of_its_role(plain: Declarations) -> None:
    used = {name: set(table["subnets"]) for name, table in plain.of("RouteTable").items()}
    assert used == {
        "shop-public": {"shop-public-eu-west-1a", "shop-public-eu-west-1b"},
        "shop-private-eu-west-1a": {"shop-private-eu-west-1a"},
        "shop-private-eu-west-1b": {"shop-private-eu-west-1b"},
    }


@pytest.mark.parametrize("direction", ["ingress", "egress"])
def test_13_14_and_15_nodes_and_pods_reach_each_other_on_everything(direction: str, plain: Declarations) -> None:
    (group,) = plain.of("SecurityGroup")
    assert peers(plain, direction) == {f"{group}-id", PODS}
    groups = [interface["securityGroups"] for interface in plain.of("NetworkInterface").values()]
    assert groups == [{"shop-nodes": f"{group}-id"}] * 3


@pytest.mark.parametrize("egress", [(), ("anywhere",), ("10.9.0.0/16",)])
def test_20_nothing_routes_or_admits_the_services_range(egress: tuple[str, ...]) -> None:
    declared = network(egress=egress)
    destinations = {cidr for table in declared.of("RouteTable").values() for cidr in table["routes"]} - {WORLD}
    admitted = {rule["peer"].get("cidr") for rule in rules(declared).values() if rule["direction"] == "ingress"}
    for cidr in (destinations | admitted) - {None}:
        assert not IPv4Network(cidr).overlaps(IPv4Network("10.96.0.0/16"))


@pytest.mark.parametrize(
    ("egress", "world"), [((), False), (("10.9.0.0/16",), False), (("anywhere",), True)], ids=["none", "a range", "all"]
)
def test_27_the_world_is_nowhere_but_where_it_is_written(egress: tuple[str, ...], world: bool) -> None:  # noqa: FBT001
    declared = network(egress=egress)
    open_rules = {
        (rule["direction"], rule["peer"]["cidr"])
        for rule in rules(declared).values()
        if rule["peer"].get("cidr") == WORLD
    }
    assert open_rules == ({("egress", WORLD)} if world else set())


def test_a_way_out_to_pods_is_open_already_and_not_written_twice() -> None:
    assert len(rules(network(egress=[PODS]))) == len(rules(network()))


def test_nodes_stand_in_the_private_subnets_of_their_zones(plain: Declarations) -> None:
    assert {name: item["subnet"]["name"] for name, item in plain.of("NetworkInterface").items()} == {
        "shop.node-0": "shop-private-eu-west-1a",
        "shop.node-1": "shop-private-eu-west-1b",
        "shop.node-2": "shop-private-eu-west-1a",
    }


def test_subnets_lie_in_the_vpc_and_give_no_public_addresses(plain: Declarations) -> None:
    subnets = plain.of("Subnet").values()
    assert len(subnets) == 4
    assert all(IPv4Network(item["cidr"]).subnet_of(IPv4Network("10.0.0.0/16")) for item in subnets)
    assert not any(item["publicAddresses"] for item in subnets)


def test_two_networks_of_one_stack_may_call_their_nodes_and_domains_alike() -> None:
    def both() -> None:
        ClusterNetwork(network_args(domain="shop.internal"))
        ClusterNetwork(network_args(name="web", domain="shop.internal"))

    declared = declare(both)
    assert declared.of("Instance").keys() == {
        f"{name}.node-{number}" for name in ("shop", "web") for number in range(3)
    }
    assert {instance["name"] for instance in declared.of("Instance").values()} == {f"node-{n}" for n in range(3)}
    assert [zone["domain"] for zone in declared.of("HostedZone").values()] == ["shop.internal"] * 2


def test_names_of_networks_and_nodes_that_join_alike_stay_apart() -> None:
    def both() -> None:
        ClusterNetwork(network_args(name="a", nodes=[{**node(0, "a"), "name": "b-c"}]))
        ClusterNetwork(network_args(name="a-b", nodes=[{**node(0, "a"), "name": "c"}]))

    assert len(declare(both).of("Instance")) == 2


def test_a_private_zone_answers_in_the_vpc_alone() -> None:
    zone = network(domain="shop.internal").one("HostedZone")
    assert (zone["domain"], zone["vpcs"], zone["private"]) == ("shop.internal", {"shop": "shop-id"}, True)
    assert network().of("HostedZone") == {}


def test_tags_are_on_everything_that_bears_some() -> None:
    declared = network(tags={"team": "shop"}, domain="shop.internal")
    tagged = [item for item in declared.resources if item.typ.startswith("kubewire:index:") and "tags" in item.inputs]
    assert len(tagged) == len(declared.resources) - 2  # the component, and the rules, which bear their owner alone
    assert all(item.inputs["tags"] == {"team": "shop"} for item in tagged)


def test_rules_of_services_are_counted_against_the_quota() -> None:
    made: list[ClusterNetwork] = []
    declare(lambda: made.append(ClusterNetwork(network_args(quotas={"rules_per_group": 4}))))
    made[0].claim_rules(2, "shop/web")
    with pytest.raises(InvalidInputError, match="5 rules are too many for the security group of the nodes"):
        made[0].claim_rules(1, "shop/admin")
