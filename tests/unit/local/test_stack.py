from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable
from pathlib import Path

import pytest

from kubewire.errors import EnvironmentNotReadyError
from kubewire.local.cloud import Cloud
from kubewire.local.home import Home
from kubewire.local.ports import free_ports
from kubewire.local.record import CloudRecord, ClusterSettings
from kubewire.local.stack import Stack

Program = Callable[[Path, str], Path]

# An engine that writes down how it is called, and has one stack with the resources that a file says.
_PULUMI = """
echo "$*" >> {folder}/calls
case "$*" in "stack ls"*) printf '[{{"name": "dev", "resourceCount": %s}}]' "$(cat {folder}/resources)" ;; esac
"""


@pytest.fixture
def folder(tmp_path: Path, program: Program, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "Pulumi.yaml").touch()
    (tmp_path / "resources").write_text("3", encoding="utf-8")
    program(tmp_path / "engine" / "pulumi", _PULUMI.format(folder=tmp_path))
    monkeypatch.chdir(tmp_path)
    for name in ("PULUMI_BACKEND_URL", "KUBEWIRE_BACKEND_URL", "KUBEWIRE_HOME"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def _cloud(folder: Path, instance: str) -> Cloud:
    home = Home(folder / ".kubewire")
    home.prepare()
    settings = ClusterSettings()
    return Cloud(
        home, CloudRecord(instance=instance, programs=(folder / "engine",), settings=settings, ports=free_ports())
    )


def test_a_stack_of_the_running_cloud_needs_no_refresh(folder: Path) -> None:
    stack = Stack("dev", _cloud(folder, "one"))
    stack.remember()
    assert not stack.needs_refresh()


def test_a_stack_of_a_former_cloud_needs_one(folder: Path) -> None:
    Stack("dev", _cloud(folder, "one")).remember()
    assert Stack("dev", _cloud(folder, "two")).needs_refresh()


def test_so_does_one_that_the_user_deployed_himself(folder: Path) -> None:
    assert Stack("dev", _cloud(folder, "one")).needs_refresh()


def test_an_empty_state_describes_nothing_that_could_be_gone(folder: Path) -> None:
    (folder / "resources").write_text("0", encoding="utf-8")
    assert not Stack("dev", _cloud(folder, "one")).needs_refresh()


def test_the_engine_is_told_the_stack(folder: Path) -> None:
    assert Stack("dev", _cloud(folder, "one")).run("up", "--yes") == 0
    assert (folder / "calls").read_text(encoding="utf-8") == "up --yes --stack dev\n"


def test_the_engines_verdict_is_returned(folder: Path, program: Program) -> None:
    program(folder / "engine" / "pulumi", "exit 255")
    assert Stack("dev", _cloud(folder, "one")).run("up") == 255


def test_a_backend_that_refuses_is_explained(folder: Path, program: Program) -> None:
    program(folder / "engine" / "pulumi", "echo no such bucket >&2; exit 255")
    with pytest.raises(EnvironmentNotReadyError, match="no such bucket"):
        Stack("dev", _cloud(folder, "one")).select()


@pytest.mark.parametrize(("pid", "cancelled"), [(0, False), (4_194_305, True)])
def test_a_lock_is_removed_only_if_its_holder_is_gone(folder: Path, pid: int, *, cancelled: bool) -> None:
    cloud = _cloud(folder, "one")
    locks = cloud.home.state / ".pulumi" / "locks" / "organization" / "project" / "dev"
    locks.mkdir(parents=True)
    lock = {"pid": pid or os.getpid(), "hostname": platform.node(), "timestamp": "2100-01-01T00:00:00Z"}
    (locks / "one.json").write_text(json.dumps(lock), encoding="utf-8")
    Stack("dev", cloud).select()
    assert ("cancel --yes --stack dev" in (folder / "calls").read_text(encoding="utf-8")) is cancelled


def test_outside_a_project_it_is_said(folder: Path) -> None:
    (folder / "Pulumi.yaml").unlink()
    with pytest.raises(EnvironmentNotReadyError, match="there is no Pulumi"):
        Stack("dev", _cloud(folder, "one"))
