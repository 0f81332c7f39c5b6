"""The answer of `kubewire exposed`, written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer

from kubewire.commands.facts import facts
from kubewire.commands.form import Format
from kubewire.commands.source import SourceOptions
from kubewire.commands.writing import console, listed
from kubewire.prover.queries.exposed import Exposure, Exposures, exposed
from kubewire.report.escaping import cell, plain

if TYPE_CHECKING:
    from rich.console import Console

WORDS = {"yes": "reached", "not proven": "not proven", "no": "no way in"}
COLOURS = {"yes": "bold red", "not proven": "yellow", "no": "green"}
COLUMNS = ("from", "to", "traffic", "", "by which path, or why not")
NOTHING = "nothing is open to them"


def find(told: SourceOptions) -> Exposures:
    """Find what outsiders reach. It raises what `facts` does."""
    return exposed(facts(told))


def write(found: Exposures, form: Format) -> None:
    """Write it on stdout."""
    if form is Format.JSON:
        typer.echo(json.dumps(found.model_dump(mode="json"), indent=2))
        return
    terminal = console()
    if form is Format.MARKDOWN:
        typer.echo("\n".join(_markdown(found)))
    elif terminal:
        _show(terminal, found)
    else:
        typer.echo("\n".join(plain(line) for line in _text(found)))


def _sections(found: Exposures) -> Iterator[tuple[str, list[Exposure]]]:
    yield "From the internet", [one for one in found.found if one.public]
    yield "From other networks", [one for one in found.found if not one.public]


def _text(found: Exposures) -> Iterator[str]:
    for title, rows in _sections(found):
        yield f"{title}: {NOTHING}" if not rows else title
        for one in rows:
            yield f"  {WORDS[one.answer]:10}  {one.source} -> {one.target}, {one.traffic}: {one.because}"
    yield from _beside(found)


def _beside(found: Exposures) -> Iterator[str]:
    if found.unknowns:
        yield "There may be more, by what isn't known:"
        yield from (f"- {item}" for item in listed(found.unknowns))


def _markdown(found: Exposures) -> Iterator[str]:
    for title, rows in _sections(found):
        yield from (f"### {title}", "")
        if not rows:
            yield from (NOTHING.capitalize() + ".", "")
            continue
        yield from ("| from | to | traffic | | by which path, or why not |", "| --- | --- | --- | --- | --- |")
        for one in rows:
            fields = (one.source, one.target, one.traffic, WORDS[one.answer], one.because)
            yield f"| {' | '.join(map(cell, fields))} |"
        yield ""
    yield from (cell(line) if line[0] != "-" else f"- {cell(line[2:])}" for line in _beside(found))


def _show(terminal: Console, found: Exposures) -> None:
    from rich.table import Table  # noqa: PLC0415 - only where it is used
    from rich.text import Text  # noqa: PLC0415 - as above

    for title, rows in _sections(found):
        terminal.print(Text.assemble((title, "bold"), "" if rows else (f"  {NOTHING}", "green")))
        if rows:
            table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
            for column in COLUMNS:
                table.add_column(column, no_wrap=column in ("", "traffic"))
            for one in rows:
                word = Text(WORDS[one.answer], style=COLOURS[one.answer])
                fields = (Text(plain(text)) for text in (one.source, one.target, one.traffic))
                table.add_row(*fields, word, Text(plain(one.because), style="dim"))
            terminal.print(table)
        terminal.print()
    for line in _beside(found):
        terminal.print(Text(plain(line), style="yellow"))
