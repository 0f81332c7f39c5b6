"""A resource's inputs, read by what they must be; what is unknown or secret stays out of sight."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any, TypeVar

from kubewire.errors import InvalidInputError
from kubewire.prover.facts.unknown import Known, Unknown

T = TypeVar("T")

# https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/plugin/rpc.go
UNKNOWN_VALUES = frozenset(
    {
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)
SIGNATURE_KEY = "4dabf18193072939515e22adb298388d"
HIDDEN = "[secret]"
"""What the engine prints in a secret's place."""


@dataclass(frozen=True)
class Pointer:
    """Another object, as a reference names it."""

    name: str
    id: str | None
    """None where only the apply will know it."""


@dataclass(frozen=True)
class Values:
    """Part of a resource's inputs.

    Attributes:
        where: whose they are, as errors and unknowns name it: `RouteTable shop-public`.
        fields: the values as the engine wrote them.
    """

    where: str
    fields: Mapping[str, Any]

    def text(self, key: str) -> Known[str]:
        """Give a string."""
        return self._read(key, _string)

    def optional_text(self, key: str) -> Known[str] | None:
        """Give a string that may be left out."""
        return None if self.fields.get(key) is None else self.text(key)

    def flag(self, key: str, *, default: bool = False) -> Known[bool]:
        """Give a boolean."""
        return default if self.fields.get(key) is None else self._read(key, _boolean)

    def number(self, key: str) -> Known[int]:
        """Give a whole number."""
        return self._read(key, _whole)

    def range(self, key: str) -> Known[IPv4Network | IPv6Network]:
        """Give a range of addresses."""
        return self._read(key, ip_network)

    def optional_ranges(self, key: str) -> Known[tuple[IPv4Network | IPv6Network, ...]]:
        """Give ranges; none where they are left out."""
        found = [Values(self.where, {key: item}).range(key) for item in self.items(key)]
        unknown = next((item for item in found if isinstance(item, Unknown)), None)
        return unknown or tuple(item for item in found if not isinstance(item, Unknown))

    def pointer(self, key: str) -> Known[Pointer]:
        """Give a reference."""
        inner = self.inner(key)
        if isinstance(inner, Unknown):
            return inner
        name, object_id = inner.text("name"), inner.optional_text("id")
        return (
            name if isinstance(name, Unknown) else Pointer(name, None if isinstance(object_id, Unknown) else object_id)
        )

    def pointers(self, key: str) -> tuple[Known[Pointer], ...]:
        """Give a set of names to ids."""
        rows = self.rows(key)
        if isinstance(rows, Unknown):
            return (rows,)
        return tuple(Pointer(name, None if is_open(value) else str(value)) for name, value in rows.items())

    def inner(self, key: str) -> Known[Values]:
        """Give a part that has fields of its own."""
        rows = self.rows(key)
        return rows if isinstance(rows, Unknown) else Values(f"{self.where}, {key}", rows)

    def rows(self, key: str) -> Known[Mapping[str, Any]]:
        """Give a mapping; an empty one where it is left out."""
        return {} if self.fields.get(key) is None else self._read(key, _mapping)

    def parts(self, key: str) -> Known[list[tuple[str, Values]]]:
        """Give the rows of a mapping, each with its key; a row that is unknown as a whole has unknown fields."""
        rows = self.rows(key)
        if isinstance(rows, Unknown):
            return rows
        whole = Values(f"{self.where}, {key}", rows)
        found = []
        for name in rows:
            part = whole.inner(name)
            if isinstance(part, Unknown):
                return part
            found.append((name, part))
        return found

    def items(self, key: str) -> Iterator[Any]:
        """Give the items of a list; none where it is left out, one that is unknown where all of it is."""
        value = self.fields.get(key)
        if is_open(value):
            yield value
            return
        if value is not None and not isinstance(value, list):
            raise self._wrong(key, "a list")
        yield from value or ()

    def says(self, key: str) -> str:
        """Name a value for a reader: `the id of Subnet a`."""
        return f"{key} of {self.where}"

    def _read(self, key: str, parse: Callable[[Any], T]) -> Known[T]:
        value = self.fields.get(key)
        if is_open(value):
            return Unknown(comes_from=self.says(key))
        try:
            return parse(value)
        except (TypeError, ValueError):
            raise self._wrong(key, parse.__name__.strip("_").replace("ip_network", "range of addresses")) from None

    def _wrong(self, key: str, what: str) -> InvalidInputError:
        # The value may be a secret, so it isn't shown.
        detail = "The plan is of another version of kubewire, or was changed by hand."
        return InvalidInputError(f"{self.says(key)} is no {what}", detail=detail)


def is_open(value: Any) -> bool:
    """Whether a value is unknown or secret."""
    return (isinstance(value, str) and (value in UNKNOWN_VALUES or value == HIDDEN)) or (
        isinstance(value, Mapping) and SIGNATURE_KEY in value
    )


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
        raise TypeError
    return int(value)


def _mapping(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise TypeError
    return value
