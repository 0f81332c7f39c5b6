"""Pods with addresses of the VPC, and nodes that others make: what the proof says before there is any."""

from __future__ import annotations

from typing import Any

import pytest

from kubewire.prover.facts.facts import Facts
from kubewire.prover.facts.unknown import Unknown
from tests.unit.prover.engine import Plan, verdicts
from tests.unit.prover.nets import broken, unproven

PLACES = "PodPlaces::platform"
ZONES = ("eu-west-1a", "eu-west-1b", "eu-west-1c")
NODES, PODS = "platform-private-eu-west-1a", "platform-pods-eu-west-1a"
OPEN = {19, 30}
"""What isn't proven of nodes that are yet to come: who the control plane is, and when they are targets."""
MACHINE: dict[str, Any] = {
    "instance": "i-0123456789abcdef0",
    "interface": "eni-0123456789abcdef0",
    "subnet": "subnet-0123456789abcdef0",
    "address": "10.20.0.9",
    "sourceDestCheck": True,
    "securityGroups": ["sg-0123456789abcdef0"],
    "furtherInterfaces": [],
}


@pytest.fixture
def plan() -> Plan:
    return Plan("vpc-pods")


def not_holding(facts: Facts) -> dict[int, str]:
    return {number: verdict for number, verdict in verdicts(facts).items() if verdict != "holds"}


