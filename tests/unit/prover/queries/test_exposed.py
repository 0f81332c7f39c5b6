"""What outsiders reach, in what the real engine planned, and with one place of it changed."""

from __future__ import annotations

from collections.abc import Callable

from kubewire.prover.facts.firewall import Direction, PortSpan
from kubewire.prover.facts.network import RouteTable, Via
from kubewire.prover.queries.exposed import Exposure, exposed
from tests.unit.prover.engine import UNKNOWN, Plan
from tests.unit.prover.nets import facts, group, interface, rule, to, within

ADMIN = "SecurityGroupRules::shop.shop.frontend-admin.nodes"
BALANCER = "NetworkLoadBalancer::shop.shop.frontend"
TABLE = "RouteTable::shop-private-eu-west-1a"


def shown(*changes: Callable[[Plan], None]) -> dict[str, Exposure]:
    plan = Plan()
    for change in changes:
        change(plan)
    return {f"{one.source} -> {one.target}, {one.traffic}": one for one in exposed(plan.facts()).found}


FRONT = "the internet (IPv4) -> load balancer of shop/frontend, tcp/80"
MTU = "the internet (IPv4) -> nodes node-a, node-b, node-c, icmp/3/4"
ADMINS = "10.8.0.0/16 -> nodes node-a, node-b, node-c, tcp/30081 (shop/frontend-admin)"


def test_the_load_balancer_is_all_that_the_internet_reaches() -> None:
    found = shown()
    assert {key: one.answer for key, one in found.items()} == {
        FRONT: "yes",
        MTU: "no",
        "other networks -> nodes node-a, node-b, node-c, icmp/3/4": "no",
        ADMINS: "no",
    }
    assert found[FRONT].because == (
        '0.0.0.0/0 -> internet gateway shop, rule "http from 0.0.0.0/0", then node port 30080'
    )
    assert "into node-a: rule" in str(found[FRONT].witness)
    assert found[ADMINS].because == "0.0.0.0/0 -> NAT gateway shop-eu-west-1a, which lets nobody in"
    assert [one.public for one in found.values()] == [True, True, False, False]


def to_the_world(plan: Plan) -> None:
    (rule,) = plan.inputs(ADMIN)["rules"].values()
    rule["peer"]["cidr"] = "0.0.0.0/0"


def test_a_node_port_open_to_the_world_behind_nat_has_no_way_in() -> None:
    found = shown(to_the_world)
    row = "the internet (IPv4) -> nodes node-a, node-b, node-c, tcp/30081 (shop/frontend-admin)"
    assert found[row].answer == "no"
    assert found[row].because.endswith("NAT gateway shop-eu-west-1a, which lets nobody in")


def test_behind_a_transit_gateway_it_depends_on_what_is_there() -> None:
    def linked(plan: Plan) -> None:
        plan.inputs(TABLE)["routes"]["10.8.0.0/16"] = {"name": "hub", "id": UNKNOWN, "via": "transit-gateway"}

    found = shown(linked)
    row = found["10.8.0.0/16 -> nodes node-a, tcp/30081 (shop/frontend-admin)"]
    assert row.answer == "not proven"
    assert row.because == "depends on what is behind 10.8.0.0/16 -> transit gateway hub"
    assert found["10.8.0.0/16 -> nodes node-b, node-c, tcp/30081 (shop/frontend-admin)"].answer == "no"


def test_an_internal_load_balancer_is_not_the_internets() -> None:
    def internal(plan: Plan) -> None:
        plan.inputs(BALANCER)["scheme"] = "internal"

    found = shown(internal)
    assert (found[FRONT].answer, found[FRONT].public) == ("no", True)
    assert "it has no public address, so nobody finds it" in found[FRONT].because


def test_a_load_balancer_without_groups_is_everybodys() -> None:
    def unguarded(plan: Plan) -> None:
        plan.inputs(BALANCER)["securityGroups"], plan.inputs(BALANCER)["guarded"] = {}, False

    # It keeps its clients' addresses, which the nodes don't admit.
    found = shown(unguarded)
    assert found[FRONT].answer == "no"
    assert found[FRONT].because == "no ingress rule admits it"


def test_what_nobody_can_read_may_expose_more() -> None:
    plan = Plan()
    plan.add("aws:ec2/route:Route", "extra", {})
    assert exposed(plan.facts()).unknowns == ("aws:ec2/route:Route extra",)
    assert exposed(Plan().facts()).unknowns == ()


def test_a_node_with_a_public_address_is_told_from_those_without() -> None:
    plan = Plan()
    to_the_world(plan)
    for zone in "abc":
        out = {"name": "shop", "id": UNKNOWN, "via": "internet-gateway"}
        plan.inputs(f"RouteTable::shop-private-eu-west-1{zone}")["routes"]["0.0.0.0/0"] = out
    planned = plan.facts()
    public = planned.interfaces["node-b"].model_copy(update={"public": "198.51.100.7"})
    found = exposed(planned.model_copy(update={"interfaces": {**planned.interfaces, "node-b": public}})).found
    opened = {one.target: one.answer for one in found if "30081" in one.traffic and one.public}
    assert opened == {"nodes node-b": "yes", "nodes node-a, node-c": "no"}


def test_nodes_of_one_subnet_are_told_apart_by_their_public_addresses() -> None:
    world = group(rule("ssh", Direction.INGRESS, within("0.0.0.0/0"), PortSpan(protocol=6, first=22, last=22)))
    out = RouteTable(name="second", vpc="net", routes=(to("0.0.0.0/0", Via.INTERNET_GATEWAY, "net"),))
    interfaces = {**facts().interfaces, "c": interface("c", public="198.51.100.7")}
    made = facts(groups={"nodes": world}, tables={**facts().tables, "second": out}, interfaces=interfaces)
    opened = {one.target: one.answer for one in exposed(made).found if one.public and one.traffic == "tcp/22"}
    assert opened == {"nodes a": "no", "nodes b": "no", "nodes c": "yes"}
