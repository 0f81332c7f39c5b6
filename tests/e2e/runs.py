"""What a run of the engine did, read from its events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

UNCHANGED = {"same", "read", "refresh"}
CLOSING_WORDS = ("update failed", "preview failed", "program exited with non-zero exit code")
"""How engine and language host end every failed run, whatever the reason."""
# A program that ends while the engine still loads a plugin: the engine ends that one too, and calls it a crash. One
# that did crash has something to say, and its words stand after these.
CUT_OFF = "we have dumped the STDOUT and STDERR streams of the plugin:"


@dataclass(frozen=True)
class Step:
    """What the engine did to one resource."""

    op: str
    urn: str
    diff: frozenset[str] = field(default=frozenset(), compare=False)

    @property
    def kind(self) -> str:
        """`Vpc`, from `kubewire:index:Vpc`."""
        return self.urn.split("::")[2].rpartition("$")[2].rpartition(":")[2]

    @property
    def name(self) -> str:
        return self.urn.split("::")[3]

    def __str__(self) -> str:
        return f"{self.op} {self.kind} {self.name}"


@dataclass(frozen=True)
class Run:
    """A run of the engine that has ended."""

    code: int
    events: list[dict[str, Any]]
    said: str

    @property
    def steps(self) -> list[Step]:
        """Every step that was begun, in order."""
        began = [event["resourcePreEvent"]["metadata"] for event in self.events if "resourcePreEvent" in event]
        return [_step(metadata) for metadata in began]

    @property
    def done(self) -> list[Step]:
        """Every step that succeeded, in order. Those of a refresh say what it found."""
        ended = [event["resOutputsEvent"]["metadata"] for event in self.events if "resOutputsEvent" in event]
        return [_step(metadata) for metadata in ended]

    @property
    def changes(self) -> set[str]:
        """`create Vpc main` and so on; of a replacement, each of its steps."""
        return {str(step) for step in self.done if step.op not in UNCHANGED}

    def diff(self, kind: str, name: str) -> set[str]:
        """Property paths that the run showed as different, of one resource."""
        return {path for step in self.done if (step.kind, step.name) == (kind, name) for path in step.diff}

    def inputs(self, kind: str, name: str) -> dict[str, Any]:
        """What one resource was to be, as the run that did it says."""
        ended = [event["resOutputsEvent"]["metadata"] for event in self.events if "resOutputsEvent" in event]
        (found,) = [item for item in ended if (_step(item).kind, _step(item).name) == (kind, name)]
        inputs: dict[str, Any] = found["new"]["inputs"]
        return inputs

    @property
    def errors(self) -> list[str]:
        """What users read in red, without the words that end every failed run."""
        found = [event["diagnosticEvent"] for event in self.events if "diagnosticEvent" in event]
        texts = [item["message"].strip() for item in found if item["severity"] == "error"]
        closing = [text for text in texts if any(words in text for words in CLOSING_WORDS)]
        return [text for text in texts if text not in closing and not text.endswith(CUT_OFF)]

    @property
    def warnings(self) -> list[str]:
        found = [event["diagnosticEvent"] for event in self.events if "diagnosticEvent" in event]
        return [item["message"].strip() for item in found if item["severity"] == "warning"]

    def ok(self) -> Run:
        """The run itself, if it succeeded."""
        assert self.code == 0, "\n".join([*self.errors, *self.prose])
        assert "Traceback" not in self.said
        return self

    @property
    def prose(self) -> list[str]:
        """What it said in no event."""
        return [line for line in self.said.splitlines() if not line.startswith("{")]


def _step(metadata: Mapping[str, Any]) -> Step:
    return Step(metadata["op"], metadata["urn"], frozenset(metadata.get("detailedDiff") or ()))
