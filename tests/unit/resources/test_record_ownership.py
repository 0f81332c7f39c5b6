"""Whatever is in a zone, and whatever is wanted there: what another owner has marked, or nobody, stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kubewire.errors import RefusedError
from kubewire.model import Ref
from kubewire.resources.base import Owner
from kubewire.resources.record import Record, to_listed
from kubewire.resources.record_marker import Marker, MarkNames
from kubewire.resources.record_marks import Mark, owner_id
from kubewire.resources.record_sets import RecordsArgs, RecordsState
from kubewire.resources.records import Records
from tests.unit.resources.conftest import FakeCloud
from tests.unit.resources.external_dns import Mapper, labels

DOMAIN = "example.com"
ZONE = Ref(name=DOMAIN, id="Z1")
OWNER = Owner(stack="shop/dev", resource="kubewire:index:Records/main", state="0123456789abcdef")
MARKER = Marker(resource="service/shop/front")
KEYS = [f"{name}.{DOMAIN} {kind}" for name in "abc" for kind in ("A", "AAAA")]
OWNERS = (None, "default", "kubewire-shop/prod-fedcba98", owner_id(OWNER))
"""Nobody; an external-dns; another stack; this one."""
VALUES = {"A": ("192.0.2.1", "192.0.2.2"), "AAAA": ("2001:db8::1", "2001:db8::2")}


def row(key: str, index: int) -> Record:
    return Record(values=(VALUES[key.rpartition(" ")[2]][index],))


rows = st.dictionaries(st.sampled_from(KEYS), st.integers(0, 1)).map(
    lambda chosen: {key: row(key, index) for key, index in chosen.items()}
)
present = st.dictionaries(st.sampled_from(KEYS), st.tuples(st.integers(0, 1), st.sampled_from(OWNERS)))


def mark(key: str, owner: str) -> Any:
    said = Mark(owner, "service/shop/front").text()
    return to_listed(f"{MarkNames().name(key, DOMAIN)} TXT", Record(values=(said,)))


class Zone:
    """A zone that takes whole batches, as Route53 does."""

    def __init__(self, there: dict[str, tuple[int, str | None]]) -> None:
        self.records = {key: to_listed(key, row(key, index)) for key, (index, _) in there.items()}
        marks = [mark(key, owner) for key, (_, owner) in there.items() if owner]
        self.records |= {f"{one['Name'].removesuffix('.')} TXT": one for one in marks}

    def list(self, **_asked: Any) -> dict[str, Any]:
        return {"ResourceRecordSets": list(self.records.values())}

    def change(self, **asked: Any) -> dict[str, Any]:
        for change in asked["ChangeBatch"]["Changes"]:
            record = change["ResourceRecordSet"]
            key = f"{record['Name'].removesuffix('.')} {record['Type']}"
            assert (key in self.records) is (change["Action"] == "DELETE") or change["Action"] == "UPSERT"
            if change["Action"] == "DELETE":
                assert self.records.pop(key) == record
            else:
                self.records[key] = record
        return {"ChangeInfo": {"Id": "C1", "Status": "INSYNC"}}


def verbs(zone: Zone) -> Records:
    cloud: Any = FakeCloud()
    cloud.route53.answers = {"list_resource_record_sets": zone.list, "change_resource_record_sets": zone.change}
    return Records(cloud, OWNER)


def of_others(there: Mapping[str, tuple[int, str | None]], adopted: set[str]) -> set[str]:
    """Keys of records and marks that this stack must not touch."""
    ours = {owner_id(OWNER)}
    keys = {key for key, (_, owner) in there.items() if owner not in (ours | {None} if key in adopted else ours)}
    return keys | {f"{MarkNames().name(key, DOMAIN)} TXT" for key in keys if there[key][1]}


@given(present, rows, st.sets(st.sampled_from(KEYS)))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_39_a_create_touches_nothing_of_others_or_nothing_at_all(
    there: dict[str, tuple[int, str | None]], wanted: dict[str, Record], adopted: set[str]
) -> None:
    zone = Zone(there)
    before = dict(zone.records)
    adopt = tuple(sorted(adopted & wanted.keys()))
    args = RecordsArgs(zone=ZONE, records=wanted, marker=MARKER, adopt=adopt)
    blocked = of_others(there, adopted) & wanted.keys()
    records = verbs(zone)
    assert bool(records.refuse_present(None, args)) is bool(blocked)
    if blocked:
        with pytest.raises(RefusedError):
            records.create(args)
        assert zone.records == before
        return
    records.create(args)
    for key in of_others(there, adopted):
        assert zone.records[key] == before[key]
    read = records.read("Z1", args)
    assert read
    assert (read.records, read.marker) == (args.records, MARKER)
    # What an external-dns with an id of its own reads: none of these is its.
    for key in wanted:
        name, _, kind = key.partition(" ")
        said = labels(zone.records[f"{Mapper().txt_name(name, kind)} TXT"]["ResourceRecords"][0]["Value"])
        assert said == {"owner": owner_id(OWNER), "resource": "service/shop/front"}
    records.delete("Z1", read)
    assert zone.records == {key: record for key, record in before.items() if not _went(key, wanted)}


def _went(key: str, wanted: dict[str, Record]) -> bool:
    return key in wanted or key in {f"{MarkNames().name(one, DOMAIN)} TXT" for one in wanted}


@given(rows, present, rows)
def test_39_nor_does_an_update_or_a_delete_of_what_others_took_since(
    mine: dict[str, Record], taken: dict[str, tuple[int, str | None]], wanted: dict[str, Record]
) -> None:
    theirs = {key: (index, owner) for key, (index, owner) in taken.items() if owner not in (None, owner_id(OWNER))}
    own = {key: (VALUES[key.rpartition(" ")[2]].index(one.values[0]), owner_id(OWNER)) for key, one in mine.items()}
    zone = Zone({**own, **theirs})
    before = dict(zone.records)
    records = verbs(zone)
    state = RecordsState(zone=ZONE, records=mine, marker=MARKER)
    changed = {key for key in wanted if wanted[key] != mine.get(key)}
    args = RecordsArgs(zone=ZONE, records=wanted, marker=MARKER)
    if changed & theirs.keys():
        with pytest.raises(RefusedError):
            records.converge("Z1", state, args)
        assert zone.records == before
    else:
        records.converge("Z1", state, args)
    records.delete("Z1", RecordsState(zone=ZONE, records=mine | wanted, marker=MARKER))
    for key in of_others(theirs, set()):
        assert zone.records[key] == before[key]
