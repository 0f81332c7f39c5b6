"""Record sets of one name and type among which a routing policy chooses.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy.html
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from kubewire.local.aws.route53.record_limits import MOST_OF_A_NAME

# moto's attribute for each policy, and AWS's word for it. moto has no place for the rest of them.
_POLICIES: Final = {
    "weight": "weighted",
    "region": "latency",
    "failover": "failover",
    "geo_location": "geolocation",
    "multi_value_answer": "multi value answer",
}


def problems(records: Mapping[Any, Any], written: Mapping[Any, Any]) -> Iterator[str]:
    """What is wrong with the groups that a batch has written to, as it would leave them."""
    groups: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for record in records.values():
        groups[record.name, record.type].append(record)
    for record in written.values():
        group = groups[record.name, record.type]
        others = [other for other in group if other is not record]
        yield from _mixed(record, others)
        yield from _same(record, others)
        if policy_of(record) == "failover":
            yield from _unwatched(record)
    for name, kind in dict.fromkeys((record.name, record.type) for record in written.values()):
        group = groups[name, kind]
        if len(group) > MOST_OF_A_NAME:
            policy = policy_of(group[0])
            yield f"Exceeded limit on number of {policy} RRSets for {name}, type {kind} in this zone."


def policy_of(record: Any) -> str | None:
    """AWS's word for the policy that chooses a record set; None for a simple one."""
    return next((word for name, word in _POLICIES.items() if getattr(record, name) is not None), None)


def _mixed(record: Any, others: Sequence[Any]) -> Iterator[str]:
    """All are chosen by the same policy.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html (SetIdentifier)
    """
    policy = policy_of(record)
    if all(policy_of(other) == policy for other in others):
        return
    which = f"RRSet with DNS name {record.name}, type {record.type}"
    if policy is None:
        yield f"{which} cannot be created as other RRSets exist with the same name and type."
    elif policy == "multi value answer":
        conflict = "because a non multivalue answer rrset exists with the same name and type."
        yield f"{which}, SetIdentifier {record.set_identifier} cannot be created {conflict}"
    else:
        conflict = f"as a non-{policy} set exists with the same name and type."
        yield f"{which}, SetIdentifier {record.set_identifier} cannot be created {conflict}"


def _same(record: Any, others: Sequence[Any]) -> Iterator[str]:
    """Weighted ones have one time to live; a region is there once, and so are a primary and a secondary.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html (TTL, Region, Failover)
    """
    which = f"RRSet with DNS name {record.name}, type {record.type}, SetIdentifier {record.set_identifier}"
    policy = policy_of(record)
    if policy == "weighted" and any(_apart(record.ttl, other.ttl) for other in others):
        yield f"{which} cannot be created as weighted sets must contain the same TTL."
    if policy == "latency" and any(other.region == record.region for other in others):
        conflict = "because a latency RRSet with the same name, type and region already exists."
        yield f"{which}, and Region Name={record.region} cannot be created {conflict}"
    if policy == "failover" and any(other.failover == record.failover for other in others):
        conflict = "because a failover RRSet with the same name, type and failover type already exists."
        yield f"{which}, and Failover={record.failover} cannot be created {conflict}"


def _apart(one: int | None, other: int | None) -> bool:
    """Aliases have no time to live of their own."""
    return one is not None and other is not None and int(one) != int(other)


def _unwatched(record: Any) -> Iterator[str]:
    """A primary record has a health check, or an alias target's health.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-configuring-options.html
    """
    if record.failover == "PRIMARY" and record.alias_target is None and record.health_check_id is None:
        yield "A non-alias primary ResourceRecordSet must have an associated health check. No changes made."
