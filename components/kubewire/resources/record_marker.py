"""Where the marks of records stand: under names that follow from the records' own, as external-dns has it.

https://github.com/kubernetes-sigs/external-dns/blob/master/docs/registry/txt.md
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

from pydantic import Field, field_validator

from kubewire.errors import InvalidInputError
from kubewire.model import Described
from kubewire.resources.base import Owner
from kubewire.resources.dns_names import WILDCARD, is_within, record_name_of_host
from kubewire.resources.record import AliasRecord, Record
from kubewire.resources.record_marks import Mark, owner_id, read_mark
from kubewire.resources.record_routing import FailoverRouting, WeightedRouting
from kubewire.resources.record_values import RecordType, from_route53
from kubewire.resources.zone_records import Present, identifier_of, key_of, parts_of

if TYPE_CHECKING:
    from types_boto3_route53.type_defs import ResourceRecordSetOutputTypeDef as RecordSet

RECORD_TYPE = "%{record_type}"
"""Where an affix of external-dns says the record's type."""
APEX_PREFIX = f"{RECORD_TYPE}-_apex."
"""For a zone's apex, whose mark must still be in the zone, where no other prefix does that. No host is called so."""
TTL = 300


class MarkNames(Described):
    """How the names of marks follow from those of records, as an external-dns of the same zone has it."""

    prefix: str = ""
    """Its `--txt-prefix`: goes before the name. May say `%{record_type}`; else the type and a hyphen follow it."""
    wildcard_replacement: str = "wildcard"
    """Its `--txt-wildcard-replacement`: stands for an asterisk."""

    @field_validator("prefix", "wildcard_replacement")
    @classmethod
    def _in_names(cls, written: str) -> str:
        try:
            # As it will stand in a name: with a type, and something after it.
            record_name_of_host(f"{written.replace(RECORD_TYPE, 'a')}x")
        except InvalidInputError as error:
            detail = "Letters, digits, hyphens, underscores and dots; `%{record_type}` for the record's type."
            raise InvalidInputError("can't stand in a DNS name", detail=detail) from error
        return written.lower()

    def name(self, key: str, domain: str) -> str:
        """Give the name of a record's mark.

        Args:
            key: the record's.
            domain: of its zone.
        """
        name, kind = parts_of(key)
        return self._named(name, kind.lower(), domain)

    def older_names(self, key: str, domain: str) -> Iterator[str]:
        """Give the names that older versions of external-dns gave to a record's mark: of an alias, and of any."""
        name, kind = parts_of(key)
        if kind == RecordType.A:
            yield self._named(name, RecordType.CNAME.lower(), domain)
        if kind != RecordType.AAAA:
            yield self.prefix.replace(RECORD_TYPE, "") + self._plain(name)

    def _named(self, name: str, kind: str, domain: str) -> str:
        typed = RECORD_TYPE in self.prefix
        if name == domain:
            fits = typed and self.prefix.endswith(".")
            return (self.prefix if fits else APEX_PREFIX).replace(RECORD_TYPE, kind) + name
        return f"{self.prefix.replace(RECORD_TYPE, kind)}{'' if typed else f'{kind}-'}{self._plain(name)}"

    def _plain(self, name: str) -> str:
        first, _, rest = name.partition(".")
        return f"{self.wildcard_replacement}.{rest}" if first == WILDCARD else name


class Marker(Described):
    """Says whose a set's records are."""

    resource: str = Field(pattern=r"^[a-z0-9./-]+$", max_length=140)
    """What they are for, `service/shop/frontend`."""
    names: MarkNames = MarkNames()
    """What the marks are called."""

    def mark(self, owner: Owner) -> Mark:
        """Give the mark of each of the records."""
        return Mark(owner_id(owner), self.resource)

    def key(self, key: str, domain: str) -> str:
        """Give the key of a record's mark."""
        return key_of(self.names.name(key, domain), RecordType.TXT, identifier_of(key))

    def record(self, row: Record | AliasRecord, owner: Owner) -> Record:
        """Give the record that marks another one, and is chosen as that one is.

        A primary of a failover needs a health check that an alias doesn't need: marks are weighted in its place.
        """
        routing: WeightedRouting | None = None
        match row.routing:
            case WeightedRouting(set_identifier=identifier, weight=weight):
                routing = WeightedRouting(set_identifier=identifier, weight=weight)
            case FailoverRouting(set_identifier=identifier):
                routing = WeightedRouting(set_identifier=identifier, weight=1)
        return Record(ttl=TTL, values=(self.mark(owner).text(),), routing=routing)

    def check(self, key: str, domain: str, keys: Collection[str]) -> None:
        """Refuse a record whose mark can't be, or is another one of the records.

        Args:
            key: the record's.
            domain: of its zone.
            keys: all of the set's.

        Raises:
            InvalidInputError: with the record's path.
        """
        path, name, mark = f'records["{key}"]', self.names.name(key, domain), self.key(key, domain)
        try:
            record_name_of_host(name)
        except InvalidInputError as error:
            detail = f"Its mark would be {name}: labels have 63 characters at most. Shorten it, or the prefix of marks."
            raise InvalidInputError("the name leaves no room for its mark", detail=detail, path=path) from error
        if not is_within(name, domain):
            detail = f"Its mark would be {name}. Choose another prefix of marks."
            raise InvalidInputError(f"its mark is not within {domain}", detail=detail, path=path)
        if mark in keys or any(other != key and self.key(other, domain) == mark for other in keys):
            detail = f"Its mark would be {mark}. Choose another name, or another prefix of marks."
            raise InvalidInputError("its mark is another record's, too", detail=detail, path=path)


def names_of(key: str, domain: str, names: MarkNames) -> set[str]:
    """Give the names at which there is to be looked for a record and for its mark."""
    return {parts_of(key)[0], names.name(key, domain), *names.older_names(key, domain)}


def mark_of(key: str, domain: str, names: MarkNames, present: Present) -> Mark | None:
    """Give the mark that a record bears, None if it bears none.

    Args:
        key: the record's.
        domain: of its zone.
        names: what marks are called there.
        present: what is in the zone, at the names at least that `names_of` gives.
    """
    alias = "AliasTarget" in (present.one(key) or {})
    cname = names.name(key_of(parts_of(key)[0], RecordType.CNAME), domain)
    for name in (names.name(key, domain), *names.older_names(key, domain)):
        # Older versions mark an alias as the CNAME that it stands for; another record's CNAME mark is that one's.
        if name == cname and parts_of(key)[1] != RecordType.CNAME and not alias:
            continue
        written = present.one(key_of(name, RecordType.TXT, identifier_of(key)))
        if written and (mark := _read(written)):
            return mark
    return None


def _read(written: RecordSet | dict[str, Any]) -> Mark | None:
    values = [value["Value"] for value in written.get("ResourceRecords", [])]
    return read_mark(from_route53(RecordType.TXT, values[0])) if values else None
