"""Slots are targets by their addresses, and nodes all the same."""

from __future__ import annotations

from typing import Any

import pytest

from kubewire.prover.facts.services import TargetType
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.from_plan.document import Listed
from kubewire.prover.from_plan.facts import from_resources

OPEN = Unknown(comes_from="the apply")


def group_of(targets: dict[str, str]) -> TargetType:
    """Read a target group beside two slots."""
    slots: dict[str, Any] = {
        f"slot-{number}": {"subnet": {"name": "a"}, "address": f"10.0.0.1{number}"} for number in range(2)
    }
    group = {
        "name": "front",
        "protocol": "TCP",
        "targetType": "ip",
        "targets": {name: {"id": address, "port": 31000} for name, address in targets.items()},
        "healthCheck": {"protocol": "TCP"},
    }
    rows: dict[str, dict[str, Any]] = {"NetworkInterfaces": {"interfaces": slots}, "TargetGroup": group}
    read = from_resources(
        [Listed(f"urn:{kind}", f"kubewire:index:{kind}", kind, OPEN, inputs) for kind, inputs in rows.items()]
    )
    return read.target_groups["front"].type


@pytest.mark.parametrize(
    ("targets", "kind"),
    [
        ({"slot-0": "10.0.0.10", "slot-1": "10.0.0.11"}, TargetType.INSTANCE),
        # A pod with its node's address, and one that is called as a node.
        ({"front-7f9": "10.0.0.10"}, TargetType.IP),
        ({"slot-0": "10.0.0.10", "slot-1": "100.64.0.11"}, TargetType.IP),
        ({}, TargetType.IP),
    ],
)
def test_they_are_told_by_name_and_address(targets: dict[str, str], kind: TargetType) -> None:
    assert group_of(targets) is kind
