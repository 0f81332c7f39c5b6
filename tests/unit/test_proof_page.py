"""What `docs/proof.md` says is so: its commands run, its file is one, its options are there, its links lead on."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kubewire.cli import app
from kubewire.prover.declared.cluster_file import read_cluster_file

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "proof.md").read_text()
OWN = PAGE.partition("## From what you have")[2].partition("\n## ")[0]
COMMANDS = re.findall(r"^    (kubewire .+)$", OWN, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_its_commands_run(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    ran = CliRunner().invoke(app, shlex.split(command)[1:])
    assert ran.exit_code == 0, ran.output
    assert ran.stdout


def test_it_has_commands_of_each_kind() -> None:
    assert {command.split()[1] for command in COMMANDS} == {"prove", "can", "exposed"}


def test_its_options_are_those_of_the_commands() -> None:
    shown = CliRunner().invoke(app, ["prove", "--help"], env={"COLUMNS": "200", "NO_COLOR": "1"}).stdout
    options = set(re.findall(r"`(--[a-z]+)", OWN)) - {"--service-cluster-ip-range"}
    assert options >= {"--stack", "--plan", "--state", "--live", "--terraform", "--cluster"}
    assert {option for option in options if option not in shown} == set()


def test_its_cluster_file_is_one() -> None:
    (written,) = re.findall(r"```yaml\n(.*?)```", OWN, re.DOTALL)
    assert read_cluster_file(written, "docs/proof.md").name == "shop"


def test_every_link_leads_somewhere() -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)", OWN)
    assert links
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []
