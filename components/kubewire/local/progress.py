"""What is said while something takes its time, and how it is in a pipe: plain lines."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol, TextIO

_QUIET_SECONDS = 15.0


class Step(Protocol):
    """One thing that is being done."""

    def says(self, detail: str) -> None:
        """Tell how far it has come. Cheap: call it as often as there is something to look at."""


class Progress(Protocol):
    """Where steps are shown."""

    def step(self, title: str) -> AbstractContextManager[Step]:
        """Show a step until the block ends; then how long it took, or that it failed."""

    def note(self, text: str) -> None:
        """Say something that stays."""


class _PlainStep:
    def __init__(self, title: str, stream: TextIO) -> None:
        self._title = title
        self._stream = stream
        self._began = self._spoke = time.monotonic()

    def says(self, detail: str) -> None:
        now = time.monotonic()
        if now - self._spoke >= _QUIET_SECONDS:
            self._spoke = now
            self._print(f"still {detail}" if detail else "still at it")

    def ends(self, how: str) -> None:
        self._print(how)

    def _print(self, text: str) -> None:
        print(f"{self._title}: {text} ({duration(time.monotonic() - self._began)})", file=self._stream, flush=True)


class PlainProgress:
    """Lines for a log: the start, a sign of life now and then, the end."""

    def __init__(self, stream: TextIO) -> None:
        """Write to `stream`."""
        self._stream = stream

    @contextmanager
    def step(self, title: str) -> Iterator[Step]:
        """See Progress."""
        print(f"{title} ...", file=self._stream, flush=True)
        step = _PlainStep(title, self._stream)
        try:
            yield step
        except BaseException:
            step.ends("failed")
            raise
        step.ends("done")

    def note(self, text: str) -> None:
        """See Progress."""
        print(text, file=self._stream, flush=True)


def duration(seconds: float) -> str:
    """Write how long something took."""
    minutes, rest = divmod(seconds, 60)
    return f"{minutes:.0f} min {rest:.0f} s" if minutes else f"{rest:.1f} s"
