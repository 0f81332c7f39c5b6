"""Whoever previews or updates sees what is broken, without asking: a warning on the component that it concerns."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.broken import Variant, project_of, variant
from tests.e2e.projects import Project, Projects
from tests.e2e.runs import Run

PATCHES = [
    {"of": "RouteTable *-private-eu-west-2a", "at": ["routes", "100.80.1.0/24"], "gone": True},
    {"of": "SecurityGroupRules *.front.nodes", "at": ["rules"], "to": {}},
]
BROKEN = {"broken:patches": PATCHES}
NETWORK, SERVICE = "kubewire:network:ClusterNetwork::p90", "kubewire:services:LoadBalancerService::p90.default.front"


@pytest.fixture(scope="module")
def project(projects: Projects, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    made = project_of(projects, "warned", tmp_path_factory.mktemp("variants"), [variant(90, "twice", BROKEN)])
    yield made
    made.destroy().ok()


def declare(project: Project, one: Variant) -> None:
    """Declare another network in the place of what there is."""
    (project.folder / "variants.json").write_text(json.dumps([one.config]))
    project.configure({**project.config, "broken:variants": str(project.folder / "variants.json")})


def said(run: Run) -> dict[tuple[str, str], str]:
    """What is broken: the component and the property's number, to the warning."""
    events = [event["diagnosticEvent"] for event in run.ok().events if "diagnosticEvent" in event]
    found: dict[tuple[str, str], str] = {}
    for event in events:
        text = event["message"].strip().removeprefix("warning: ")
        if event["severity"] == "warning" and text.startswith("broken: "):
            key = event["urn"].partition("::")[2].partition("::")[2], text.split(" ")[1].rstrip(".")
            assert key not in found, "said twice"
            found[key] = text
    return found


def test_a_preview_warns_of_each_on_its_component(project: Project) -> None:
    found = said(project.preview())
    assert {(NETWORK, "6"), (SERVICE, "31")} <= found.keys()
    assert "table p90-private-eu-west-2a has no route for 100.80.1.0/24 of node-b" in found[NETWORK, "6"]
    assert "STOPS" in found[NETWORK, "6"]


def test_an_update_warns_of_the_same_and_so_does_a_run_without_changes(project: Project) -> None:
    assert {(NETWORK, "6"), (SERVICE, "31")} <= said(project.up()).keys()
    assert {(NETWORK, "6"), (SERVICE, "31")} <= said(project.preview("--expect-no-changes")).keys()


def test_with_a_part_of_the_resources_nothing_is_said_to_be_broken(project: Project) -> None:
    run = project.preview("--target", "**SecurityGroup::p90-nodes")
    assert said(run) == {}


def test_it_is_switched_off_by_configuration(project: Project) -> None:
    quiet: dict[str, Any] = {**BROKEN, "cluster:network": {"prove": False}}
    declare(project, variant(90, "quiet", quiet))
    assert said(project.preview()) == {}


def test_of_what_is_mended_nothing_is_said(project: Project) -> None:
    declare(project, variant(90, "right", {"broken:patches": []}))
    run = project.up()
    assert said(run) == {}
    assert "update RouteTable p90-private-eu-west-2a" in run.changes
