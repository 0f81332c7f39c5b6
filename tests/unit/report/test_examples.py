"""docs/examples is what `kubewire preview` says today."""

from __future__ import annotations

import json

import pytest

from kubewire.report.policy import Policy
from tests.unit.report.examples import EXAMPLES, reports
from tests.unit.report.schema import SCHEMA_FILE, schema

AGAIN = "run `python -m tests.unit.report.examples`, and look at what changed"


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return reports()


@pytest.mark.parametrize("name", ["report.md", "report.html", "report.json", "report.sarif", "report.junit.xml"])
def test_an_example_is_what_is_written_today(made: dict[str, str], name: str) -> None:
    assert (EXAMPLES / name).read_text(encoding="utf-8") == made[name], AGAIN


def test_an_example_shows_every_sort_of_finding(made: dict[str, str]) -> None:
    text = made["report.md"]
    for part in ("Refused", "Newly reachable", "Newly unreachable", "**expired**", "STOPS", "| quota |"):
        assert part in text


def test_editors_know_the_policys_keys() -> None:
    assert json.loads(SCHEMA_FILE.read_text()) == schema()
    assert set(schema()["properties"]) == set(Policy.model_fields)
