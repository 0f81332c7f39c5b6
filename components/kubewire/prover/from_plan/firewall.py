"""Security groups with everybody's rules, and network ACLs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from ipaddress import ip_network

from kubewire.errors import InvalidInputError
from kubewire.net.kinds import ECHOING, LAST_PORT, PORTED, IpProtocol
from kubewire.prover.facts.firewall import (
    Acl,
    AclRow,
    AnyTraffic,
    Direction,
    GroupPeer,
    GroupRule,
    IcmpType,
    Match,
    Peer,
    PortSpan,
    PrefixListPeer,
    RangePeer,
    SecurityGroup,
    WholeProtocol,
)
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.from_plan.document import Listed
from kubewire.prover.from_plan.index import Index, Sort
from kubewire.prover.from_plan.values import Values

ALL, ANY_PORT = "-1", -1
NUMBERS = {item.name.lower(): item.value for item in IpProtocol}
WORLDS = (ip_network("0.0.0.0/0"), ip_network("::/0"))


def groups(index: Index, sets: Iterable[Listed]) -> dict[str, SecurityGroup]:
    """Give the groups, each with the rules of all owners."""
    rules: defaultdict[str, list[GroupRule]] = defaultdict(list)
    unsure: defaultdict[str, list[str]] = defaultdict(list)
    for listed in sets:
        values = Values(str(listed), listed.inputs)
        group = index.key(Sort.GROUP, values.pointer("group"), listed)
        parts = values.parts("rules")
        if isinstance(group, Unknown):
            continue
        if isinstance(parts, Unknown):
            unsure[group].append(parts.comes_from)
            continue
        rules[group] += [_rule(index, name, part, listed) for name, part in parts]
    found = {}
    for key, entry in index.of(Sort.GROUP):
        if entry.values.flag("defaultEgress") is not False:
            # AWS's own rule of a new group.
            rules[key] += [_default_egress(world) for world in WORLDS]
        vpc = index.key(Sort.VPC, entry.values.pointer("vpc"), entry.listed)
        found[key] = SecurityGroup(name=key, vpc=vpc, rules=tuple(rules[key]), open_ends=tuple(unsure[key]))
    return found


def acls(index: Index) -> dict[str, Acl]:
    """Give the network ACLs."""
    found = {}
    for key, entry in index.of(Sort.ACL):
        parts = entry.values.parts("entries")
        rows = [] if isinstance(parts, Unknown) else [_row(part) for _, part in parts]
        unknown = [parts.comes_from] if isinstance(parts, Unknown) else []
        unknown += [row.comes_from for row in rows if isinstance(row, Unknown)]
        known = tuple(row for row in rows if not isinstance(row, Unknown))
        found[key] = Acl(name=key, rows=known, open_ends=tuple(unknown))
    return found


def _row(values: Values) -> AclRow | Unknown:
    number, cidr, direction = values.number("number"), values.range("cidr"), values.text("direction")
    action = values.text("action")
    for value in (number, cidr, direction, action):
        if isinstance(value, Unknown):
            return value
    return AclRow.model_validate(
        {
            "number": number,
            "direction": direction,
            "allows": action == "allow",
            "match": _match(values),
            "range": cidr,
        }
    )


def _rule(index: Index, name: str, values: Values, listed: Listed) -> GroupRule:
    direction = values.text("direction")
    if isinstance(direction, Unknown) or direction not in set(Direction):
        raise InvalidInputError(f"{values.says('direction')} is neither ingress nor egress")
    return GroupRule(name=name, direction=Direction(direction), match=_match(values), peer=_peer(index, values, listed))


def _match(values: Values) -> Match:
    """Read what a rule is about. Ports stand for types and codes with ICMP, and -1 for all of them."""
    written = values.fields.get("protocol", ALL)
    if str(written) == ALL:
        return AnyTraffic()
    name = str(written)
    number = NUMBERS.get(name, int(name) if name.isdecimal() else None)
    ports = values.inner("ports")
    if number is None:
        raise InvalidInputError(f"{values.says('protocol')} is no protocol that kubewire knows")
    if isinstance(ports, Unknown):
        return PortSpan(protocol=number, first=ports, last=LAST_PORT)
    if not ports.fields or number not in (*PORTED, *ECHOING):
        return WholeProtocol(protocol=number)
    first, last = ports.number("first"), ports.number("last")
    if number in PORTED:
        return PortSpan(protocol=number, first=first, last=last)
    unknown = next((value for value in (first, last) if isinstance(value, Unknown)), None)
    if unknown is not None or isinstance(first, Unknown) or isinstance(last, Unknown):
        return PortSpan(protocol=number, first=unknown or first, last=LAST_PORT)
    if first == ANY_PORT:
        return WholeProtocol(protocol=number)
    return IcmpType(protocol=number, type=first, code=None if last == ANY_PORT else last)


def _peer(index: Index, values: Values, listed: Listed) -> Peer:
    peer = values.inner("peer")
    kind = peer if isinstance(peer, Unknown) else peer.text("kind")
    if isinstance(peer, Unknown) or isinstance(kind, Unknown):
        return RangePeer(range=Unknown(comes_from=values.says("peer")))
    if kind == "cidr":
        return RangePeer(range=peer.range("cidr"))
    if kind == "prefix-list":
        return PrefixListPeer(prefix_list=str(peer.fields.get("name")))
    return GroupPeer(group=index.key(Sort.GROUP, values.pointer("peer"), listed))


def _default_egress(world: object) -> GroupRule:
    return GroupRule.model_validate(
        {
            "name": "AWS's default egress rule",
            "direction": Direction.EGRESS,
            "match": AnyTraffic(),
            "peer": {"kind": "range", "range": world},
        }
    )
