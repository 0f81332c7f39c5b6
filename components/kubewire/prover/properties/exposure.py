"""Who gets in by rules without being declared: questions that several properties ask.

Security groups only allow, so what a rule admits is admitted whatever the others say: it is enough to look at each rule
that opens a port, and at those of its peers that nobody declared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kubewire.net.addresses import Addresses
from kubewire.net.kinds import Kinds
from kubewire.prover.facts.firewall import Direction, GroupPeer, GroupRule, PrefixListPeer, RangePeer
from kubewire.prover.facts.network import Interface
from kubewire.prover.facts.unknown import Known, Unknown
from kubewire.prover.properties.declared import Callers, members
from kubewire.prover.reach.matches import matched
from kubewire.prover.reach.network import Network


@dataclass(frozen=True)
class Opening:
    """What a rule opens to somebody who isn't declared.

    Attributes:
        group: whose rule it is.
        rule: the rule.
        surely: the kinds of traffic that it opens.
        maybe: those that it may open, with these.
        unknowns: what the difference comes from.
        who: addresses, or an interface.
    """

    group: str
    rule: GroupRule
    surely: Kinds
    maybe: Kinds
    unknowns: frozenset[str]
    who: Addresses | Interface


def openings(
    network: Network, groups: tuple[Known[str], ...], wanted: Kinds, allowed: Callers, own: Addresses
) -> Iterator[Opening | Unknown]:
    """Give what the rules of some groups open to others.

    Args:
        network: where they are.
        groups: the groups.
        wanted: the kinds of traffic that matter.
        allowed: who is declared.
        own: addresses that nobody has to declare.
    """
    for found in rules_of(network, groups):
        if isinstance(found, Unknown):
            yield found
            continue
        group, rule = found
        opens = matched(rule.match)
        if rule.direction is not Direction.INGRESS or not opens.possible & wanted:
            continue
        for who in _peers(network, rule, allowed, own):
            if isinstance(who, Unknown):
                yield who
            else:
                surely, maybe = opens.certain & wanted, opens.possible & wanted
                yield Opening(group, rule, surely, maybe, opens.unknowns, who)


def rules_of(network: Network, groups: Iterable[Known[str]]) -> Iterator[tuple[str, GroupRule] | Unknown]:
    """Give the rules of some groups, each with its group's name; and what may be more of them."""
    for name in groups:
        group = network.facts.group(name)
        if group is None:
            yield name if isinstance(name, Unknown) else Unknown(comes_from=f"the rules of security group {name}")
            continue
        yield from (Unknown(comes_from=unknown) for unknown in group.open_ends)
        yield from ((group.name, rule) for rule in group.rules)


def _peers(
    network: Network, rule: GroupRule, allowed: Callers, own: Addresses
) -> Iterator[Addresses | Interface | Unknown]:
    if rule.peer in allowed.peers:
        return
    match rule.peer:
        case RangePeer(range=Unknown() as unknown) | GroupPeer(group=Unknown() as unknown):
            yield unknown
        case PrefixListPeer(prefix_list=name) if name not in network.facts.prefix_lists:
            yield Unknown(comes_from=f"the ranges of {rule.peer}")
        case RangePeer(range=item) if not isinstance(item, Unknown):
            yield from _others(Addresses.of(item), allowed, own)
        case PrefixListPeer(prefix_list=name):
            yield from _others(Addresses.of(*network.facts.prefix_lists[name]), allowed, own)
        case GroupPeer(group=str() as group) if group not in allowed.groups:
            yield from _members(network, group, allowed, own)


def _others(whole: Addresses, allowed: Callers, own: Addresses) -> Iterator[Addresses]:
    rest = whole - allowed.addresses - own
    if rest:
        yield rest


def _members(network: Network, group: str, allowed: Callers, own: Addresses) -> Iterator[Interface | Unknown]:
    found = members(network, group)
    if isinstance(found, Unknown):
        yield found
        return
    for one in found:
        known = [address for address in (one.address, one.ipv6) if address is not None]
        declared = [
            not isinstance(address, Unknown) and bool(Addresses.one(address) & (allowed.addresses | own))
            for address in known
        ]
        if not all(declared) and not any(other in allowed.groups for other in one.groups):
            yield one
