"""Changes of record sets: a batch is carried out whole or not at all.

https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html

moto carries changes out one by one, compares with a journal of what was ever asked for instead of with what is there,
and looks at no value. This works on a copy and puts it in the zone's place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.refusal import Refusal
from kubewire.local.aws.route53 import (
    aliases,
    record_conflicts,
    record_limits,
    record_policies,
    record_requests,
    record_values,
)
from kubewire.local.aws.route53.account import bare, record_set, zone_of
from kubewire.local.aws.route53.health_checks import no_such_check
from kubewire.local.aws.route53.names import MalformedError, listed, within
from kubewire.local.aws.rules import Proceed, answers

Key: TypeAlias = tuple[str, str, str | None]
Change: TypeAlias = Mapping[str, Any]

_ONCE: Final = (["CREATE"], ["UPSERT"], ["DELETE"], ["DELETE", "CREATE"], ["DELETE", "UPSERT"])
_COMPARED: Final = ("ttl", "weight", "region", "failover", "geo_location", "multi_value_answer", "health_check_id")


@answers("route53", "ChangeResourceRecordSets")
def changed(call: Call, proceed: Proceed) -> Answer:  # noqa: ARG001 - moto's way isn't atomic
    """Change a zone's records, or say all that is wrong with the changes."""
    zone, changes = zone_of(call), call.parameters["ChangeBatch"]["Changes"]
    record_requests.check(changes)
    _refuse(record_limits.problems(changes))
    _refuse(_malformed(zone, changes))
    _check_health_checks(call, changes)
    pairs = [(change["Action"], _made(change["ResourceRecordSet"])) for change in changes]
    _refuse(_contradictions(pairs))
    records: dict[Key, Any] = {_key(record): record for record in zone.rrsets}
    _refuse(list(_carried_out(pairs, records)))
    written = {_key(record): record for action, record in pairs if action != "DELETE"}
    _refuse(record_conflicts.problems(zone, records, written))
    _refuse(record_policies.problems(records, written))
    _refuse(aliases.problems(call, zone, records, written))
    if len(records) > max(call.limit(record_limits.RECORDS), len(zone.rrsets)):
        _refuse([f"Exceeded limit MAX_RRSETS_BY_ZONE for zone: {zone.resource_id}"])
    zone.rrsets = list(records.values())
    return {}


def _refuse(problems: Iterable[str]) -> None:
    """Refuse a batch for everything that is wrong with it, if anything is."""
    messages = list(dict.fromkeys(problems))
    if messages:
        raise Refusal("InvalidChangeBatch", f"[{', '.join(messages)}]", fields={"messages": messages})


def _malformed(zone: Any, changes: Sequence[Change]) -> Iterator[str]:
    """Names and values that aren't any, and names outside the zone."""
    for change in changes:
        record = change["ResourceRecordSet"]
        try:
            name = listed(record["Name"])
            if "AliasTarget" in record:
                listed(record["AliasTarget"]["DNSName"])
        except MalformedError as error:
            yield str(error)
            continue
        if not within(name, zone.name):
            yield f"RRSet with DNS name {name} is not permitted in zone {zone.name}"
        values = [item["Value"] for item in record.get("ResourceRecords", [])]
        yield from record_values.problems(record["Type"], values)


def _check_health_checks(call: Call, changes: Sequence[Change]) -> None:
    for change in changes:
        identity = change["ResourceRecordSet"].get("HealthCheckId")
        if identity and change["Action"] != "DELETE" and identity not in call.route53.health_checks:
            raise no_such_check(identity)


def _contradictions(pairs: Sequence[tuple[str, Any]]) -> Iterator[str]:
    """A record set is changed once in a batch, or deleted and then made anew."""
    actions: dict[Key, list[str]] = defaultdict(list)
    for action, record in pairs:
        actions[_key(record)].append(action)
    for (name, kind, _), several in actions.items():
        if several not in _ONCE:
            yield f"The request contains an invalid set of changes for a resource record set '{kind} {name}'"


def _carried_out(pairs: Sequence[tuple[str, Any]], records: dict[Key, Any]) -> Iterator[str]:
    """Carry changes out; what can't be is said and left out."""
    for action, record in pairs:
        key = _key(record)
        present = records.get(key)
        if action == "CREATE" and present:
            yield f"Tried to create resource record set {_shown(key)} but it already exists"
        elif action != "DELETE":
            records[key] = record
        elif present is None:
            yield f"Tried to delete resource record set {_shown(key)} but it was not found"
        elif _compared(present) != _compared(record):
            yield (
                f"Tried to delete resource record set {_shown(key)} but the values provided do not match the current "
                "values"
            )
        else:
            del records[key]


def _made(written: Mapping[str, Any]) -> Any:
    """A record set as moto keeps it, its names as they are listed."""
    values = [item["Value"] for item in written.get("ResourceRecords", [])]
    record = {**written, "Name": listed(written["Name"]), "ResourceRecords": values}
    if "AliasTarget" in written:
        target = written["AliasTarget"]
        name = listed(target["DNSName"])
        record["AliasTarget"] = {**target, "DNSName": name, "HostedZoneId": bare(target["HostedZoneId"])}
    return record_set(record)


def _key(record: Any) -> Key:
    return record.name, record.type, record.set_identifier


def _shown(key: Key) -> str:
    name, kind, identifier = key
    chosen = f", set-identifier='{identifier}'" if identifier else ""
    return f"[name='{name}', type='{kind}'{chosen}]"


def _compared(record: Any) -> tuple[Any, ...]:
    """What a DELETE must say as it is; the order of values doesn't matter."""
    values = sorted(record_values.canonical(record.type, value) for value in record.records)
    return values, record.alias_target, *(getattr(record, name) for name in _COMPARED)
