"""Others that reach nodes and pods, and that these reach."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from kubewire.net.addresses import Addresses
from kubewire.net.kinds import Kinds
from kubewire.prover.difference.cells import Cell, borders, cells
from kubewire.prover.difference.covers import atoms, covers
from kubewire.prover.difference.delta import Delta, Turn, delta
from kubewire.prover.difference.flows import Flow, Inside, Outside
from kubewire.prover.difference.inside import Sides, pieces_of, unknowns_of
from kubewire.prover.difference.joints import Joint, Member
from kubewire.prover.facts.firewall import GroupPeer
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.queries.endpoints import departing
from kubewire.prover.reach.endpoints import Endpoint
from kubewire.prover.reach.entering import entering, family
from kubewire.prover.reach.firewall import Answers
from kubewire.prover.reach.gateways import passing
from kubewire.prover.reach.network import Network
from kubewire.prover.reach.paths import Paths
from kubewire.prover.reach.stages import Stage, Way, first_of
from kubewire.prover.reach.world import example, own
from kubewire.prover.witness import Witness

D = TypeVar("D", bound=Hashable)

Ask = Callable[[Network, Endpoint, int, str], Way | None]
"""Gives the way between an endpoint and the address at a place, whose owner bears a security group or none."""


@dataclass(frozen=True)
class _Question:
    """One of the two directions.

    Attributes:
        ask: gives the way.
        groups: the security groups that others may bear where rules name them, and none.
        inward: whether others send.
    """

    ask: Ask
    groups: tuple[str, ...]
    inward: bool


def outside(sides: Sides, found: Sequence[Joint], there: Addresses) -> Iterator[Flow]:
    """Give what others gain and lose of nodes and pods, and these of others.

    Args:
        sides: the networks before and after.
        found: their nodes and pods.
        there: the addresses of others.
    """
    for question in (_Question(_in, ("", *_foreign(sides)), inward=True), _Question(_out, ("",), inward=False)):
        yield from _flows(sides, found, question, there)


_Cells = dict[Cell, Delta]


def _flows(sides: Sides, found: Sequence[Joint], question: _Question, there: Addresses) -> Iterator[Flow]:
    for group in question.groups:
        changes = {at: _changes(sides, one.first, question, group, there) for at, one in enumerate(found)}
        for turn in Turn:
            of_turn = {
                at: {cell: kinds for cell, changed in one.items() if (kinds := changed.of(turn))}
                for at, one in changes.items()
            }
            for addresses, joints, kinds in covers_of_cells(of_turn):
                own_side, others = Inside(pieces_of(found[at] for at in joints)), Outside(addresses, group)
                at = min(joints)
                # Another's cells may have cut these.
                place = next(
                    meant.lowest()
                    for cell, some in of_turn[at].items()
                    if some & kinds and (meant := Addresses.span(*cell) & addresses)
                )
                concerned = (
                    changed
                    for one in joints
                    for cell, changed in changes[one].items()
                    if Addresses.span(*cell) & addresses
                )
                yield Flow(
                    turn,
                    others if question.inward else own_side,
                    own_side if question.inward else others,
                    kinds,
                    unknowns_of(turn, concerned),
                    partial(_witness, sides, found[at].first, place, group, question, kinds),
                )


def covers_of_cells(
    found: Mapping[D, Mapping[Cell, Kinds]],
) -> Iterator[tuple[Addresses, frozenset[D], Kinds]]:
    """Join what is the same for many addresses, then what is the same for many on the other side.

    Args:
        found: the traffic by who is on the other side, and cell.
    """
    whole = _pairs(found, dict.fromkeys(kinds for one in found.values() for kinds in one.values()), exact=True)
    parted = _pairs(found, atoms(kinds for one in found.values() for kinds in one.values()), exact=False)
    tried = [covers(one) for one in (_cut_by_each_other(parted), parted, whole)]
    for addresses, others, kinds in min(tried, key=len):
        yield Addresses.union(addresses), others, kinds


def _cut_by_each_other(pairs: Mapping[tuple[Addresses, D], Kinds]) -> dict[tuple[Addresses, D], Kinds]:
    parts = atoms(addresses for addresses, _ in pairs)
    found: dict[tuple[Addresses, D], Kinds] = {}
    for (addresses, other), kinds in pairs.items():
        for part in parts:
            if part & addresses:
                found[part, other] = found.get((part, other), Kinds.nothing()) | kinds
    return found


def _pairs(
    found: Mapping[D, Mapping[Cell, Kinds]], parts: Iterable[Kinds], *, exact: bool
) -> dict[tuple[Addresses, D], Kinds]:
    pairs: dict[tuple[Addresses, D], Kinds] = {}
    for part in parts:
        for other, cells_of in found.items():
            places = [
                Addresses.span(*cell) for cell, kinds in cells_of.items() if (kinds == part if exact else kinds & part)
            ]
            if places:
                key = Addresses.union(places), other
                pairs[key] = pairs.get(key, Kinds.nothing()) | part
    return pairs


def _changes(sides: Sides, member: Member, question: _Question, group: str, there: Addresses) -> _Cells:
    """Give what changes for one member, cell by cell."""
    if group:
        there = there & Addresses.union(own(network) for network in sides if network)
    there = there & family(member.piece.version)
    changes: _Cells = {}
    for cell in cells(there, _borders(sides, member, there)):
        changed = _delta(sides, member, cell[0], group, question.ask)
        if changed and group:
            # What everybody else gains as well isn't theirs.
            plain = _delta(sides, member, cell[0], "", question.ask)
            changed = Delta(
                changed.gained - plain.gained,
                changed.lost - plain.lost,
                changed.unsure - plain.unsure,
                changed.unknowns,
            )
        if changed:
            changes[cell] = changed
    return changes


def _delta(sides: Sides, member: Member, place: int, group: str, ask: Ask) -> Delta:
    was, will = _ways(sides, member, place, group, ask)
    return delta(was.passes if was else None, will.passes if will else None)


def _borders(sides: Sides, member: Member, there: Addresses) -> Iterator[int]:
    for network, endpoint in zip(sides, (member.before, member.after), strict=True):
        if network and endpoint:
            subnet = network.subnet_of(endpoint.interface)
            yield from borders(network, endpoint.interface.groups, [subnet], there)


def _ways(sides: Sides, member: Member, place: int, group: str, ask: Ask) -> tuple[Way | None, Way | None]:
    before, after = sides
    return (
        ask(before, member.before, place, group) if before and member.before else None,
        ask(after, member.after, place, group) if after and member.after else None,
    )


def _witness(sides: Sides, member: Member, place: int, group: str, question: _Question, kinds: Kinds) -> Witness:
    was, will = _ways(sides, member, place, group, question.ask)
    return (will or was or Way("", "", ())).witness(first_of(kinds), "")


def _in(network: Network, endpoint: Endpoint, place: int, group: str) -> Way | None:
    one = Addresses.span(place, place)
    if place in own(network):
        return _from_beside(network, endpoint, place, group)
    for _, _, stages in entering(network, one, endpoint):
        return Way(example(one), endpoint.label, stages)
    return None


def _from_beside(network: Network, endpoint: Endpoint, place: int, group: str) -> Way:
    """Give the way in of another machine of the VPC: whatever its group, its packets stay in the VPC."""
    peer = network.firewall.peer(place, place, None, None)
    peer = replace(peer, groups=frozenset({group} if group else ()))
    subnet = network.subnet_of(endpoint.interface)
    near = Addresses.of(*(item for item in (subnet.ranges if subnet else ()) if not isinstance(item, Unknown)))
    stages = Paths(network).into("", peer, endpoint, Answers.SOME).stages
    who = f"{example(Addresses.span(place, place))} in {group}" if group else example(Addresses.span(place, place))
    route = passing("the VPC", "its own addresses are local")
    return Way(who, endpoint.label, (route, *(stages[1:-1] if place in near else stages)))


def _out(network: Network, endpoint: Endpoint, place: int, _group: str) -> Way | None:
    one = Addresses.span(place, place)
    for _, _, stages in departing(network, endpoint, one):
        if place in own(network):
            stages = (*stages[:-1], _local(stages[-1]))  # noqa: PLW2901 - the same way, to a neighbour
        return Way(endpoint.label, example(one), stages)
    return None


def _local(gate: Stage) -> Stage:
    """Take whoever has an address of the VPC to be there: the question is who may send to it."""
    return passing(gate.place, "the address is the VPC's") if "who in the VPC" in str(gate.passes.unknowns) else gate


def _foreign(sides: Sides) -> tuple[str, ...]:
    """Give the groups that rules of nodes name, and that neither nodes nor load balancers bear."""
    named: dict[str, None] = {}
    borne: set[object] = set()
    for network in sides:
        if not network:
            continue
        borne |= {group for balancer in network.facts.load_balancers for group in balancer.groups}
        guards = {group for one in network.classes for group in one[0].interface.groups}
        borne |= guards
        for guard in sorted(str(group) for group in guards):
            rules = network.facts.groups[guard].rules if guard in network.facts.groups else ()
            for peer in (rule.peer for rule in rules):
                if isinstance(peer, GroupPeer) and isinstance(peer.group, str):
                    named[peer.group] = None
    return tuple(name for name in named if name not in borne)
