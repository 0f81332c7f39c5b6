"""Endpoints of both networks, in classes that both treat alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.reach.endpoints import Endpoint, Role
from kubewire.prover.reach.entering import public_address
from kubewire.prover.reach.network import Network


@dataclass(frozen=True, slots=True)
class Piece:
    """A node, or some of its pods.

    Attributes:
        role: node or pods.
        node: its name.
        version: 4 or 6.
        first: place of the first address of the pods; 0 for a node, which is itself wherever it is.
        last: place of the last one.
    """

    role: Role
    node: str
    version: int
    first: int
    last: int


@dataclass(frozen=True, slots=True, eq=False)
class Member:
    """A piece, with the endpoint that it is in each network; None where it isn't there."""

    piece: Piece
    before: Endpoint | None
    after: Endpoint | None


@dataclass(slots=True, eq=False)
class Joint:
    """Pieces that each of the two networks treats alike: one stands for all.

    Attributes:
        members: at least one.
        others: one member, and another on another node if there is one.
    """

    members: list[Member] = field(default_factory=list)
    others: list[Member] = field(default_factory=list)

    def add(self, member: Member) -> None:
        """Count another in."""
        self.members.append(member)
        if not self.others or (len(self.others) == 1 and self.others[0].piece.node != member.piece.node):
            self.others.append(member)

    @property
    def first(self) -> Member:
        """Give the one that stands for all."""
        return self.members[0]

    @property
    def role(self) -> Role:
        """Give what all of them are."""
        return self.first.piece.role

    @property
    def version(self) -> int:
        """Give the version of all of their addresses."""
        return self.first.piece.version


def joints(before: Network | None, after: Network | None) -> list[Joint]:
    """Give all endpoints of both, in as few classes as there can be."""
    keys = [_keys(network) if network else {} for network in (before, after)]
    found: defaultdict[tuple[object, object], Joint] = defaultdict(Joint)
    for member in _members(before, after):
        was = keys[0][id(member.before)] if member.before else None
        will = keys[1][id(member.after)] if member.after else None
        found[was, will].add(member)
    return list(found.values())


def apart(source: Joint, destination: Joint) -> tuple[Member, Member] | None:
    """Choose two members on different nodes, None where there are none."""
    for one in source.others:
        for other in destination.others:
            if one.piece.node != other.piece.node:
                return one, other
    return None


def _keys(network: Network) -> dict[int, object]:
    """Give what tells endpoints apart: their class, how the internet knows them, and what sends to their nodes."""
    aimed: defaultdict[str, list[str]] = defaultdict(list)
    for group in network.facts.target_groups.values():
        for target in group.targets:
            aimed[target.name].append(group.name)
    groups = {name: tuple(sorted(names)) for name, names in aimed.items()}
    return {
        id(one): (at, _public(one), groups.get(one.node, ()))
        for at, members in enumerate(network.classes)
        for one in members
    }


def _public(endpoint: Endpoint) -> str:
    public = public_address(endpoint)
    return "unknown" if isinstance(public, Unknown) else "none" if public is None else "known"


def _members(before: Network | None, after: Network | None) -> Iterator[Member]:
    sides = [_by_owner(network.endpoints) if network else {} for network in (before, after)]
    for key in dict.fromkeys((*sides[0], *sides[1])):
        was, will = sides[0].get(key, []), sides[1].get(key, [])
        node, role, version = key
        if role is Role.NODE:
            for at in range(max(len(was), len(will))):
                piece = Piece(role, node, version, 0, 0)
                yield Member(piece, was[at] if at < len(was) else None, will[at] if at < len(will) else None)
            continue
        for first, last, one, other in _cut(was, will):
            yield Member(Piece(role, node, version, first, last), one, other)


def _by_owner(endpoints: list[Endpoint]) -> dict[tuple[str, Role, int], list[Endpoint]]:
    found: defaultdict[tuple[str, Role, int], list[Endpoint]] = defaultdict(list)
    for one in endpoints:
        found[one.node, one.role, one.version].append(one)
    return found


def _cut(was: list[Endpoint], will: list[Endpoint]) -> Iterator[tuple[int, int, Endpoint | None, Endpoint | None]]:
    """Cut two lists of stretches by each other."""
    if len(was) == len(will) == 1 and (was[0].first, was[0].last) == (will[0].first, will[0].last):
        yield was[0].first, was[0].last, was[0], will[0]
        return
    borders = sorted({place for one in (*was, *will) for place in (one.first, one.last + 1)})
    for first, after in pairwise(borders):
        one = next((item for item in was if item.first <= first <= item.last), None)
        other = next((item for item in will if item.first <= first <= item.last), None)
        if one or other:
            yield first, after - 1, one, other
