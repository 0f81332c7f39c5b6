"""Security groups with everybody's rules, and network ACLs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from ipaddress import ip_network

from kubewire.errors import InvalidInputError
from kubewire.prover.facts.firewall import (
    Acl,
    AclRow,
    AnyTraffic,
    Direction,
    GroupPeer,
    GroupRule,
    Match,
    Peer,
    PrefixListPeer,
    RangePeer,
    SecurityGroup,
)
from kubewire.prover.facts.unknown import Known, Unknown
from kubewire.prover.facts.written import match_of
from kubewire.prover.from_plan.document import Listed
from kubewire.prover.from_plan.existing import is_found
from kubewire.prover.from_plan.index import Entry, Index, Sort
from kubewire.prover.from_plan.values import Values

ALL = "-1"
DEFAULT = "default"
"""AWS's name of the group, which it lets no other group have."""
WORLDS = (ip_network("0.0.0.0/0"), ip_network("::/0"))


def groups(index: Index, sets: Iterable[Listed]) -> dict[str, SecurityGroup]:
    """Give the groups, each with the rules of all owners."""
    rules: defaultdict[str, list[GroupRule]] = defaultdict(list)
    locked: set[str] = set()
    unsure: defaultdict[str, list[str]] = defaultdict(list)
    for listed in sets:
        values = Values(str(listed), listed.inputs)
        group = index.key(Sort.GROUP, values.pointer("group"), listed)
        parts = values.parts("rules")
        if isinstance(group, Unknown):
            continue
        if values.flag("exclusive") is True:
            locked.add(group)
        if isinstance(parts, Unknown):
            unsure[group].append(parts.comes_from)
            continue
        rules[group] += [_rule(index, name, part, listed) for name, part in parts]
    found = {}
    for key, entry in index.of(Sort.GROUP):
        default = entry.values.flag("defaultEgress")
        if isinstance(default, Unknown):
            unsure[key].append(default.comes_from)
        elif default and key not in locked:
            rules[key] += _aws_own(key, is_default=entry.name == DEFAULT)
        if entry.name == DEFAULT and is_found(Values(str(entry.listed), entry.listed.inputs)):
            unsure[key].append(f"the rules of {entry.values.where}")
        vpc = index.key(Sort.VPC, entry.values.pointer("vpc"), entry.listed)
        found[key] = SecurityGroup(name=key, vpc=vpc, rules=tuple(rules[key]), open_ends=tuple(unsure[key]))
    return found


def default_group(vpc: Listed) -> Entry:
    """Give the group that AWS makes with a VPC, and that no resource declares."""
    object_id = vpc.outputs.get("defaultSecurityGroup")
    known = object_id if isinstance(object_id, str) else Unknown(comes_from=f"the default group of {vpc}")
    of_vpc = {"name": vpc.inputs.get("name"), "id": None if isinstance(vpc.id, Unknown) else vpc.id}
    fields = {"vpc": of_vpc, "defaultEgress": True}
    return Entry(Sort.GROUP, DEFAULT, known, Values(f"the default group of {vpc}", fields), vpc)


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
    return GroupRule(
        name=name, direction=Direction(direction), match=_match(values), peer=peer_of(index, values, listed)
    )


def _match(values: Values) -> Match:
    """Read what a rule is about. Ports stand for types and codes with ICMP, and -1 for all of them."""
    ports = values.inner("ports")
    first: Known[int] | None = None
    last: Known[int] | None = None
    if isinstance(ports, Unknown):
        first = last = ports
    elif ports.fields:
        first, last = ports.number("first"), ports.number("last")
    try:
        return match_of(str(values.fields.get("protocol", ALL)), first, last)
    except ValueError:
        raise InvalidInputError(f"{values.says('protocol')} is no protocol that kubewire knows") from None


def peer_of(index: Index, values: Values, listed: Listed) -> Peer:
    """Read the peer of a rule, or of a list of sources."""
    peer = values.inner("peer")
    kind = peer if isinstance(peer, Unknown) else peer.text("kind")
    if isinstance(peer, Unknown) or isinstance(kind, Unknown):
        return RangePeer(range=Unknown(comes_from=values.says("peer")))
    if kind == "cidr":
        return RangePeer(range=peer.range("cidr"))
    if kind == "prefix-list":
        return PrefixListPeer(prefix_list=str(peer.fields.get("name")))
    return GroupPeer(group=index.peer(values.pointer("peer"), listed))


def _aws_own(group: str, *, is_default: bool) -> list[GroupRule]:
    """Write the rules that AWS puts into a new group; a VPC's default one admits its own members, too.

    https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html
    """
    out = [
        GroupRule(name="AWS's default", direction=Direction.EGRESS, match=AnyTraffic(), peer=RangePeer(range=world))
        for world in WORLDS
    ]
    among = GroupPeer(group=group)
    members = GroupRule(name="AWS's default", direction=Direction.INGRESS, match=AnyTraffic(), peer=among)
    return [*out, members] if is_default else out
