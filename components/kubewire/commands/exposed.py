"""`kubewire exposed`: what outsiders reach."""

from __future__ import annotations

from kubewire.commands.form import Format, FormatOption
from kubewire.commands.mistakes import mistakes_apart
from kubewire.commands.source import SourceOptions, with_source


@with_source
def exposed(*, told: SourceOptions, form: FormatOption = Format.TABLE) -> None:
    """List what the internet reaches, and other networks; and what is open in a firewall without a way to it.

    Exits with 0, or with 2 if there was nothing to ask.
    """
    with mistakes_apart():
        from kubewire.commands.exposing import find, write  # noqa: PLC0415 - `--help` needs none of it

        found = find(told)
    write(found, form)