class TestNodesToCome:
    def test_all_is_proved_but_what_nobody_says(self, plan: Plan) -> None:
        assert not_holding(plan.facts()) == dict.fromkeys(OPEN, "not proven")
        assert unproven(plan.facts(), 19) == ("controlPlane of ClusterNetwork platform",)
        groups = [f"platform-platform-{name}" for name in ("gatew-3337724e", "metrics-http")]
        assert sorted(unproven(plan.facts(), 30)) == [
            f"when nodes that others make get into target group {name}: the next update registers them; their Auto "
            "Scaling group does it at once with `attach: true`, when it is there"
            for name in groups
        ]

    def test_two_stand_for_all_of_a_subnet(self, plan: Plan) -> None:
        (cluster,) = plan.facts().clusters
        assert [node.name for node in cluster.nodes] == [
            f"{word} in platform-private-{zone}" for zone in ZONES for word in ("a node", "another node")
        ]
        assert (cluster.most_nodes, cluster.hairpin, cluster.open_ends) == (60, True, ())
        for node in cluster.nodes:
            assert node.expected
            assert [(str(place.subnet), place.groups) for place in node.pod_places] == [
                (node.name.rpartition(" ")[2].replace("private", "pods"), ("platform-nodes",))
            ]

    def test_a_rule_that_is_missing_is_told_of_neighbours(self, plan: Plan) -> None:
        del plan.inputs("SecurityGroupRules::platform-nodes")["rules"]["all from nodes"]
        facts = plan.facts()
        assert {13, 14, 15, 21} <= {number for number, verdict in verdicts(facts).items() if verdict == "broken"}
        said = broken(facts, 13)
        assert f"a node in {NODES} can't send all traffic but icmp/3/4 to another node in {NODES}" in said
        assert "STOPS     security group platform-nodes" in said
        assert f"a pod in 100.64.0.0/19 on a node in {NODES}" in broken(facts, 14)

    def test_a_table_that_leads_pods_out_is_told(self, plan: Plan) -> None:
        routes = plan.inputs("RouteTable::platform-private-eu-west-1a")["routes"]
        routes["100.64.32.0/19"] = dict(routes["0.0.0.0/0"])
        facts = plan.facts()
        assert {number for number, verdict in verdicts(facts).items() if verdict == "broken"} >= {9, 14, 15, 16, 21, 25}
        way = "leave by NAT gateway platform-eu-west-1a, in table platform-private-eu-west-1a"
        assert f"packets to 100.64.32.0/19 of a node in platform-private-eu-west-1b {way}" in broken(facts, 9)
        assert "with its source rewritten" in broken(facts, 14)

    def test_of_a_part_of_the_subnet_it_is_open_who_has_it(self, plan: Plan) -> None:
        routes = plan.inputs("RouteTable::platform-private-eu-west-1a")["routes"]
        routes["100.64.1.0/24"] = dict(routes["0.0.0.0/0"])
        said = verdicts(plan.facts())
        assert {said[number] for number in (9, 14, 16, 21, 25)} == {"not proven"}

    def test_a_wall_between_nodes_and_pods_is_told(self, plan: Plan) -> None:
        entry = {"direction": "ingress", "number": 10, "action": "allow", "protocol": "6", "cidr": "10.20.0.0/16"}
        entries = {"in": entry, "out": {**entry, "direction": "egress", "cidr": "0.0.0.0/0"}}
        vpc = plan.inputs(f"Subnet::{PODS}")["vpc"]
        subnets = {PODS: plan.inputs(PLACES)["subnets"][NODES]["pods"][PODS]}
        acl = {"name": "wall", "vpc": vpc, "subnets": subnets, "entries": entries}
        plan.add("kubewire:index:NetworkAcl", "wall", acl)
        assert "network ACL wall" in broken(plan.facts(), 14)

    def test_a_node_group_that_its_balancers_cannot_reach_is_told(self, plan: Plan) -> None:
        plan.inputs("SecurityGroupRules::platform.platform.gateway.nodes")["rules"].clear()
        said = broken(plan.facts(), 31)
        assert f"don't get tcp/31543 to a node in {NODES}" in said
        assert "health checks of listener 443" in broken(plan.facts(), 32)

    def test_clients_on_nodes_that_come_may_be_sent_to_themselves(self, plan: Plan) -> None:
        (group,) = [
            one for one in plan.document["steps"] if one["urn"].endswith("TargetGroup::platform.platform.metrics.http")
        ]
        group["newState"]["inputs"]["preserveClientIp"] = True
        assert "gets no answer of listener 80" in broken(plan.facts(), 34)

    def test_more_than_fit_are_told(self, plan: Plan) -> None:
        expected = plan.inputs(PLACES)["expected"]
        expected["most"] = 72
        assert unproven(plan.facts(), 5) == (
            "how many of 72 nodes will be in one zone: platform-pods-eu-west-1a has room for 71",
            "how many of 72 nodes will be in one zone: platform-pods-eu-west-1b has room for 71",
            "how many of 72 nodes will be in one zone: platform-pods-eu-west-1c has room for 71",
        )
        expected["most"] = 214
        assert "the pods of 72 nodes take 8280 addresses, and platform-pods-eu-west-1a has 8187" in broken(
            plan.facts(), 5
        )
        expected["most"] = 501
        assert unproven(plan.facts(), 37) == ("the account's quota of targets per zone and Network Load Balancer",)
        del expected["most"]
        for number in (5, 37):
            assert "how many nodes Auto Scaling group platform-workers has at most" in unproven(plan.facts(), number)

    def test_types_that_nobody_tells_leave_the_room_open(self, plan: Plan) -> None:
        del plan.inputs(PLACES)["mostAddresses"]
        assert unproven(plan.facts(), 5) == ("how many addresses a node takes for its pods",)

    def test_a_table_of_another_network_is_told(self, plan: Plan) -> None:
        plan.inputs("RouteTable::platform-private-eu-west-1b")["vpc"] = {"name": "elsewhere", "id": "vpc-9"}
        assert "VPC elsewhere, which isn't declared here" in str(unproven(plan.facts(), 12))


