"""Sources that are security groups of others: by their ids alone nobody knows who is in them."""

from __future__ import annotations

from typing import Any

from tests.unit.prover.engine import Plan, verdicts
from tests.unit.prover.nets import unproven

BASTION = {"kind": "security-group", "name": "bastion", "id": "sg-0123456789abcdef0"}


def guarded(source: dict[str, Any]) -> Plan:
    """Give a plan whose ACL lets out TCP alone, and whose node port is for somebody."""
    plan = Plan("create")
    resources = [step["newState"] for step in plan.document["steps"]]
    (admin,) = [one for one in resources if one["type"] == "kubewire:services:NodePortService"]
    admin["inputs"]["sources"] = [source]
    subnets = [one["inputs"] for one in resources if one["type"] == "kubewire:index:Subnet"]
    entries = {
        "in": {"number": 100, "cidr": "0.0.0.0/0", "direction": "ingress", "action": "allow", "protocol": "-1"},
        "out": {
            "number": 110,
            "cidr": "0.0.0.0/0",
            "direction": "egress",
            "action": "allow",
            "protocol": "tcp",
            "ports": {"first": 0, "last": 65535},
        },
    }
    names = {subnet["name"]: {"name": subnet["name"]} for subnet in subnets}
    acl = {"name": "guard", "vpc": {"name": subnets[0]["vpc"]["name"]}, "subnets": names, "entries": entries}
    plan.add("kubewire:index:NetworkAcl", "guard", acl)
    plan.recount()
    return plan


def test_whether_a_refusal_gets_to_them_is_not_proven() -> None:
    facts = guarded(BASTION).facts()
    assert unproven(facts, 22) == ("who is in security group sg-0123456789abcdef0",)


def test_that_it_does_not_get_to_a_range_is_broken() -> None:
    assert verdicts(guarded({"kind": "cidr", "cidr": "10.99.0.0/16"}).facts())[22] == "broken"
