"""What the embedded AWS remembers beside moto: settings, time, and notes that moto has no place for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from threading import RLock
from typing import Any, TypeVar

from kubewire.local.aws.clock import Clock, Schedule
from kubewire.local.aws.settings import Settings, Ticking

Notes = TypeVar("Notes")


class Emulator:
    """One embedded AWS.

    Attributes:
        lock: held by a call from beginning to end. moto isn't made for two at once, and a quota that two calls check
            at the same time isn't one.
        settings: what is set of it.
        clock: its time.
        schedule: what will happen.
        changes: service and operation, `ec2:CreateRoute`, to how often somebody called it; of those that change things.
    """

    def __init__(self) -> None:
        self.lock = RLock()
        self.settings = Settings()
        self.clock = Clock()
        self.schedule = Schedule(self.clock)
        self.changes: Counter[str] = Counter()
        self._notes: dict[tuple[type, str, str], Any] = {}

    def notes(self, kind: type[Notes], account: str, region: str) -> Notes:
        """The notes of that kind for an account in a region; empty ones at first."""
        key = (kind, account, region)
        if key not in self._notes:
            self._notes[key] = kind()
        found: Notes = self._notes[key]
        return found

    def configure(self, change: Mapping[str, Any]) -> None:
        """Change settings.

        Raises:
            pydantic.ValidationError: there is no such setting, or it can't have that value. Nothing was changed.
        """
        self._set(self.settings.changed(change))

    def forget(self) -> None:
        """Forget what is noted and what was to happen: what it belonged to is gone. Settings and time stay."""
        self._notes.clear()
        self.schedule.clear()

    def reset(self) -> None:
        """Forget, and set everything as it was at the start."""
        self.forget()
        self.changes.clear()
        self._set(Settings())

    def _set(self, settings: Settings) -> None:
        self.settings = settings
        self.clock.run(running=settings.clock is Ticking.REAL)
