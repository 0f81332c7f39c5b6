"""What all outputs have in common."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from kubewire.report.escaping import plain

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from kubewire.prover.witness import Witness

LISTED = 8
"""Unknown values that are listed; the rest are counted. JSON has all."""


class Format(StrEnum):
    """How an answer is written."""

    TABLE = "table"
    MARKDOWN = "markdown"
    JSON = "json"


FormatOption = Annotated[
    Format, typer.Option("--format", help="Table: coloured in a terminal, plain text in a pipe.", show_default=True)
]

COLOURS = {
    "holds": "green",
    "broken": "bold red",
    "not proven": "yellow",
    "yes": "bold",
    "no": "bold",
    "passes": "green",
    "STOPS": "bold red",
    "not known": "yellow",
}


def console() -> Console | None:
    """Give the terminal, None in a pipe."""
    if not sys.stdout.isatty():
        return None
    from rich.console import Console  # noqa: PLC0415 - only where it is used

    return Console(highlight=False)


def coloured(text: str) -> Text:
    """Give text in the colour of what it says."""
    from rich.text import Text  # noqa: PLC0415

    return Text(plain(text), style=COLOURS.get(text, ""))


def route(witness: Witness) -> list[str]:
    """Write a packet's way in lines."""
    if not witness.hops:
        return []
    head = f"{witness.source} -> {witness.destination}, {witness.traffic}"
    return [head, *(f"{at:2} {hop.outcome:9} {hop.place}: {hop.decided_by}" for at, hop in enumerate(witness.hops, 1))]


def show_route(terminal: Console, witness: Witness, indent: int) -> None:
    """Show a packet's way in a terminal: where it ends stands out."""
    from rich.padding import Padding  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    if not witness.hops:
        return
    head = plain(f"{witness.source} → {witness.destination}, {witness.traffic}")
    terminal.print(Padding(Text(head, style="bold"), (0, 0, 0, indent)))
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(justify="right", style="dim")
    table.add_column(no_wrap=True)
    table.add_column()
    table.add_column(style="dim")
    for at, hop in enumerate(witness.hops, 1):
        why = Text(plain(hop.decided_by), style="" if hop.outcome == "passes" else "default not dim")
        table.add_row(str(at), coloured(hop.outcome), Text(plain(hop.place)), why)
    terminal.print(Padding(table, (0, 0, 0, indent)))


def listed(unknowns: Sequence[str]) -> list[str]:
    """Give the first unknown values, and how many there are beside."""
    more = len(unknowns) - LISTED
    return [*unknowns[:LISTED], *([f"and {more} more"] if more > 0 else [])]
