"""A run of the engine under way, which can be ended early."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import psutil

from kubewire.local.process import ProcessIdentity
from kubewire.local.process import stop as end
from tests.e2e.runs import Run

OUTLIVING_SECONDS = 15.0
LANGUAGE_HOST = "pulumi-language-python"


class Running:
    """A run of the engine under way."""

    def __init__(self, command: list[str], folder: Path, environment: Mapping[str, str]) -> None:
        self._stderr: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed in `end`
        self.process = subprocess.Popen(  # noqa: S603 - the engine
            command,
            cwd=folder,
            env=dict(environment),
            stdout=subprocess.PIPE,
            stderr=self._stderr,
            start_new_session=True,
        )
        self._offspring: list[ProcessIdentity] = []
        self._lines: list[str] = []
        self._events: list[dict[str, Any]] = []

    def events(self) -> Iterator[dict[str, Any]]:
        """The rest of its events, as they come."""
        assert self.process.stdout is not None
        for raw in self.process.stdout:
            line = raw.decode()
            self._lines.append(line)
            # A killed engine leaves half a line.
            if line.startswith("{") and line.endswith("}\n"):
                self._events.append(json.loads(line))
                yield self._events[-1]

    def kill(self) -> None:
        """End the engine as the kernel does when memory is short: it can't say a word to anyone."""
        self._note_offspring()
        self.process.kill()

    def interrupt(self) -> None:
        """Press Ctrl-C: a terminal tells everyone in the session's foreground."""
        self._note_offspring()
        os.killpg(self.process.pid, signal.SIGINT)

    def left_behind(self) -> list[str]:
        """The commands of those that the engine had started and that outlive it.

        Pulumi's own language host is ended here: it looks after its engine every five minutes only.
        """
        for host in [process for process in self._alive() if LANGUAGE_HOST in _command(process)]:
            end(host, patience=OUTLIVING_SECONDS)
        deadline = time.monotonic() + OUTLIVING_SECONDS
        while (alive := self._alive()) and time.monotonic() < deadline:
            time.sleep(0.05)
        return [_command(process) for process in alive]

    def _alive(self) -> list[ProcessIdentity]:
        return [process for process in self._offspring if process.alive]

    def _note_offspring(self) -> None:
        found = psutil.Process(self.process.pid).children(recursive=True)
        self._offspring = [ProcessIdentity.of(process) for process in found]

    def end(self) -> Run:
        """Read all that is still to come, and wait for its end."""
        for _ in self.events():
            pass
        code = self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()
        self._stderr.seek(0)
        said = "".join(self._lines) + self._stderr.read().decode()
        self._stderr.close()
        return Run(code, self._events, said)


def _command(identity: ProcessIdentity) -> str:
    process = identity.process()
    try:
        return " ".join(process.cmdline()) if process else ""
    except psutil.NoSuchProcess:
        return ""
