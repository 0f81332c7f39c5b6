"""What all outputs have in common."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from kubewire.prover.witness import Witness

LISTED = 8
"""Unknown values that are listed; the rest are counted. JSON has all."""


def console() -> Console | None:
    """Give the terminal, None in a pipe."""
    if not sys.stdout.isatty():
        return None
    from rich.console import Console  # noqa: PLC0415 - only where it is used

    return Console(highlight=False)


def route(witness: Witness) -> list[str]:
    """Write a packet's way in lines."""
    if not witness.hops:
        return []
    head = f"{witness.source} -> {witness.destination}, {witness.traffic}"
    return [head, *(f"{at:2} {hop.outcome:9} {hop.place}: {hop.decided_by}" for at, hop in enumerate(witness.hops, 1))]


def listed(unknowns: Sequence[str]) -> list[str]:
    """Give the first unknown values, and how many there are beside."""
    more = len(unknowns) - LISTED
    return [*unknowns[:LISTED], *([f"and {more} more"] if more > 0 else [])]
