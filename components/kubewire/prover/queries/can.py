"""Start here: who reaches whom, and which way."""

from __future__ import annotations

from collections.abc import Iterator

from kubewire.errors import InvalidInputError
from kubewire.model import Model
from kubewire.net.addresses import Addresses
from kubewire.net.kinds import kind_name
from kubewire.prover.facts.cluster import Cluster
from kubewire.prover.facts.facts import Facts
from kubewire.prover.queries import balancers, endpoints, services
from kubewire.prover.queries.ends import BalancerEnd, Destination, ServiceEnd, destination, source
from kubewire.prover.queries.legs import Answer, Leg, Trial, best, joined
from kubewire.prover.queries.places import Party, balancer_of, party, service_of
from kubewire.prover.reach.endpoints import Endpoint, Role
from kubewire.prover.reach.further import wider
from kubewire.prover.reach.gateways import unsure
from kubewire.prover.reach.network import Network
from kubewire.prover.reach.world import example, named
from kubewire.prover.witness import Witness

NOBODY = Addresses.nothing()


class Reply(Model):
    """What is said of a question."""

    answer: Answer
    sentence: str
    """The answer in a line."""
    unknowns: tuple[str, ...] = ()
    """What would have to be known."""
    witness: Witness
    """A packet's way, to where it ends."""


def can(facts: Facts, asked_source: str, asked_destination: str, cluster: str | None = None) -> Reply:
    """Say whether a source can reach a destination: if any of its addresses can, it can.

    Args:
        facts: the network.
        asked_source: who, as ends.py says.
        asked_destination: to whom and what.
        cluster: the network's name, where there are several.

    Raises:
        InvalidInputError: there is no such source, destination or network.
    """
    sender, to = source(asked_source), destination(asked_destination)
    network = Network(facts, cluster_named(facts, cluster))
    trials = _trials(network, party(network, sender, "WHO"), asked_source, to)
    if not trials:
        raise InvalidInputError(
            f"{asked_source} and {asked_destination} have no addresses of one IP version",
            detail="Nothing can be sent from the one to the other.",
        )
    return _reply(network, trials, asked_source, asked_destination)


def cluster_named(facts: Facts, name: str | None) -> Cluster:
    """Choose a network. Raises InvalidInputError where it isn't clear which."""
    found = [one for one in facts.clusters if name in (None, one.name)]
    if len(found) == 1:
        return found[0]
    names = ", ".join(one.name for one in facts.clusters)
    raise InvalidInputError("it must be clear which network is meant", detail=f"There are {names}.", path="--network")


def _reply(network: Network, trials: list[Trial], asked_source: str, asked_destination: str) -> Reply:
    answer = best(trials)
    strangers = (*network.facts.strangers, *(item.comes_from for item in network.unreadable))
    telling = [trial for trial in trials if trial.answer is answer]
    some = joined(telling)
    of_many = bool(some and joined(trials) - some)
    unknowns = dict.fromkeys(item for trial in telling for item in trial.unknowns)
    if strangers:
        # They may let through and stop what they like.
        answer, unknowns = Answer.UNSURE, dict.fromkeys((*unknowns, *strangers))
    only = f", with {named(some, network)}" if of_many and answer is not Answer.NO else ""
    words = {Answer.YES: "reaches", Answer.NO: "doesn't reach", Answer.UNSURE: "may reach"}[answer]
    sentence = f"{asked_source} {words} {asked_destination}{only}"
    return Reply(
        answer=answer,
        sentence=sentence,
        unknowns=tuple(unknowns) if answer is Answer.UNSURE else (),
        witness=telling[0].witness(sentence),
    )


def _trials(network: Network, senders: Party, sender: str, to: Destination) -> list[Trial]:
    match to.end:
        case ServiceEnd(label=label):
            return _to_service(network, senders, sender, label, to.kind(4))
        case BalancerEnd(label=label):
            balancer = balancer_of(network, label)
            if isinstance(senders, Addresses):
                return list(balancers.from_outside(network, senders, balancer, to.kind(4)))
            found = [balancers.from_inside(network, one, balancer, to.kind(4)) for one in _of(senders, 4)]
            return found or [_open(network, sender, label, to)]
    receivers = party(network, to.end, "WHOM")
    if isinstance(senders, Addresses) and isinstance(receivers, Addresses):
        detail = "Ask from or to a node, a pod, a Service or a load balancer."
        raise InvalidInputError("nothing here says how others reach each other", detail=detail)
    if not senders or not receivers:
        return [_open(network, sender, "it", to)]
    return _between(network, senders, receivers, to)


def _between(network: Network, senders: Party, receivers: Party, to: Destination) -> list[Trial]:
    if isinstance(senders, Addresses):
        return [
            trial
            for one in ([] if isinstance(receivers, Addresses) else receivers)
            for trial in (
                *endpoints.from_outside(network, senders, one, to.kind(one.version)),
                *_by_another_way(network, senders, one, to.kind(one.version)),
            )
        ]
    if isinstance(receivers, Addresses):
        return [
            trial for one in senders for trial in endpoints.to_outside(network, one, receivers, to.kind(one.version))
        ]
    return [
        Trial(one.label, NOBODY, other.label, kind, ((Leg(endpoints.within(network, one, other), kind),),))
        for one in senders
        for other in receivers
        if one.version == other.version
        for kind in [to.kind(one.version)]
    ]


def _by_another_way(network: Network, senders: Addresses, to: Endpoint, kind: int) -> Iterator[Trial]:
    for unknown in wider(network.facts, [network.nodes[to.node]]) if to.role is Role.NODE else ():
        yield Trial(example(senders), senders, to.label, kind, ((Leg((unsure(to.label, unknown),), kind),),))


def _to_service(network: Network, senders: Party, sender: str, label: str, kind: int) -> list[Trial]:
    service = service_of(network, label)
    if isinstance(senders, Addresses):
        return [services.from_outside(network, sender, senders, service, kind)]
    return [services.from_inside(network, one, service, kind) for one in _of(senders, 4)]


def _of(senders: tuple[Endpoint, ...], version: int) -> list[Endpoint]:
    return [one for one in senders if one.version == version]


def _open(network: Network, sender: str, receiver: str, to: Destination) -> Trial:
    """Say that addresses aren't known, and of whom."""
    why = [item.comes_from for item in network.unreadable] or list(network.cluster.open_ends)
    stage = unsure("the addresses of pods and nodes", why[0] if why else "which addresses they have")
    kind = to.kind(4)
    return Trial(sender, NOBODY, f"{receiver}, {kind_name(kind)}", kind, ((Leg((stage,), kind),),))
