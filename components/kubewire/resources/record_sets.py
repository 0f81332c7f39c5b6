"""A set of DNS records that one owner puts in a zone, as it is declared and as it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from pydantic import ValidationInfo, field_validator, model_validator

from kubewire.errors import InvalidInputError
from kubewire.found import Found, is_declared
from kubewire.model import REPLACE, Model, Ref
from kubewire.resources.base import Owner
from kubewire.resources.dns_names import host_name
from kubewire.resources.record import AliasRecord, AnyRecord, Record
from kubewire.resources.record_changes import foreseen, is_too_much
from kubewire.resources.record_marker import Marker
from kubewire.resources.record_marks import LONGEST_STACK
from kubewire.resources.record_rules import checked_records
from kubewire.resources.zone_records import parts_of

if TYPE_CHECKING:
    from types_boto3_route53.type_defs import ChangeTypeDef

Row = Record | AliasRecord
Units = dict[str, list["ChangeTypeDef"]]
"""What changes of each name."""
NOBODY = Owner(stack="x" * LONGEST_STACK, resource="", state="x" * 8)
"""An owner in the place of the real one, where only the size of its marks counts."""


class RecordsArgs(Model):
    """Inputs of a set of records."""

    zone: Annotated[Ref, REPLACE]
    """The zone that they are in: its domain for a name, and its id."""
    records: dict[str, AnyRecord] = {}
    """The records, by name and type: `www.example.com CNAME`. The identifier follows where a routing policy chooses."""
    marker: Marker | None = None
    """Says whose the records are, in TXT records beside them. Default: nothing says it."""
    adopt: tuple[str, ...] = ()
    """Keys of records that may be there already without anybody's mark, and are taken over with it."""

    @field_validator("zone")
    @classmethod
    def _named_by_domain(cls, zone: Ref) -> Ref:
        try:
            return Ref(name=host_name(zone.name), id=zone.id)
        except InvalidInputError as error:
            raise InvalidInputError("not a zone's domain", detail=error.detail, path="name") from error

    @field_validator("records")
    @classmethod
    def _by_the_rules(cls, records: dict[str, Row], info: ValidationInfo) -> dict[str, Row]:
        return checked_records(records, info.data["zone"].name) if "zone" in info.data else records

    @model_validator(mode="after")
    def _held_by_batches(self, info: ValidationInfo) -> RecordsArgs:
        if not is_declared(type(self), info):
            return self
        for index, key in enumerate(self.adopt):
            if self.marker is None or key not in self.records:
                message = f"{key} is none of the records" if self.marker else "nothing would say that it is taken over"
                raise InvalidInputError(message, path=f"adopt[{index}]")
        units: Units = {}
        for key, row in self.records.items():
            if self.marker:
                self.marker.check(key, self.zone.name, self.records)
            unit = units.setdefault(parts_of(key)[0], [])
            unit += foreseen_changes(self, key, row, is_there=True)
            if is_too_much(unit):
                detail = "Route53 takes 1,000 values and 32,000 characters at once, and a name is changed at once."
                raise InvalidInputError("too much for one name", detail=detail, path=f'records["{key}"]')
        return self


class RecordsState(RecordsArgs, Found):
    """A set of records as it is."""


def changed_rows(old: RecordsArgs | None, new: RecordsArgs) -> Iterator[tuple[str, Row | None, Row | None]]:
    """Give the keys whose records or marks change, with what they were and what they are to be."""
    before = old.records if old else {}
    remarked = old is not None and old.marker != new.marker
    for key in (*before, *(key for key in new.records if key not in before)):
        was, row = before.get(key), new.records.get(key)
        if was != row or remarked:
            yield key, was, row


def foreseen_changes(args: RecordsArgs, key: str, row: Row, *, is_there: bool) -> list[ChangeTypeDef]:
    """Write the change of a record and its mark, as large as it will be."""
    changes = [foreseen(key, row, is_there=is_there)]
    if args.marker:
        mark = args.marker.record(row, NOBODY)
        changes.append(foreseen(args.marker.key(key, args.zone.name), mark, is_there=is_there))
    return changes
