"""What all outputs for a terminal have in common: rich, that a pipe needs none of, is imported with it."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from kubewire.prover.witness import Witness
from kubewire.report.escaping import plain

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


def coloured(text: str) -> Text:
    """Give text in the colour of what it says."""
    return Text(plain(text), style=COLOURS.get(text, ""))


def show_route(terminal: Console, witness: Witness, indent: int) -> None:
    """Show a packet's way in a terminal: where it ends stands out."""
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
