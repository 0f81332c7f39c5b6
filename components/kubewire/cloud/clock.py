"""Waiting that ends when the engine asks to stop."""

from __future__ import annotations

import threading
import time


class SystemClock:
    """The machine's clock. `cancel` wakes every sleeper, for good."""

    def __init__(self) -> None:
        self._cancelled = threading.Event()

    def sleep(self, seconds: float) -> None:
        """Wait.

        Raises:
            InterruptedError: the engine asked to stop.
        """
        if self._cancelled.wait(seconds):
            raise InterruptedError("stopped while waiting, as asked")

    def time(self) -> float:
        """Give monotonic seconds."""
        return time.monotonic()

    def cancel(self) -> None:
        """Wake every sleeper with InterruptedError, now and later."""
        self._cancelled.set()
