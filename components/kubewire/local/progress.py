"""What is said while something takes its time: a spinner in a terminal, plain lines in a pipe; always on stderr."""

from __future__ import annotations

import sys
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
        print(f"{self._title}: {text} ({_duration(time.monotonic() - self._began)})", file=self._stream, flush=True)


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


class _TerminalStep:
    def __init__(self, show: TerminalProgress, task: int) -> None:
        self._show = show
        self._task = task

    def says(self, detail: str) -> None:
        self._show.describe(self._task, detail)


class TerminalProgress:
    """A spinner, the time so far and the latest word; one line remains of each step."""

    def __init__(self) -> None:
        """Write to stderr."""
        from rich.console import Console  # noqa: PLC0415 - a pipe needs none of it
        from rich.progress import Progress as Bars  # noqa: PLC0415
        from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415
        from rich.table import Column  # noqa: PLC0415

        self._console = Console(stderr=True, highlight=False)
        self._bars = Bars(
            SpinnerColumn(style="cyan"),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            TextColumn("[dim]{task.fields[detail]}", table_column=Column(ratio=1, no_wrap=True, overflow="ellipsis")),
            console=self._console,
            transient=True,
            expand=True,
        )

    def describe(self, task: int, detail: str) -> None:
        """Replace a step's latest word."""
        from rich.markup import escape  # noqa: PLC0415
        from rich.progress import TaskID  # noqa: PLC0415

        self._bars.update(TaskID(task), detail=escape(detail))

    @contextmanager
    def step(self, title: str) -> Iterator[Step]:
        """See Progress."""
        began = time.monotonic()
        task = self._bars.add_task(title, total=None, detail="")
        mark = "[red]✗"
        self._bars.start()
        try:
            yield _TerminalStep(self, int(task))
            mark = "[green]✓"
        finally:
            self._bars.remove_task(task)
            if not self._bars.tasks:
                self._bars.stop()
            self._console.print(f"{mark}[/] {title} [dim]{_duration(time.monotonic() - began)}")

    def note(self, text: str) -> None:
        """See Progress."""
        self._console.print(text)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{minutes:.0f} min {rest:.0f} s" if minutes else f"{rest:.1f} s"


def show_progress() -> Progress:
    """The form that fits where stderr goes."""
    return TerminalProgress() if sys.stderr.isatty() else PlainProgress(sys.stderr)
