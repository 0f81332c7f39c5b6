"""Running a program that takes long: its last words are shown, all of them are kept."""

from __future__ import annotations

import os
import subprocess
import time
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path

from kubewire.errors import EnvironmentNotReadyError
from kubewire.local.progress import Step

_LOOK_AGAIN = 0.2
_TAIL_LINES = 15
_TAIL_BYTES = 8192


def tail(log: Path) -> str:
    """The last lines of a log, indented for an error's detail."""
    with log.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL_BYTES))
        lines = file.read().decode(errors="replace").splitlines()
    return "\n".join(f"    {line}" for line in deque(lines, _TAIL_LINES))


def run_logged(
    command: Sequence[str], *, directory: Path, environment: Mapping[str, str], log: Path, step: Step
) -> None:
    """Run a program to its end, appending all it prints to `log`, and show its latest line.

    Raises:
        EnvironmentNotReadyError: it failed; with the log's tail and path.
    """
    with log.open("ab") as output, log.open("rb") as latest:
        output.write(f"$ {' '.join(command)}\n".encode())
        output.flush()
        latest.seek(0, os.SEEK_END)
        try:
            child = subprocess.Popen(  # noqa: S603 - our own command lines, no shell
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=directory,
                env=dict(environment),
            )
        except OSError as error:
            raise EnvironmentNotReadyError(f"{command[0]} can't be run", detail=str(error)) from error
        word = ""
        try:
            while child.poll() is None:
                word = _last_line(latest.read()) or word
                step.says(word)
                time.sleep(_LOOK_AGAIN)
        except BaseException:
            child.terminate()
            child.wait()
            raise
    if child.returncode != 0:
        raise EnvironmentNotReadyError(
            f"{Path(command[0]).name} failed with exit code {child.returncode}",
            detail=f"its last words (all of them are in {log}):\n{tail(log)}",
        )


def _last_line(output: bytes) -> str:
    lines = output.decode(errors="replace").split("\n")
    # The last piece has no end yet.
    return next((line.strip() for line in reversed(lines[:-1]) if line.strip()), "")
