"""The records of a zone as Route53 lists them, by the key `www.example.com CNAME`."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from kubewire.resources.dns_names import listed

if TYPE_CHECKING:
    from types_boto3_route53 import Route53Client
    from types_boto3_route53.literals import RRTypeType
    from types_boto3_route53.type_defs import ResourceRecordSetOutputTypeDef as RecordSet

FEW = 10
"""Up to so many records are looked up one by one: a page of 300 records is one call too, and a zone has many pages."""
OWN_TYPES = ("NS", "SOA")


def key_of(name: str, kind: str) -> str:
    """Give a record's key."""
    return f"{name} {kind}"


def parts_of(key: str) -> tuple[str, str]:
    """Give a key's name and type."""
    name, _, kind = key.rpartition(" ")
    return name, kind


def own_key(key: str, domain: str) -> bool:
    """Whether a record is a zone's own: made with it, and gone with it."""
    return key in {key_of(domain, kind) for kind in OWN_TYPES}


def present_records(
    route53: Route53Client, zone_id: str, keys: Collection[str] | None = None
) -> dict[str, list[RecordSet]]:
    """Give the records of a zone by key; a key has several where a routing policy chooses among them.

    Args:
        route53: the API.
        zone_id: the zone.
        keys: what is looked for; None for all.
    """
    if keys is not None and len(keys) <= FEW:
        return _by_key(record for key in keys for record in _one(route53, zone_id, key))
    found = _by_key(route53.list_resource_record_sets(HostedZoneId=zone_id)["ResourceRecordSets"])
    return found if keys is None else {key: found[key] for key in keys if key in found}


def single(records: Collection[RecordSet]) -> RecordSet | None:
    """Give a key's record, if there is one alone and no routing policy chooses it."""
    return next((record for record in records if len(records) == 1 and "SetIdentifier" not in record), None)


def _one(route53: Route53Client, zone_id: str, key: str) -> list[RecordSet]:
    name, kind = parts_of(key)
    # Listing starts there, and goes on with whatever follows.
    wanted: RRTypeType = kind  # type: ignore[assignment]  # keys are checked: their types are Route53's
    answer = route53.list_resource_record_sets(
        HostedZoneId=zone_id, StartRecordName=name, StartRecordType=wanted, MaxItems="2"
    )
    return [record for record in answer["ResourceRecordSets"] if key_of(listed(record["Name"]), record["Type"]) == key]


def _by_key(records: Iterable[RecordSet]) -> dict[str, list[RecordSet]]:
    found: dict[str, list[RecordSet]] = {}
    for record in records:
        found.setdefault(key_of(listed(record["Name"]), record["Type"]), []).append(record)
    return found
