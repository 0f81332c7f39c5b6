"""Network ACLs: with the rows that they list, and those that are resources of their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kubewire.errors import InvalidInputError
from kubewire.prover.facts.firewall import Acl, AclRow, Direction
from kubewire.prover.facts.unknown import Known, Unknown
from kubewire.prover.facts.written import match_of
from kubewire.prover.from_terraform.index import Index
from kubewire.prover.from_terraform.kinds import Sort
from kubewire.prover.from_terraform.owners import owner
from kubewire.prover.from_terraform.values import Block

TYPED: Final = ("1", "58", "icmp", "icmpv6", "icmp6", "ipv6-icmp")
"""Protocols whose rows have types and codes in the place of ports."""

Rows = dict[tuple[Direction, int], AclRow]


def acls(index: Index) -> Iterator[Acl]:
    """Give the network ACLs."""
    added = [(owner(index, one, "network_acl_id", Sort.ACL), one) for one in index.parts("aws_network_acl_rule")]
    were = [
        (one.fields.get("network_acl_id"), bool(one.fields.get("egress")), one.fields.get("rule_number"))
        for one in index.gone("aws_network_acl_rule")
    ]
    for key, block in index.of(Sort.ACL):
        rows: Rows = {}
        open_ends: list[str] = [str(whose.unknown) for whose, _ in added if whose.may_be(key)]
        if block.resource.is_data:
            open_ends.append(f"the rows of {key}")
        for direction in Direction:
            shown = block.resource.expressions is not None and not block.is_set(direction)
            listed = block.blocks(direction)
            if isinstance(listed, Unknown):
                open_ends.append(listed.comes_from)
                continue
            for one in listed:
                number = one.number("rule_no")
                # What nobody lists the provider shows as it was, rows of resources that go away, too.
                stale = (block.fields.get("id"), direction is Direction.EGRESS, number) in were
                if not (shown and stale):
                    _add(rows, open_ends, direction, one, number)
        for whose, one in added:
            if whose.key == key:
                out = one.flag("egress", default=False)
                if isinstance(out, Unknown):
                    open_ends.append(out.comes_from)
                else:
                    _add(
                        rows, open_ends, Direction.EGRESS if out else Direction.INGRESS, one, one.number("rule_number")
                    )
        yield Acl(name=key, rows=tuple(rows.values()), open_ends=tuple(dict.fromkeys(open_ends)))


def _add(rows: Rows, open_ends: list[str], direction: Direction, one: Block, number: Known[int] | None) -> None:
    cidr = one.range("cidr_block") or one.range("ipv6_cidr_block")
    action = one.text("action") or one.text("rule_action")
    typed = one.text("protocol") in TYPED
    first, last = (one.number(name) for name in (("icmp_type", "icmp_code") if typed else ("from_port", "to_port")))
    protocol = one.text("protocol")
    for value in (number, cidr, action, first, last, protocol):
        if isinstance(value, Unknown):
            open_ends.append(value.comes_from)
            return
    if number is None or cidr is None or protocol is None or action is None:
        open_ends.append(f"a row of {one}, which is incomplete")
        return
    try:
        match = match_of(str(protocol), first, last)
    except ValueError:
        raise InvalidInputError(f"{one.says('protocol')} is no protocol that kubewire knows") from None
    row = {
        "number": number,
        "direction": direction,
        "allows": str(action).lower() == "allow",
        "match": match,
        "range": cidr,
    }
    rows[direction, int(str(number))] = AclRow.model_validate(row)
