"""36. A load balancer takes connections from the declared sources only, and an internal one none from the internet.

One without security groups takes them from everyone: if it keeps clients' addresses, the nodes' rules are what stops
the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kubewire.net.addresses import Addresses
from kubewire.net.kinds import Kinds
from kubewire.prover.facts.network import Interface
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.properties.balancing import Sending, passed_on, sendings
from kubewire.prover.properties.before_balancers import approaches
from kubewire.prover.properties.declared import Callers, callers, declared, insiders
from kubewire.prover.properties.exposure import openings
from kubewire.prover.properties.property import Property
from kubewire.prover.properties.receivers import each_receiver
from kubewire.prover.reach.firewall import Answers, Peer
from kubewire.prover.reach.network import Network
from kubewire.prover.reach.paths import Paths
from kubewire.prover.reach.stages import Stage, Way, first_of
from kubewire.prover.reach.world import internet, own
from kubewire.prover.verdict import Finding
from kubewire.prover.witness import Witness

NOBODY = Callers(frozenset(), Addresses.nothing(), frozenset(), ())
Who = Addresses | Interface


@dataclass(frozen=True)
class Question:
    """Who must not get in.

    Attributes:
        sending: where.
        allowed: who may.
        own: addresses that aren't asked about.
        why: what is wrong with the others.
        open_ends: what may allow more.
    """

    sending: Sending
    allowed: Callers
    own: Addresses
    why: str
    open_ends: tuple[Unknown, ...] = ()


def _check(network: Network) -> Iterator[Finding]:
    inside = insiders(network)
    private = Addresses.everything() - (internet() - own(network))
    for sending in sendings(network):
        if isinstance(sending, Unknown):
            yield sending
            continue
        if not sending.balancer.internet_facing:
            question = Question(sending, NOBODY, private, "and it is internal")
            yield from _answered(network, question)
        if sending.service is not None:
            peers = declared(sending.service)
            who = callers(network, () if isinstance(peers, Unknown) else peers)
            open_ends = [*([peers] if isinstance(peers, Unknown) else ()), *who.unknowns]
            why = f"and is no declared source of {sending.service.label}"
            yield from _answered(network, Question(sending, who, inside, why, tuple(open_ends)))


def _answered(network: Network, question: Question) -> Iterator[Finding]:
    balancer = question.sending.balancer
    wanted = _listened(question.sending)
    if not balancer.groups:
        rest = Addresses.everything() - question.allowed.addresses - question.own
        yield from _judged(network, question, rest, wanted, wanted)
        return
    for opening in openings(network, balancer.groups, wanted, question.allowed, question.own):
        if isinstance(opening, Unknown):
            yield opening
        else:
            yield from _judged(network, question, opening.who, opening.surely, opening.maybe)


def _judged(network: Network, question: Question, who: Who, surely: Kinds, maybe: Kinds) -> Iterator[Finding]:
    sending = question.sending
    for client, peer, stages in approaches(network, sending.balancer, who):
        front = Way(client, str(sending), stages)
        passes = front.passes
        for behind in _behind(network, sending, client, peer):
            reached = surely & passes.certain
            if reached and behind.lets_in is True:
                summary = f"{client} reaches {reached} of load balancer {sending.balancer.name}, {question.why}"
                told = front.witness(first_of(reached), summary)
                yield from question.open_ends or [_with(told, behind)]
            elif maybe & passes.possible and behind.lets_in is not False:
                unknowns = {*passes.unknowns, *behind.unknowns}
                yield from (Unknown(comes_from=unknown) for unknown in sorted(unknowns))


@dataclass(frozen=True)
class Behind:
    """What nodes make of what a load balancer without groups lets through.

    Attributes:
        lets_in: whether; None where that isn't known.
        way: to a node; None where the load balancer has decided already.
        kind: what goes by it.
        unknowns: what would decide.
    """

    lets_in: bool | None = True
    way: Way | None = None
    kind: int = 0
    unknowns: frozenset[str] = frozenset()


def _behind(network: Network, sending: Sending, client: str, peer: Peer) -> Iterator[Behind]:
    if sending.balancer.groups or not sending.group.preserves_client:
        yield Behind()
        return
    for target, node in each_receiver(network, sending.group):
        if isinstance(target.port, Unknown):
            yield Behind(None, unknowns=frozenset({target.port.comes_from}))
            continue
        stages: tuple[Stage, ...] = (
            passed_on(sending, target),
            *Paths(network).into(client, peer, node, Answers.SOME).stages,
        )
        way = Way(client, node.label, stages)
        kinds = Kinds.union(Kinds.ports(protocol, target.port) for protocol in sending.group.protocols)
        if certain := kinds & way.passes.certain:
            yield Behind(True, way, first_of(certain))  # noqa: FBT003 - what it is
        elif kinds & way.passes.possible:
            yield Behind(None, unknowns=way.passes.unknowns)


def _with(told: Witness, behind: Behind) -> Witness:
    more = behind.way.witness(behind.kind, "").hops if behind.way else ()
    return told.model_copy(update={"hops": (*told.hops, *more)})


def _listened(sending: Sending) -> Kinds:
    return Kinds.union(Kinds.ports(protocol, sending.listener.port) for protocol in sending.listener.protocols)


PROPERTY = Property(36, "Load balancers take connections from the declared sources only", "exposure", _check)
