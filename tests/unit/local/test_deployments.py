from __future__ import annotations

from pathlib import Path

from kubewire.local.deployments import Deployments


def test_each_stack_has_its_own_memory(tmp_path: Path) -> None:
    path = tmp_path / "deployed.json"
    Deployments.load(path).remember("dev", "one", path)
    Deployments.load(path).remember("test", "two", path)
    deployments = Deployments.load(path)
    assert (deployments.of("dev"), deployments.of("test"), deployments.of("prod")) == ("one", "two", None)
    assert deployments.stale("two") == ["dev"]


def test_what_was_destroyed_is_nowhere(tmp_path: Path) -> None:
    path = tmp_path / "deployed.json"
    Deployments.load(path).remember("dev", "one", path)
    Deployments.load(path).forget("dev", path)
    Deployments.load(path).forget("dev", path)
    assert Deployments.load(path).stale("two") == []


def test_an_unreadable_memory_is_none(tmp_path: Path) -> None:
    (tmp_path / "deployed.json").write_text("[", encoding="utf-8")
    assert Deployments.load(tmp_path / "deployed.json").root == {}
