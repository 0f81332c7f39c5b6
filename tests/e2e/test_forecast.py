"""A preview says how many calls its apply makes; the embedded AWS counts them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.request import urlopen

import pytest

from kubewire.local.cloud import Cloud
from tests.e2e.projects import Project, Projects
from tests.e2e.runs import Run

LINE = re.compile(r"To create and change, the apply makes ([\d,]+) AWS calls? and (takes|stays) .+ Quotas: (.+)\.")


@pytest.fixture(scope="module")
def project(projects: Projects) -> Iterator[Project]:
    made = projects.small("foretold")
    yield made
    made.destroy().ok()


def forecasts(run: Run) -> list[re.Match[str]]:
    said = [event["diagnosticEvent"]["message"] for event in run.ok().events if "diagnosticEvent" in event]
    return [found for message in said if (found := LINE.search(message))]


def made(cloud: Cloud) -> int:
    with urlopen(f"{cloud.aws_endpoint}/kubewire-api/", timeout=30) as answer:  # noqa: S310 - our own server on loopback
        return sum(json.load(answer)["changes"].values())


def test_the_apply_makes_as_many_calls_as_its_preview_said(project: Project, cloud: Cloud) -> None:
    (line,) = forecasts(project.preview())
    before = made(cloud)
    project.up().ok()
    assert made(cloud) - before == int(line[1].replace(",", ""))
    assert "routes per table 3 of 500 (live)" in line[3]


def test_without_a_change_nothing_is_said(project: Project) -> None:
    assert forecasts(project.preview("--expect-no-changes")) == []


def test_a_change_makes_as_many_calls_as_its_preview_said(project: Project, cloud: Cloud) -> None:
    config = project.config
    config["cluster:network"]["tags"] = {"owner": "web"}
    config["cluster:network"]["egress"] = ["10.9.0.0/16"]
    project.configure(config)
    (line,) = forecasts(project.preview())
    before = made(cloud)
    project.up().ok()
    assert made(cloud) - before == int(line[1].replace(",", "")) > 1
