"""Which object a resource says more of, and which it may say more of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.from_terraform.index import Index
from kubewire.prover.from_terraform.kinds import Sort
from kubewire.prover.from_terraform.values import Block


@dataclass(frozen=True)
class Owner:
    """What a resource is about.

    Attributes:
        key: the object; None where it isn't told, or it is one of others.
        unknown: what would tell it; None where it is told.
        maybe: the objects that it may be; None for any of its sort.
    """

    key: str | None
    unknown: Unknown | None = None
    maybe: frozenset[str] | None = frozenset()

    def may_be(self, key: str) -> bool:
        """Whether it isn't told and may be this one."""
        return self.unknown is not None and (self.maybe is None or key in self.maybe)


def owner(index: Index, block: Block, attribute: str, sort: Sort) -> Owner:
    """Say what a resource is about."""
    value, key = block.text(attribute), index.key(block, attribute, sort)
    if isinstance(key, str):
        return Owner(key)
    if not isinstance(value, Unknown):
        # It isn't set, or is the id of what somebody else declares.
        return Owner(None)
    able = index.candidates(block, attribute, sort)
    return Owner(None, value, None if able is None else frozenset(able))


def users(index: Index, links: Collection[Block], user: tuple[str, Sort], used: tuple[str, Sort]) -> Users:
    """Say what uses what, of resources that link one to another: a subnet to its table.

    Instances of one resource that are as many as what they may be about, and that all lead to one object, lead all of
    that there: nothing is linked twice.
    """
    found: dict[str, str | Unknown] = {}
    unsure: list[Owner] = []
    told: list[tuple[Block, Owner, str | Unknown | None]] = [
        (link, owner(index, link, *user), index.key(link, *used)) for link in links
    ]
    alike: defaultdict[tuple[str, str, frozenset[str]], list[Owner]] = defaultdict(list)
    for link, who, what in told:
        if who.unknown is not None and who.maybe and isinstance(what, str):
            alike[link.resource.block, what, who.maybe].append(who)
    for link, who, what in told:
        if who.key is not None and what is not None:
            found[who.key] = what
        elif who.unknown is not None:
            group = alike.get((link.resource.block, what, who.maybe)) if who.maybe and isinstance(what, str) else None
            if group is not None and len(group) == len(who.maybe or ()):
                found |= dict.fromkeys(who.maybe or (), str(what))
            else:
                unsure.append(who)
    return Users(found, unsure)


@dataclass(frozen=True)
class Users:
    """What uses what.

    Attributes:
        found: users to what they use.
        unsure: links of which it isn't told whose they are.
    """

    found: dict[str, str | Unknown]
    unsure: list[Owner]

    def of(self, key: str) -> str | Unknown | None:
        """Give what one uses; None where no link says anything."""
        if key in self.found:
            return self.found[key]
        return next((one.unknown for one in self.unsure if one.may_be(key)), None)
