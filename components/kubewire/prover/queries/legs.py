"""Ways in legs: what a load balancer or kube-proxy passes on goes by another port."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kubewire.net.addresses import Addresses
from kubewire.net.kinds import kind_name
from kubewire.prover.reach.stages import Stage
from kubewire.prover.witness import Hop, Outcome, Witness

SAYS_NOTHING = "passes everything"
"""What a VPC's default network ACL does: a way is easier to read without it."""


class Answer(StrEnum):
    """What is said of a way."""

    YES = "yes"
    NO = "no"
    UNSURE = "not proven"


@dataclass(frozen=True)
class Leg:
    """A part of a way on which the packet is of one kind."""

    stages: tuple[Stage, ...]
    kind: int

    def hops(self) -> list[Hop]:
        """Tell what happens at each place."""
        return [stage.hop(self.kind) for stage in self.stages]

    @property
    def unknowns(self) -> list[str]:
        """Give what would decide it."""
        unsure = [stage.passes for stage in self.stages if self.kind not in stage.passes.certain]
        return [unknown for passes in unsure for unknown in sorted(passes.unknowns)]


Legs = tuple[Leg, ...]


@dataclass(frozen=True)
class Trial:
    """What happens to one kind of traffic from one sender.

    Attributes:
        sender: who sends.
        addresses: its addresses, where it is somebody outside; empty for nodes and pods.
        to: to whom.
        kind: what it sends.
        ways: where others choose, which node a load balancer sends to say, each of the choices.
    """

    sender: str
    addresses: Addresses
    to: str
    kind: int
    ways: tuple[Legs, ...]

    @property
    def answer(self) -> Answer:
        """Say whether it arrives: surely only where it does whatever is chosen."""
        said = {answer_of(legs) for legs in self.ways}
        return said.pop() if len(said) == 1 else Answer.UNSURE

    @property
    def unknowns(self) -> list[str]:
        """Give what would decide it."""
        found = [unknown for legs in self.ways if answer_of(legs) is Answer.UNSURE for unknown in _unknowns(legs)]
        mixed = len({answer_of(legs) for legs in self.ways}) > 1
        return [*found, *([f"which of those behind {self.to} it is sent to"] if mixed else [])]

    def witness(self, summary: str) -> Witness:
        """Follow it to where it is stopped, or arrives; of several ways, one that says why."""
        worst = min(self.ways, key=lambda legs: (Answer.NO, Answer.UNSURE, Answer.YES).index(answer_of(legs)))
        hops: list[Hop] = []
        for hop in (hop for leg in worst for hop in leg.hops()):
            if hop.decided_by != SAYS_NOTHING:
                hops.append(hop)
            if hop.outcome is Outcome.STOPS:
                break
        return Witness(
            summary=summary, source=self.sender, destination=self.to, traffic=kind_name(self.kind), hops=tuple(hops)
        )


def answer_of(legs: Legs) -> Answer:
    """Say whether a packet gets through all legs."""
    if any(leg.kind not in stage.passes.possible for leg in legs for stage in leg.stages):
        return Answer.NO
    sure = all(leg.kind in stage.passes.certain for leg in legs for stage in leg.stages)
    return Answer.YES if sure else Answer.UNSURE


def best(trials: Sequence[Trial]) -> Answer:
    """Say whether any arrives."""
    said = {trial.answer for trial in trials}
    return next((answer for answer in (Answer.YES, Answer.UNSURE) if answer in said), Answer.NO)


def joined(trials: Iterable[Trial]) -> Addresses:
    """Give the addresses outside that some trials are of."""
    return Addresses.union(trial.addresses for trial in trials)


def _unknowns(legs: Legs) -> list[str]:
    return [unknown for leg in legs for unknown in leg.unknowns]
