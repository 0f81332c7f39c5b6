"""A set of DNS records that one owner puts in a zone."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Annotated

from pydantic import ValidationInfo, field_validator

from kubewire.errors import InvalidInputError, RefusedError
from kubewire.model import REPLACE, Model, Ref
from kubewire.resources.base import Cloud, Owner, Resource
from kubewire.resources.calls import Calls, counted
from kubewire.resources.dns_names import host_name, listed
from kubewire.resources.record import AliasRecord, AnyRecord, Record, from_listed
from kubewire.resources.record_changes import batches, creation, foreseen, removal, replacement, submit, wait_in_sync
from kubewire.resources.record_rules import checked_records
from kubewire.resources.zone_records import own_key, present_records, single

if TYPE_CHECKING:
    from types_boto3_route53.type_defs import ChangeTypeDef
    from types_boto3_route53.type_defs import ResourceRecordSetOutputTypeDef as RecordSet

log = logging.getLogger(__name__)


class RecordsArgs(Model):
    """Inputs of a set of records."""

    zone: Annotated[Ref, REPLACE]
    """The zone that they are in: its domain for a name, and its id."""
    records: dict[str, AnyRecord] = {}
    """The records, by name and type: `www.example.com CNAME`."""

    @field_validator("zone")
    @classmethod
    def _named_by_domain(cls, zone: Ref) -> Ref:
        try:
            return Ref(name=host_name(zone.name), id=zone.id)
        except InvalidInputError as error:
            raise InvalidInputError("not a zone's domain", detail=error.detail, path="name") from error

    @field_validator("records")
    @classmethod
    def _by_the_rules(
        cls, records: dict[str, Record | AliasRecord], info: ValidationInfo
    ) -> dict[str, Record | AliasRecord]:
        return checked_records(records, info.data["zone"].name) if "zone" in info.data else records


class RecordsState(RecordsArgs):
    """A set of records as it is."""


class Records(Resource[RecordsArgs, RecordsState]):
    """Records that one owner puts in a zone; others' records in it are left alone. Its id is the zone's.

    All changes are one batch, done whole or not at all, unless they have more than 1,000 values. Records bear no tags,
    so a record is ours if the state says so. One that was there before is never overwritten; but one that already says
    what it should is taken for the work of an earlier run that could not report it.
    """

    Args, State = RecordsArgs, RecordsState

    def __init__(self, cloud: Cloud, owner: Owner) -> None:
        super().__init__(cloud, owner)
        # Changes that `create` asked for and `converge` waits for: an id in hand is not lost to a slow name server.
        self._unpublished: list[str] = []

    @classmethod
    def calls(cls, old: RecordsState | None, new: RecordsArgs) -> Calls:
        rows = old.records if old else {}
        changes = [foreseen(key, row, is_there=False) for key, row in rows.items() if key not in new.records]
        changed = {key: row for key, row in new.records.items() if row != rows.get(key)}
        changes += [foreseen(key, row, is_there=key in rows) for key, row in changed.items()]
        return counted("route53", ChangeResourceRecordSets=sum(1 for _ in batches(changes)))

    def create(self, args: RecordsArgs) -> str:
        # More than one batch is left to `converge`, which finds the rest missing.
        additions = self._additions(args.zone.id, args.records)
        self._submit(args.zone.id, next(batches(additions), []))
        return args.zone.id

    def read(self, object_id: str, known: RecordsArgs | None) -> RecordsState | None:
        present = present_records(self.cloud.route53, object_id, known.records.keys() if known else None)
        domain = (
            known.zone.name if known else listed(self.cloud.route53.get_hosted_zone(Id=object_id)["HostedZone"]["Name"])
        )
        rows: dict[str, Record | AliasRecord] = {}
        for key, written in sorted(present.items()):
            alone = single(written)
            row = from_listed(key, alone) if alone else None
            if row and not own_key(key, domain):
                rows[key] = row
        zone = Ref(name=domain, id=object_id)
        # Not validated: what others wrote may break rules that declarations have to keep.
        return RecordsState.model_construct(zone=zone, records=rows)

    def converge(self, object_id: str, old: RecordsState, new: RecordsArgs) -> RecordsState:
        removed = {key: row for key, row in old.records.items() if key not in new.records}
        added = {key: row for key, row in new.records.items() if key not in old.records}
        changed = [key for key, row in new.records.items() if key in old.records and row != old.records[key]]
        # Removals first: a CNAME makes way for what takes its name.
        changes = [
            *self._removals(object_id, removed),
            *(replacement(key, new.records[key]) for key in changed),
            *self._additions(object_id, added),
        ]
        for batch in batches(changes):
            self._submit(object_id, batch)
        while self._unpublished:
            wait_in_sync(self.cloud, self._unpublished[-1])
            self._unpublished.pop()
        return old.model_copy(update=dict(new))

    def delete(self, object_id: str, state: RecordsState) -> None:
        for batch in batches(self._removals(object_id, state.records)):
            self._submit(object_id, batch)

    def _submit(self, zone_id: str, batch: list[ChangeTypeDef]) -> None:
        change = submit(self.cloud, zone_id, batch) if batch else None
        if change:
            self._unpublished.append(change)

    def _additions(self, zone_id: str, rows: Mapping[str, Record | AliasRecord]) -> list[ChangeTypeDef]:
        present = self._present(zone_id, rows)
        missing = {key: row for key, row in rows.items() if key not in present}
        foreign = sorted(key for key, written in present.items() if _row(key, written) != rows[key])
        if foreign:
            detail = "They are left as they are. Remove them, or take them over with `pulumi import`."
            message = f"records that this set doesn't own stand in its way: {', '.join(foreign)}"
            raise RefusedError(
                message, code="RecordExists", operation="route53:ChangeResourceRecordSets", detail=detail
            )
        return [creation(key, row) for key, row in missing.items()]

    def _removals(self, zone_id: str, rows: Mapping[str, Record | AliasRecord]) -> list[ChangeTypeDef]:
        changes = []
        for key, written in self._present(zone_id, rows).items():
            alone = single(written)
            if alone and _row(key, written) == rows[key]:
                changes.append(removal(alone))
            else:
                log.warning("%s was changed by others since kubewire last saw it; it is left alone", key)
        return changes

    def _present(self, zone_id: str, rows: Collection[str]) -> dict[str, list[RecordSet]]:
        return present_records(self.cloud.route53, zone_id, rows) if rows else {}


def _row(key: str, written: list[RecordSet]) -> Record | AliasRecord | None:
    alone = single(written)
    return from_listed(key, alone) if alone else None
