"""Values of annotations: all are text, and hold lists, mappings, numbers and truths in forms of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address

from kubewire.manifests.annotations.rows import Row, Said, find
from kubewire.manifests.documents import Path
from kubewire.manifests.draft import ANNOTATIONS, Draft

TRUE = frozenset({"1", "t", "T", "true", "TRUE", "True"})
FALSE = frozenset({"0", "f", "F", "false", "FALSE", "False"})
"""https://pkg.go.dev/strconv#ParseBool, by which the controllers read them."""


@dataclass(frozen=True)
class Annotated:
    """The annotations of a Service that become fields.

    Attributes:
        found: the Service.
        values: the rest of the names, after what all of a table begin with, to values.
        keys: those to whole names.
    """

    found: Draft
    values: Mapping[str, str]
    keys: Mapping[str, str]

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def path(self, name: str) -> Path:
        """Give where an annotation stands."""
        return (*ANNOTATIONS, self.keys[name])

    def refuse(self, name: str, summary: str, detail: str = "") -> None:
        """Note a mistake in an annotation."""
        self.found.refuse(self.path(name), summary, detail)

    def text(self, name: str) -> str | None:
        """Give its value; None if there is none."""
        return (self.values.get(name) or "").strip() or None

    def truth(self, name: str) -> bool | None:
        """Read a boolean."""
        value = self.text(name)
        return None if value is None else self.as_truth(name, value)

    def number(self, name: str) -> int | None:
        """Read a number."""
        value = self.text(name)
        return None if value is None else self.as_number(name, value)

    def items(self, name: str) -> list[str]:
        """Read a list."""
        return [item.strip() for item in (self.text(name) or "").split(",") if item.strip()]

    def choice(self, name: str, *choices: str) -> str | None:
        """Read a word of a few."""
        value = self.text(name)
        if value is None or value in choices:
            return value
        self.refuse(name, f"{value!r} is none of its values", f"It takes {', '.join(choices)}.")
        return None

    def addresses(self, name: str) -> list[str]:
        """Read a list of addresses."""
        items = self.items(name)
        for item in items:
            try:
                ip_address(item)
            except ValueError:
                self.refuse(name, f"{item!r} is no address")
                return []
        return items

    def attributes(self, name: str, rows: tuple[Row, ...]) -> Attributes:
        """Read a mapping whose keys are a table's: what becomes a field is given, the rest is told of."""
        pairs = {}
        for item in self.items(name):
            key, equals, value = item.partition("=")
            if not equals:
                self.refuse(name, f"{item!r} is no `key=value`", "Write them with commas between.")
            elif value.strip():
                pairs[key.strip()] = value.strip()
        mapped = {}
        for key, value in pairs.items():
            row = find(rows, key)
            if row is None:
                self.refuse(name, f"unknown attribute {key}", "Remove it, or correct its spelling.")
            elif told(self.found, self.path(name), row, f"{key}={value}", value):
                mapped[key] = value
        return Attributes(self, name, mapped)

    def as_truth(self, name: str, value: str) -> bool | None:
        """Take a text of it for a boolean."""
        if value not in TRUE | FALSE:
            self.refuse(name, f"{value!r} is neither true nor false")
            return None
        return value in TRUE

    def as_number(self, name: str, value: str) -> int | None:
        """Take a text of it for a number."""
        if not value.isdecimal():
            self.refuse(name, f"{value!r} is no number")
            return None
        return int(value)


@dataclass(frozen=True)
class Attributes:
    """The attributes in an annotation's value that become fields."""

    annotated: Annotated
    name: str
    values: Mapping[str, str]

    @property
    def path(self) -> Path:
        """Give where they stand."""
        return self.annotated.path(self.name)

    def truth(self, key: str) -> bool | None:
        """Read a boolean."""
        return None if key not in self.values else self.annotated.as_truth(self.name, self.values[key])

    def number(self, key: str) -> int | None:
        """Read a number."""
        return None if key not in self.values else self.annotated.as_number(self.name, self.values[key])


def told(found: Draft, path: Path, row: Row, shown: str, value: str) -> bool:
    """Say of what a row is about what is to be said of it; give whether it becomes a field.

    Args:
        found: the Service.
        path: where it stands.
        row: of its table.
        shown: it, as it is written.
        value: its value.
    """
    harmless = value.strip() in row.fine
    match row.said:
        case Said.REFUSED if not harmless:
            found.refuse(path, f"{shown} has no equivalent: {row.text}", row.instead)
        case Said.WARNED if not harmless:
            instead = f" {row.instead}" if row.instead else ""
            found.warn(path, f"{shown} has no equivalent: {row.text}.{instead}")
        case _:
            pass
    return row.said is Said.MAPPED
