"""Where progress is shown: a spinner in a terminal, plain lines in a pipe; always on stderr."""

from __future__ import annotations

import sys

from kubewire.local.progress import PlainProgress, Progress


def show_progress() -> Progress:
    """Give the form that fits where stderr goes."""
    if not sys.stderr.isatty():
        return PlainProgress(sys.stderr)
    from kubewire.local.terminal_progress import TerminalProgress  # noqa: PLC0415 - a pipe needs none of it

    return TerminalProgress()
