from __future__ import annotations

import json
from ipaddress import IPv4Address, ip_network

import pytest

from kubewire.errors import InvalidInputError
from kubewire.prover.facts.cluster import Told
from kubewire.prover.facts.firewall import Direction, GroupPeer, PortSpan, RangePeer
from kubewire.prover.facts.network import Via
from kubewire.prover.facts.services import ServiceType
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.from_plan.facts import from_plan, from_state
from tests.unit.prover.engine import UNKNOWN, Plan, text, verdicts
from tests.unit.prover.nets import broken, unproven

TABLE = "RouteTable::shop-private-eu-west-1b"
OPEN = {39}
"""What isn't proven of it: whether the bank that a CNAME leads to is there."""


class TestAPlanOfTheEngine:
    def test_is_proved_before_anything_exists(self) -> None:
        said = verdicts(from_plan(text("create")))
        assert {number for number, verdict in said.items() if verdict != "holds"} == OPEN
        assert len(said) > 20

    def test_says_what_there_will_be(self) -> None:
        facts = from_plan(text("create"))
        assert facts.strangers == ()
        assert facts.vpcs["shop"].ranges == (ip_network("10.0.0.0/16"),)
        node = facts.interfaces["node-a"]
        assert node.subnet == "shop-private-eu-west-1a"
        assert node.address == Unknown(comes_from="the address of interface node-a")
        assert (node.groups, node.checks, node.machine) == (("shop-nodes",), False, "node-a")
        assert facts.subnets["shop-private-eu-west-1a"].table == "shop-private-eu-west-1a"
        routes = {str(route.destination): (route.via, route.target) for route in facts.tables["shop-public"].routes}
        assert routes == {
            "0.0.0.0/0": (Via.INTERNET_GATEWAY, "shop"),
            "100.64.0.0/24": (Via.INTERFACE, "node-a"),
            "100.64.1.0/24": (Via.INTERFACE, "node-b"),
            "100.64.2.0/24": (Via.INTERFACE, "node-c"),
        }

    def test_gives_a_group_the_rules_of_all_owners(self) -> None:
        rules = {rule.name: rule for rule in from_plan(text("create")).groups["shop-nodes"].rules}
        assert rules["all from nodes"].peer == GroupPeer(group="shop-nodes")
        admin = rules["shop/frontend-admin:http from 10.8.0.0/16"]
        assert admin.direction is Direction.INGRESS
        assert admin.match == PortSpan(protocol=6, first=30081, last=30081)
        assert admin.peer == RangePeer(range=ip_network("10.8.0.0/16"))

    def test_knows_the_group_that_no_resource_declares(self) -> None:
        assert from_plan(text("create")).groups["default"].rules == ()
        plan = Plan()
        del plan.inputs("SecurityGroupRules::shop-default")["exclusive"]
        assert {rule.direction for rule in plan.facts().groups["default"].rules} == set(Direction)

    def test_has_services_balancers_and_names(self) -> None:
        facts = from_plan(text("create"))
        services = {service.label: service for service in facts.services}
        assert services["shop/frontend"].type is ServiceType.LOAD_BALANCER
        assert services["shop/frontend"].ports[0].node_port == 30080
        assert services["shop/frontend"].cluster_ip == Unknown(comes_from="the cluster IP of shop/frontend")
        assert services["shop/bank"].external_name == "payments.example.com"
        (balancer,) = facts.load_balancers
        assert (balancer.internet_facing, [listener.port for listener in balancer.listeners]) == (True, [80])
        assert set(balancer.subnets) == {f"shop-public-eu-west-1{zone}" for zone in "abc"}
        group = facts.target_groups[str(balancer.listeners[0].target_group)]
        assert [(target.name, target.port) for target in group.targets] == [(f"node-{at}", 30080) for at in "abc"]
        assert [(record.name, record.values) for record in facts.zones[0].records] == [
            ("bank.shop.internal", ("payments.example.com",))
        ]

    def test_of_a_change_is_what_will_be(self) -> None:
        facts = from_plan(text("change"))
        assert facts.clusters[0].nodes[2].pod_ranges == (ip_network("100.64.5.0/24"),)
        assert facts.interfaces["node-c"].address == IPv4Address("10.0.64.4")
        assert {number for number, verdict in verdicts(facts).items() if verdict != "holds"} == OPEN


