"""The records of a zone as Route53 lists them, by the key `www.example.com CNAME`.

Of records among which a routing policy chooses, the identifier follows: `www.example.com CNAME blue`.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from kubewire.resources.dns_names import listed

if TYPE_CHECKING:
    from types_boto3_route53 import Route53Client
    from types_boto3_route53.type_defs import ResourceRecordSetOutputTypeDef as RecordSet

FEW = 10
"""Up to so many names are looked up one by one: a page of 300 records is one call too, and a zone has many pages."""
OF_A_NAME = 20
"""As many records a name has at most, unless it has many that a routing policy chooses among."""
OWN_TYPES = ("NS", "SOA")


def key_of(name: str, kind: str, identifier: str | None = None) -> str:
    """Give a record's key."""
    return f"{name} {kind}" if identifier is None else f"{name} {kind} {identifier}"


def parts_of(key: str) -> tuple[str, str]:
    """Give a key's name and type."""
    name, _, rest = key.partition(" ")
    return name, rest.partition(" ")[0]


def identifier_of(key: str) -> str | None:
    """Give a key's identifier, None where no routing policy chooses the record."""
    _, _, rest = key.partition(" ")
    _, blank, identifier = rest.partition(" ")
    return identifier if blank else None


def own_key(key: str, domain: str) -> bool:
    """Whether a record is a zone's own: made with it, and gone with it."""
    return key in {key_of(domain, kind) for kind in OWN_TYPES}


class Present:
    """Records that are in a zone: all, or all of some names."""

    def __init__(self, records: Iterable[RecordSet]) -> None:
        self._names: dict[str, dict[str, RecordSet]] = {}
        for record in records:
            name = listed(record["Name"])
            key = key_of(name, record["Type"], record.get("SetIdentifier"))
            self._names.setdefault(name, {})[key] = record

    def all(self) -> dict[str, RecordSet]:
        """Give all of them by key."""
        return {key: record for records in self._names.values() for key, record in records.items()}

    def one(self, key: str) -> RecordSet | None:
        """Give a record, None if it isn't there."""
        return self._names.get(parts_of(key)[0], {}).get(key)

    def at(self, name: str) -> Mapping[str, RecordSet]:
        """Give all records of a name by key."""
        return self._names.get(name, {})


def present_records(route53: Route53Client, zone_id: str, names: Collection[str] | None = None) -> Present:
    """Give what is in a zone.

    Args:
        route53: the API.
        zone_id: the zone.
        names: the names that are looked for; None for all.
    """
    if names is not None and len(names) <= FEW:
        return Present(record for name in sorted(names) for record in _at(route53, zone_id, name))
    return Present(route53.list_resource_record_sets(HostedZoneId=zone_id)["ResourceRecordSets"])


class ZoneLists:
    """What is in zones, each listed once: a plan asks for many records of one zone, from many threads.

    A list may be older than what this very run has changed since; only what a plan says first is told from it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._zones: dict[str, Present] = {}
        self._writers: dict[tuple[str, str], str] = {}

    def of(self, route53: Route53Client, zone_id: str) -> Present:
        """Give all records of a zone."""
        with self._lock:
            if zone_id not in self._zones:
                self._zones[zone_id] = present_records(route53, zone_id)
            return self._zones[zone_id]

    def writes(self, zone_id: str, key: str, resource: str) -> None:
        """Note who writes a record in this run: the last one has it, whatever a mark says of the Service's name."""
        self._writers[zone_id, key] = resource

    def writer(self, zone_id: str, key: str) -> str | None:
        """Give who writes a record in this run, None if nobody does."""
        return self._writers.get((zone_id, key))


def _at(route53: Route53Client, zone_id: str, name: str) -> Iterator[RecordSet]:
    # Listing starts there, and goes on with whatever follows.
    start: dict[str, Any] = {"StartRecordName": name}
    while start:
        answer = route53.list_resource_record_sets(HostedZoneId=zone_id, MaxItems=str(OF_A_NAME), **start)
        found = [record for record in answer["ResourceRecordSets"] if listed(record["Name"]) == name]
        yield from found
        start = {}
        if listed(answer.get("NextRecordName", "")) == name:
            start = {"StartRecordName": name, "StartRecordType": answer["NextRecordType"]}
            if "NextRecordIdentifier" in answer:
                start["StartRecordIdentifier"] = answer["NextRecordIdentifier"]
