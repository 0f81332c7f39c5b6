"""The whole of a review, as the JSON report has it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Literal

from kubewire.model import Model
from kubewire.prover.difference.delta import Turn
from kubewire.prover.prove import Proof
from kubewire.prover.witness import Witness
from kubewire.report.changes import Change, Verb
from kubewire.report.forecast import Forecast


class Conclusion(StrEnum):
    """What a review comes to."""

    FINE = "fine"
    REFUSED = "refused"


class Line(Model):
    """A set of ways whose reachability changes."""

    turn: Turn
    """Newly reachable, newly unreachable, or not known which."""
    text: str
    """`internet => node port of shop/frontend (nodes:30080/tcp)`."""
    source: tuple[str, ...]
    """Who, one by one: `node node-a`, `pods 100.64.0.0/24 of node-a`, ranges of addresses."""
    destination: tuple[str, ...]
    """Whom, alike, or `shop/frontend:80/tcp` of Services and load balancers."""
    traffic: str
    """With what."""
    unknowns: tuple[str, ...] = ()
    """What would decide it, where it isn't known."""
    witness: Witness
    """One packet's way: after the change, or before it where an end is gone."""


class ExposureState(StrEnum):
    """What the policy says of a new exposure."""

    ALLOWED = "allowed"
    DENIED = "denied"
    EXPIRED = "expired"
    """It was allowed until a day that is over."""
    NO_POLICY = "no policy"


class ExposureLine(Model):
    """Something newly exposed that needs an allowance."""

    state: ExposureState
    text: str
    """What is exposed."""
    left: tuple[str, ...] = ()
    """What of it nothing allows."""
    sentence: str
    """Why it is so, in a line."""
    not_known: bool = False
    """Whether values that aren't known decide whether it is exposed at all."""


class ClusterReview(Model):
    """What a change does to one cluster's network."""

    name: str
    new: bool
    """Whether there was none of this name before."""
    gone: bool
    """Whether there is none after."""
    properties: tuple[Proof, ...]
    """Every property after the change; none of a network that is gone."""
    newly_broken: tuple[int, ...] = ()
    """The numbers of those that weren't broken before."""
    lines: tuple[Line, ...]
    """What changes its reachability; nothing else does."""
    caveats: tuple[str, ...] = ()
    """What may change more, and isn't known."""
    exposures: tuple[ExposureLine, ...] = ()


class Review(Model):
    """What a reviewer reads of a change."""

    version: Literal[1] = 1
    """Of this form. Fields may be added to it; a change of what is there gets another number."""
    stack: str
    """Whose change it is; empty where it was read from a file."""
    day: date
    """On which entries of the policy were judged."""
    conclusion: Conclusion
    reasons: tuple[str, ...]
    """Why it is refused, a line each; empty if it isn't."""
    headline: str
    """The verdict in a line."""
    strict: bool
    """Whether what is not proven counts as broken."""
    clusters: tuple[ClusterReview, ...]
    counts: dict[Verb, int]
    """How many resources are created, updated, replaced, deleted."""
    changes: tuple[Change, ...]
    forecast: Forecast
    policy: str = ""
    """The file that said what is allowed; empty for none."""
    unused: tuple[str, ...] = ()
    """The policy's entries that allow nothing of this change."""
