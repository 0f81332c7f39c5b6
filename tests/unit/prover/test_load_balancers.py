"""What load balancers send to nodes, by changing what the real engine planned in one place."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kubewire.prover.prove import prove
from kubewire.prover.verdict import Broken
from tests.unit.prover.engine import UNKNOWN, Plan, verdicts
from tests.unit.prover.nets import broken, unproven

GROUP = "TargetGroup::shop.shop.frontend.http"
NODE_RULES = "SecurityGroupRules::shop.shop.frontend.nodes"
OWN_RULES = "SecurityGroupRules::shop.shop.frontend"
CONCERNED = (30, 31, 32)


def no_way_in(plan: Plan) -> None:
    plan.inputs(NODE_RULES)["rules"].clear()


def no_way_out(plan: Plan) -> None:
    del plan.inputs(OWN_RULES)["rules"]["http to nodes"]


def another_check(plan: Plan) -> None:
    plan.inputs(GROUP)["healthCheck"]["port"] = 10256


def another_port(plan: Plan) -> None:
    for target in plan.inputs(GROUP)["targets"].values():
        target["port"] = 30099


def a_node_less(plan: Plan) -> None:
    del plan.inputs(GROUP)["targets"]["node-b"]


def another_protocol(plan: Plan) -> None:
    plan.inputs(GROUP)["protocol"] = "UDP"


def clients_by_range(plan: Plan) -> None:
    """Admit the load balancer's subnets alone, while it keeps its clients' addresses."""
    rule = plan.inputs(NODE_RULES)["rules"]["shop/frontend:http from load balancer"]
    rule["peer"] = {"kind": "cidr", "cidr": "10.0.0.0/16"}


WRONG: list[tuple[Callable[[Plan], None], set[int], str]] = [
    (no_way_in, {31, 32}, "security group shop-nodes, into node-a: no ingress rule admits it"),
    (no_way_out, {31, 32}, "security group shop-shop-frontend, out of shop-shop-frontend: no egress rule admits it"),
    (another_check, {32}, "tcp/10256"),
    (another_port, {30, 31, 32}, "listener 80 of load balancer shop-shop-frontend sends to port 30099 of node-"),
    (a_node_less, {30}, "listener 80 of load balancer shop-shop-frontend doesn't send to node-b"),
    (another_protocol, {30, 31}, "udp/30080"),
    (clients_by_range, {31}, "clients of listener 80 of load balancer shop-shop-frontend don't get tcp/30080"),
]


@pytest.mark.parametrize(("change", "numbers", "said"), WRONG, ids=[change.__name__ for change, _, _ in WRONG])
def test_a_wrong_way_is_caught_by_the_right_property(
    change: Callable[[Plan], None], numbers: set[int], said: str
) -> None:
    plan = Plan()
    change(plan)
    proofs = [proof for proof in prove(plan.facts()) if proof.number in CONCERNED]
    found = [proof for proof in proofs if isinstance(proof.verdict, Broken)]
    assert {proof.number for proof in found} == numbers
    assert any(said in str(witness) for proof in found for witness in proof.verdict.witnesses)  # type: ignore[union-attr]  # as filtered


def test_a_balancer_that_shows_itself_may_be_admitted_by_its_subnets() -> None:
    plan = Plan()
    clients_by_range(plan)
    plan.inputs(GROUP)["preserveClientIp"] = False
    assert {verdicts(plan.facts())[number] for number in CONCERNED} == {"holds"}


def test_a_balancer_without_groups_keeps_everybodys_address() -> None:
    plan = Plan()
    balancer = plan.inputs("NetworkLoadBalancer::shop.shop.frontend")
    balancer["securityGroups"], balancer["guarded"] = {}, False
    assert "no ingress rule admits it" in broken(plan.facts(), 31)


def test_a_port_that_the_server_will_choose_is_not_proven() -> None:
    plan = Plan()
    plan.inputs(GROUP)["targets"]["node-a"]["port"] = UNKNOWN
    assert f"port of {GROUP.replace('::', ' ')}, targets, node-a" in unproven(plan.facts(), 30)
    assert f"port of {GROUP.replace('::', ' ')}, targets, node-a" in unproven(plan.facts(), 31)


def test_an_acl_before_the_balancers_subnet_counts() -> None:
    plan = Plan()
    subnets, vpc = {"shop-public-eu-west-1a": UNKNOWN}, {"name": "shop", "id": UNKNOWN}
    plan.add("kubewire:index:NetworkAcl", "wall", {"name": "wall", "vpc": vpc, "entries": {}, "subnets": subnets})
    assert "network ACL wall, out of shop-public-eu-west-1a: no row matches" in broken(plan.facts(), 32)
