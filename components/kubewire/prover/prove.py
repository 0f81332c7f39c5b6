"""Start here: prove every property of every cluster."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kubewire.model import Model
from kubewire.prover.facts.cluster import Cluster
from kubewire.prover.facts.facts import Facts
from kubewire.prover.placed import placed
from kubewire.prover.properties import PROPERTIES
from kubewire.prover.properties.property import Property
from kubewire.prover.reach.network import Network
from kubewire.prover.verdict import Holds, NotProven, Verdict, verdict_of

OF_SERVICES = frozenset({21, 22, 23, 24, 25, 26, 27, 29, 30, 33, 36, 38})
"""The properties that say something of all Services."""


class Proof(Model):
    """What is said of one property of one cluster."""

    cluster: str
    number: int
    title: str
    otherwise: str
    verdict: Verdict


def prove(facts: Facts, properties: Sequence[Property] = PROPERTIES) -> list[Proof]:
    """Prove properties of every cluster, in order."""
    first, *more = [_proved(case, properties) for case in placed(facts)]
    return [_whatever_it_is(proofs) for proofs in zip(first, *more, strict=True)]


def _proved(facts: Facts, properties: Sequence[Property]) -> list[Proof]:
    return [
        Proof(
            cluster=cluster.name,
            number=item.number,
            title=item.title,
            otherwise=item.otherwise,
            verdict=_modest(_unread(facts, cluster, item), verdict_of(item.check(network))),
        )
        for cluster in facts.clusters
        for network in [Network(facts, cluster)]
        for item in properties
    ]


def _unread(facts: Facts, cluster: Cluster, item: Property) -> tuple[str, ...]:
    """Give what a property is about and nobody can read."""
    if item.of_tables:
        return facts.strangers
    services = [*facts.unseen_services, *_unfollowed(facts)] if item.number in OF_SERVICES else []
    return (*facts.strangers, *cluster.open_ends, *services)


def _unfollowed(facts: Facts) -> Iterator[str]:
    return (f"who gets to the external IPs of {one.label}" for one in facts.services if one.external_ips)


def _whatever_it_is(proofs: Sequence[Proof]) -> Proof:
    """Sum up what is proved of the sorts of IPv6 ranges that Amazon may give a VPC: what isn't so of all is open."""
    said = {proof.verdict.verdict for proof in proofs}
    if len(said) == 1 and said != {"not proven"}:
        return proofs[0]
    unknowns = {name: None for one in proofs if isinstance(one.verdict, NotProven) for name in one.verdict.unknowns}
    if len(said) > 1:
        unknowns["the IPv6 range that Amazon gives the VPC"] = None
    return proofs[0].model_copy(update={"verdict": NotProven(unknowns=tuple(unknowns))})


def _modest(unread: tuple[str, ...], verdict: Verdict) -> Verdict:
    """Claim nothing beside objects that the prover can't read: they may route and admit what they like."""
    return NotProven(unknowns=unread) if unread and isinstance(verdict, Holds) else verdict
