"""The places that a packet passes, each with what it lets through and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kubewire.net.kinds import Kinds, kind_name, kind_of
from kubewire.prover.reach.bounds import NOTHING, Bounds, all_of
from kubewire.prover.witness import Hop, Outcome, Witness

HTTPS = kind_of(6, 443)
"""What a witness carries where any kind would do."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One place on a way.

    Attributes:
        place: what it is, by name.
        passes: what it lets through.
        why: says for one kind what decides.
    """

    place: str
    passes: Bounds
    why: Callable[[int], str]

    def hop(self, kind: int) -> Hop:
        """Tell what happens to one kind here."""
        if kind not in self.passes.possible:
            outcome = Outcome.STOPS
        elif kind not in self.passes.certain:
            outcome = Outcome.UNSURE
        else:
            outcome = Outcome.PASSES
        return Hop(place=self.place, outcome=outcome, decided_by=self.why(kind))


@dataclass(frozen=True, slots=True)
class Way:
    """How packets get from one endpoint to another, or where they are stopped.

    Attributes:
        source: who sends.
        destination: to whom.
        stages: the places, in order; what comes after one that stops everything is left out.
    """

    source: str
    destination: str
    stages: tuple[Stage, ...]

    @property
    def passes(self) -> Bounds:
        """Give what gets through."""
        return all_of(stage.passes for stage in self.stages)

    def witness(self, kind: int, summary: str) -> Witness:
        """Follow one kind until it is stopped, or arrives."""
        hops: list[Hop] = []
        for stage in self.stages:
            hops.append(stage.hop(kind))
            if hops[-1].outcome is Outcome.STOPS:
                break
        return Witness(
            summary=summary,
            source=self.source,
            destination=self.destination,
            traffic=kind_name(kind),
            hops=tuple(hops),
        )


def first_of(kinds: Kinds) -> int:
    """Choose a kind to show: a TCP port if there is one, as readers know them best. Raises IndexError for none."""
    known = kinds & Kinds.ports(6, 1, 65535)
    return (known or kinds).lowest()


def stop(place: str, why: str) -> Stage:
    """Make a stage that lets nothing through."""
    return Stage(place, NOTHING, lambda _kind: why)
