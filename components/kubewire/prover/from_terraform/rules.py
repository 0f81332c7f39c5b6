"""Rules of security groups, in each of the three ways that the provider writes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kubewire.errors import InvalidInputError
from kubewire.net.addresses import Range
from kubewire.prover.facts.firewall import Direction, GroupPeer, GroupRule, Match, Peer, PrefixListPeer, RangePeer
from kubewire.prover.facts.unknown import Known, Unknown
from kubewire.prover.facts.written import match_of
from kubewire.prover.from_terraform.index import Index
from kubewire.prover.from_terraform.kinds import Sort
from kubewire.prover.from_terraform.values import Block

ONE_PEER: Final = {
    "aws_vpc_security_group_ingress_rule": Direction.INGRESS,
    "aws_vpc_security_group_egress_rule": Direction.EGRESS,
}
"""Types with one peer each; the others list their peers."""
MANY_PEERS: Final = "aws_security_group_rule"

Former = tuple[Direction, Known[Match], str]
"""What a rule was about: its direction, its traffic, and its peer as AWS writes it."""


def inline_rules(index: Index, group: str, block: Block, direction: Direction) -> Known[list[GroupRule]]:
    """Give the rules of one direction that a group lists itself."""
    listed = block.blocks(direction)
    if isinstance(listed, Unknown):
        return listed
    found = []
    for at, one in enumerate(listed):
        name, match = one.text("description"), _match(one, "protocol")
        if isinstance(match, Unknown):
            return match
        label = name if isinstance(name, str) else f"{direction}[{at}] of {group}"
        peers = _peers(index, group, one, "security_groups")
        found += [GroupRule(name=label, direction=direction, match=match, peer=peer) for peer in peers]
    return found


def own_rules(index: Index, group: str, block: Block) -> Known[list[GroupRule]]:
    """Give the rules that a resource of its own puts on a group; unknown where it isn't told what they are."""
    described = block.text("description")
    label = described if isinstance(described, str) else block.resource.address
    if block.resource.kind in ONE_PEER:
        direction, match = ONE_PEER[block.resource.kind], _match(block, "ip_protocol")
        if isinstance(match, Unknown):
            return match
        return [GroupRule(name=label, direction=direction, match=match, peer=_one_peer(index, block))]
    said, match = block.text("type"), _match(block, "protocol")
    if isinstance(match, Unknown):
        return match
    if isinstance(said, Unknown) or said not in set(Direction):
        return Unknown(comes_from=block.says("type"))
    peers = _peers(index, group, block, "source_security_group_id")
    return [GroupRule(name=label, direction=Direction(said), match=match, peer=peer) for peer in peers]


def former(block: Block) -> Iterator[Former]:
    """Give what a rule's resource was about, before: as the provider still shows it at the group."""
    if block.resource.kind in ONE_PEER:
        peers = [
            block.fields.get(name)
            for name in ("cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id")
        ]
        direction = ONE_PEER[block.resource.kind]
        yield from ((direction, _match(block, "ip_protocol"), str(peer)) for peer in peers if peer)
        return
    listed = [*(block.fields.get(name) or [] for name in ("cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids"))]
    peers = [item for items in listed for item in items]
    peers.append(block.fields.get("source_security_group_id") or block.fields.get("security_group_id"))
    match = _match(block, "protocol")
    yield from ((Direction(str(block.fields.get("type"))), match, str(peer)) for peer in peers if peer)


def _match(block: Block, attribute: str) -> Known[Match]:
    protocol = block.text(attribute)
    if isinstance(protocol, Unknown):
        return protocol
    try:
        return match_of(protocol or "-1", block.number("from_port"), block.number("to_port"))
    except ValueError:
        raise InvalidInputError(f"{block.says(attribute)} is no protocol that kubewire knows") from None


def _one_peer(index: Index, block: Block) -> Peer:
    for name in ("cidr_ipv4", "cidr_ipv6"):
        if (cidr := block.range(name)) is not None:
            return RangePeer(range=cidr)
    if (group := block.text("referenced_security_group_id")) is not None:
        # One of another account has that before its id: `123456789012/sg-…`.
        plain = group if isinstance(group, Unknown) else group.rpartition("/")[2]
        return GroupPeer(group=_group(index, block, "referenced_security_group_id", plain))
    if (listed := block.text("prefix_list_id")) is not None:
        return _list(index, block, "prefix_list_id", listed)
    return RangePeer(range=Unknown(comes_from=f"who {block} is for"))


def _peers(index: Index, group: str, block: Block, groups: str) -> Iterator[Peer]:
    ranges: list[Known[Range]] = [*block.ranges("cidr_blocks"), *block.ranges("ipv6_cidr_blocks")]
    yield from (RangePeer(range=item) for item in ranges)
    yield from (_list(index, block, "prefix_list_ids", item) for item in block.texts("prefix_list_ids"))
    if block.path:
        named = block.texts(groups)
    else:
        one = block.text(groups)
        named = () if one is None else (one,)
    for item in named:
        plain = item if isinstance(item, Unknown) else item.rpartition("/")[2]
        yield GroupPeer(group=_group(index, block, groups, plain))
    itself = block.flag("self", default=False)
    if itself is not False:
        yield GroupPeer(group=group if itself is True else itself)


def _group(index: Index, block: Block, attribute: str, value: Known[str]) -> Known[str]:
    key = index.told(block, attribute, Sort.GROUP, value)
    if isinstance(key, Unknown) and isinstance(value, str):
        # Nothing here is in a group of others.
        return value
    return key if key is not None else value


def _list(index: Index, block: Block, attribute: str, value: Known[str]) -> Peer:
    key = index.told(block, attribute, Sort.LIST, value)
    if isinstance(key, str):
        return PrefixListPeer(prefix_list=key)
    return RangePeer(range=value) if isinstance(value, Unknown) else PrefixListPeer(prefix_list=value)
