"""Templates, and the words that they share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from kubewire.prover.witness import Witness
from kubewire.report.changes import Change
from kubewire.report.escaping import block, cell, plain
from kubewire.report.review import ClusterReview, Review

if TYPE_CHECKING:
    from jinja2 import Environment

FEW = 4
"""Of many values, those that are written out."""


@cache
def templates() -> Environment:
    """Give the templates: what HTML ones are filled with is escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - only where one is written

    found = Environment(
        loader=PackageLoader("kubewire.report"),
        autoescape=lambda name: bool(name and name.endswith(".html.j2")),  # noqa: S701 - Markdown has escapes of its own
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    found.filters |= {
        "cell": cell,
        "code": code,
        "block": lambda lines: "\n".join(block(lines)),
        "route": route,
        "clean": plain,
        "few": few,
        "counts": counts,
        "resources": resources,
        "fields": fields,
    }
    return found


def code(text: str) -> str:
    """Write text as it is in Markdown, on a line of its own or in a table."""
    clean = plain(text).replace("\n", " ").replace("`", "'").replace("|", "\u00a6")
    return f"`{clean}`"


def route(witness: Witness) -> list[str]:
    """Write a packet's way in lines."""
    if not witness.hops:
        return []
    head = f"{witness.source} -> {witness.destination}, {witness.traffic}"
    return [head, *(f"{at:2} {hop.outcome:9} {hop.place}: {hop.decided_by}" for at, hop in enumerate(witness.hops, 1))]


def few(words: Sequence[str]) -> str:
    """Write the first of many."""
    more = len(words) - FEW
    return ", ".join([*words[:FEW], *([f"and {more} more"] if more > 0 else [])])


def counts(cluster: ClusterReview) -> str:
    """Count the verdicts of a cluster's properties, the worst first."""
    said: Counter[str] = Counter(proof.verdict.verdict for proof in cluster.properties)
    words = {"broken": "broken", "not proven": "not proven", "holds": "hold" if said["holds"] != 1 else "holds"}
    return ", ".join(f"{said[one]} {word}" for one, word in words.items() if said[one])


def resources(review: Review) -> str:
    """Count what the engine will do."""
    return ", ".join(f"{number} to {verb}" for verb, number in review.counts.items()) or "none change"


def fields(change: Change) -> str:
    """Write the fields that change."""
    more = len(change.fields) - FEW + change.more_fields
    return ", ".join([*change.fields[:FEW], *([f"and {more} more"] if more > 0 else [])])
