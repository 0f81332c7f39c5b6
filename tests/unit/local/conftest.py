"""What the tests of the embedded cloud share: a cache of their own, small programs, and an ear for progress."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kubewire.local.progress import PlainProgress, Progress


@pytest.fixture
def said() -> io.StringIO:
    """What has been said on `progress`."""
    return io.StringIO()


@pytest.fixture
def progress(said: io.StringIO) -> Progress:
    return PlainProgress(said)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, which is the one that kubewire uses."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "kubewire"


@pytest.fixture
def program() -> Callable[[Path, str], Path]:
    """Makes an executable shell script."""

    def make(path: Path, script: str) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(0o755)
        return path

    return make


@pytest.fixture
def path_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder first on a PATH that has nothing else of interest."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", os.pathsep.join([str(folder), "/usr/bin", "/bin"]))
    return folder