def test_a_state_knows_what_the_plan_could_not() -> None:
    facts = from_state(text("state"))
    assert facts.interfaces["node-a"].address == IPv4Address("10.0.0.4")
    addresses = [service.cluster_ip for service in facts.services if service.type is ServiceType.CLUSTER_IP]
    assert addresses
    assert all(isinstance(address, str) for address in addresses)
    assert {number for number, verdict in verdicts(facts).items() if verdict != "holds"} == OPEN


class TestTheProofIsOfWhatTheEngineWillDo:
    def test_a_route_that_is_missing(self) -> None:
        plan = Plan()
        del plan.inputs(TABLE)["routes"]["100.64.0.0/24"]
        assert "shop-private-eu-west-1b has no route for 100.64.0.0/24 of node-a" in broken(plan.facts(), 6)
        assert "NAT gateway" in broken(plan.facts(), 9)

    def test_a_route_to_another_node(self) -> None:
        plan = Plan()
        plan.inputs(TABLE)["routes"]["100.64.0.0/24"]["name"] = "node-c"
        assert "100.64.0.0/24 belongs to node-a" in broken(plan.facts(), 7)

    def test_routes_that_others_add(self) -> None:
        plan = Plan()
        route = {"name": "tgw", "id": "tgw-0123456789abcdef0", "via": "transit-gateway"}
        table = {"name": "shop-private-eu-west-1b", "id": UNKNOWN}
        plan.add("kubewire:index:Routes", "more", {"table": table, "routes": {"100.64.0.128/25": route}})
        assert "100.64.0.128/25 -> transit gateway tgw in table" in broken(plan.facts(), 8)

    def test_a_check_that_stays_on(self) -> None:
        plan = Plan()
        plan.inputs("NetworkInterfaces::shop")["sourceDestCheck"] = True
        assert "interface node-a of node-a has its source/destination check on" in broken(plan.facts(), 10)

    def test_a_rule_that_is_gone(self) -> None:
        plan = Plan()
        del plan.inputs("SecurityGroupRules::shop-nodes")["rules"]["all from pods"]
        assert "no ingress rule admits it" in broken(plan.facts(), 14)

    def test_an_acl_without_a_way_back(self) -> None:
        plan = Plan()
        first = {"number": 100, "action": "allow", "protocol": "-1", "cidr": "0.0.0.0/0"}
        low = {"protocol": "tcp", "ports": {"first": 0, "last": 1023}}
        entries = {
            "ingress 100": {**first, "direction": "ingress"},
            "egress 100": {**first, "direction": "egress", **low},
        }
        subnets = {"shop-private-eu-west-1a": UNKNOWN}
        vpc = {"name": "shop", "id": UNKNOWN}
        inputs = {"name": "wall", "vpc": vpc, "entries": entries, "subnets": subnets}
        plan.add("kubewire:index:NetworkAcl", "wall", inputs)
        assert "answers of" in broken(plan.facts(), 18)
        assert "network ACL wall, out of shop-private-eu-west-1a" in broken(plan.facts(), 18)


