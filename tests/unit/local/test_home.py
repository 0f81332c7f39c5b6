from __future__ import annotations

from pathlib import Path

import pytest

from kubewire.local.home import Home, find_checkout, write_private


def _mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_only_the_owner_may_look_inside(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.root.mkdir(mode=0o755)
    home.prepare()
    assert {_mode(path) for path in (home.root, home.runtime, home.logs, home.state, home.pulumi_home)} == {0o700}


def test_a_private_file_is_private_even_where_a_public_one_was(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("public", encoding="utf-8")
    path.chmod(0o644)
    write_private(path, b"secret")
    assert (_mode(path), path.read_bytes(), list(tmp_path.iterdir())) == (0o600, b"secret", [path])


def test_the_checkout_is_found_from_below(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").touch()
    (tmp_path / "infra" / "environments").mkdir(parents=True)
    assert find_checkout(tmp_path / "infra" / "environments") == tmp_path.resolve()


def test_the_home_is_in_the_checkout_unless_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "Pulumi.yaml").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KUBEWIRE_HOME", raising=False)
    assert Home.locate().root == tmp_path.resolve() / ".kubewire"
    monkeypatch.setenv("KUBEWIRE_HOME", "elsewhere")
    assert Home.locate().root == tmp_path.resolve() / "elsewhere"


def test_forgetting_a_cloud_keeps_state_and_plugins(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.prepare()
    for path in (home.record, home.kubeconfig, home.runtime / "tokens.csv", home.state / "s", home.pulumi_home / "p"):
        path.touch()
    home.forget_cloud()
    assert sorted(path.name for path in home.root.iterdir()) == ["logs", "pulumi-home", "state"]
    assert (home.state / "s").exists()
    home.forget_cloud()
