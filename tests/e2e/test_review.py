"""`kubewire preview`, on a stack that is deployed: a change that opens a port is found, and judged by a policy."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.projects import Config, Project, Projects, small

REGION = "ap-northeast-2"
NODE_PORT = 31910
KUBEWIRE = Path(sys.executable).parent / "kubewire"
EXPOSED = "load balancer of reviewed/door:443/tcp"
DOOR: Config = {
    "namespace": "reviewed",
    "type": "LoadBalancer",
    "name": "door",
    "selector": {"app": "front"},
    "scheme": "internet-facing",
    "sources": ["anywhere"],
    "ports": [{"name": "https", "port": 443, "targetPort": 8443, "nodePort": NODE_PORT + 5}],
}


@pytest.fixture(scope="module")
def project(projects: Projects) -> Iterator[Project]:
    made = projects.make("reviewed", small("reviewed", REGION, NODE_PORT))
    made.up().ok()
    yield made
    made.destroy().ok()


@pytest.fixture(scope="module")
def opened(project: Project) -> Project:
    """The same stack, about to let the internet in."""
    config = project.config
    config["cluster:services"].append(DOOR)
    project.configure(config)
    return project


def previewed(project: Project, *options: str) -> subprocess.CompletedProcess[str]:
    ran = subprocess.run(  # noqa: S603 - the command under test
        [KUBEWIRE, "preview", "--stack", project.name, *options],
        cwd=project.folder,
        env=project.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in ran.stderr
    return ran


def policy(project: Project, expires: dt.date | None = None) -> None:
    entry = {
        "who": "internet",
        "whom": "service:reviewed/door",
        "traffic": "443/tcp",
        "reason": "the door is there to be used",
        "expires": str(expires),
    }
    written = {"exposures": {"sources": ["internet"]}, "allow": [entry] if expires else []}
    (project.folder / "policy.yaml").write_text(json.dumps(written))


def test_without_a_change_nothing_becomes_reachable(project: Project) -> None:
    ran = previewed(project)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert ran.stdout.startswith("Fine: nothing is broken")
    assert "Nothing becomes reachable or unreachable" in ran.stdout
    assert "Resources: none change" in ran.stdout


def test_a_change_that_lets_the_internet_in_is_found_and_judged(opened: Project) -> None:
    today = dt.datetime.now(tz=dt.UTC).date()
    policy(opened)
    denied = previewed(opened)
    assert denied.returncode == 1, denied.stdout + denied.stderr
    assert denied.stdout.startswith("Refused: ")
    assert f"internet => {EXPOSED}" in denied.stdout
    assert "denied " in denied.stdout
    policy(opened, expires=today - dt.timedelta(days=2))
    expired = previewed(opened)
    assert expired.returncode == 1
    assert f"expired on {today - dt.timedelta(days=2)}" in expired.stdout
    policy(opened, expires=today + dt.timedelta(days=30))
    allowed = previewed(opened)
    assert allowed.returncode == 0, allowed.stdout + allowed.stderr
    assert "the door is there to be used" in allowed.stdout


def test_every_report_is_made_of_one_preview(opened: Project, tmp_path: Path) -> None:
    forms = ("markdown", "html", "json", "sarif", "junit")
    options = [part for form in forms for part in ("--format", form)]
    ran = previewed(opened, *options, "--output", str(tmp_path / "out"))
    assert ran.returncode in (0, 1), ran.stderr
    files = {file.name: file.read_text() for file in (tmp_path / "out").iterdir()}
    assert set(files) == {"report.md", "report.html", "report.json", "report.sarif", "report.junit.xml"}
    review: dict[str, Any] = json.loads(files["report.json"])
    assert review["stack"] == opened.name
    assert review["counts"]["create"] >= 5
    assert "AWS calls" in review["forecast"]["sentence"]
    assert {quota["what"] for quota in review["forecast"]["quotas"]} >= {"routes per table"}
    assert all(EXPOSED in text for text in (files["report.md"], files["report.json"], files["report.html"]))
    uris = {
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for run in json.loads(files["report.sarif"])["runs"]
        for result in run["results"]
    }
    assert uris <= {"infra/environments/Pulumi.dev.yaml"}