class TestWhatThePlanDoesNotSay:
    def test_who_the_control_plane_is(self) -> None:
        plan = Plan()
        del plan.inputs("ClusterNetwork::shop")["controlPlane"]
        assert unproven(plan.facts(), 19) == ("controlPlane of ClusterNetwork shop",)

    def test_every_range_of_the_control_plane_counts(self) -> None:
        plan = Plan()
        ranges = ["100.64.0.0/28", "10.9.0.0/28"]
        plan.inputs("ClusterNetwork::shop")["controlPlane"] = {"kind": "ranges", "ranges": ranges}
        assert "control plane (10.9.0.0/28)" in broken(plan.facts(), 19)

    def test_a_control_plane_on_nodes_needs_what_nodes_need(self) -> None:
        plan = Plan()
        del plan.inputs("SecurityGroupRules::shop-nodes")["rules"]["all from nodes"]
        assert "the control plane can't reach tcp/10250 of node" in broken(plan.facts(), 19)

    def test_which_node_has_which_pods(self) -> None:
        plan = Plan()
        del plan.state("ClusterNetwork::shop")["inputs"]
        facts = plan.facts()
        assert {node.told for node in facts.clusters[0].nodes} == {Told.ROUTES}
        assert "nothing but the routes say so" in unproven(facts, 7)[0]
        assert verdicts(facts)[6] == "holds"

    def test_whose_pods_no_route_knows(self) -> None:
        plan = Plan()
        del plan.state("ClusterNetwork::shop")["inputs"]
        for zone in ("public", "private-eu-west-1a", "private-eu-west-1b", "private-eu-west-1c"):
            del plan.inputs(f"RouteTable::shop-{zone}")["routes"]["100.64.2.0/24"]
        assert unproven(plan.facts(), 6) == ("the pods of node-c: nothing says their addresses",)

    def test_all_routes_of_a_table(self) -> None:
        plan = Plan()
        plan.inputs(TABLE)["routes"] = UNKNOWN
        assert unproven(plan.facts(), 6) == ("routes of RouteTable shop-private-eu-west-1b",)

    def test_all_rules_of_a_group(self) -> None:
        plan = Plan()
        plan.inputs("SecurityGroupRules::shop-nodes")["rules"] = UNKNOWN
        assert unproven(plan.facts(), 14) == ("rules of SecurityGroupRules shop-nodes",)

    def test_a_node_port_that_the_server_will_choose(self) -> None:
        plan = Plan()
        del plan.inputs("v1:Service::shop.shop.frontend-admin")["spec"]["ports"][0]["nodePort"]
        service = next(one for one in plan.facts().services if one.name == "frontend-admin")
        assert service.ports[0].node_port == Unknown(comes_from="the node port of shop/frontend-admin:http")

    def test_what_is_secret(self) -> None:
        plan = Plan()
        secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "AAAA"}
        plan.inputs("Subnet::shop-private-eu-west-1a")["cidr"] = secret
        facts = plan.facts()
        assert facts.subnets["shop-private-eu-west-1a"].ranges == (
            Unknown(comes_from="cidr of Subnet shop-private-eu-west-1a"),
        )
        assert "AAAA" not in repr(facts)

    def test_objects_of_other_providers(self) -> None:
        plan = Plan()
        plan.add("aws:ec2/route:Route", "extra", {})
        plan.add("random:index/randomPet:RandomPet", "pet", {})
        assert plan.facts().strangers == ("aws:ec2/route:Route extra",)
        assert set(verdicts(plan.facts()).values()) == {"not proven"}

    def test_whether_anybody_runs(self) -> None:
        plan = Plan()
        del plan.inputs("ClusterNetwork::shop")["nodes"]
        plan.inputs("Instances::shop")["instances"] = {}
        assert "the nodes of shop, of which none is declared here" in unproven(plan.facts(), 6)

    def test_which_pods_a_node_has(self) -> None:
        plan = Plan()
        plan.inputs("ClusterNetwork::shop")["nodes"]["node-a"]["podRanges"] = UNKNOWN
        assert unproven(plan.facts(), 6) == ("the pods of node-a: nothing says their addresses",)

    def test_which_group_rules_are_put_on(self) -> None:
        plan = Plan()
        plan.inputs("SecurityGroupRules::shop-nodes")["group"] = UNKNOWN
        assert "what SecurityGroupRules shop-nodes is about" in unproven(plan.facts(), 4)

    def test_which_subnets_use_a_table(self) -> None:
        plan = Plan()
        plan.inputs(TABLE)["subnets"] = UNKNOWN
        assert "subnets of RouteTable shop-private-eu-west-1b" in unproven(plan.facts(), 4)

    def test_nothing_is_lost_by_rules_on_the_groups_of_others(self) -> None:
        plan = Plan()
        theirs = {"name": "theirs", "id": "sg-0123456789abcdef0"}
        plan.add("kubewire:index:SecurityGroupRules", "more", {"group": theirs, "rules": {}})
        assert plan.facts().strangers == ()

    def test_a_subnet_that_others_own(self) -> None:
        plan = Plan()
        row = plan.inputs("NetworkInterfaces::shop")["interfaces"]["node-a"]
        row["subnet"] = {"name": "theirs", "id": "subnet-0123456789abcdef0"}
        assert "subnet theirs, which isn't declared here" in unproven(plan.facts(), 12)


