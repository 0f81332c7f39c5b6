"""A review, in a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from kubewire.commands.terminal import coloured, show_route
from kubewire.commands.writing import listed
from kubewire.prover.difference.delta import Turn
from kubewire.prover.verdict import Broken, NotProven
from kubewire.report.escaping import plain
from kubewire.report.markdown import TITLES
from kubewire.report.rendering import counts, fields, resources
from kubewire.report.review import ClusterReview, Conclusion, ExposureState, Review

SIGNS = {Turn.GAINED: ("+", "bold red"), Turn.LOST: ("-", "green"), Turn.UNSURE: ("?", "yellow")}
"""New ways in are what a reviewer has to see."""
STATES = {
    ExposureState.ALLOWED: "green",
    ExposureState.DENIED: "bold red",
    ExposureState.EXPIRED: "bold red",
    ExposureState.NO_POLICY: "yellow",
}


def show(terminal: Console, review: Review) -> None:
    """Show it, verdict first."""
    style = "bold red" if review.conclusion is Conclusion.REFUSED else "bold green"
    terminal.print(Text(plain(review.headline), style=style))
    for reason in review.reasons:
        terminal.print(Padding(Text(plain(reason)), (0, 0, 0, 2)))
    for cluster in review.clusters:
        _cluster(terminal, cluster)
    _resources(terminal, review)
    if review.forecast.sentence:
        terminal.print(Text(f"\n{plain(review.forecast.sentence)}", style="dim"))
    if review.forecast.quotas:
        said = (f"{one.what} {one.used} of {one.most} ({one.origin})" for one in review.forecast.quotas)
        terminal.print(Text(f"Quotas: {plain(', '.join(said))}", style="dim"))
    for entry in review.unused:
        terminal.print(Text(plain(f"{review.policy} allows nothing of this change by {entry}"), style="yellow"))


def _cluster(terminal: Console, cluster: ClusterReview) -> None:
    terminal.print()
    terminal.print(Text.assemble(("Network ", "dim"), (plain(cluster.name), "bold"), f"  {counts(cluster)}"))
    if not cluster.lines:
        terminal.print(Text("  nothing becomes reachable or unreachable", style="dim"))
    for turn, title in TITLES.items():
        lines = [line for line in cluster.lines if line.turn is turn]
        if not lines:
            continue
        sign, style = SIGNS[turn]
        terminal.print(Text(f"  {title}", style="dim"))
        for line in lines:
            terminal.print(Padding(Text.assemble((f"{sign} ", style), plain(line.text)), (0, 0, 0, 4)))
            for unknown in listed(line.unknowns):
                terminal.print(Padding(Text(plain(f"depends on {unknown}"), style="dim"), (0, 0, 0, 8)))
    for caveat in listed(cluster.caveats):
        terminal.print(Padding(Text(plain(f"there may be more, by {caveat}"), style="yellow"), (0, 0, 0, 2)))
    if cluster.exposures:
        table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
        for one in cluster.exposures:
            state = Text(one.state, style=STATES[one.state])
            table.add_row(state, Text(plain(one.text)), Text(plain(one.sentence), style="dim"))
        terminal.print(Text("  New exposures", style="dim"))
        terminal.print(Padding(table, (0, 0, 0, 4)))
    _properties(terminal, cluster)


def _properties(terminal: Console, cluster: ClusterReview) -> None:
    for proof in cluster.properties:
        if isinstance(proof.verdict, Broken | NotProven):
            said = coloured(proof.verdict.verdict)
            terminal.print(Text.assemble((f"  {proof.number:>2}  ", "dim"), (proof.title, "bold"), "  ", said))
        if isinstance(proof.verdict, NotProven):
            for unknown in listed(proof.verdict.unknowns):
                terminal.print(Padding(Text(plain(f"- {unknown}"), style="dim"), (0, 0, 0, 6)))
        if isinstance(proof.verdict, Broken):
            terminal.print(Padding(Text(f"What users see: {proof.otherwise}.", style="dim"), (0, 0, 0, 6)))
            for witness in proof.verdict.witnesses:
                terminal.print(Padding(Text(plain(f"- {witness.summary}")), (0, 0, 0, 6)))
                show_route(terminal, witness, 8)


def _resources(terminal: Console, review: Review) -> None:
    terminal.print()
    terminal.print(Text.assemble(("Resources  ", "dim"), resources(review)))
    if not review.changes:
        return
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    for change in review.changes:
        table.add_row(change.verb, Text(plain(str(change))), Text(plain(fields(change)), style="dim"))
    terminal.print(Padding(table, (0, 0, 0, 2)))
