"""Processes that outlive the command that started them, and are found again without mistaking another for them."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import psutil
from pydantic import BaseModel, ConfigDict

# psutil reads the time of boot in whole seconds; nothing else in a start time is uncertain.
_TOLERANCE: Final = 1.5
_AFTER_KILL: Final = 5.0
_LOOK_AGAIN: Final = 0.02

# Children of this very process. Python wants each collected by its own object, or it warns of one left running.
_children: dict[int, subprocess.Popen[bytes]] = {}


class ProcessIdentity(BaseModel):
    """A process, for good: the kernel gives a pid to somebody else once its owner has ended.

    Attributes:
        pid: the process id.
        started: seconds between the machine's boot and the process's start. Not a time of day: clocks are set.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    pid: int
    started: float

    @classmethod
    def of(cls, process: psutil.Process) -> ProcessIdentity:
        """The identity of a process that runs now.

        Raises:
            psutil.NoSuchProcess: it has ended.
        """
        return cls(pid=process.pid, started=process.create_time() - psutil.boot_time())

    def process(self) -> psutil.Process | None:
        """The process if it still runs; a zombie does not."""
        try:
            process = psutil.Process(self.pid)
            now = ProcessIdentity.of(process)
            same = abs(now.started - self.started) <= _TOLERANCE
            return process if same and process.status() != psutil.STATUS_ZOMBIE else None
        except psutil.NoSuchProcess:
            return None

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self.process() is not None


def spawn(command: Sequence[str], *, environment: Mapping[str, str], directory: Path, log: Path) -> ProcessIdentity:
    """Start a process in a session of its own, so that neither Ctrl-C nor a closed terminal ends it."""
    with log.open("ab") as output:
        child = subprocess.Popen(  # noqa: S603 - our own command lines, no shell
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=directory,
            env=dict(environment),
            start_new_session=True,
        )
    _children[child.pid] = child
    # Even if it has ended by now it can be looked at: it is ours to collect.
    return ProcessIdentity.of(psutil.Process(child.pid))


def stop(identity: ProcessIdentity, *, patience: float) -> None:
    """End a process: politely, and after `patience` seconds without asking. Nothing happens if it has ended."""
    process = identity.process()
    if process is not None:
        with suppress(psutil.NoSuchProcess):
            process.terminate()
            if not _ended(identity, patience):
                process.kill()
                _ended(identity, _AFTER_KILL)
    child = _children.get(identity.pid)
    # The pid may be another child's by now; that one isn't waited for.
    if child is not None and child.poll() is not None:
        del _children[identity.pid]


def _ended(identity: ProcessIdentity, seconds: float) -> bool:
    """Wait for the end of a process.

    Not psutil's wait: to that a zombie runs on, and in a container nobody may ever collect one.
    """
    deadline = time.monotonic() + seconds
    while identity.alive:
        if time.monotonic() > deadline:
            return False
        time.sleep(_LOOK_AGAIN)
    return True
