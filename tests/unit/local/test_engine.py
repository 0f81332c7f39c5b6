from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kubewire.local.engine import Engine, Origin, choose_engine
from kubewire.local.progress import Progress
from kubewire.local.release import Release
from kubewire.local.tool import ENGINE, tools_directory

Program = Callable[[Path, str], Path]

# Nobody listens on the port for discarding.
_NOWHERE = Release("3.259.0", host="http://127.0.0.1:9")


@pytest.fixture
def built_engine(cache: Path, program: Program) -> Path:
    """An engine that has been built before, so that nothing must be built here."""
    directory = cache / f"{ENGINE.name}-{ENGINE.key(tools_directory())}"
    program(directory / "pulumi", "echo 3.259.0")
    program(directory / "pulumi-language-python", "")
    return directory


@pytest.fixture
def mine(path_folder: Path, program: Program) -> Path:
    """The user's own engine: counts how often it is asked for its version."""
    program(path_folder / "pulumi-language-python", "")
    return program(path_folder / "pulumi", f"echo asked >> {path_folder}/asked; echo v3.260.1")


def _choose(progress: Progress) -> Engine:
    return choose_engine(progress, _NOWHERE)


@pytest.mark.usefixtures("built_engine")
def test_an_engine_on_path_is_preferred(mine: Path, progress: Progress) -> None:
    engine = _choose(progress)
    assert (engine.origin, engine.version, engine.directory) == (Origin.PATH, "3.260.1", mine.parent)


@pytest.mark.usefixtures("built_engine")
def test_the_decision_is_remembered_and_nothing_is_started(mine: Path, progress: Progress) -> None:
    first = _choose(progress)
    asked = (mine.parent / "asked").read_text(encoding="utf-8")
    assert _choose(progress) == first
    assert (mine.parent / "asked").read_text(encoding="utf-8") == asked


@pytest.mark.usefixtures("built_engine")
def test_an_updated_engine_is_looked_at_anew(mine: Path, program: Program, progress: Progress) -> None:
    _choose(progress)
    program(mine, "echo v3.261.0")
    os.utime(mine, ns=(1, 1))
    assert _choose(progress).version == "3.261.0"


def test_an_engine_older_than_we_know_is_passed_over(
    mine: Path, built_engine: Path, program: Program, progress: Progress, said: io.StringIO
) -> None:
    program(mine, "echo v3.249.9")
    assert _choose(progress).directory == built_engine
    assert f"{mine} is not used: it is older than 3.250.0" in said.getvalue()


def test_an_engine_without_a_language_host_is_passed_over(mine: Path, built_engine: Path, progress: Progress) -> None:
    (mine.parent / "pulumi-language-python").unlink()
    assert _choose(progress).directory == built_engine


@pytest.mark.usefixtures("path_folder")
def test_without_either_the_engine_is_built(built_engine: Path, progress: Progress, said: io.StringIO) -> None:
    engine = _choose(progress)
    assert (engine.origin, engine.directory) == (Origin.BUILT, built_engine)
    assert "it is built instead" in said.getvalue()
    before = said.getvalue()
    assert _choose(progress) == engine
    assert said.getvalue() == before, "a remembered decision probes nothing"


def test_our_own_engine_on_path_is_not_the_users(
    built_engine: Path, progress: Progress, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", os.pathsep.join([str(built_engine), "/usr/bin", "/bin"]))
    assert _choose(progress).origin is Origin.BUILT


@pytest.mark.usefixtures("path_folder")
def test_a_removed_engine_is_not_remembered(built_engine: Path, program: Program, progress: Progress) -> None:
    _choose(progress)
    (built_engine / "pulumi").unlink()
    program(built_engine / "pulumi", "echo 3.259.0")
    os.utime(built_engine / "pulumi", ns=(1, 1))
    assert _choose(progress).changed == 1
