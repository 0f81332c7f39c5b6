"""What is said of a preview that failed, of what the real engine printed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kubewire.commands.failures import failure
from kubewire.errors import InvalidInputError

FILE = "infra/environments/Pulumi.dev.yaml"
EXITED = {"message": "error: an unhandled error occurred: program exited with non-zero exit code: 1\n"}
RAISED = {
    "message": "error: Program failed with an unhandled exception:\nTraceback (most recent call last):\n"
    '  File "infra/__main__.py", line 24, in <module>\n    raise ValueError("hunter2")\nValueError: hunter2\n\n'
}
RANGE = {
    "urn": "urn:pulumi:dev::cluster::kubewire:network:ClusterNetwork$kubewire:index:Subnet::bad",
    "message": "error: kubewire:index:Subnet resource 'bad': property cidr value {&{{hunter2}}} has a problem: "
    "cidr: Input is not a valid IPv4 network\n  Given: 'hunter2'.\n",
}
OTHER = {"urn": "urn:pulumi:dev::cluster::aws:rds/instance:Instance::db", "message": "error: password hunter2 is weak"}


def answer(*errors: dict[str, Any]) -> str:
    return json.dumps({"steps": [], "diagnostics": [{"severity": "error", **one} for one in errors]})


def mistakes(*summaries: str) -> dict[str, Any]:
    wrong = [InvalidInputError(one, detail="Do something.", path="network.name") for one in summaries]
    return {"message": f"error: {InvalidInputError.joined(wrong, FILE)}\n"}


@pytest.mark.parametrize(("several", "count"), [(("twice", "missing"), "2 mistakes"), (("missing",), "one mistake")])
def test_mistakes_are_told_as_they_are(several: tuple[str, ...], count: str) -> None:
    each = [line for one in several for line in (f"network.name: {one}", "  Do something.")]
    assert failure(answer(mistakes(*several), EXITED), "") == ((f"{count} in {FILE}", *each), True)


def test_an_exception_is_counted_and_not_repeated() -> None:
    said = failure(answer(RAISED, EXITED), "")
    assert said.lines == ("The program ended in an error whose words may hold secrets, so they aren't repeated here.",)
    assert not said.whole


def test_of_a_resource_its_name_and_field_are_told_and_no_value() -> None:
    lines, whole = failure(answer(RANGE, OTHER), "")
    assert lines == ("kubewire:index:Subnet bad: cidr is wrong", "aws:rds/instance:Instance db: it fails")
    assert not whole


def test_mistakes_beside_something_else_are_not_the_whole() -> None:
    lines, whole = failure(answer(mistakes("twice"), RAISED), "")
    assert (lines[0], whole) == (f"one mistake in {FILE}", False)
    assert "hunter2" not in str(lines)


@pytest.mark.parametrize("printed", ["", "hunter2", "[]", "{}", '{"diagnostics": 1}', '{"diagnostics": ["hunter2"]}'])
def test_what_is_no_answer_says_nothing(printed: str) -> None:
    stderr = "error: no stack named 'de' found\nhunter2"
    assert failure(printed, stderr) == (("error: no stack named 'de' found",), False)


def test_warnings_are_no_errors() -> None:
    warning = {**RAISED, "severity": "warning"}
    assert failure(json.dumps({"diagnostics": [warning]}), "") == ((), False)