def test_two_networks_may_call_their_parts_the_same() -> None:
    plan = Plan()
    steps = plan.document["steps"]
    other = Plan().text().replace("::shop", "::other").replace('"shop', '"other').replace("-shop", "-other")
    steps += json.loads(other)["steps"]
    plan.document["changeSummary"]["create"] *= 2
    facts = plan.facts()
    assert sorted(facts.interfaces) == sorted(f"node-{node} ({name})" for node in "abc" for name in ("shop", "other"))
    assert {number for number, verdict in verdicts(facts).items() if verdict != "holds"} == OPEN


BAD = {
    "cut off": text("create")[:-100],
    "no object": "[]",
    "a state": text("state"),
    "nothing": "",
}


@pytest.mark.parametrize("given", BAD.values(), ids=BAD.keys())
def test_what_is_no_plan_is_refused(given: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        from_plan(given)
    assert "pulumi preview --json --show-sames --show-reads" in str(caught.value)


def test_what_is_no_state_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="a plan, not a state"):
        from_state(text("create"))
    with pytest.raises(InvalidInputError, match="no state"):
        from_state("{}")


def test_a_plan_without_what_stays_the_same_is_refused() -> None:
    plan = Plan("change")
    plan.document["steps"] = [step for step in plan.document["steps"] if step["op"] != "same"]
    with pytest.raises(InvalidInputError, match="leaves out 51 resources that don't change") as caught:
        plan.facts()
    assert "--show-sames" in caught.value.detail


def test_a_plan_that_failed_is_refused_without_what_the_engine_said() -> None:
    plan = Plan()
    plan.document["diagnostics"] = [{"severity": "error", "message": "password hunter2 refused"}]
    with pytest.raises(InvalidInputError, match="the preview failed") as caught:
        plan.facts()
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "key", "value", "said"),
    [
        ("Vpc::shop", "cidr", "hunter2", "cidr of Vpc shop is no range of addresses"),
        (TABLE, "routes", ["hunter2"], "routes of RouteTable shop-private-eu-west-1b is no mapping"),
        (
            "NetworkInterfaces::shop",
            "sourceDestCheck",
            "hunter2",
            "sourceDestCheck of NetworkInterfaces shop is no boolean",
        ),
    ],
)
def test_a_value_that_cannot_be_is_named_and_not_shown(name: str, key: str, value: object, said: str) -> None:
    plan = Plan()
    plan.inputs(name)[key] = value
    with pytest.raises(InvalidInputError) as caught:
        plan.facts()
    assert said in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_a_destination_that_cannot_be_is_named_and_not_shown() -> None:
    plan = Plan()
    plan.inputs(TABLE)["routes"]["hunter2"] = {"name": "x", "id": "y", "via": "nat-gateway"}
    with pytest.raises(InvalidInputError) as caught:
        plan.facts()
    assert "hunter2" not in str(caught.value)


def test_a_deleted_object_is_not_there() -> None:
    plan = Plan()
    step = next(step for step in plan.document["steps"] if step["urn"].endswith(TABLE))
    step["op"], step["oldState"] = "delete", step.pop("newState")
    plan.recount()
    assert "shop-private-eu-west-1b" not in plan.facts().tables
    assert "main table of shop has no route" in broken(plan.facts(), 6)
