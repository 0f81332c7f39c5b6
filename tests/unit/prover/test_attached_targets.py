"""Machines that their Auto Scaling group registers itself (`nodes.attach`): later ones are targets at once."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.prover.engine import UNKNOWN, Plan, verdicts
from tests.unit.prover.nets import broken, unproven
from tests.unit.prover.test_pod_places import MACHINE, NODES, PLACES, not_holding

GATEWAY, METRICS = "platform.platform.gateway.https", "platform.platform.metrics.http"
WORKERS = "platform-workers"


def attach(plan: Plan, to: str, group: str = WORKERS) -> None:
    """Attach a Service's target group to an Auto Scaling group, as the component does."""
    name = plan.inputs(f"TargetGroup::{to}")["name"]
    plan.add("kubewire:index:AutoScalingAttachment", to, {"group": group, "targetGroup": {"name": name, "id": UNKNOWN}})


def inside(plan: Plan) -> dict[str, Any]:
    """Let the apply know ids, and give a machine that is there."""
    subnet, group = plan.state(f"Subnet::{NODES}"), plan.state("SecurityGroup::platform-nodes")
    subnet["id"], group["id"] = MACHINE["subnet"], MACHINE["securityGroups"][0]
    return MACHINE


def registers(plan: Plan, *names: str, machines: dict[str, Any] | None = None) -> Plan:
    """Have the nodes' Auto Scaling group register its machines in some target groups, and in none list them."""
    plan.inputs(PLACES)["expected"]["group"] = WORKERS
    plan.inputs(PLACES)["machines"] = machines or {}
    for name in (GATEWAY, METRICS):
        plan.inputs(f"TargetGroup::{name}")["autoScalingGroup"] = WORKERS
    for name in names:
        attach(plan, name)
    return plan


@pytest.fixture
def plan() -> Plan:
    return Plan("vpc-pods")


def test_it_is_proved_of_all_that_come(plan: Plan) -> None:
    assert not_holding(registers(plan, GATEWAY, METRICS).facts()) == {19: "not proven"}


def test_and_of_those_that_are_there(plan: Plan) -> None:
    facts = registers(plan, GATEWAY, METRICS, machines={MACHINE["instance"]: inside(plan)}).facts()
    assert {target.name for group in facts.target_groups.values() for target in group.targets} == {MACHINE["instance"]}
    assert {str(target.port) for group in facts.target_groups.values() for target in group.targets} == {
        "31543",
        "31544",
    }
    assert verdicts(facts)[30] == "holds"


@pytest.mark.parametrize("machines", [False, True])
def test_one_that_nothing_attaches_is_open(plan: Plan, machines: bool) -> None:  # noqa: FBT001 - pytest gives it by name
    registers(plan, GATEWAY, machines={MACHINE["instance"]: inside(plan)} if machines else {})
    said = unproven(plan.facts(), 30)
    assert all("platform-platform-metrics-http" in one for one in said)
    assert any("nothing here attaches it" in one for one in said) == machines
    attach(plan, GATEWAY)
    assert unproven(plan.facts(), 30) == said


@pytest.mark.parametrize("group", ["others", UNKNOWN])
def test_one_of_another_group_is_open(plan: Plan, group: str) -> None:
    registers(plan, GATEWAY, machines={MACHINE["instance"]: inside(plan)})
    attach(plan, METRICS, group)
    said = unproven(plan.facts(), 30)
    what = "the machines of Auto Scaling group others" if group == "others" else "group of AutoScalingAttachment"
    assert any(one.startswith(what) for one in said)
    assert any(one.startswith("when nodes that others make") for one in said)


def test_one_that_is_attached_to_nobody_knows_what_leaves_all_open(plan: Plan) -> None:
    registers(plan, GATEWAY, METRICS)
    pointer = {"name": "lost", "id": UNKNOWN}
    plan.add("kubewire:index:AutoScalingAttachment", "lost", {"group": WORKERS, "targetGroup": pointer})
    assert set(verdicts(plan.facts()).values()) <= {"not proven", "broken"}


def test_attached_without_the_nodes_saying_so_is_open(plan: Plan) -> None:
    registers(plan, GATEWAY, METRICS)
    del plan.inputs(PLACES)["expected"]["group"]
    assert verdicts(plan.facts())[30] == "not proven"


def test_the_port_that_they_are_registered_at_is_the_target_group_s(plan: Plan) -> None:
    registers(plan, GATEWAY, METRICS, machines={MACHINE["instance"]: inside(plan)})
    plan.inputs(f"TargetGroup::{GATEWAY}")["port"] = 31545
    assert f"sends to port 31545 of {MACHINE['instance']}" in broken(plan.facts(), 30)


def test_whether_a_list_counts_is_decisive(plan: Plan) -> None:
    registers(plan, GATEWAY, METRICS)
    plan.inputs(f"TargetGroup::{GATEWAY}")["autoScalingGroup"] = UNKNOWN
    assert verdicts(plan.facts())[30] == "not proven"


@pytest.mark.parametrize("named", ["sg-0123456789abcdef1", "sg-0123456789abcdef2"])
def test_the_group_that_eks_made_is_told_by_its_id(plan: Plan, named: str) -> None:
    plane = {"kind": "group", "name": "eks", "id": "sg-0123456789abcdef1", "webhookPorts": [9443]}
    plan.inputs("ClusterNetwork::platform")["controlPlane"] = plane
    rules = plan.inputs("SecurityGroupRules::platform-nodes")["rules"]
    for port in (10250, 9443):
        rules[f"control plane {port}"] = {
            "direction": "ingress",
            "peer": {"kind": "group", "name": "theirs", "id": named},
            "protocol": "tcp",
            "ports": {"first": port, "last": port},
        }
    facts = registers(plan, GATEWAY, METRICS).facts()
    if named == plane["id"]:
        assert not_holding(facts) == {}
    else:
        assert "the control plane can't reach tcp/10250" in broken(facts, 19)
