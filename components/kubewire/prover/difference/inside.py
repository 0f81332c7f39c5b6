"""Nodes and pods that reach nodes and pods."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from kubewire.net.kinds import Kinds
from kubewire.prover.difference.covers import covers
from kubewire.prover.difference.delta import Delta, Turn, delta
from kubewire.prover.difference.flows import Flow, Inside
from kubewire.prover.difference.joints import Joint, Member, Piece, apart
from kubewire.prover.reach.endpoints import Endpoint
from kubewire.prover.reach.network import Network
from kubewire.prover.reach.paths import Paths
from kubewire.prover.reach.stages import Way, first_of
from kubewire.prover.witness import Witness

Sides = tuple[Network | None, Network | None]


def inside(sides: Sides, found: Sequence[Joint]) -> Iterator[Flow]:
    """Give what nodes and pods gain and lose of each other."""
    asked = _Asked(sides)
    deltas: dict[tuple[int, int], tuple[Delta, Member, Member]] = {}
    alone: list[tuple[int, int]] = []
    for at, source in enumerate(found):
        for to, destination in enumerate(found):
            if source.version != destination.version:
                continue
            if (pair := apart(source, destination)) is None:
                alone.append((at, to))
            elif changed := asked.delta(*pair):
                deltas[at, to] = (changed, *pair)
    for turn in Turn:
        pairs = {where: kinds for where, (changed, *_) in deltas.items() if (kinds := changed.of(turn))}
        for sources, destinations, kinds in covers(pairs, alone):
            telling = [where for where in pairs if where[0] in sources and where[1] in destinations]
            _, one, other = deltas[min(telling)]
            yield Flow(
                turn,
                Inside(pieces_of(found[at] for at in sources)),
                Inside(pieces_of(found[at] for at in destinations)),
                kinds,
                unknowns_of(turn, (deltas[where][0] for where in telling)),
                partial(asked.witness, one, other, kinds),
            )


def unknowns_of(turn: Turn, deltas: Iterable[Delta]) -> frozenset[str]:
    """Give what would decide, where it isn't known."""
    return frozenset(unknown for changed in deltas if turn is Turn.UNSURE for unknown in changed.unknowns)


def pieces_of(found: Iterable[Joint]) -> tuple[Piece, ...]:
    """Give all pieces of some classes, in order."""
    return tuple(
        sorted(
            (member.piece for joint in found for member in joint.members),
            key=lambda piece: (piece.role, piece.version, piece.node, piece.first),
        )
    )


class _Asked:
    """Both networks, asked for ways between two members."""

    def __init__(self, sides: Sides) -> None:
        self._before, self._after = (Paths(network) if network else None for network in sides)

    def delta(self, source: Member, destination: Member) -> Delta:
        """Compare what gets through."""
        was, will = self._ways(source, destination)
        return delta(was.passes if was else None, will.passes if will else None)

    def witness(self, source: Member, destination: Member, kinds: Kinds) -> Witness:
        """Follow a packet: after the change, or before it where one end is gone."""
        was, will = self._ways(source, destination)
        way = will or was or Way(str(source.piece), str(destination.piece), ())
        return way.witness(first_of(kinds), "")

    def _ways(self, source: Member, destination: Member) -> tuple[Way | None, Way | None]:
        return (
            _way(self._before, source.before, destination.before),
            _way(self._after, source.after, destination.after),
        )


def _way(paths: Paths | None, source: Endpoint | None, destination: Endpoint | None) -> Way | None:
    return paths.way(source, destination) if paths and source and destination else None
