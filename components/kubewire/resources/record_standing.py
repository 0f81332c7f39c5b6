"""What stands in the way of records: others' at the same names, by their marks or without any."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

from kubewire.deferred import is_deferred
from kubewire.resources.base import Owner
from kubewire.resources.record import AliasRecord, Record, from_listed
from kubewire.resources.record_marker import Marker, mark_of, names_of
from kubewire.resources.record_marks import Mark, owner_id
from kubewire.resources.record_rules import apart
from kubewire.resources.record_values import RecordType
from kubewire.resources.zone_records import Present, key_of, own_key, parts_of

LEFT_ALONE = "It is left as it is. Remove it, choose another name"
ONE_BY_ONE = (
    "It is this stack's, and a name's records change one after another: leave out all but one in an update, change "
    "that one in the next, and add the others after it."
)


class Obstacle(NamedTuple):
    """What stands in a record's way, and what to do."""

    summary: str
    detail: str


@dataclass(frozen=True)
class Standing:
    """Tells a set's own records from others'.

    Attributes:
        domain: of the zone.
        owner: who declares the set.
        marker: how its records are marked; None if they aren't.
        adopted: keys of records that may be taken over though nobody's mark is on them.
        present: what is in the zone: all, or all at the names that `names` gives.
    """

    domain: str
    owner: Owner
    marker: Marker | None
    adopted: Collection[str]
    present: Present

    def mark(self, key: str) -> Mark | None:
        """Give a record's mark."""
        return mark_of(key, self.domain, self.marker.names, self.present) if self.marker else None

    def is_foreign(self, key: str) -> bool:
        """Whether a record's mark names another owner."""
        mark = self.mark(key)
        return mark is not None and mark.owner != owner_id(self.owner)

    def is_own(self, key: str) -> bool:
        """Whether a record's mark is this very set's: not another one's of this stack, either."""
        return self.marker is not None and self.mark(key) == self.marker.mark(self.owner)

    def obstacle(self, key: str, row: Record | AliasRecord, own: Collection[str] = ()) -> Obstacle | None:
        """Say what stands in the way of a record.

        Args:
            key: the record's.
            row: what it is to be.
            own: keys of records that the set has, and may be about to remove.
        """
        if own_key(key, self.domain):
            return Obstacle("the zone has its own", "Choose another name.")
        if found := self._held(key, row, own) or self._beside(key, row, own):
            return found
        if self.marker is None:
            return None
        marks = {self.marker.key(one, self.domain) for one in own}
        return self._beside(self.marker.key(key, self.domain), self.marker.record(row, self.owner), marks)

    def dangling(self, key: str, row: Record | AliasRecord, zone_id: str, keys: Collection[str]) -> Obstacle | None:
        """Say what an alias of a record of its own zone would lead to that isn't there.

        Args:
            key: the alias'.
            row: what it is to be.
            zone_id: the zone.
            keys: those of all records that are to be.
        """
        if not isinstance(row, AliasRecord) or is_deferred(row.dns_name) or row.hosted_zone_id != zone_id:
            return None
        target = key_of(row.dns_name, parts_of(key)[1])
        if any(one == target or one.startswith(f"{target} ") for one in (*keys, *self.present.at(row.dns_name))):
            return None
        return Obstacle(f"there is no {target} to be an alias of", "Make that record first, or lead somewhere else.")

    def _held(self, key: str, row: Record | AliasRecord, own: Collection[str]) -> Obstacle | None:
        """Look at the record itself, and at its mark, which may have outlived its record."""
        mark = self.mark(key)
        if mark and mark.owner != owner_id(self.owner):
            what = f"{mark.owner} ({mark.resource})" if mark.resource else mark.owner
            detail = "It says so in a TXT record, as external-dns does. Let it go there, or choose another name."
            return Obstacle(f"it belongs to {what}", detail)
        written = self.present.one(key)
        if written and not mark and key not in own and key not in self.adopted:
            if self.marker is None and from_listed(key, written) == row:
                # What it should be already is taken for the work of an earlier run that could not report it.
                return None
            adopt = ", or write `adopt: true` to take it over" if self.marker else ", or take it over: `pulumi import`"
            return Obstacle("there is one already that nobody's mark is on", f"{LEFT_ALONE}{adopt}.")
        if self.marker and not mark and self.present.one(self.marker.key(key, self.domain)):
            name = self.marker.names.name(key, self.domain)
            return Obstacle(f"{name}, where its mark belongs, says something else", f"{LEFT_ALONE}.")
        return None

    def _beside(self, key: str, row: Record | AliasRecord, own: Collection[str]) -> Obstacle | None:
        """Look at the other records of its name."""
        name, kind = parts_of(key)
        beside = {other: there for other, there in self.present.at(name).items() if other not in own and other != key}
        clash = sorted(key for key in beside if (parts_of(key)[1] == RecordType.CNAME) != (kind == RecordType.CNAME))
        if clash:
            left = ONE_BY_ONE if self._are_ours(clash) else f"{LEFT_ALONE}."
            return Obstacle(f"{', '.join(clash)} is there", f"Nothing stands beside a CNAME. {left}")
        rows: dict[str, Record | AliasRecord] = {}
        for other, there in beside.items():
            if parts_of(other)[1] != kind:
                continue
            found = from_listed(other, there)
            if found is None:
                return Obstacle(f"{other} is chosen in another way", f"All of a name are chosen in one. {LEFT_ALONE}.")
            rows[other] = found
        if reason := apart(row, rows):
            summary, detail = reason
            return Obstacle(summary, f"{detail} {ONE_BY_ONE}" if self._are_ours(rows) else detail)
        return None

    def _are_ours(self, keys: Collection[str]) -> bool:
        """Whether this stack's marks are on records: those of another set, which a look at this one can't change."""
        marks = [self.mark(key) for key in keys]
        return all(mark is not None and mark.owner == owner_id(self.owner) for mark in marks)


def looked_at(keys: Collection[str], domain: str, marker: Marker | None) -> set[str]:
    """Give the names at which there is to be looked for records and their marks."""
    if marker is None:
        return {parts_of(key)[0] for key in keys}
    return {name for key in keys for name in names_of(key, domain, marker.names)}
