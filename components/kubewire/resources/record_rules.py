"""What DNS and Route53 demand of a set of records, told before anything is asked of AWS.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from kubewire.deferred import is_deferred
from kubewire.errors import InvalidInputError
from kubewire.resources.dns_names import WILDCARD, is_within, record_name
from kubewire.resources.record import AliasRecord, Record
from kubewire.resources.record_routing import FailoverRole, FailoverRouting, WeightedRouting
from kubewire.resources.record_values import RecordType, canonical_value
from kubewire.resources.zone_records import identifier_of, key_of, parts_of

NEVER_ALIAS = (RecordType.NS,)
MOST_VALUES = 400
"""Of a record: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html"""


def checked_records(records: Mapping[str, Record | AliasRecord], domain: str) -> dict[str, Record | AliasRecord]:
    """Give a zone's records with every value in its one form.

    Raises:
        InvalidInputError: with the path of what breaks a rule.
    """
    return {key: _checked(key, record, domain, records) for key, record in records.items()}


def _checked(
    key: str, record: Record | AliasRecord, domain: str, records: Mapping[str, Record | AliasRecord]
) -> Record | AliasRecord:
    path = f'["{key}"]'
    name, kind = _split(key, path)
    if not is_within(name, domain):
        raise InvalidInputError(f"not within the zone {domain}", detail="Its name has to end with it.", path=path)
    if name == domain and kind in (RecordType.CNAME, RecordType.NS):
        way_out = "Use an alias A record." if kind is RecordType.CNAME else "The zone has its own."
        raise InvalidInputError(f"no {kind} record can be declared at a zone's apex", detail=way_out, path=path)
    if name.startswith(f"{WILDCARD}.") and kind is RecordType.NS:
        raise InvalidInputError("Route53 takes no wildcard NS record", path=path)
    if kind is RecordType.CNAME:
        # Others of its type are those that a routing policy chooses among.
        beside = sorted(other for other in records if parts_of(other)[0] == name and parts_of(other)[1] != kind)
        if beside:
            detail = "DNS lets no other record stand beside a CNAME."
            raise InvalidInputError(f"stands beside {', '.join(beside)}", detail=detail, path=path)
    _check_routing(key, record, path)
    others = {other: row for other, row in records.items() if other != key and parts_of(other) == parts_of(key)}
    if reason := apart(record, others):
        raise InvalidInputError(reason[0], detail=reason[1], path=f"{path}.routing")
    match record:
        case AliasRecord():
            if kind in NEVER_ALIAS:
                raise InvalidInputError(f"{kind} records can't be aliases", path=path)
            return record
        case Record():
            return record.model_copy(update={"values": _checked_values(kind, record, path)})
        case _:
            assert_never(record)


def apart(record: Record | AliasRecord, others: Mapping[str, Record | AliasRecord]) -> tuple[str, str] | None:
    """Say why a record can't be chosen beside the others of its name and type, and what to do; None if it can.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html (SetIdentifier, Failover, TTL)
    """
    for key, other in others.items():
        if type(other.routing) is not type(record.routing):
            detail = "All records of a name and type are chosen by one routing policy."
            return f"{key} is chosen in another way", detail
        if isinstance(record.routing, FailoverRouting) and isinstance(other.routing, FailoverRouting):
            if record.routing.role is other.routing.role:
                return f"{key} is the {record.routing.role.lower()} already", "There is one of each."
        elif isinstance(record, Record) and isinstance(other, Record) and record.ttl != other.ttl:
            return f"{key} has a TTL of {other.ttl}", "Records that are chosen among have one TTL."
    return None


def _check_routing(key: str, record: Record | AliasRecord, path: str) -> None:
    """Refuse a key that doesn't say what its routing says, and a failover that can never come to pass."""
    identifier = record.routing.set_identifier if record.routing else None
    if identifier != identifier_of(key):
        right = key_of(*parts_of(key), identifier)
        raise InvalidInputError("its key names another one", detail=f"Write it as `{right}`.", path=path)
    if isinstance(record.routing, WeightedRouting) or record.routing is None:
        return
    watched = record.routing.health_check_id is not None or (
        isinstance(record, AliasRecord) and record.evaluate_target_health
    )
    if record.routing.role is FailoverRole.PRIMARY and not watched:
        # https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-configuring-options.html
        detail = "Nobody would see that it fails. Give it a `healthCheckId`, or an alias `evaluateTargetHealth: true`."
        raise InvalidInputError("a primary that nobody watches", detail=detail, path=f"{path}.routing")


def _split(key: str, path: str) -> tuple[str, RecordType]:
    name, kind = parts_of(key)
    if kind not in RecordType.__members__:
        types = ", ".join(RecordType)
        detail = f"Write `www.example.com CNAME`: a name, a space, and one of {types}."
        raise InvalidInputError("not the key of a record", detail=detail, path=path)
    try:
        canonical = record_name(name)
    except InvalidInputError as error:
        raise InvalidInputError(error.summary, detail=error.detail, path=path) from error
    if canonical != name:
        right = key_of(canonical, kind, identifier_of(key))
        detail = f"Write it as `{right}`: in lower case, without the last dot."
        raise InvalidInputError("not the one way to write this key", detail=detail, path=path)
    return name, RecordType(kind)


def _checked_values(kind: RecordType, record: Record, path: str) -> tuple[str, ...]:
    values = []
    for index, value in enumerate(record.values):
        try:
            values.append(value if is_deferred(value) else canonical_value(kind, value))
        except InvalidInputError as error:
            where = f"{path}.values[{index}]"
            raise InvalidInputError(error.summary, detail=error.detail, path=where) from error
    if kind is RecordType.CNAME and len(values) > 1:
        detail = "A name is another name, or it isn't."
        raise InvalidInputError("CNAME records have one value", detail=detail, path=f"{path}.values")
    if len(values) > MOST_VALUES:
        detail = f"Route53 takes {MOST_VALUES} at most."
        raise InvalidInputError(f"{len(values)} values", detail=detail, path=f"{path}.values")
    known = [value for value in values if not is_deferred(value)]
    if len(set(known)) < len(known):
        raise InvalidInputError("a value stands there twice", path=f"{path}.values")
    # Route53 keeps no order, so neither does the state; in a preview that doesn't know them all, they stay as written.
    return tuple(sorted(values)) if len(known) == len(values) else tuple(values)
