"""What is said in a terminal while something takes its time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress as Bars
from rich.progress import SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Column

from kubewire.local.progress import Step, duration


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
            self._console.print(f"{mark}[/] {title} [dim]{duration(time.monotonic() - began)}")

    def note(self, text: str) -> None:
        """See Progress."""
        self._console.print(text)
