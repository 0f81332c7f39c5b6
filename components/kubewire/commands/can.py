"""`kubewire can`: who reaches whom, and which way."""

from __future__ import annotations

from typing import Annotated

import typer

from kubewire.commands.form import Format, FormatOption
from kubewire.commands.mistakes import mistakes_apart
from kubewire.commands.source import SourceOptions, with_source

CODES = {"yes": 0, "no": 1, "not proven": 3}


@with_source
def can(
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
    told: SourceOptions,
    network: Annotated[str | None, typer.Option("--network", help="Which one, where there are several.")] = None,
    why: Annotated[bool, typer.Option("--why", help="Show the way, place by place.")] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Say whether WHO can open a connection to WHOM, by what the VPC routes and admits.

    Exits with 0 for yes, 1 for no, 3 for not proven, 2 if there was no answer.
    """
    with mistakes_apart():
        from kubewire.commands.replying import reply_to, write  # noqa: PLC0415 - `--help` needs none of it

        reply = reply_to(told, source, destination, network)
    write(reply, form, why=why)
    raise typer.Exit(CODES[reply.answer])
