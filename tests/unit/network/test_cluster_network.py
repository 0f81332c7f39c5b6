"""What the network declares, by the properties that it has to prove."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import Any

import pytest
from pulumi.runtime.config import set_all_config

from kubewire import ClusterNetwork
from kubewire.declared import Declared
from kubewire.errors import InvalidInputError
from kubewire.network.description import MOST_TAGS
from kubewire.network.parts.declarer import Declarer
from kubewire.network.vpcs import MOST_SECONDARY
from kubewire.resources.base import Owner
from kubewire.resources.members import SetArgs, member_tags
from kubewire.resources.traffic import CidrPeer, Direction, Protocol, Rule
from kubewire.resources.vpc_blocks import IPV6, Marks
from tests.unit.network.answers import answers
from tests.unit.program import Declarations, Wire, declare, declared, network_args, node

WORLD = "0.0.0.0/0"
PODS = "100.64.0.0/16"
TAGS_OF_AWS = 50
ANSWERS = answers({"zones": ["eu-west-1a"], "vpc": {"kind": "new"}, "pods": {"kind": "vpc"}})


def network(**changed: Any) -> Declarations:
    return declare(lambda: ClusterNetwork(network_args(**changed)))


@pytest.fixture(scope="module")
def plain() -> Declarations:
    return network()


def rules(found: Declarations) -> dict[str, Wire]:
    rows: dict[str, Wire] = found.of("SecurityGroupRules")["shop-nodes"]["rules"]
    return rows


def peers(found: Declarations, direction: str) -> set[str]:
    """Give who is admitted in a direction, on everything."""
    rows = [rule for rule in rules(found).values() if rule["direction"] == direction and rule["protocol"] == "-1"]
    return {rule["peer"].get("cidr") or rule["peer"]["id"] for rule in rows}


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
    tables = network(nat=nat).of("RouteTable")
    assert tables.keys() == {"shop-public", "shop-private-eu-west-1a", "shop-private-eu-west-1b"}
    for table in tables.values():
        pods = {cidr: (route["via"], route["name"]) for cidr, route in table["routes"].items() if cidr != WORLD}
        assert pods == {f"100.64.{number}.0/24": ("network-interface", f"node-{number}") for number in range(3)}


def test_7_the_interface_that_a_route_leads_to_is_the_nodes_own(plain: Declarations) -> None:
    machines, routes = plain.one("Instances")["instances"], plain.of("RouteTable")["shop-public"]["routes"]
    for number in range(3):
        assert machines[f"node-{number}"]["interface"]["id"] == f"shop.node-{number}-id"
        assert routes[f"100.64.{number}.0/24"]["id"] == f"shop.node-{number}-id"


@pytest.mark.parametrize(
    ("nat", "ways"),
    [
        ("none", [None, None]),
        ("single", ["shop-eu-west-1a-id", "shop-eu-west-1a-id"]),
        ("per-zone", ["shop-eu-west-1a-id", "shop-eu-west-1b-id"]),
    ],
)
def test_9_gateways_are_the_way_to_the_rest_of_the_world_alone(nat: str, ways: list[str | None]) -> None:
    found = network(nat=nat)
    tables = found.of("RouteTable")
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
    assert plain.one("NetworkInterfaces")["sourceDestCheck"] is False


@pytest.mark.parametrize(
    "pods", [{"kind": "vpc"}, {"kind": "overlay", "cidr": "100.64.0.0/16", "encapsulation": "geneve"}]
)
def test_10_nodes_of_pods_that_are_not_routed_keep_the_check(pods: Wire) -> None:
    rows = [{key: value for key, value in node(0, "a").items() if key != "pod_cidr"}]
    found = declare(lambda: ClusterNetwork(network_args(pods=pods, nodes=declared(*rows))), ANSWERS)
    assert found.one("NetworkInterfaces")["sourceDestCheck"] is True


def test_11_more_nodes_than_routes_in_a_table_are_refused_and_a_higher_quota_is_taken() -> None:
    with pytest.raises(InvalidInputError, match="shop: nodes: 4 routes are too many for one table"):
        network(quotas={"live": False, "routes_per_table": 3})
    assert len(network(quotas={"live": False, "routes_per_table": 4}).one("Instances")["instances"]) == 3


def test_12_every_subnet_has_a_table_of_its_role(plain: Declarations) -> None:
    used = {name: set(table["subnets"]) for name, table in plain.of("RouteTable").items()}
    assert used == {
        "shop-public": {"shop-public-eu-west-1a", "shop-public-eu-west-1b"},
        "shop-private-eu-west-1a": {"shop-private-eu-west-1a"},
        "shop-private-eu-west-1b": {"shop-private-eu-west-1b"},
    }


def test_12_subnets_of_nodes_and_of_pods_both_have_their_zone_s_table() -> None:
    described = network_args(
        vpc={"kind": "new", "cidr": "10.0.0.0/16", "secondary": [{"cidr": "100.64.0.0/16"}]},
        pods={"kind": "vpc"},
        nodes={"kind": "auto-scaling-group", "group": "workers"},
    )
    found = declare(lambda: ClusterNetwork(described), ANSWERS)
    used = {name: set(table["subnets"]) for name, table in found.of("RouteTable").items()}
    for zone in ("eu-west-1a", "eu-west-1b"):
        assert used[f"shop-private-{zone}"] == {f"shop-private-{zone}", f"shop-pods-{zone}"}


@pytest.mark.parametrize("direction", ["ingress", "egress"])
def test_13_14_and_15_nodes_and_pods_reach_each_other_on_everything(direction: str, plain: Declarations) -> None:
    (group,) = plain.of("SecurityGroup")
    assert peers(plain, direction) == {f"{group}-id", PODS}
    assert plain.one("NetworkInterfaces")["securityGroups"] == {"shop-nodes": f"{group}-id"}


@pytest.mark.parametrize("egress", [(), ("anywhere",), ("10.9.0.0/16",)])
def test_20_nothing_routes_or_admits_the_services_range(egress: tuple[str, ...]) -> None:
    found = network(egress=egress)
    destinations = {cidr for table in found.of("RouteTable").values() for cidr in table["routes"]} - {WORLD}
    incoming = [rule for rule in rules(found).values() if rule["direction"] == "ingress"]
    # Word of packets that are too big comes from everybody who is talked to.
    admitted = {rule["peer"].get("cidr") for rule in incoming if rule["protocol"] != "icmp"}
    for cidr in (destinations | admitted) - {None}:
        assert not IPv4Network(cidr).overlaps(IPv4Network("10.96.0.0/16"))


@pytest.mark.parametrize(
    ("egress", "world"), [((), False), (("10.9.0.0/16",), False), (("anywhere",), True)], ids=["none", "a range", "all"]
)
def test_27_the_world_is_nowhere_but_where_it_is_written(egress: tuple[str, ...], world: bool) -> None:  # noqa: FBT001 - pytest gives it by name
    found = network(egress=egress)
    open_rules = {
        (rule["direction"], rule["protocol"]) for rule in rules(found).values() if rule["peer"].get("cidr") == WORLD
    }
    # Whoever is talked to may say that a packet was too big.
    assert open_rules == ({("egress", "-1"), ("ingress", "icmp")} if world else set())


def test_a_way_out_to_pods_is_open_already_and_not_written_twice() -> None:
    assert len(rules(network(egress=[PODS]))) == len(rules(network()))


def test_nodes_stand_in_the_private_subnets_of_their_zones(plain: Declarations) -> None:
    interfaces = plain.one("NetworkInterfaces")["interfaces"]
    assert {name: item["subnet"]["name"] for name, item in interfaces.items()} == {
        "node-0": "shop-private-eu-west-1a",
        "node-1": "shop-private-eu-west-1b",
        "node-2": "shop-private-eu-west-1a",
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

    found = declare(both)
    assert found.of("Instances").keys() == {"shop", "web"}
    assert [set(it["instances"]) for it in found.of("Instances").values()] == [{f"node-{n}" for n in range(3)}] * 2
    assert [zone["domain"] for zone in found.of("HostedZone").values()] == ["shop.internal"] * 2


def test_machines_start_when_their_ways_and_their_firewall_are_there(plain: Declarations) -> None:
    order = [item.name if item.typ.endswith("Table") else item.typ.rpartition(":")[2] for item in plain.resources]
    assert max(order.index(name) for name in plain.of("RouteTable")) < order.index("Instances")


def test_a_private_zone_answers_in_the_vpc_alone() -> None:
    zone = network(domain="shop.internal").one("HostedZone")
    assert (zone["domain"], zone["vpcs"], zone["private"]) == ("shop.internal", {"shop": "shop-id"}, True)
    assert network().of("HostedZone") == {}


def test_tags_are_on_everything_that_bears_some() -> None:
    found = network(tags={"team": "shop"}, domain="shop.internal")
    tagged = [item for item in found.resources if item.typ.startswith("kubewire:index:") and "tags" in item.inputs]
    # Without: the component, and the rules of two groups, which bear their owner alone.
    assert len(tagged) == len(found.resources) - 3
    assert all({"team": "shop"}.items() <= item.inputs["tags"].items() for item in tagged)


def test_subnets_say_what_they_are_for() -> None:
    subnets = network(cluster="shop", tags={"team": "a"}).of("Subnet")
    cluster = {"team": "a", "kubernetes.io/cluster/shop": "shared"}
    assert subnets["shop-public-eu-west-1a"]["tags"] == {"kubernetes.io/role/elb": "1", **cluster}
    assert subnets["shop-private-eu-west-1a"]["tags"] == {"kubernetes.io/role/internal-elb": "1", **cluster}


def test_the_most_tags_leave_room_for_those_that_kubewire_writes() -> None:
    tags = {f"key-{number}": "x" for number in range(MOST_TAGS)}
    ranges = [{"cidr": f"10.{number}.0.0/16"} for number in range(1, 1 + MOST_SECONDARY)]
    vpc = {"kind": "new", "cidr": "10.0.0.0/16", "secondary": ranges, "ipv6": True}
    found = network(cluster="shop", tags=tags, vpc=vpc)
    owner = Owner("shop/dev", "x", "0" * 16)
    marks = Marks(owner).tags([*(one["cidr"] for one in ranges), IPV6])
    for item in found.resources:
        if "tags" in item.inputs and item.typ.startswith("kubewire:index:"):
            own = {**owner.tags(), "Name": "x", **(marks if item.typ.endswith(":Vpc") else {})}
            if item.typ.endswith((":Instances", ":NetworkInterfaces")):
                own |= member_tags("set", "x", SetArgs(name="x"), owner)
            assert len(item.inputs["tags"]) + len(own) <= TAGS_OF_AWS, item.typ


def test_ipv6_comes_before_groups_are_shut(monkeypatch: pytest.MonkeyPatch) -> None:
    before: dict[str, list[str]] = {}
    declare_one = Declarer.declare

    def noted(self: Declarer, kind: Any, args: Any, *, name: str, after: Any = ()) -> Declared:
        before[f"{kind.__name__} {name}"] = [one.pulumi_resource_name for one in after]
        return declare_one(self, kind, args, name=name, after=after)

    monkeypatch.setattr(Declarer, "declare", noted)
    endpoints = [{"kind": "interface", "service": "sts"}]
    network(vpc={"kind": "new", "cidr": "10.0.0.0/16", "ipv6": True}, node_groups=2, endpoints=endpoints)
    groups = [f"SecurityGroup shop-{group}" for group in ("nodes", "nodes-2", "endpoints")]
    assert [before[shut] for shut in (*groups, "SecurityGroupRules shop-default")] == [["shop"]] * 4


def test_the_default_group_of_a_new_vpc_is_locked() -> None:
    locked = network().of("SecurityGroupRules")["shop-default"]
    assert (locked["group"]["id"], locked["rules"], locked["exclusive"]) == ("shop-default-group", {}, True)
    kept = network(vpc={"kind": "new", "cidr": "10.0.0.0/16", "lock_default_group": False})
    assert kept.of("SecurityGroupRules").keys() == {"shop-nodes"}


def test_rules_of_services_are_counted_against_the_quota() -> None:
    made: list[ClusterNetwork] = []
    quotas = {"live": False, "rules_per_group": 4}
    declare(lambda: made.append(ClusterNetwork(network_args(quotas=quotas))))
    peer = CidrPeer(cidr=IPv4Network("10.8.0.0/16"))
    one, other, third = (
        Rule(direction=Direction.INGRESS, protocol=protocol, peer=peer)
        for protocol in (Protocol.ESP, Protocol.SCTP, Protocol.ICMP)
    )
    made[0].admit({"a": one, "b": other}, "web", "shop/web", made[0])
    with pytest.raises(InvalidInputError, match="shop/admin: sources: 1 more rules are too many") as caught:
        made[0].admit({"c": third}, "admin", "shop/admin", made[0])
    assert "`nodeGroups` of the network to 2" in caught.value.detail


def test_dual_stack_has_a_64_in_every_subnet_and_a_way_out_that_nobody_comes_in_by() -> None:
    found = network(vpc={"kind": "new", "cidr": "10.0.0.0/16", "ipv6": True})
    assert {name[-1] + name[5:8]: item["ipv6Cidr"] for name, item in found.of("Subnet").items()} == {
        "apri": "2600:1f18:1234:5600::/64",
        "apub": "2600:1f18:1234:5601::/64",
        "bpri": "2600:1f18:1234:5620::/64",
        "bpub": "2600:1f18:1234:5621::/64",
    }
    assert all(item["assignsIpv6"] for item in found.of("Subnet").values())
    tables = found.of("RouteTable")
    assert tables["shop-public"]["routes"]["::/0"]["via"] == "internet-gateway"
    assert tables["shop-private-eu-west-1a"]["routes"]["::/0"]["via"] == "egress-only-internet-gateway"
    assert all(row["ipv6"] for row in found.one("NetworkInterfaces")["interfaces"].values())


def test_isolated_subnets_have_no_way_out_whatever_nat_there_is() -> None:
    layout = [{"role": role, "prefix": 22} for role in ("private", "public", "isolated")]
    found = network(subnets={"kind": "carved", "layout": layout}, nat="per-zone", egress=["anywhere"])
    assert {row["via"] for row in found.of("RouteTable")["shop-isolated"]["routes"].values()} == {"network-interface"}


def test_a_network_without_nat_has_no_addresses_to_hold() -> None:
    with pytest.raises(InvalidInputError, match="shop: nat: 2 NAT gateways need 2 elastic addresses"):
        network(nat="per-zone", quotas={"live": False, "elastic_addresses": 1})
    assert network(nat="none", quotas={"live": False, "elastic_addresses": 0}).of("NatGateway") == {}


def test_more_subnets_than_a_vpc_has_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="shop: subnets: 4 subnets are too many"):
        network(quotas={"live": False, "subnets_per_vpc": 3})


def test_another_region_than_the_provider_s_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="shop: region: eu-west-2 is another region"):
        _in_region("eu-west-1", region="eu-west-2", zones=["eu-west-2a"], nodes=declared())


def _in_region(configured: str, **changed: Any) -> None:
    set_all_config({"kubewire:region": configured})
    try:
        network(**changed)
    finally:
        set_all_config({})
