"""`kubewire prove`: every property of a network, before anything is applied."""

from __future__ import annotations

from typing import Annotated

import typer

from kubewire.commands.form import Format, FormatOption
from kubewire.commands.mistakes import mistakes_apart
from kubewire.commands.source import SourceOptions, with_source

BROKEN = 1


@with_source
def prove(
    *,
    told: SourceOptions,
    form: FormatOption = Format.TABLE,
    strict: Annotated[bool, typer.Option("--strict", help="Fail for what is not proven, too.")] = False,
) -> None:
    """Prove a network's properties, from wherever its facts are: each holds, is broken, or is not proven.

    Exits with 0 if nothing is broken, 1 if something is (or, with --strict, not proven), 2 if there was nothing to
    prove from.
    """
    with mistakes_apart():
        from kubewire.commands.proving import verdicts  # noqa: PLC0415 - `--help` needs none of it

        said = verdicts(told, form)
    if "broken" in said or (strict and "not proven" in said):
        raise typer.Exit(BROKEN)
