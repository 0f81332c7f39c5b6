"""A proof, written for a terminal, a pipe, a pull request or a program."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

import typer
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from kubewire.commands.form import Format
from kubewire.commands.terminal import coloured, show_route
from kubewire.commands.writing import console, listed, route
from kubewire.prover.prove import Proof
from kubewire.prover.verdict import Broken, NotProven
from kubewire.report.escaping import block, cell, plain

ORDER = ("broken", "not proven", "holds")
DEEP = 5
"""Columns before what is said of a property."""


def write(proofs: Sequence[Proof], form: Format) -> None:
    """Write it on stdout."""
    if form is Format.JSON:
        typer.echo(json.dumps(_document(proofs), indent=2))
        return
    terminal = console()
    for name, group in groupby(proofs, key=lambda proof: proof.cluster):
        of_one = list(group)
        if form is Format.MARKDOWN:
            typer.echo("\n".join(_markdown(name, of_one)))
        elif terminal:
            _show(terminal, name, of_one)
        else:
            typer.echo("\n".join(_text(name, of_one)))


def _document(proofs: Sequence[Proof]) -> dict[str, object]:
    """Say all there is to say; the fields are those of the models."""
    fields = [proof.model_dump(mode="json") for proof in proofs]
    names = dict.fromkeys(proof.cluster for proof in proofs)
    return {
        "clusters": [
            {
                "name": name,
                "verdicts": Counter(proof.verdict.verdict for proof in proofs if proof.cluster == name),
                "properties": [
                    {key: value for key, value in one.items() if key != "cluster"}
                    for one in fields
                    if one["cluster"] == name
                ],
            }
            for name in names
        ]
    }


def _counts(proofs: Sequence[Proof]) -> str:
    counts: Counter[str] = Counter(proof.verdict.verdict for proof in proofs)
    words = {"holds": "hold" if counts["holds"] != 1 else "holds"}
    return ", ".join(f"{counts[one]} {words.get(one, one)}" for one in ORDER if counts[one])


def _concerning(proofs: Sequence[Proof]) -> Iterator[tuple[Proof, Broken | NotProven]]:
    """Give what doesn't hold, the broken first."""
    for kind in (Broken, NotProven):
        for proof in proofs:
            if isinstance(proof.verdict, kind):
                yield proof, proof.verdict


def _more(verdict: Broken) -> list[str]:
    more = verdict.count - len(verdict.witnesses)
    return [f"and {more} more like these"] if more > 0 else []


def _text(name: str, proofs: Sequence[Proof]) -> Iterator[str]:
    yield f"Network {plain(name)}: {_counts(proofs)}"
    yield from (f"{proof.number:>{DEEP - 2}}  {proof.verdict.verdict:10}  {proof.title}" for proof in proofs)
    for proof, verdict in _concerning(proofs):
        yield ""
        yield f"{proof.number}. {proof.title}: {verdict.verdict}"
        yield from (plain(f"   {line}") for line in _lines(proof, verdict))


def _lines(proof: Proof, verdict: Broken | NotProven) -> Iterator[str]:
    if isinstance(verdict, NotProven):
        yield "It depends on what isn't known:"
        yield from (f"- {one}" for one in listed(verdict.unknowns))
        return
    yield f"What users see: {proof.otherwise}."
    for witness in verdict.witnesses:
        yield f"- {witness.summary}"
        yield from (f"    {line}" for line in route(witness))
    yield from _more(verdict)


def _markdown(name: str, proofs: Sequence[Proof]) -> Iterator[str]:
    yield from (f"### Network {cell(name)}: {_counts(proofs)}", "", "| | property | verdict |", "| ---: | --- | --- |")
    for proof in proofs:
        said = proof.verdict.verdict
        yield f"| {proof.number} | {cell(proof.title)} | {said if said == 'holds' else f'**{said}**'} |"
    for proof, verdict in _concerning(proofs):
        yield from ("", f"**{proof.number}. {cell(proof.title)}: {verdict.verdict}**", "")
        yield from block(list(_lines(proof, verdict)))


def _show(terminal: Console, name: str, proofs: Sequence[Proof]) -> None:
    terminal.print(Text.assemble(("Network ", "dim"), (plain(name), "bold"), f"  {_counts(proofs)}"))
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("", justify="right", style="dim", width=DEEP - 2)
    table.add_column("property")
    table.add_column("verdict", no_wrap=True)
    for proof in proofs:
        table.add_row(str(proof.number), proof.title, coloured(proof.verdict.verdict))
    terminal.print(table)
    for proof, verdict in _concerning(proofs):
        terminal.print()
        said = coloured(verdict.verdict)
        terminal.print(Text.assemble((f"{proof.number:>{DEEP - 2}}  ", "dim"), (proof.title, "bold"), "  ", said))
        if isinstance(verdict, NotProven):
            _indented(terminal, "It depends on what isn't known:", style="dim")
            for one in listed(verdict.unknowns):
                _indented(terminal, f"- {one}")
            continue
        _indented(terminal, f"What users see: {proof.otherwise}.", style="dim")
        for witness in verdict.witnesses:
            _indented(terminal, f"- {witness.summary}")
            show_route(terminal, witness, DEEP + 2)
        for line in _more(verdict):
            _indented(terminal, line, style="dim")


def _indented(terminal: Console, text: str, *, style: str = "") -> None:
    terminal.print(Padding(Text(plain(text), style=style), (0, 0, 0, DEEP)))
