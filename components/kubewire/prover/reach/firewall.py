"""What security groups and ACLs let pass, and by which rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from ipaddress import ip_network

from kubewire.net.addresses import Range, bounds
from kubewire.net.kinds import ECHOING, PORTED, Kinds
from kubewire.prover.facts.facts import Facts
from kubewire.prover.facts.firewall import Acl, AclRow, Direction, GroupPeer, GroupRule, PrefixListPeer, RangePeer
from kubewire.prover.facts.network import Interface
from kubewire.prover.facts.unknown import Known, Unknown
from kubewire.prover.reach.atoms import Atoms
from kubewire.prover.reach.bounds import EVERYTHING, NOTHING, Bounds, any_of, at_most, one_of
from kubewire.prover.reach.matches import matched

FIRST_EPHEMERAL = 1024
"""Answers go to the ports that clients open: all from here, as AWS advises for ACLs.
https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html#nacl-ephemeral-ports"""
_ECHO_REPLIES = {1: (8, 0), 58: (128, 129)}

SOME_ADDRESS = "which of its addresses is meant"

Groups = tuple[Known[str], ...]


class Answers(Enum):
    """Which answers must pass an ACL, of those that a client asks for by the port that it sends from."""

    EVERY = "every"
    """All, for the connections that must not fail."""
    SOME = "some"
    """Any, for strangers: they choose the port that suits them."""


@dataclass(frozen=True, slots=True)
class Peer:
    """Who is at the other end, as far as rules tell: from which piece of the address line to which, and its groups.

    Attributes:
        low: the first piece.
        high: the last one.
        unknown: what says which of the pieces it is; None if it is one, or all.
        groups: those of the interface whose own address it is; none for anybody else.
        unknown_groups: what would say in which more it is.
        foreign: whether it is in another network, and so may be in a group of that one's, which rules may name.
            https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html
    """

    low: int
    high: int
    unknown: str | None
    groups: frozenset[str]
    unknown_groups: tuple[str, ...] = ()
    foreign: bool = False


