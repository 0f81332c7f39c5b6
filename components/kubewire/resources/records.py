"""A set of DNS records that one owner puts in a zone."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from kubewire.deferred import is_deferred
from kubewire.errors import InvalidInputError, NotFoundError, RefusedError
from kubewire.model import Ref
from kubewire.resources.base import Cloud, Owner, Resource
from kubewire.resources.calls import Calls, counted
from kubewire.resources.dns_names import listed
from kubewire.resources.record import from_listed
from kubewire.resources.record_changes import batches, creation, removal, replacement, submit, wait_in_sync
from kubewire.resources.record_marker import Marker
from kubewire.resources.record_sets import RecordsArgs, RecordsState, Row, Units, changed_rows, foreseen_changes
from kubewire.resources.record_standing import Obstacle, Standing, looked_at
from kubewire.resources.zone_records import Present, own_key, parts_of, present_records

if TYPE_CHECKING:
    from types_boto3_route53.type_defs import ChangeTypeDef

log = logging.getLogger(__name__)


class Records(Resource[RecordsArgs, RecordsState]):
    """Records that one owner puts in a zone; others' records in it are left alone. Its id is the zone's.

    All changes are one batch, done whole or not at all, unless they have more than 1,000 values; those of one name are
    never torn apart. Records bear no tags: a marker says whose they are, and without one they are ours if the state
    says so. What was there before is never overwritten, unless `adopt` names it and it bears nobody's mark.
    """

    Args, State = RecordsArgs, RecordsState

    def __init__(self, cloud: Cloud, owner: Owner) -> None:
        super().__init__(cloud, owner)
        # Changes that `create` asked for and `converge` waits for: an id in hand is not lost to a slow name server.
        self._unpublished: list[str] = []

    @classmethod
    def calls(cls, old: RecordsState | None, new: RecordsArgs) -> Calls:
        units: Units = {}
        for key, was, row in changed_rows(old, new):
            unit = units.setdefault(parts_of(key)[0], [])
            if old and was and row is None:
                unit += foreseen_changes(old, key, was, is_there=False)
            elif row:
                unit += foreseen_changes(new, key, row, is_there=was is not None)
        return counted("route53", ChangeResourceRecordSets=sum(1 for _ in batches(units)))

    def refuse_present(self, old: Mapping[str, Any] | None, new: RecordsArgs) -> list[InvalidInputError]:
        same_zone = old is not None and old.get("zone", {}).get("id") == new.zone.id
        before: Mapping[str, Any] = old.get("records", {}) if old and same_zone else {}
        wire = new.to_wire()
        remarked = old is not None and old.get("marker") != wire.get("marker")
        changed = [key for key, row in wire["records"].items() if remarked or before.get(key) != row]
        if not changed or is_deferred(new.zone.id):
            return []
        try:
            present = self.cloud.zones.of(self.cloud.route53, new.zone.id)
        except NotFoundError:
            detail = "Correct the id; it begins with Z, and stands in the console beside the zone."
            return [InvalidInputError(f"there is no hosted zone {new.zone.id}", detail=detail, path="zone.id")]
        standing = self._standing(new, present)
        refused = []
        for key in changed:
            row = new.records[key]
            found = standing.obstacle(key, row, before) or standing.dangling(key, row, new.zone.id, new.records)
            if found:
                refused.append(
                    InvalidInputError(f"{key}: {found.summary}", detail=found.detail, path=f'records["{key}"]')
                )
        return refused

    def create(self, args: RecordsArgs) -> str:
        # More than one batch is left to `converge`, which finds the rest missing.
        nothing = RecordsState.model_construct(zone=args.zone, records={}, marker=None, adopt=())
        self._submit(args.zone.id, next(batches(self._units(args.zone.id, nothing, args)), []))
        return args.zone.id

    def read(self, object_id: str, known: RecordsArgs | None) -> RecordsState | None:
        domain = (
            known.zone.name if known else listed(self.cloud.route53.get_hosted_zone(Id=object_id)["HostedZone"]["Name"])
        )
        marker = known.marker if known else None
        present = self._present(object_id, known.records if known else None, domain, marker)
        zone = Ref(name=domain, id=object_id)
        args = RecordsArgs.model_construct(zone=zone, records={}, marker=marker, adopt=known.adopt if known else ())
        standing = self._standing(args, present)
        rows: dict[str, Row] = {}
        for key in sorted(known.records if known else present.all()):
            written = present.one(key)
            row = from_listed(key, written) if written else None
            # What somebody else has marked as theirs is no more this set's than what is gone.
            if row and not own_key(key, domain) and not standing.is_foreign(key):
                rows[key] = row
        if marker and not all(standing.is_own(key) for key in rows):
            marker = None
        # Not validated: what others wrote may break rules that declarations have to keep.
        return RecordsState.model_construct(zone=zone, records=rows, marker=marker, adopt=args.adopt)

    def converge(self, object_id: str, old: RecordsState, new: RecordsArgs) -> RecordsState:
        for batch in batches(self._units(object_id, old, new)):
            self._submit(object_id, batch)
        while self._unpublished:
            wait_in_sync(self.cloud, self._unpublished[-1])
            self._unpublished.pop()
        return old.model_copy(update=dict(new))

    def delete(self, object_id: str, state: RecordsState) -> None:
        nothing = RecordsArgs.model_construct(zone=state.zone, records={}, marker=state.marker, adopt=())
        for batch in batches(self._units(object_id, state, nothing)):
            self._submit(object_id, batch)

    def _submit(self, zone_id: str, batch: list[ChangeTypeDef]) -> None:
        change = submit(self.cloud, zone_id, batch) if batch else None
        if change:
            self._unpublished.append(change)

    def _present(self, zone_id: str, keys: Collection[str] | None, domain: str, marker: Marker | None) -> Present:
        if keys is None:
            return present_records(self.cloud.route53, zone_id)
        return present_records(self.cloud.route53, zone_id, looked_at(keys, domain, marker))

    def _standing(self, args: RecordsArgs, present: Present) -> Standing:
        return Standing(args.zone.name, self.owner, args.marker, args.adopt, present)

    def _units(self, zone_id: str, old: RecordsState, new: RecordsArgs) -> Units:
        """Give the changes of each name that lead from an old state to new inputs, as far as they are this owner's.

        Raises:
            RefusedError: others' records stand in the way.
        """
        changes = list(changed_rows(old, new))
        # A changed value alone, of a record that nothing marks, needs no look.
        looked = [key for key, was, row in changes if old.marker or new.marker or was is None or row is None]
        names = {name for marker in (old.marker, new.marker) for name in looked_at(looked, new.zone.name, marker)}
        present = present_records(self.cloud.route53, zone_id, names) if names else Present([])
        before, after = self._standing(old, present), self._standing(new, present)
        units: Units = {}
        obstacles: dict[str, Obstacle] = {}
        for key, was, row in changes:
            unit = units.setdefault(parts_of(key)[0], [])
            passed = row is None and self.cloud.zones.writer(zone_id, key) not in (None, self.owner.resource)
            if was and not passed and (row is None or (old.marker and _mark_key(old, key) != _mark_key(new, key))):
                # Removals first: a CNAME makes way for what takes its name.
                unit[:0] = self._removed(before, key, was if row is None else None)
            if row and (found := after.obstacle(key, row, old.records) if key in looked else None):
                obstacles[key] = found
            elif row:
                unit += self._written(after, key, was, row)
                self.cloud.zones.writes(zone_id, key, self.owner.resource)
        if obstacles:
            said = "; ".join(f"{key}: {found.summary}" for key, found in sorted(obstacles.items()))
            message = f"records that this set doesn't own stand in its way: {said}"
            detail = next(iter(obstacles.values())).detail
            operation = "route53:ChangeResourceRecordSets"
            raise RefusedError(message, code="RecordExists", operation=operation, detail=detail)
        return {name: unit for name, unit in units.items() if unit}

    def _removed(self, standing: Standing, key: str, row: Row | None) -> list[ChangeTypeDef]:
        """Remove a record, unless only its mark is to go, and its mark, as far as they are this set's."""
        marker, written = standing.marker, standing.present.one(key)
        doomed = []
        if row and written:
            unmarked = standing.mark(key) is None
            if standing.is_own(key) or (unmarked and from_listed(key, written) == row):
                doomed.append(written)
            else:
                log.warning("%s was changed by others since kubewire last saw it; it is left alone", key)
        if marker and standing.is_own(key) and (mark := standing.present.one(marker.key(key, standing.domain))):
            doomed.append(mark)
        return [removal(one) for one in doomed]

    def _written(self, standing: Standing, key: str, was: Row | None, row: Row) -> list[ChangeTypeDef]:
        """Write a record and its mark, as far as they aren't so already."""
        changes, wanted = [], {key: row}
        if standing.marker:
            wanted[standing.marker.key(key, standing.domain)] = standing.marker.record(row, self.owner)
        for one, to_be in wanted.items():
            there = standing.present.one(one)
            if there is None:
                changes.append(replacement(one, to_be) if was and one == key else creation(one, to_be))
            elif from_listed(one, there) != to_be:
                changes.append(replacement(one, to_be))
        return changes


def _mark_key(args: RecordsArgs, key: str) -> str | None:
    return args.marker.key(key, args.zone.name) if args.marker else None
