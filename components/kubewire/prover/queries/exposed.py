"""Start here: what outsiders reach, and by which path.

Two sorts of outsiders: the internet, and other networks with private addresses. Of each, what reaches load balancers
and nodes, what may, and what their firewalls admit although there is no way to them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kubewire.model import Model
from kubewire.net.addresses import Addresses
from kubewire.net.kinds import PORTS, Kinds
from kubewire.prover.facts.facts import Facts
from kubewire.prover.facts.services import LoadBalancer
from kubewire.prover.queries import balancers
from kubewire.prover.queries.legs import Answer, Leg, Trial, joined
from kubewire.prover.reach.bounds import all_of
from kubewire.prover.reach.endpoints import Endpoint, Role
from kubewire.prover.reach.entering import entering, public_address
from kubewire.prover.reach.further import wider
from kubewire.prover.reach.network import Network
from kubewire.prover.reach.stages import first_of
from kubewire.prover.reach.world import example, internet, named, own, private_outside
from kubewire.prover.witness import Witness

SHOWN = 4
"""Nodes that are named; the rest are counted."""


class Exposure(Model):
    """Something that outsiders reach, may reach, or are admitted to without a way."""

    network: str
    public: bool
    """Whether the outsiders are the internet; else other networks."""
    source: str
    target: str
    traffic: str
    answer: Answer
    """No: the firewall admits it, and there is no way."""
    because: str
    """The path, or what stops it, or what isn't known."""
    witness: Witness


class Exposures(Model):
    """All of them."""

    found: tuple[Exposure, ...]
    unknowns: tuple[str, ...]
    """What may expose more."""


@dataclass(frozen=True)
class _Row:
    """What is the same for many addresses.

    Attributes:
        target: the load balancer's name, or that of one node.
        what: what the target is.
    """

    what: str
    target: str
    traffic: str
    answer: Answer
    because: str


def exposed(facts: Facts) -> Exposures:
    """Give what outsiders reach of every cluster's network."""
    found: list[Exposure] = []
    unknowns = list(facts.strangers)
    for cluster in facts.clusters:
        network = Network(facts, cluster)
        unknowns += [*cluster.open_ends, *(item.comes_from for item in network.unreadable)]
        unknowns += wider(facts, cluster.nodes)
        for public, outsiders in ((True, internet() - own(network)), (False, private_outside(network))):
            found += _exposures(network, outsiders, public=public)
    order = (Answer.YES, Answer.UNSURE, Answer.NO)
    # A plan's own order differs from run to run.
    found.sort(
        key=lambda one: (
            (one.network, not one.public, order.index(one.answer)),
            (one.target, one.traffic, one.source, one.because),
        )
    )
    return Exposures(found=tuple(found), unknowns=tuple(dict.fromkeys(unknowns)))


def _exposures(network: Network, outsiders: Addresses, *, public: bool) -> Iterator[Exposure]:
    """Join what differs by the sender's address alone, then what differs by the node alone."""
    rows: dict[_Row, list[Trial]] = {}
    for row, trial in (*_balanced(network, outsiders, public=public), *_direct(network, outsiders)):
        rows.setdefault(row, []).append(trial)
    alike: dict[tuple[_Row, Addresses], list[tuple[str, Trial]]] = {}
    for row, trials in rows.items():
        key = replace(row, target=""), joined(trials)
        alike.setdefault(key, []).append((row.target, trials[0]))
    for (row, addresses), several in alike.items():
        members = sorted(several, key=lambda one: one[0])
        source, target = named(addresses, network), f"{row.what} {_few([name for name, _ in members])}"
        yield Exposure(
            network=network.cluster.name,
            public=public,
            source=source,
            target=target,
            traffic=row.traffic,
            answer=row.answer,
            because=row.because,
            witness=members[0][1].witness(f"{source} -> {target}, {row.traffic}"),
        )


