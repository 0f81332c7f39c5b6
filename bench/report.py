"""What was measured, as tables."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable
from dataclasses import dataclass

import psutil
from rich.console import Console
from rich.table import Table

from bench.measure import Measured

MIB = 2**20


@dataclass(frozen=True)
class Row:
    """One line of a table.

    Attributes:
        what: was done.
        measured: what it took.
        resources: how many the stack had then, None where that is no matter.
    """

    what: str
    measured: Measured
    resources: int | None = None


def show_machine() -> None:
    """Print when and on what this was measured."""
    memory = psutil.virtual_memory().total / 2**30
    Console().print(f"{dt.datetime.now(tz=dt.UTC).date()}, {os.cpu_count()} cores, {memory:.0f} GiB")


def show(title: str, rows: Iterable[Row]) -> None:
    """Print one table."""
    table = Table(title=title)
    table.add_column("what")
    for heading in ("seconds", "memory MiB", "of the provider", "resources"):
        table.add_column(heading, justify="right")
    for row in rows:
        own = f"{row.measured.provider_peak / MIB:.0f}" if row.measured.provider_peak else ""
        number = "" if row.resources is None else str(row.resources)
        table.add_row(row.what, f"{row.measured.seconds:.1f}", f"{row.measured.peak / MIB:.0f}", own, number)
    Console().print(table)
