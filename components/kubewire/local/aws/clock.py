"""Time as the embedded AWS sees it, and what is due in it.

What takes minutes on AWS takes as long here as is configured, and nobody sleeps for it: a clock that stands still is
moved by whoever tests.
"""

from __future__ import annotations

import heapq
import itertools
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class Clock:
    """Seconds since it was made. It runs with the machine's, or stands still until it is moved."""

    def __init__(self) -> None:
        self._running = True
        self._moved = 0.0
        self._began = datetime.now(UTC)
        self._started = time.monotonic()

    @property
    def now(self) -> float:
        """Seconds since its beginning."""
        return self._moved + (time.monotonic() - self._started if self._running else 0.0)

    @property
    def date(self) -> datetime:
        """The same as a date, for the answers that have one."""
        return self._began + timedelta(seconds=self.now)

    def run(self, *, running: bool) -> None:
        """Let it run with the machine's clock, or stand still. Either way it goes on from where it is."""
        self._moved = self.now
        self._started = time.monotonic()
        self._running = running

    def advance(self, seconds: float) -> None:
        """Move it forward."""
        if seconds < 0:
            raise ValueError("time does not go back")
        self._moved += seconds


class Schedule:
    """What will happen, in the order in which it is due."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        self._moment: float | None = None

    def later(self, seconds: float, happens: Callable[[], None]) -> None:
        """Let something happen after so many seconds: with 0, as soon as the current call has been answered."""
        moment = self._clock.now if self._moment is None else self._moment
        heapq.heappush(self._due, (moment + seconds, next(self._numbers), happens))

    def settle(self) -> None:
        """Let everything happen that is due.

        What one happening brings about counts from its own moment, not from now: after a leap of an hour the second
        of two steps of a minute has happened too.
        """
        now = self._clock.now
        try:
            while self._due and self._due[0][0] <= now:
                self._moment, _, happens = heapq.heappop(self._due)
                happens()
        finally:
            self._moment = None

    def clear(self) -> None:
        """Forget all of it."""
        self._due.clear()