def _balanced(network: Network, outsiders: Addresses, *, public: bool) -> Iterator[tuple[_Row, Trial]]:
    for balancer in _of_vpc(network):
        wanted = [(listener.port, protocol) for listener in balancer.listeners for protocol in listener.protocols]
        for port, protocol in wanted:
            kinds = Kinds.ports(protocol, port)
            for trial in balancers.from_outside(network, outsiders, balancer, kinds.lowest()):
                # Other networks come to it by the internet, with the addresses that they have there.
                elsewhere = balancer.internet_facing and not public and trial.answer is Answer.NO
                if not elsewhere and _admits([way[0] for way in trial.ways]):
                    name = balancer.service or balancer.name
                    yield _Row("load balancer of", name, str(kinds), trial.answer, _because(trial)), trial


def _direct(network: Network, outsiders: Addresses) -> Iterator[tuple[_Row, Trial]]:
    for one in _alike(network):
        for start, end, stages in entering(network, outsiders, one[0]):
            sent = Addresses.span(start, end)
            behind, gate = all_of(stage.passes for stage in stages[1:]), stages[0].passes
            surely = behind.certain & gate.certain
            maybe = (behind.possible & gate.possible) - surely
            # Pods have no way in of their own but where their addresses are the VPC's: what nodes' rows say is enough.
            stopped = behind.possible - gate.possible if one[0].role is Role.NODE else Kinds.nothing()
            for kinds in (part for whole in (surely, maybe, stopped) for part in _parts(whole)):
                kind = first_of(kinds)
                trial = Trial(example(sent), sent, one[0].label, kind, ((Leg(stages, kind),),))
                what, traffic, because = _WORDS[one[0].role], _asked_for(network, kinds), _because(trial)
                for name in dict.fromkeys(member.node for member in one):
                    yield _Row(what, name, traffic, trial.answer, because), trial


def _alike(network: Network) -> Iterator[list[Endpoint]]:
    """Give endpoints that outsiders reach alike: a public address, which nobody inside looks at, counts too."""
    for members in network.classes:
        groups: dict[object, list[Endpoint]] = {}
        for member in members:
            groups.setdefault(public_address(member), []).append(member)
        yield from groups.values()


_WORDS = {Role.NODE: "nodes", Role.POD: "pods of"}


def _parts(kinds: Kinds) -> Iterator[Kinds]:
    """Cut kinds of traffic as rules would say them."""
    if kinds == Kinds.everything():
        yield kinds
        return
    for _, part in kinds.per_protocol():
        yield from (Kinds.span(first, last) for first, last in part.spans())


def _of_vpc(network: Network) -> Iterator[LoadBalancer]:
    for balancer in network.facts.load_balancers:
        subnets = [network.facts.subnet(name) for name in balancer.subnets]
        if any(subnet is None or subnet.vpc == network.cluster.vpc for subnet in subnets):
            yield balancer


def _admits(fronts: Sequence[Leg]) -> bool:
    """Whether what is behind the gateway lets it through, at least maybe."""
    return any(all(leg.kind in stage.passes.possible for stage in leg.stages[1:]) for leg in fronts)


def _because(trial: Trial) -> str:
    """Say by which route and rule it comes, what stops it, or what isn't known."""
    if trial.answer is Answer.UNSURE:
        return f"depends on {', '.join(dict.fromkeys(trial.unknowns))}"
    hops = trial.witness("").hops
    if trial.answer is Answer.NO:
        return hops[-1].decided_by
    rules = [hop.decided_by for hop in hops if hop.decided_by.startswith("rule ")]
    onward = [f"then node port {way[-1].kind % PORTS}" for way in trial.ways[:1] if len(way) > 1]
    return ", ".join([hops[0].decided_by, *rules[:1], *onward])


def _few(names: Sequence[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return f"{', '.join(names[:SHOWN])}{more}"


def _asked_for(network: Network, kinds: Kinds) -> str:
    """Name node ports by the Services that have them."""
    asked = [
        service.label
        for service in network.facts.services
        for port in service.ports
        if isinstance(port.node_port, int) and Kinds.ports(port.protocol, port.node_port) <= kinds
    ]
    return f"{kinds} ({', '.join(dict.fromkeys(asked))})" if asked and kinds != Kinds.everything() else str(kinds)
