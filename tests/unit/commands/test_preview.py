"""`kubewire preview`, on what the real engine printed."""

from __future__ import annotations

import io
import json
import re
import stat
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from kubewire.cli import app
from kubewire.commands.review_writing import show
from tests.unit.prover.engine import PLANS, Plan, text
from tests.unit.report.reviews import broken, broken_plan, change

CHANGE, CREATE, STATE = (str(PLANS / f"{name}.json") for name in ("change", "create", "state"))
STRICT_POLICY = "exposures: {sources: [internet, other-networks, vpc, undeclared]}\n"


def kubewire(*arguments: str, stdin: str | None = None) -> Result:
    ran = CliRunner().invoke(app, arguments, input=stdin)
    assert ran.exception is None or isinstance(ran.exception, SystemExit), ran.exception
    return ran


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_verdict_is_first_and_fine_is_zero() -> None:
    ran = kubewire("preview", "--plan", CHANGE)
    assert ran.exit_code == 0
    assert ran.stdout.startswith("Fine: nothing is broken")
    assert "  Newly reachable\n" in ran.stdout
    assert "update   RouteTable shop-public" in ran.stdout
    assert "\x1b" not in ran.stdout, "no colours in a pipe"


def test_what_is_broken_is_one() -> None:
    ran = kubewire("preview", "--plan", "-", stdin=broken_plan().text())
    assert ran.exit_code == 1
    assert ran.stdout.startswith("Refused: ")
    assert "STOPS     route table shop-private-eu-west-1b" in ran.stdout


def test_what_is_not_proven_is_one_where_that_is_asked_for() -> None:
    plan = Plan("change")
    del plan.inputs("ClusterNetwork::shop")["nodes"]["node-a"]["maxPods"]
    assert kubewire("preview", "--plan", "-", stdin=plan.text()).exit_code == 0
    assert kubewire("preview", "--plan", "-", "--strict", stdin=plan.text()).exit_code == 1


def test_a_policy_beside_the_project_counts(folder: Path) -> None:
    (folder / "Pulumi.yaml").write_text("name: shop\n")
    (folder / "policy.yaml").write_text(STRICT_POLICY)
    denied = kubewire("preview", "--plan", CHANGE)
    assert denied.exit_code == 1
    assert "is newly exposed, and no entry of" in denied.stdout
    other = folder / "other.yaml"
    other.write_text("exposures: {sources: []}\n")
    assert kubewire("preview", "--plan", CHANGE, "--policy", str(other)).exit_code == 0


def test_without_changes_nothing_becomes_reachable() -> None:
    ran = kubewire("preview", "--plan", CREATE, "--base", CREATE)
    assert ran.exit_code == 0
    assert "Nothing becomes reachable or unreachable" in ran.stdout


@pytest.mark.parametrize("base", [CREATE, STATE])
def test_a_base_takes_the_place_of_what_there_is(base: str) -> None:
    ran = kubewire("preview", "--plan", CHANGE, "--base", base, "--format", "json")
    (cluster,) = json.loads(ran.stdout)["clusters"]
    assert not cluster["new"]
    assert "pods 100.64.5.0/24 of node-c => other nodes and pods, all traffic" in [
        line["text"] for line in cluster["lines"]
    ]


@pytest.mark.parametrize(
    ("form", "begins"),
    [
        ("markdown", "## "),
        ("html", "<!doctype html>"),
        ("json", '{\n  "version": 1'),
        ("sarif", '{\n  "$schema"'),
        ("junit", "<?xml"),
        ("table", "Fine: "),
    ],
)
def test_one_format_goes_to_stdout_or_a_file(folder: Path, form: str, begins: str) -> None:
    ran = kubewire("preview", "--plan", CHANGE, "--format", form)
    assert (ran.exit_code, ran.stderr) == (0, "")
    assert ran.stdout.startswith(begins)
    target = folder / "reports" / "one"
    ran = kubewire("preview", "--plan", CHANGE, "--format", form, "--output", str(target))
    assert target.read_text().startswith(begins)
    assert ran.stdout.startswith("Fine: ")


def test_several_formats_go_into_a_folder(folder: Path) -> None:
    options = [part for form in ("markdown", "html", "json", "sarif", "junit") for part in ("--format", form)]
    ran = kubewire("preview", "--plan", CHANGE, *options, "--output", str(folder / "out"))
    assert ran.exit_code == 0
    assert {file.name for file in (folder / "out").iterdir()} == {
        "report.md",
        "report.html",
        "report.json",
        "report.sarif",
        "report.junit.xml",
    }


def test_sarif_is_shown_at_the_stacks_own_file(folder: Path) -> None:
    (folder / "Pulumi.yaml").write_text("name: shop\nstackConfigDir: infra/environments\n")
    (folder / "infra" / "environments").mkdir(parents=True)
    (folder / "infra" / "environments" / "Pulumi.prod.yaml").write_text("config: {}\n")
    options = ("--plan", "-", "--stack", "org/shop/prod", "--format", "sarif")
    ran = kubewire("preview", *options, stdin=broken_plan().text())
    (run,) = json.loads(ran.stdout)["runs"]
    uris = {one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in run["results"]}
    assert uris == {"infra/environments/Pulumi.prod.yaml"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--plan", "/nowhere"), "/nowhere can't be read"),
        (("--plan", STATE), "this is a state, not a plan"),
        (("--plan", CHANGE, "--base", "/nowhere"), "/nowhere can't be read"),
        (("--plan", CHANGE, "--base", "wrong.yaml"), "is no JSON"),
        (("--plan", CHANGE, "--policy", "/nowhere"), "/nowhere can't be read"),
        (("--plan", CHANGE, "--policy", "wrong.yaml"), "wrong.yaml:1 allowed: unknown key"),
        (("--plan", CHANGE, "--format", "html", "--format", "json"), "several formats don't fit into one file"),
        (("--plan", CHANGE, "--output", "/proc/nowhere/x"), "can't be written"),
        ((), "it must be clear what is asked about"),
    ],
)
def test_a_mistake_is_two(folder: Path, given: tuple[str, ...], said: str) -> None:
    (folder / "wrong.yaml").write_text("allowed: []\n")
    ran = kubewire("preview", *given)
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert said in ran.stderr


def engine(folder: Path, script: str) -> None:
    program = folder / "pulumi"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


def test_a_stack_is_previewed_now(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = "preview --json --show-sames --show-reads --non-interactive --stack prod"
    engine(folder, f'[ "$*" = "{wanted}" ] && exec /bin/cat {CHANGE}')
    monkeypatch.setenv("PATH", str(folder))
    ran = kubewire("preview", "--stack", "prod", "--format", "json")
    assert (ran.exit_code, json.loads(ran.stdout)["stack"]) == (0, "prod")
    assert text("change")


def test_a_terminal_shows_it_in_colours() -> None:
    terminal = Console(force_terminal=True, width=160, record=True, file=io.StringIO(), highlight=False)
    show(terminal, broken().review)
    said = terminal.export_text(styles=True)
    assert "\x1b[" in said
    clear = re.sub(r"\x1b\[[\d;]*m", "", said)
    assert clear.startswith("Refused: ")
    assert "+ internet and the rest of the VPC => load balancer of shop/frontend:80/tcp" in clear
    assert "What users see: one zone's pods time out." in clear
    terminal = Console(force_terminal=True, width=160, record=True, file=io.StringIO(), highlight=False)
    show(terminal, change().review)
    clear = terminal.export_text()
    assert "denied  the rest of the VPC => node port of shop/frontend-admin" in clear
    assert "Quotas: elastic addresses 1 of 5 (live)" in clear
