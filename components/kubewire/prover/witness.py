"""A packet's way through the network, hop by hop."""

from __future__ import annotations

from enum import StrEnum

from kubewire.model import Model


class Outcome(StrEnum):
    """What a hop does with the packet."""

    PASSES = "passes"
    STOPS = "STOPS"
    UNSURE = "not known"


class Hop(Model):
    """One place on the way, and what decided there."""

    place: str
    """Where: `security group shop-nodes, into node-a`."""
    outcome: Outcome
    decided_by: str
    """The rule, row or setting by its name: `rule "all from pods"`."""

    def __str__(self) -> str:
        return f"{self.outcome:9} {self.place}: {self.decided_by}"


class Witness(Model):
    """Why a property is broken: one packet, or one fact, out of all that are wrong."""

    summary: str
    """What is wrong, in a line."""
    source: str = ""
    """Who sends; empty where no packet is needed to see it."""
    destination: str = ""
    traffic: str = ""
    """One kind, `tcp/443`."""
    hops: tuple[Hop, ...] = ()
    """The way, up to where it ends."""

    def __str__(self) -> str:
        if not self.hops:
            return self.summary
        head = f"{self.source} -> {self.destination}, {self.traffic}"
        return "\n".join([self.summary, f"  {head}", *(f"  {at:2} {hop}" for at, hop in enumerate(self.hops, 1))])
