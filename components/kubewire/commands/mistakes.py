"""Errors, as users read them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from kubewire.errors import KubewireError

MISTAKE = 2
"""The exit code where there is no answer: a file is no plan, there is no such node. It is Click's own, too."""


def explain(error: KubewireError) -> None:
    """Write an error on stderr."""
    head = f"{error.path}: {error.summary}" if error.path else error.summary
    typer.secho(f"error: {head}", fg=typer.colors.RED, bold=True, err=True)
    if error.detail:
        typer.secho(f"  {error.detail}", fg=typer.colors.RED, err=True)


@contextmanager
def mistakes_apart() -> Iterator[None]:
    """End with 2 where there is no answer, so that it is never taken for one."""
    try:
        yield
    except KubewireError as error:
        explain(error)
        raise typer.Exit(MISTAKE) from None
