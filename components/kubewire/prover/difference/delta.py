"""What differs between two answers to one question."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kubewire.net.kinds import Kinds
from kubewire.prover.reach.bounds import NOTHING, Bounds


class Turn(StrEnum):
    """What becomes of a way."""

    GAINED = "newly reachable"
    LOST = "newly unreachable"
    UNSURE = "not known"
    """It may be the one, the other or neither, as values decide that aren't known."""


@dataclass(frozen=True, slots=True)
class Delta:
    """What a change makes of one way.

    Attributes:
        gained: passes after it, and didn't before.
        lost: passed before it, and doesn't now.
        unsure: may be either, or neither.
        unknowns: what would decide that.
    """

    gained: Kinds
    lost: Kinds
    unsure: Kinds
    unknowns: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.gained or self.lost or self.unsure)

    def of(self, turn: Turn) -> Kinds:
        """Give what there is of one sort."""
        return {Turn.GAINED: self.gained, Turn.LOST: self.lost, Turn.UNSURE: self.unsure}[turn]


SAME = Delta(Kinds.nothing(), Kinds.nothing(), Kinds.nothing())


def delta(before: Bounds | None, after: Bounds | None) -> Delta:
    """Compare what passes; None where there is no such way, because one of its ends isn't there.

    Where both depend on the same unknown values they are taken to depend on them in the same way: a value that neither
    the state nor the plan knows isn't changed by it.
    """
    was, will = before or NOTHING, after or NOTHING
    if was == will:
        return SAME
    gained, lost = will.certain - was.possible, was.certain - will.possible
    unsure = (was.possible | will.possible) - (was.certain & will.certain) - gained - lost
    if unsure and was.unknowns == will.unknowns:
        unsure = unsure - ((was.possible - was.certain) & (will.possible - will.certain))
    unknowns = (was.unknowns | will.unknowns) if unsure else frozenset()
    return Delta(gained, lost, unsure, unknowns) if gained or lost or unsure else SAME
