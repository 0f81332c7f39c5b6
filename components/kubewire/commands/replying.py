"""The answer of `kubewire can`, found and written."""

from __future__ import annotations

import json

import typer

from kubewire.commands.facts import facts
from kubewire.commands.form import Format
from kubewire.commands.source import SourceOptions
from kubewire.commands.writing import console, listed, route
from kubewire.prover.queries import ends
from kubewire.prover.queries.can import Reply, can
from kubewire.report.escaping import block, cell, plain

COLOURS = {"yes": "bold green", "no": "bold red", "not proven": "bold yellow"}


def reply_to(told: SourceOptions, source: str, destination: str, network: str | None) -> Reply:
    """Find it.

    Args:
        told: where the facts come from.
        source: who.
        destination: whom, and where.
        network: which one, where there are several.

    Raises:
        InvalidInputError: somebody who isn't there, or what can't be read.
        EnvironmentNotReadyError: as for `facts`.
        CloudError: as for `facts`.
    """
    # What is cheap to find wrong comes before a preview, which takes its time.
    ends.source(source)
    ends.destination(destination)
    return can(facts(told), source, destination, network)


def write(reply: Reply, form: Format, *, why: bool) -> None:
    """Write it on stdout; with `why`, the way too."""
    terminal = console()
    if form is Format.JSON:
        typer.echo(json.dumps(reply.model_dump(mode="json"), indent=2))
    elif form is Format.MARKDOWN:
        typer.echo(f"**{reply.answer}**: {cell(reply.sentence)}")
        typer.echo("\n".join(["", *block([*_unknowns(reply), *(route(reply.witness) if why else [])])]))
    elif terminal:
        from rich.text import Text  # noqa: PLC0415 - only where it is used

        from kubewire.commands.terminal import show_route  # noqa: PLC0415 - as above

        said = Text.assemble((reply.answer.value, COLOURS[reply.answer]), f"  {plain(reply.sentence)}")
        terminal.print(said)
        for line in _unknowns(reply):
            terminal.print(Text(f"  {plain(line)}", style="dim"))
        if why:
            show_route(terminal, reply.witness, 2)
    else:
        shown = [*_unknowns(reply), *(route(reply.witness) if why else [])]
        typer.echo("\n".join([f"{reply.answer}: {plain(reply.sentence)}", *(plain(f"  {line}") for line in shown)]))


def _unknowns(reply: Reply) -> list[str]:
    return [f"depends on {item}" for item in listed(reply.unknowns)]
