"""What the real engine printed, to be read as it is or changed in one place."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from kubewire.prover.facts.facts import Facts
from kubewire.prover.from_plan.facts import from_plan
from kubewire.prover.prove import prove

PLANS = Path(__file__).parent / "plans"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


def text(name: str) -> str:
    """Give a file."""
    return (PLANS / f"{name}.json").read_text()


class Plan:
    """A plan that a test changes."""

    def __init__(self, name: str = "create") -> None:
        self.document: dict[str, Any] = json.loads(text(name))

    def state(self, name: str) -> dict[str, Any]:
        """Give what one resource will be, by the end of its URN."""
        found = [step["newState"] for step in self.document["steps"] if step["urn"].endswith(name)]
        assert len(found) == 1, (name, len(found))
        state: dict[str, Any] = found[0]
        return state

    def inputs(self, name: str) -> dict[str, Any]:
        """Give the inputs of one resource, by the end of its URN."""
        inputs: dict[str, Any] = self.state(name)["inputs"]
        return inputs

    def add(self, kind: str, name: str, inputs: dict[str, Any]) -> None:
        """Let the engine create another object."""
        urn = f"urn:pulumi:dev::cluster::{kind}::{name}"
        state = {"urn": urn, "type": kind, "custom": True, "inputs": inputs}
        self.document["steps"].append({"op": "create", "urn": urn, "newState": state})

    def recount(self) -> None:
        """Count the steps anew, as the engine does: for a test that takes some away."""
        self.document["changeSummary"] = dict(Counter(step["op"] for step in self.document["steps"]))

    def text(self) -> str:
        """Write it as the engine would."""
        return json.dumps(self.document)

    def facts(self) -> Facts:
        """Read it."""
        return from_plan(self.text())


def verdicts(facts: Facts) -> dict[int, str]:
    """Give what is said of each property."""
    return {proof.number: proof.verdict.verdict for proof in prove(facts)}
