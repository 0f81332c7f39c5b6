"""Which record sets can't be in a zone together. What counts is the zone as the whole batch would leave it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from kubewire.local.aws.route53.name_servers import is_own
from kubewire.local.aws.route53.names import is_wildcard


def problems(zone: Any, records: Mapping[Any, Any], written: Mapping[Any, Any]) -> Iterator[str]:
    """What is wrong with the records that a zone would have, a batch having written some of them."""
    yield from _cnames(zone, records, written)
    yield from _own_records(zone, records)
    for record in written.values():
        if record.type == "NS" and is_wildcard(record.name):
            yield f"RRSet of type NS with DNS name {record.name} is not permitted as a wildcard in zone {zone.name}"


def _cnames(zone: Any, records: Mapping[Any, Any], written: Mapping[Any, Any]) -> Iterator[str]:
    """A CNAME record stands alone at its name, and never at the apex.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html#CNAMEFormat
    """
    kinds: dict[str, set[str]] = defaultdict(set)
    for record in records.values():
        kinds[record.name].add(record.type)
    for record in written.values():
        name = f"RRSet of type {record.type} with DNS name {record.name} is not permitted"
        if record.type == "CNAME" and record.name == zone.name:
            yield f"{name} at apex in zone {zone.name}"
        elif record.type == "CNAME" and len(kinds[record.name]) > 1:
            yield f"{name} as it conflicts with other records with the same DNS name in zone {zone.name}"
        elif record.type != "CNAME" and "CNAME" in kinds[record.name]:
            conflict = "because a conflicting RRSet of type CNAME with the same DNS name already exists"
            yield f"{name} {conflict} in zone {zone.name}"


def _own_records(zone: Any, records: Mapping[Any, Any]) -> Iterator[str]:
    """A zone keeps its own NS and SOA records, and has no further SOA.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/SOA-NSrecords.html
    """
    own = {record.type for record in records.values() if is_own(zone, record)}
    if "NS" not in own:
        yield "A HostedZone must contain at least one NS record for the zone itself."
    if "SOA" not in own or sum(record.type == "SOA" for record in records.values()) > 1:
        yield "A HostedZone must contain exactly one SOA record."
