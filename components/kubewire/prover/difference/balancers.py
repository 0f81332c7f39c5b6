"""Others, nodes and pods that reach load balancers: to a node behind them, not just to their doors."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
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
    asked = _Asked(sides)
    yield from _from_outside(asked, there)
    yield from _from_inside(asked, found)


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


def _from_outside(asked: _Asked, there: Addresses) -> Iterator[Flow]:
    deltas = {
        label: {
            cell: asked.delta(label, cell[0], partial(_sent, cell[0]))
            for cell in cells(there, _borders(asked.sides, pair, there))
        }
        for label, pair in asked.pairs.items()
    }
    for turn, places, ports in turned(deltas):
        label, kinds = ports[0]
        yield Flow(
            turn,
            Outside(Addresses.union(Addresses.span(*cell) for cell in places)),
            Balancers(ports),
            Kinds.union(some for _, some in ports),
            unknowns_of(turn, (deltas[name][cell] for name, _ in ports for cell in places)),
            partial(asked.witness, label, kinds, partial(_sent, min(places)[0])),
        )


def _from_inside(asked: _Asked, found: Sequence[Joint]) -> Iterator[Flow]:
    able = [joint for joint in found if joint.version == IPV4]
    deltas = {
        label: {at: asked.delta(label, joint, partial(_from_member, joint)) for at, joint in enumerate(able)}
        for label in asked.pairs
    }
    for turn, sources, ports in turned(deltas):
        label, kinds = ports[0]
        yield Flow(
            turn,
            Inside(pieces_of(able[at] for at in sources)),
            Balancers(ports),
            Kinds.union(some for _, some in ports),
            unknowns_of(turn, (deltas[name][at] for name, _ in ports for at in sources)),
            partial(asked.witness, label, kinds, partial(_from_member, able[min(sources)])),
        )


Ask = Callable[[int, Network, LoadBalancer, int], list[Trial]]
"""Follows one kind to a load balancer; the first says which of the two networks it is."""


def _sent(place: int, _side: int, network: Network, balancer: LoadBalancer, kind: int) -> list[Trial]:
    return list(queries.from_outside(network, Addresses.span(place, place), balancer, kind))


def _from_member(joint: Joint, side: int, network: Network, balancer: LoadBalancer, kind: int) -> list[Trial]:
    endpoint: Endpoint | None = (joint.first.before, joint.first.after)[side]
    return [queries.from_inside(network, endpoint, balancer, kind)] if endpoint else []


@dataclass(frozen=True, slots=True)
class _Door:
    """One kind of traffic that a load balancer takes, before the change or after it.

    Attributes:
        kinds: that one.
        sorts: of the load balancer before and after, by number: those of one sort differ by their names alone.
    """

    kinds: Kinds
    sorts: tuple[int, int]


class _Asked:
    """Both networks, asked for ways to load balancers.

    Attributes:
        sides: the networks.
        pairs: the load balancers of both.
    """

    def __init__(self, sides: Sides) -> None:
        self.sides = sides
        was, will = map(named, sides)
        self.pairs: dict[str, Both] = {
            label: (was.get(label), will.get(label)) for label in dict.fromkeys((*was, *will))
        }
        self._sorts: dict[Hashable, int] = {}
        self._doors = {label: list(self._doors_of(pair)) for label, pair in self.pairs.items()}
        self._known: dict[tuple[Hashable, int, int, int], Bounds] = {}

    def delta(self, label: str, who: Hashable, ask: Ask) -> Delta:
        """Compare what gets through of all that any listener takes.

        Args:
            label: the load balancer.
            who: sends.
            ask: follows it.
        """
        changes = [
            changed
            for door in self._doors[label]
            if (changed := delta(*(self._passes(label, side, door, who, ask) for side in (0, 1))))
        ]
        return Delta(
            Kinds.union(changed.gained for changed in changes),
            Kinds.union(changed.lost for changed in changes),
            Kinds.union(changed.unsure for changed in changes),
            frozenset(unknown for changed in changes for unknown in changed.unknowns),
        )

    def witness(self, label: str, kinds: Kinds, ask: Ask) -> Witness:
        """Follow one packet: after the change, or before it where that is when it passes."""
        was, will = (self._trials(label, side, kinds.lowest(), ask) for side in (0, 1))
        shown = [trial for trial in (*will, *was) if trial.ways]
        return shown[0].witness("") if shown else Witness(summary="")

    def _passes(self, label: str, side: int, door: _Door, who: Hashable, ask: Ask) -> Bounds:
        kind = door.kinds.lowest()
        key = who, side, kind, door.sorts[side]
        if (known := self._known.get(key)) is not None:
            return known
        passes = _passes(self._trials(label, side, kind, ask), door.kinds)
        if not passes.unknowns:
            # Unknown values have names, of the load balancer or its target group say.
            self._known[key] = passes
        return passes

    def _trials(self, label: str, side: int, kind: int, ask: Ask) -> list[Trial]:
        network, balancer = self.sides[side], self.pairs[label][side]
        return ask(side, network, balancer, kind) if network and balancer else []

    def _doors_of(self, pair: Both) -> Iterator[_Door]:
        wanted = [
            (protocol, listener.port)
            for balancer in pair
            for listener in (balancer.listeners if balancer else ())
            for protocol in listener.protocols
        ]
        for protocol, port in dict.fromkeys(wanted):
            kinds = Kinds.ports(protocol, port)
            was, will = (self._sort(side, pair[side], kinds.lowest()) for side in (0, 1))
            yield _Door(kinds, (was, will))

    def _sort(self, side: int, balancer: LoadBalancer | None, kind: int) -> int:
        network = self.sides[side]
        sort = queries.sort_of_listener(network, balancer, kind) if network and balancer else None
        return self._sorts.setdefault(sort, len(self._sorts))


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