class Firewall:
    """All groups and ACLs, asked over and over with few different questions."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self.atoms = Atoms.of(_ranges(facts))
        self._admitted: dict[tuple[Groups, Direction, Peer], Bounds] = {}
        self._passed: dict[tuple[str, Direction, Peer, Answers | None], Bounds] = {}

    def peer(self, first: int, last: int, unknown: str | None, interface: Interface | None) -> Peer:
        """Describe who has addresses; `interface` says whose own they are, if anybody's."""
        low, high = self.atoms.span(first, last)
        groups = interface.groups if interface else ()
        named = frozenset(group for group in groups if not isinstance(group, Unknown))
        open_ones = tuple(group.comes_from for group in groups if isinstance(group, Unknown))
        return Peer(low, high, unknown if low < high else None, named, open_ones)

    def admitted(self, groups: Groups, direction: Direction, peer: Peer) -> Bounds:
        """Give what an interface's groups let pass, one way, to or from a peer."""
        key = (groups, direction, peer)
        if key not in self._admitted:
            rules = list(self._rules(groups, direction))
            rest = any_of(self._open_groups(groups))
            parts = [
                any_of([rest, *(self._by_rule(rule, peer, piece) for rule in rules)])
                for piece in range(peer.low, peer.high + 1)
            ]
            self._admitted[key] = one_of(parts, peer.unknown or SOME_ADDRESS)
        return self._admitted[key]

    def admitting(self, groups: Groups, direction: Direction, peer: Peer, kind: int) -> GroupRule | None:
        """Give a rule that surely lets one kind pass, None without one."""
        rules = self._rules(groups, direction)
        return next((rule for rule in rules if kind in self._by_rule(rule, peer, peer.low).certain), None)

    def passed(self, acl: str, direction: Direction, peer: Peer, *, answers: Answers | None = None) -> Bounds:
        """Give what a subnet's ACL passes one way; with `answers`, the kinds whose answers it passes."""
        key = (acl, direction, peer, answers)
        if key not in self._passed:
            parts = [self._in_piece(acl, direction, piece, answers=answers) for piece in range(peer.low, peer.high + 1)]
            self._passed[key] = one_of(parts, peer.unknown or SOME_ADDRESS)
        return self._passed[key]

    def deciding(self, acl: str, direction: Direction, peer: Peer, kind: int) -> AclRow | None:
        """Give the row that decides one kind for a peer's first address, None if no row matches."""
        rows = self._rows(self._facts.acls[acl], direction)
        hits = (row for row in rows if self._covers(row.range, peer.low) and kind in matched(row.match).possible)
        return next(hits, None)

    def _rules(self, groups: Groups, direction: Direction) -> Iterator[GroupRule]:
        for group in groups:
            if not isinstance(group, Unknown) and group in self._facts.groups:
                yield from (rule for rule in self._facts.groups[group].rules if rule.direction is direction)

    def _open_groups(self, groups: Groups) -> Iterator[Bounds]:
        for group in groups:
            if isinstance(group, Unknown):
                yield at_most(Kinds.everything(), group.comes_from)
            elif group not in self._facts.groups:
                yield at_most(Kinds.everything(), f"the rules of security group {group}")
            else:
                open_ends = self._facts.groups[group].open_ends
                yield from (at_most(Kinds.everything(), unknown) for unknown in open_ends)

    def _by_rule(self, rule: GroupRule, peer: Peer, piece: int) -> Bounds:
        return matched(rule.match) & self._is_peer(rule, peer, piece)

    def _is_peer(self, rule: GroupRule, peer: Peer, piece: int) -> Bounds:
        match rule.peer:
            case GroupPeer(group=Unknown(comes_from=unknown)):
                able = peer.groups or peer.unknown_groups or peer.foreign
                return at_most(Kinds.everything(), unknown) if able else NOTHING
            case GroupPeer(group=group):
                if group in peer.groups:
                    return EVERYTHING
                others = peer.foreign and group not in self._facts.groups
                open_ones = (*peer.unknown_groups, *([f"who is in security group {group}"] if others else ()))
                return any_of(at_most(Kinds.everything(), unknown) for unknown in open_ones)
            case PrefixListPeer(prefix_list=name):
                ranges = self._facts.prefix_lists.get(name)
                if ranges is None:
                    return at_most(Kinds.everything(), f"the ranges of prefix list {name}")
                return EVERYTHING if any(self._covers(item, piece) for item in ranges) else NOTHING
            case RangePeer(range=item):
                if isinstance(item, Unknown):
                    return at_most(Kinds.everything(), item.comes_from)
                return EVERYTHING if self._covers(item, piece) else NOTHING

    def _rows(self, acl: Acl, direction: Direction) -> list[AclRow]:
        return sorted((row for row in acl.rows if row.direction is direction), key=lambda row: row.number)

    def _covers(self, item: Range, piece: int) -> bool:
        low, high = self.atoms.span(*bounds(item))
        return low <= piece <= high

    def _in_piece(self, acl: str, direction: Direction, piece: int, *, answers: Answers | None) -> Bounds:
        if acl not in self._facts.acls:
            return at_most(Kinds.everything(), f"the rows of network ACL {acl}")
        if self._facts.acls[acl].open_ends:
            return at_most(Kinds.everything(), self._facts.acls[acl].open_ends[0])
        left, certain, possible = EVERYTHING, Kinds.nothing(), Kinds.nothing()
        for row in self._rows(self._facts.acls[acl], direction):
            if not self._covers(row.range, piece):
                continue
            hit = matched(row.match)
            if row.allows:
                certain |= left.certain & hit.certain
                possible |= left.possible & hit.possible
            unknowns = left.unknowns | hit.unknowns
            left = Bounds(left.certain - hit.possible, left.possible - hit.certain, unknowns)
        bounds_of = Bounds(certain, possible, left.unknowns)
        return _answered(bounds_of, answers) if answers else bounds_of


def _answered(passing: Bounds, which: Answers) -> Bounds:
    """Turn what passes into the kinds whose answers it is enough for."""
    return Bounds(_answers(passing.certain, which), _answers(passing.possible, which), passing.unknowns)


def _answers(passing: Kinds, which: Answers) -> Kinds:
    """Give the kinds whose answers pass.

    TCP, UDP and SCTP answer to a port that the client chose; an echo is answered by a reply, and no other ICMP is
    answered; other protocols answer by the same protocol.
    """
    if passing == Kinds.everything():
        return passing
    lost = []
    for number in range(256):
        whole = Kinds.protocol(number)
        if number in PORTED:
            able = Kinds.ports(number, FIRST_EPHEMERAL if which is Answers.EVERY else 1, 65535)
            concerned = whole
            needed = able if which is Answers.EVERY else (able & passing) or able
        elif number in ECHOING:
            asked, reply = _ECHO_REPLIES[number]
            needed, concerned = Kinds.ports(number, reply * 256), Kinds.ports(number, asked * 256)
        else:
            needed = concerned = whole
        if not needed <= passing:
            lost.append(concerned)
    return Kinds.everything() - Kinds.union(lost)


def _ranges(facts: Facts) -> Iterator[Range]:
    """Give every range that a rule or a row names."""
    yield ip_network("::/0")
    peers = (rule.peer for group in facts.groups.values() for rule in group.rules)
    named = (peer.range for peer in peers if isinstance(peer, RangePeer))
    yield from (item for item in named if not isinstance(item, Unknown))
    yield from (row.range for acl in facts.acls.values() for row in acl.rows)
    yield from (item for ranges in facts.prefix_lists.values() for item in ranges)
