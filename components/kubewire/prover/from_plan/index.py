"""References, to what they refer to: by id where it is known, else by the name that they bear."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from kubewire.prover.facts.unknown import Known, Unknown
from kubewire.prover.from_plan.document import Listed
from kubewire.prover.from_plan.values import Pointer, Values


class Sort(StrEnum):
    """What is referred to."""

    VPC = "VPC"
    SUBNET = "subnet"
    TABLE = "route table"
    GROUP = "security group"
    INTERFACE = "network interface"
    MACHINE = "instance"
    ACL = "network ACL"
    BALANCER = "load balancer"
    TARGET_GROUP = "target group"
    ZONE = "hosted zone"


@dataclass(frozen=True)
class Entry:
    """An object that can be referred to.

    Attributes:
        sort: what it is.
        name: as references name it.
        id: as AWS names it.
        urn: the resource that declares it.
        values: its inputs.
        listed: that resource.
    """

    sort: Sort
    name: str
    id: Known[str]
    values: Values
    listed: Listed


class Index:
    """All objects that can be referred to, under the keys that facts use."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = list(entries)
        # By the name alone, with the resource's, or with its URN: the first that nothing else of the sort bears.
        able = {id(entry): _keys(entry) for entry in self.entries}
        taken = Counter((entry.sort, key) for entry in self.entries for key in able[id(entry)])
        self._keys = {
            id(entry): next((key for key in able[id(entry)] if taken[entry.sort, key] == 1), able[id(entry)][-1])
            for entry in self.entries
        }
        self._by_id = {(entry.sort, entry.id): entry for entry in self.entries if not isinstance(entry.id, Unknown)}
        self._by_name: defaultdict[tuple[Sort, str], list[Entry]] = defaultdict(list)
        for entry in self.entries:
            self._by_name[entry.sort, entry.name].append(entry)

    def of(self, sort: Sort) -> Iterator[tuple[str, Entry]]:
        """Give all objects of one sort, by their keys."""
        return ((self._keys[id(entry)], entry) for entry in self.entries if entry.sort is sort)

    def is_lost(self, sort: Sort, pointer: Known[Pointer], listed: Listed) -> bool:
        """Whether a reference may be to something declared here, and can't be told to what.

        One with an id that nothing here bears is to something of others.
        """
        foreign = not isinstance(pointer, Unknown) and pointer.id is not None
        return not foreign and isinstance(self.key(sort, pointer, listed), Unknown)

    def key(self, sort: Sort, pointer: Known[Pointer], listed: Listed) -> Known[str]:
        """Give the key of what a resource refers to; unknown where nothing declared fits.

        Args:
            sort: what it must be.
            pointer: the reference.
            listed: the resource that refers. Of two objects of one name, it means the one that it depends on, or that
                is its own part.
        """
        if isinstance(pointer, Unknown):
            return pointer
        found = self._by_id.get((sort, pointer.id)) if pointer.id else None
        if found:
            return self._keys[id(found)]
        able = [entry for entry in self._by_name[sort, pointer.name] if not pointer.id or isinstance(entry.id, Unknown)]
        if len(able) > 1:
            near = {*listed.dependencies, listed.urn}
            able = [entry for entry in able if near & {entry.listed.urn, entry.listed.parent}]
        if len(able) == 1:
            return self._keys[id(able[0])]
        return Unknown(comes_from=f"{sort} {pointer.name}, which isn't declared here")

    def peer(self, pointer: Known[Pointer], listed: Listed) -> Known[str]:
        """Give the key of a security group that a rule, or a list of sources, names.

        One that isn't declared here is told by its id: nobody knows who is in it, but for those whom somebody else says
        to be in it, by the same id.
        """
        found = self.key(Sort.GROUP, pointer, listed)
        foreign = None if isinstance(pointer, Unknown) else pointer.id
        return foreign if isinstance(found, Unknown) and foreign else found


def _keys(entry: Entry) -> tuple[str, ...]:
    return entry.name, f"{entry.name} ({entry.listed.name})", f"{entry.name} ({entry.listed.urn})"
