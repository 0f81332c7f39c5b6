"""Start here: prove every property of every cluster."""

from __future__ import annotations

from collections.abc import Sequence

from kubewire.model import Model
from kubewire.prover.facts.facts import Facts
from kubewire.prover.properties import PROPERTIES
from kubewire.prover.properties.property import Property
from kubewire.prover.reach.network import Network
from kubewire.prover.verdict import Holds, NotProven, Verdict, verdict_of


class Proof(Model):
    """What is said of one property of one cluster."""

    cluster: str
    number: int
    title: str
    otherwise: str
    verdict: Verdict


def prove(facts: Facts, properties: Sequence[Property] = PROPERTIES) -> list[Proof]:
    """Prove properties of every cluster, in order."""
    return [
        Proof(
            cluster=cluster.name,
            number=item.number,
            title=item.title,
            otherwise=item.otherwise,
            verdict=_modest((*facts.strangers, *cluster.open_ends), verdict_of(item.check(network))),
        )
        for cluster in facts.clusters
        for network in [Network(facts, cluster)]
        for item in properties
    ]


def _modest(unread: tuple[str, ...], verdict: Verdict) -> Verdict:
    """Claim nothing beside objects that the prover can't read: they may route and admit what they like."""
    return NotProven(unknowns=unread) if unread and isinstance(verdict, Holds) else verdict
