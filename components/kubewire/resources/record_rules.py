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
from kubewire.resources.record_values import RecordType, canonical_value
from kubewire.resources.zone_records import key_of, parts_of

NEVER_ALIAS = (RecordType.NS,)


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
        beside = sorted(other for other in records if other != key and parts_of(other)[0] == name)
        if beside:
            detail = "DNS lets no other record stand beside a CNAME."
            raise InvalidInputError(f"stands beside {', '.join(beside)}", detail=detail, path=path)
    match record:
        case AliasRecord():
            if kind in NEVER_ALIAS:
                raise InvalidInputError(f"{kind} records can't be aliases", path=path)
            return record
        case Record():
            return record.model_copy(update={"values": _checked_values(kind, record, path)})
        case _:
            assert_never(record)


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
        detail = f"Write it as `{key_of(canonical, kind)}`: in lower case, without the last dot."
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
    known = [value for value in values if not is_deferred(value)]
    if len(set(known)) < len(known):
        raise InvalidInputError("a value stands there twice", path=f"{path}.values")
    # Route53 keeps no order, so neither does the state; in a preview that doesn't know them all, they stay as written.
    return tuple(sorted(values)) if len(known) == len(values) else tuple(values)
