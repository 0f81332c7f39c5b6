"""Security groups, with everybody's rules."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network
from typing import Final

from kubewire.prover.facts.firewall import (
    AnyTraffic,
    Direction,
    GroupPeer,
    GroupRule,
    PrefixListPeer,
    RangePeer,
    SecurityGroup,
)
from kubewire.prover.facts.unknown import Known, Unknown
from kubewire.prover.from_terraform.index import Index, default_group
from kubewire.prover.from_terraform.kinds import Sort
from kubewire.prover.from_terraform.owners import Owner, owner
from kubewire.prover.from_terraform.rules import MANY_PEERS, ONE_PEER, Former, former, inline_rules, own_rules
from kubewire.prover.from_terraform.values import Block

WORLDS: Final = (ip_network("0.0.0.0/0"), ip_network("::/0"))


def groups(index: Index) -> Iterator[SecurityGroup]:
    """Give the groups.

    Those that the provider makes have no rules but the ones that are written: it takes away AWS's own of a new group.
    https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/security_group#egress
    """
    added = [(owner(index, one, "security_group_id", Sort.GROUP), one) for one in index.parts(MANY_PEERS, *ONE_PEER)]
    were = [
        (one.fields.get("security_group_id"), said) for one in index.gone(MANY_PEERS, *ONE_PEER) for said in former(one)
    ]
    for key, block in index.of(Sort.GROUP):
        stale = [said for group, said in were if group == block.fields.get("id")]
        rules: list[GroupRule] = []
        open_ends = [str(whose.unknown) for whose, _ in added if whose.may_be(key)]
        if block.resource.is_data:
            open_ends.append(f"the rules of {key}")
        for whose, one in added:
            if whose.key == key:
                own = own_rules(index, key, one)
                rules += [] if isinstance(own, Unknown) else own
                open_ends += [own.comes_from] if isinstance(own, Unknown) else []
        for direction in Direction:
            inline = inline_rules(index, key, block, direction)
            if isinstance(inline, Unknown):
                open_ends.append(inline.comes_from)
                continue
            # What nobody lists the provider shows as it was, rules of resources that go away, too.
            shown = block.resource.expressions is not None and not block.is_set(direction)
            known = {_said(rule) for rule in rules}
            for rule in inline:
                if _said(rule) not in known and not (shown and _is_stale(index, key, rule, stale)):
                    rules.append(rule)
        vpc = index.key(block, "vpc_id", Sort.VPC) or Unknown(comes_from=block.says("vpc_id"))
        yield SecurityGroup(name=key, vpc=vpc, rules=tuple(rules), open_ends=tuple(dict.fromkeys(open_ends)))
    yield from _defaults(index, added)


def _defaults(index: Index, added: list[tuple[Owner, Block]]) -> Iterator[SecurityGroup]:
    """Give the groups that AWS makes with VPCs, and that nothing adopts: they are as AWS makes them.

    https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html
    """
    for vpc, block in index.of(Sort.VPC):
        key = default_group(vpc)
        if index.adopted(key) != key:
            continue
        rules = [
            GroupRule(name="AWS's default", direction=Direction.EGRESS, match=AnyTraffic(), peer=RangePeer(range=world))
            for world in WORLDS
        ]
        among = GroupPeer(group=key)
        rules.append(GroupRule(name="AWS's default", direction=Direction.INGRESS, match=AnyTraffic(), peer=among))
        open_ends = [f"the rules of the {key}"] if block.resource.is_found else []
        for whose, one in added:
            own: Known[list[GroupRule]] = own_rules(index, key, one) if whose.key == key else []
            open_ends += [own.comes_from] if isinstance(own, Unknown) else []
            rules += [] if isinstance(own, Unknown) else own
            open_ends += [str(whose.unknown)] if whose.may_be(key) else []
        yield SecurityGroup(name=key, vpc=vpc, rules=tuple(rules), open_ends=tuple(dict.fromkeys(open_ends)))


def _said(rule: GroupRule) -> tuple[object, ...]:
    return rule.direction, rule.match, rule.peer


def _is_stale(index: Index, group: str, rule: GroupRule, stale: list[Former]) -> bool:
    """Whether a rule is what a resource was about that is listed for itself, or goes away."""
    if not stale:
        return False
    match rule.peer:
        case RangePeer(range=item):
            names = {str(item)}
        case PrefixListPeer(prefix_list=name):
            names = {name}
        case GroupPeer(group=name):
            names = {str(name)}
    ids = {object_id for object_id, key in index.ids.items() if key in names or (key == group and group in names)}
    return any((rule.direction, rule.match) == (way, match) and peer in names | ids for way, match, peer in stale)
