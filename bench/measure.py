"""One command, measured: its seconds, and the memory of everything that it starts."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

SAMPLE_SECONDS = 0.2
"""Between looks at memory: more of them would slow down what is measured."""
PROVIDER = "kubewire.provider.launcher"
"""What the provider's command line names."""


@dataclass(frozen=True)
class Measured:
    """What a command took.

    Attributes:
        seconds: from its start to its end.
        peak: the largest sum of resident memory of it and all that it started, in bytes; for engine runs that is
            engine, language host, program and providers. Pages that they share count for each.
        provider_peak: the largest resident memory of our provider, in bytes; 0 where none ran.
    """

    seconds: float
    peak: int
    provider_peak: int


def measured(command: Sequence[str | Path], folder: Path, environment: Mapping[str, str]) -> Measured:
    """Run a command to its end; one that fails ends the benchmark with what it printed."""
    words = [str(part) for part in command]
    with tempfile.TemporaryFile("w+") as printed:
        start = time.monotonic()
        child = subprocess.Popen(words, cwd=folder, env=dict(environment), stdout=printed, stderr=printed)  # noqa: S603 - our own commands
        sampler = _Sampler(child.pid)
        code = child.wait()
        seconds = time.monotonic() - start
        sampler.stop()
        if code:
            printed.seek(0)
            sys.exit(f"{' '.join(words)} failed:\n{printed.read()}")
    return Measured(seconds, sampler.peak, sampler.provider_peak)


def best(command: Sequence[str | Path], folder: Path, environment: Mapping[str, str], repeats: int) -> Measured:
    """Run a command that changes nothing some times, and give the quickest."""
    return min((measured(command, folder, environment) for _ in range(repeats)), key=lambda one: one.seconds)


class _Sampler:
    """Looks at a process and its descendants until told to stop."""

    def __init__(self, pid: int) -> None:
        self.peak = 0
        self.provider_peak = 0
        self._pid = pid
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(SAMPLE_SECONDS):
            # Processes end while they are looked at.
            with suppress(psutil.Error):
                parent = psutil.Process(self._pid)
                sizes = [_size(process) for process in (parent, *parent.children(recursive=True))]
                self.peak = max(self.peak, sum(size for size, _ in sizes))
                self.provider_peak = max([self.provider_peak, *(size for size, ours in sizes if ours)])


def _size(process: psutil.Process) -> tuple[int, bool]:
    try:
        return process.memory_info().rss, PROVIDER in process.cmdline()
    except psutil.Error:
        return 0, False
