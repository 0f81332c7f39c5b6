"""Others, nodes and pods that reach load balancers: to a node behind them, not just to their doors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from kubewire.net.addresses import Addresses
from kubewire.net.kinds import Kinds
from kubewire.prover.difference.cells import borders, cells
from kubewire.prover.difference.covers import turned
from kubewire.prover.difference.delta import Delta, delta
from kubewire.prover.difference.flows import Balancers, Flow, Inside, Outside
from kubewire.prover.difference.inside import Sides, pieces_of, unknowns_of
from kubewire.prover.difference.joints import Joint
from kubewire.prover.facts.services import LoadBalancer
from kubewire.prover.queries import balancers as queries
from kubewire.prover.queries.legs import Answer, Trial, best
from kubewire.prover.reach.bounds import NOTHING, Bounds, exactly
from kubewire.prover.reach.endpoints import Endpoint, Role
from kubewire.prover.reach.network import Network
from kubewire.prover.witness import Witness

Both = tuple[LoadBalancer | None, LoadBalancer | None]
IPV4 = 4


def balancers(sides: Sides, found: Sequence[Joint], there: Addresses) -> Iterator[Flow]:
    """Give what everybody gains and loses of load balancers.

    Args:
        sides: the networks before and after.
        found: their nodes and pods.
        there: the addresses of others.
    """
    yield from _from_outside(sides, there)
    yield from _from_inside(sides, found)


def named(network: Network | None) -> dict[str, LoadBalancer]:
    """Give the load balancers of a network by the Services that they are there for, or else their names."""
    if network is None:
        return {}
    found: dict[str, LoadBalancer] = {}
    for balancer in network.facts.load_balancers:
        subnets = [network.facts.subnet(name) for name in balancer.subnets]
        if any(subnet is None or subnet.vpc == network.cluster.vpc for subnet in subnets):
            found[balancer.service or balancer.name] = balancer
    return found


def _both(sides: Sides) -> dict[str, Both]:
    was, will = map(named, sides)
    return {label: (was.get(label), will.get(label)) for label in dict.fromkeys((*was, *will))}


def _kinds(both: Both) -> list[Kinds]:
    wanted = [
        (protocol, listener.port)
        for balancer in both
        for listener in (balancer.listeners if balancer else ())
        for protocol in listener.protocols
    ]
    return [Kinds.ports(*one) for one in dict.fromkeys(wanted)]


def _from_outside(sides: Sides, there: Addresses) -> Iterator[Flow]:
    both = _both(sides)
    deltas = {
        label: {
            cell: _whole(sides, pair, partial(_sent, cell[0])) for cell in cells(there, _borders(sides, pair, there))
        }
        for label, pair in both.items()
    }
    for turn, places, ports in turned(deltas):
        label, kinds = ports[0]
        yield Flow(
            turn,
            Outside(Addresses.union(Addresses.span(*cell) for cell in places)),
            Balancers(ports),
            Kinds.union(some for _, some in ports),
            unknowns_of(turn, (deltas[name][cell] for name, _ in ports for cell in places)),
            partial(_witness, sides, both[label], kinds, partial(_sent, min(places)[0])),
        )


def _from_inside(sides: Sides, found: Sequence[Joint]) -> Iterator[Flow]:
    both = _both(sides)
    able = [joint for joint in found if joint.version == IPV4]
    deltas = {
        label: {at: _whole(sides, pair, partial(_from_member, joint)) for at, joint in enumerate(able)}
        for label, pair in both.items()
    }
    for turn, sources, ports in turned(deltas):
        label, kinds = ports[0]
        yield Flow(
            turn,
            Inside(pieces_of(able[at] for at in sources)),
            Balancers(ports),
            Kinds.union(some for _, some in ports),
            unknowns_of(turn, (deltas[name][at] for name, _ in ports for at in sources)),
            partial(_witness, sides, both[label], kinds, partial(_from_member, able[min(sources)])),
        )


Ask = Callable[[int, Network, LoadBalancer, int], list[Trial]]
"""Follows one kind to a load balancer; the first says which of the two networks it is."""


def _sent(place: int, _side: int, network: Network, balancer: LoadBalancer, kind: int) -> list[Trial]:
    return list(queries.from_outside(network, Addresses.span(place, place), balancer, kind))


def _from_member(joint: Joint, side: int, network: Network, balancer: LoadBalancer, kind: int) -> list[Trial]:
    endpoint: Endpoint | None = (joint.first.before, joint.first.after)[side]
    return [queries.from_inside(network, endpoint, balancer, kind)] if endpoint else []


def _trials(sides: Sides, pair: Both, kinds: Kinds, ask: Ask) -> list[list[Trial]]:
    return [
        ask(side, network, balancer, kinds.lowest()) if network and balancer else []
        for side, (network, balancer) in enumerate(zip(sides, pair, strict=True))
    ]


def _whole(sides: Sides, pair: Both, ask: Ask) -> Delta:
    """Compare what gets through of all that any listener takes."""
    found = []
    for kinds in _kinds(pair):
        was, will = (_passes(trials, kinds) for trials in _trials(sides, pair, kinds, ask))
        found.append(delta(was, will))
    return Delta(
        Kinds.union(changed.gained for changed in found),
        Kinds.union(changed.lost for changed in found),
        Kinds.union(changed.unsure for changed in found),
        frozenset(unknown for changed in found for unknown in changed.unknowns),
    )


def _passes(trials: Iterable[Trial], kinds: Kinds) -> Bounds:
    """Turn an answer about one kind into a set."""
    found = [trial for trial in trials if trial.ways]
    match best(found):
        case Answer.YES:
            return exactly(kinds)
        case Answer.NO:
            return NOTHING
        case _:
            return Bounds(Kinds.nothing(), kinds, frozenset(unknown for trial in found for unknown in trial.unknowns))


def _witness(sides: Sides, pair: Both, kinds: Kinds, ask: Ask) -> Witness:
    first = Kinds.span(kinds.lowest(), kinds.lowest())
    was, will = _trials(sides, pair, first, ask)
    shown = [trial for trial in (*will, *was) if trial.ways]
    return shown[0].witness("") if shown else Witness(summary="")


def _borders(sides: Sides, pair: Both, there: Addresses) -> Iterator[int]:
    for network, balancer in zip(sides, pair, strict=True):
        if not network or not balancer:
            continue
        own = [network.facts.subnet(name) for name in balancer.subnets]
        yield from borders(network, balancer.groups, own, there)
        for one in network.classes:
            if one[0].role is Role.NODE and one[0].version == IPV4:
                node = one[0].interface
                yield from borders(network, node.groups, [network.subnet_of(node)], there)
