"""Starting the parts of a cloud side by side, and stopping those that were started if one fails."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from kubewire.errors import EnvironmentNotReadyError
from kubewire.local.home import Home
from kubewire.local.parts import Launch
from kubewire.local.process import spawn, stop
from kubewire.local.progress import Step
from kubewire.local.record import CloudRecord, Part
from kubewire.local.run import tail

_LOOK_AGAIN: Final = 0.05
_READY_SECONDS: Final = 90.0
_PATIENCE: Final = 8.0
_PORT_TAKEN: Final = "address already in use"


class PartFailedError(EnvironmentNotReadyError):
    """A part ended, or was not ready in time.

    Attributes:
        port_taken: whether somebody else took its port meanwhile; other ports may do.
    """

    def __init__(self, part: Part, what: str, said: str, log: str) -> None:
        super().__init__(f"{part} {what}", detail=f"its last words (all of them are in {log}):\n{said}")
        self.port_taken = _PORT_TAKEN in said.lower()


class Supervisor:
    """Keeps the record of a cloud true while its parts are started and stopped."""

    def __init__(self, home: Home, record: CloudRecord) -> None:
        """Take over a cloud as recorded."""
        self.home = home
        self.record = record

    def start(self, launches: Iterable[Launch], step: Step) -> None:
        """Start what does not run, and return when all parts serve.

        Raises:
            PartFailedError: one of them does not. What was started here is stopped again.
        """
        waiting = {launch.part: launch for launch in launches}
        deadline = time.monotonic() + _READY_SECONDS
        with self._undone_on_failure() as begun:
            while waiting:
                for launch in [one for one in waiting.values() if not one.after & waiting.keys()]:
                    if launch.part not in begun and not self.record.alive(launch.part):
                        begun.add(launch.part)
                        self._spawn(launch)
                    elif launch.ready():
                        del waiting[launch.part]
                    else:
                        self._must_be_coming(launch.part, late=time.monotonic() > deadline)
                step.says(f"waiting for {', '.join(waiting)}")
                time.sleep(_LOOK_AGAIN)

    def stop(self, parts: Iterable[Part] = Part) -> None:
        """Stop these parts, users before what they use."""
        chosen = set(parts)
        for part in Part:
            if part in chosen and part in self.record.parts:
                stop(self.record.parts[part], patience=_PATIENCE)

    @contextmanager
    def _undone_on_failure(self) -> Iterator[set[Part]]:
        begun: set[Part] = set()
        try:
            yield begun
        except BaseException:
            # Ctrl-C, too: it must not leave half a cloud.
            self.stop(begun)
            raise

    def _spawn(self, launch: Launch) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        identity = spawn(
            launch.command,
            environment=environment | dict(launch.environment),
            directory=self.home.runtime,
            log=self._log(launch.part),
        )
        # Written at once: should this process be killed, `down` finds what it started.
        self.record = self.record.with_part(launch.part, identity)
        self.record.save(self.home.record)

    def _must_be_coming(self, part: Part, *, late: bool) -> None:
        log = self._log(part)
        if not self.record.alive(part):
            raise PartFailedError(part, "ended while it was starting", tail(log), str(log))
        if late:
            raise PartFailedError(part, f"was not ready within {_READY_SECONDS:.0f} s", tail(log), str(log))

    def _log(self, part: Part) -> Path:
        return self.home.logs / f"{part}.log"