class TestMachinesThatAreThere:
    def with_machine(self, plan: Plan, **changes: Any) -> Facts:
        """Let the apply know ids, and a machine be there."""
        subnet, group = plan.state(f"Subnet::{NODES}"), plan.state("SecurityGroup::platform-nodes")
        subnet["id"], group["id"] = MACHINE["subnet"], MACHINE["securityGroups"][0]
        plan.state(f"Subnet::{PODS}")["id"] = "subnet-0123456789abcdef1"
        plan.inputs(PLACES)["machines"] = {"i-0123456789abcdef0": {**MACHINE, **changes}}
        for step in plan.document["steps"]:
            if "TargetGroup::" in step["urn"]:
                inputs = step["newState"]["inputs"]
                inputs["targets"] = {"i-0123456789abcdef0": {"id": MACHINE["instance"], "port": inputs["port"]}}
        return plan.facts()

    def test_it_is_a_node_with_the_pods_of_its_zone(self, plan: Plan) -> None:
        facts = self.with_machine(plan)
        assert not_holding(facts) == dict.fromkeys(OPEN, "not proven")
        (node,) = [one for one in facts.clusters[0].nodes if not one.expected]
        interface = facts.interfaces[str(node.interface)]
        assert (node.name, interface.subnet, interface.groups) == (MACHINE["instance"], NODES, ("platform-nodes",))
        assert (str(interface.address), interface.machine) == ("10.20.0.9", MACHINE["instance"])
        assert [place.subnet for place in node.pod_places] == [PODS]

    def test_elsewhere_nothing_is_proved_of_it(self, plan: Plan) -> None:
        facts = self.with_machine(plan, subnet="subnet-9", address="10.77.0.9")
        said = verdicts(facts)
        assert {said[number] for number in (6, 9, 12, 13, 14, 15, 18, 21, 31)} == {"not proven"}
        assert "subnet subnet-9, which isn't declared here" in unproven(facts, 13)
        assert "broken" not in said.values()

    def test_in_another_group_it_is_shut_out(self, plan: Plan) -> None:
        plan.state("Vpc::platform")["id"] = "vpc-1"
        said = unproven(self.with_machine(plan, securityGroups=["sg-9"]), 13)
        assert said == ("security group sg-9, which isn't declared here",)
        facts = self.with_machine(plan, securityGroups=[])
        assert "i-0123456789abcdef0" in broken(facts, 13)

    def test_its_further_interfaces_are_seen_where_they_are(self, plan: Plan) -> None:
        here = {"subnet": "subnet-0123456789abcdef1", "securityGroups": ["sg-0123456789abcdef0"]}
        assert not_holding(self.with_machine(plan, furtherInterfaces=[here])).keys() == OPEN
        shut = self.with_machine(plan, furtherInterfaces=[{**here, "securityGroups": []}])
        assert "(pods)" in broken(shut, 14)
        assert verdicts(shut)[13] == "holds"
        elsewhere = self.with_machine(plan, furtherInterfaces=[{**here, "subnet": "subnet-9"}])
        assert "subnet subnet-9, which isn't declared here" in unproven(elsewhere, 14)

    def test_one_that_is_no_target_is_told(self, plan: Plan) -> None:
        self.with_machine(plan)
        for step in plan.document["steps"]:
            if "TargetGroup::" in step["urn"]:
                step["newState"]["inputs"]["targets"] = {}
        assert "doesn't send to i-0123456789abcdef0" in broken(plan.facts(), 30)

    def test_a_public_address_is_known(self, plan: Plan) -> None:
        facts = self.with_machine(plan, publicAddress="198.51.100.7")
        assert [one.public for one in facts.interfaces.values() if one.machine] == ["198.51.100.7"]


class TestDeclaredNodes:
    def test_their_pods_are_placed_too(self, plan: Plan) -> None:
        places = plan.inputs(PLACES)
        del places["expected"], places["mostAddresses"]
        places["addresses"] = {"node-a": 113}
        network = plan.inputs("ClusterNetwork::platform")
        network["nodes"] = {"node-a": {"interface": {"name": "node-a"}, "podRanges": []}}
        inputs = {
            "name": "platform",
            "interfaces": {"node-a": {"subnet": {"name": NODES}}},
            "securityGroups": places["securityGroups"],
            "sourceDestCheck": True,
        }
        plan.add("kubewire:index:NetworkInterfaces", "platform", inputs)
        (cluster,) = plan.facts().clusters
        (node,) = cluster.nodes
        assert [place.subnet for place in node.pod_places] == [PODS]
        assert (node.expected, node.most_addresses, cluster.most_nodes, cluster.open_ends) == (False, 113, None, ())
        assert verdicts(plan.facts())[5] == "holds"
        places["addresses"]["node-a"] = 9000
        assert "the pods of 1 nodes take 9000 addresses" in broken(plan.facts(), 5)

    def test_without_subnets_of_their_own_pods_are_where_the_node_is(self, plan: Plan) -> None:
        for name, row in plan.inputs(PLACES)["subnets"].items():
            row["pods"] = {name: row["id"]}
        plan.inputs(PLACES)["expected"]["most"] = 30
        facts = plan.facts()
        assert not_holding(facts) == dict.fromkeys(OPEN, "not proven")
        assert {place.subnet for node in facts.clusters[0].nodes for place in node.pod_places} == {
            f"platform-private-{zone}" for zone in ZONES
        }


def test_who_isnt_known_yet_has_no_address_for_sure(plan: Plan) -> None:
    node = plan.facts().interfaces[f"a node in {NODES}"]
    assert {type(value) for value in (node.address, node.public, node.checks)} == {Unknown}
