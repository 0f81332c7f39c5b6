"""What is said of a property."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from kubewire.model import Model
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.witness import Witness

SHOWN = 5
"""Witnesses that are kept; the rest are counted."""


class Holds(Model):
    """It is so, whatever the unknown values turn out to be."""

    verdict: Literal["holds"] = "holds"


class Broken(Model):
    """It isn't so, whatever the unknown values turn out to be."""

    verdict: Literal["broken"] = "broken"
    count: int
    """How many things are wrong."""
    witnesses: tuple[Witness, ...]
    """The first of them."""


class NotProven(Model):
    """It depends on what isn't known."""

    verdict: Literal["not proven"] = "not proven"
    unknowns: tuple[str, ...]
    """What would have to be known."""


Verdict = Holds | Broken | NotProven
Finding = Witness | Unknown
"""What a property finds: something that is wrong, or a value without which it can't tell. Nothing found: it holds."""


def verdict_of(findings: Iterable[Finding]) -> Verdict:
    """Sum up: one thing wrong breaks a property, one thing unknown leaves it open."""
    witnesses: list[Witness] = []
    count = 0
    unknowns: dict[str, None] = {}
    for finding in findings:
        if isinstance(finding, Unknown):
            unknowns[finding.comes_from] = None
            continue
        count += 1
        if count <= SHOWN:
            witnesses.append(finding)
    if count:
        return Broken(count=count, witnesses=tuple(witnesses))
    return NotProven(unknowns=tuple(unknowns)) if unknowns else Holds()
