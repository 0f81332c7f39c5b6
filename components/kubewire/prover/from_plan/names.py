"""Hosted zones and their records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from kubewire.prover.facts.services import Record, Zone
from kubewire.prover.facts.unknown import Known, Unknown
from kubewire.prover.from_plan.document import Listed
from kubewire.prover.from_plan.index import Index, Sort
from kubewire.prover.from_plan.values import Values, is_open


def zones(index: Index, sets: Iterable[Listed]) -> tuple[Zone, ...]:
    """Give the zones, with the records of all owners."""
    records: defaultdict[str, list[Record]] = defaultdict(list)
    for listed in sets:
        values = Values(str(listed), listed.inputs)
        zone, parts = index.key(Sort.ZONE, values.pointer("zone"), listed), values.parts("records")
        if not isinstance(zone, Unknown) and not isinstance(parts, Unknown):
            records[zone] += [_record(key, part) for key, part in parts]
    return tuple(
        Zone(
            domain=entry.name,
            vpcs=tuple(index.key(Sort.VPC, pointer, entry.listed) for pointer in entry.values.pointers("vpcs")),
            records=tuple(records[key]),
        )
        for key, entry in index.of(Sort.ZONE)
    )


def _record(key: str, values: Values) -> Record:
    name, _, kind = key.rpartition(" ")
    said: list[Known[str]] = [
        Unknown(comes_from=f"the value of {key}") if is_open(value) else str(value) for value in values.items("values")
    ]
    return Record(name=name, type=kind, values=tuple(said))
