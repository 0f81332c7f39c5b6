"""`kubewire can`: who reaches whom, and which way."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from kubewire.commands.mistakes import mistakes_apart
from kubewire.commands.source import (
    ClusterOption,
    LiveOption,
    PlanOption,
    StackOption,
    StateOption,
    TerraformOption,
    facts,
)
from kubewire.commands.writing import Format, FormatOption, console, listed, route, show_route
from kubewire.report.escaping import block, cell, plain

if TYPE_CHECKING:
    from kubewire.prover.queries.can import Reply

CODES = {"yes": 0, "no": 1, "not proven": 3}
COLOURS = {"yes": "bold green", "no": "bold red", "not proven": "bold yellow"}


def can(  # noqa: PLR0913 - its options are its users'
    source: Annotated[
        str, typer.Argument(help="pod:NODE, pod:ADDRESS, node:NAME, internet, or a range of addresses.", metavar="WHO")
    ],
    destination: Annotated[
        str,
        typer.Argument(
            help="Any of these, service:NAMESPACE/NAME or lb:NAMESPACE/NAME, with :PORT or :PORT/PROTOCOL, or /icmp.",
            metavar="WHOM:PORT",
        ),
    ],
    *,
    plan: PlanOption = None,
    state: StateOption = None,
    stack: StackOption = None,
    live: LiveOption = None,
    terraform: TerraformOption = None,
    cluster: ClusterOption = None,
    network: Annotated[str | None, typer.Option("--network", help="Which one, where there are several.")] = None,
    why: Annotated[bool, typer.Option("--why", help="Show the way, place by place.")] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Say whether WHO can open a connection to WHOM, by what the VPC routes and admits.

    Exits with 0 for yes, 1 for no, 3 for not proven, 2 if there was no answer.
    """
    with mistakes_apart():
        from kubewire.prover.queries import ends  # noqa: PLC0415 - `--help` needs none of it
        from kubewire.prover.queries.can import can as ask  # noqa: PLC0415

        # What is cheap to find wrong comes before a preview, which takes its time.
        ends.source(source)
        ends.destination(destination)
        reply = ask(facts(plan, state, stack, live, terraform, cluster), source, destination, network)
    _write(reply, form, why=why)
    raise typer.Exit(CODES[reply.answer])


def _write(reply: Reply, form: Format, *, why: bool) -> None:
    terminal = console()
    if form is Format.JSON:
        typer.echo(json.dumps(reply.model_dump(mode="json"), indent=2))
    elif form is Format.MARKDOWN:
        typer.echo(f"**{reply.answer}**: {cell(reply.sentence)}")
        typer.echo("\n".join(["", *block([*_unknowns(reply), *(route(reply.witness) if why else [])])]))
    elif terminal:
        from rich.text import Text  # noqa: PLC0415 - only where it is used

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
