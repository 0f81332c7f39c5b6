from __future__ import annotations

import sys
from pathlib import Path

import pytest

from kubewire.cli import main
from kubewire.local.home import Home
from kubewire.local.ports import free_ports
from kubewire.local.process import ProcessIdentity
from kubewire.local.record import CloudRecord, ClusterSettings, Part


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("KUBEWIRE_HOME", str(tmp_path / "home"))
    return Home(tmp_path / "home")


def _kubewire(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["kubewire", *arguments])
    with pytest.raises(SystemExit) as end:
        main()
    return int(end.value.code or 0)


def _died(home: Home) -> None:
    """A cloud whose every process has ended without being told to: the machine was restarted."""
    home.prepare()
    gone = ProcessIdentity(pid=4_194_305, started=1)
    record = CloudRecord(instance="one", programs=(), settings=ClusterSettings(), ports=free_ports())
    for part in Part:
        record = record.with_part(part, gone)
    record.save(home.record)


@pytest.mark.usefixtures("home")
def test_env_of_no_cloud_explains_itself_on_stderr_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _kubewire(monkeypatch, "local", "env") == 1
    captured = capsys.readouterr()
    assert not captured.out, "a shell would evaluate it"
    assert captured.err.splitlines() == [
        "error: the embedded cloud is not running",
        "  `kubewire local up` starts it.",
    ]


@pytest.mark.usefixtures("home")
def test_status_of_no_cloud(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert _kubewire(monkeypatch, "local", "status") == 3
    assert "not running" in capsys.readouterr().out


def test_status_of_a_cloud_that_died(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _died(home)
    assert _kubewire(monkeypatch, "local", "status") == 3
    assert capsys.readouterr().out.count("not running") == len(Part)


def test_down_of_a_cloud_that_died_cleans_up_and_may_be_repeated(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    _died(home)
    assert _kubewire(monkeypatch, "local", "down") == 0
    assert not home.record.exists()
    assert _kubewire(monkeypatch, "local", "down") == 0


def test_destroy_of_nothing_starts_nothing(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("PULUMI_BACKEND_URL", raising=False)
    assert _kubewire(monkeypatch, "local", "destroy") == 0
    assert capsys.readouterr().out == "Nothing is deployed.\n"
    assert not home.record.exists()


def test_an_unknown_command_is_a_usage_error(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _kubewire(monkeypatch, "local", "upp") == 2


def test_destroy_names_other_stacks_that_are_left(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("PULUMI_BACKEND_URL", raising=False)
    stacks = home.state / ".pulumi" / "stacks" / "shop"
    stacks.mkdir(parents=True)
    (stacks / "prod.json").write_text('{"checkpoint": {"latest": {"resources": [{}, {}, {}]}}}', encoding="utf-8")
    assert _kubewire(monkeypatch, "local", "destroy") == 0
    said = capsys.readouterr().out
    assert said.startswith("Nothing of dev is deployed.\nOther stacks")
    assert "\n  prod of shop: 3 resources\n" in said
    assert "`make cloud`" in said
    assert "pulumi destroy --refresh --run-program --stack NAME" in said
