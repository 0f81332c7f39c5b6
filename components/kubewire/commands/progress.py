"""A sign that something goes on, where somebody looks and it takes a while."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer

A_WHILE_SECONDS = 2.0


@contextmanager
def after_a_while(what: str, seconds: float = A_WHILE_SECONDS) -> Iterator[None]:
    """Show what goes on, if it isn't done soon. Nothing is shown in a pipe."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console  # noqa: PLC0415 - only where it is used

    status = Console(stderr=True).status(f"[dim]{what}")
    timer = Timer(seconds, status.start)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        status.stop()
