"""Every property catches a network that breaks it: `tests/broken/`, previewed by the real engine."""

from __future__ import annotations

import copy
import json
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from kubewire.prover.difference.delta import Turn
from kubewire.prover.difference.difference import difference
from kubewire.prover.from_plan.facts import from_plan
from kubewire.prover.properties import PROPERTIES
from kubewire.prover.prove import Proof, prove
from kubewire.prover.verdict import Broken
from tests.broken.patches import Patches
from tests.e2e.broken import FOLDER, Variant, project_of, variant
from tests.e2e.projects import Projects

FILES = sorted(FOLDER.glob("Pulumi.*.yaml"))
OF_CHANGES = 40
"""The one property that is of a change, and of no network by itself."""
WHOLE = ("--json", "--show-sames", "--show-reads")
VARIANTS = [
    variant(int(found[1]), found[2], yaml.safe_load(file.read_text())["config"])
    for file in FILES
    if (found := re.fullmatch(r"Pulumi\.(\d\d)-([a-z0-9-]+)\.yaml", file.name))
]
OF_NETWORKS = [one for one in VARIANTS if one.number != OF_CHANGES]
RIGHT = variant(0, "right", {"broken:patches": []})


@pytest.fixture(scope="module")
def whole(projects: Projects, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The plan of all networks: one run of the engine previews them."""
    project = project_of(projects, "broken", tmp_path_factory.mktemp("variants"), (RIGHT, *VARIANTS))
    ran = project.asked("preview", *WHOLE, "--stack", project.name)
    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def plan_of(one: Variant, whole: dict[str, Any], *, wrong: bool = True) -> str:
    """The part of a plan that is a variant's, with what is wrong in it after the engine."""
    patches = Patches([patch for patch in one.config["broken:patches"] if patch.get("in") == "plan" and wrong])
    mine = [step for step in whole["steps"] if re.match(rf"{one.network}\b", step["urn"].split("::")[3])]
    steps = copy.deepcopy(mine)
    for step in steps:
        kind, name = step["newState"]["type"].rpartition(":")[2], step["urn"].split("::")[3]
        step["newState"]["inputs"] = patches.changed(kind, name, step["newState"].get("inputs", {}))
    patches.check()
    return json.dumps({**whole, "steps": steps, "changeSummary": Counter(step["op"] for step in steps)})


def proved(plan: str) -> dict[int, Proof]:
    return {proof.number: proof for proof in prove(from_plan(plan))}


def broken(proofs: Mapping[int, Proof]) -> dict[int, Broken]:
    return {number: proof.verdict for number, proof in proofs.items() if isinstance(proof.verdict, Broken)}


def test_of_the_network_without_a_mistake_nothing_is_broken(whole: dict[str, Any]) -> None:
    assert broken(proved(plan_of(RIGHT, whole))) == {}


@pytest.mark.parametrize("one", OF_NETWORKS, ids=[f"{one.number:02}-{one.name}" for one in OF_NETWORKS])
def test_a_mistake_is_caught_by_its_property(one: Variant, whole: dict[str, Any]) -> None:
    proofs = proved(plan_of(one, whole))
    found = broken(proofs)
    assert one.config["broken:property"] == one.number
    assert one.number in found, proofs[one.number].verdict
    said = [str(witness) for witness in found[one.number].witnesses]
    assert any(one.config["broken:expect"] in text for text in said), said
    assert set(found) - {one.number} == set(one.config["broken:also"])


def test_there_is_one_for_each_property() -> None:
    assert [one.number for one in VARIANTS] == list(range(1, OF_CHANGES + 1))
    assert {proof.number for proof in PROPERTIES} == {one.number for one in OF_NETWORKS}


def test_a_change_is_told_exactly(whole: dict[str, Any]) -> None:
    (one,) = [one for one in VARIANTS if one.number == OF_CHANGES]
    before, after = (from_plan(plan_of(one, whole, wrong=wrong)) for wrong in (False, True))
    (found,) = difference(before, after)
    assert found.lines(Turn.GAINED) == one.config["broken:reachable"]
    assert found.lines(Turn.LOST) == one.config["broken:unreachable"]
    assert found.lines(Turn.UNSURE) == []
    assert difference(before, before)[0].flows == ()
