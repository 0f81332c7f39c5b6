"""A resource's attributes, read by what they must be; what is unknown or sensitive stays out of sight."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any, TypeVar

from kubewire.errors import InvalidInputError
from kubewire.net.addresses import Range
from kubewire.prover.facts.unknown import Known, Unknown
from kubewire.prover.from_terraform.document import Resource

T = TypeVar("T")


@dataclass(frozen=True)
class Block:
    """A resource, or a nested block of one.

    Attributes:
        resource: whose it is.
        fields: its attributes.
        unknown: the same shape, with true for what is unknown.
        sensitive: the same, of what must not be shown.
        path: the attribute of the resource that it is in; empty for the resource itself.
    """

    resource: Resource
    fields: Mapping[str, Any]
    unknown: Any = False
    sensitive: Any = False
    path: str = ""

    @classmethod
    def of(cls, resource: Resource) -> Block:
        """Give a whole resource."""
        return cls(resource, resource.values, resource.unknown, resource.sensitive)

    def __str__(self) -> str:
        return self.resource.address

    def says(self, key: str) -> str:
        """Name a value for a reader."""
        return f"{self.path}.{key} of {self}" if self.path else f"{key} of {self}"

    def text(self, key: str) -> Known[str] | None:
        """Give a string; None where it isn't set, or AWS chooses."""
        return self._read(key, _string) or None

    def chosen(self, key: str) -> Known[str] | None:
        """Give a string that AWS chooses where nobody sets it; None for an empty one."""
        return self._read(key, _string, chosen=True) or None

    def number(self, key: str) -> Known[int] | None:
        """Give a whole number."""
        return self._read(key, _whole)

    def flag(self, key: str, *, default: bool) -> Known[bool]:
        """Give a boolean; some of AWS's are written as text."""
        found = self._read(key, _boolean)
        return default if found is None else found

    def range(self, key: str) -> Known[Range] | None:
        """Give a range of addresses; AWS cuts host bits off."""
        return self._read(key, _range)

    def texts(self, key: str) -> tuple[Known[str], ...]:
        """Give a list or set of strings; one unknown value where all of it is."""
        return tuple(
            Unknown(comes_from=self.says(key)) if isinstance(item, Unknown) else self._checked(key, item, _string)
            for item in self._items(key)
        )

    def ranges(self, key: str) -> tuple[Known[Range], ...]:
        """Give a list or set of ranges."""
        return tuple(
            item if isinstance(item, Unknown) else self._checked(key, item, _range) for item in self._items(key)
        )

    def blocks(self, key: str) -> Known[list[Block]]:
        """Give nested blocks; none where nobody writes any."""
        found = []
        for at, item in enumerate(self._items(key)):
            if isinstance(item, Unknown):
                return item
            if not isinstance(item, Mapping):
                raise self._wrong(key, "block")
            unknown, sensitive = _at(_part(self.unknown, key), at), _at(_part(self.sensitive, key), at)
            found.append(Block(self.resource, item, unknown, sensitive, self.path or key))
        return found

    def is_open(self, key: str) -> bool:
        """Whether an attribute is unknown, set by somebody or chosen by AWS."""
        return _part(self.unknown, key) is True

    def is_set(self, key: str) -> bool:
        """Whether the configuration sets an attribute; true where there is none to tell."""
        expressions = self.resource.expressions
        if expressions is None:
            return True
        if not self.path:
            return key in expressions
        whole = expressions.get(self.path)
        # A block that is written out lists what it sets; an expression may set everything.
        return _sets(whole, key) if isinstance(whole, list) else whole is not None

    def _items(self, key: str) -> Iterator[Any]:
        unknown, sensitive = _part(self.unknown, key), _part(self.sensitive, key)
        if unknown is True and not self.is_set(key):
            return
        if unknown is True or sensitive is True:
            yield Unknown(comes_from=self.says(key))
            return
        value = self.fields.get(key)
        if value is None:
            value = []
        if isinstance(value, Mapping):
            value = [value]
        if not isinstance(value, list):
            raise self._wrong(key, "list")
        # The list of what is unknown may be the longer one.
        length = max(len(value), len(unknown) if isinstance(unknown, list) else 0)
        for at in range(length):
            if _at(unknown, at) is True or _at(sensitive, at) is True:
                yield Unknown(comes_from=self.says(key))
            elif at < len(value) and value[at] is not None:
                yield value[at]

    def _read(self, key: str, parse: Callable[[Any], T], *, chosen: bool = False) -> Known[T] | None:
        unknown = _part(self.unknown, key)
        if unknown is True and not chosen and not self.is_set(key):
            return None
        if unknown is True or _part(self.sensitive, key) is True:
            return Unknown(comes_from=self.says(key))
        value = self.fields.get(key)
        return None if value is None or value == "" else self._checked(key, value, parse)

    def _checked(self, key: str, value: Any, parse: Callable[[Any], T]) -> T:
        try:
            return parse(value)
        except (TypeError, ValueError):
            raise self._wrong(key, parse.__name__.strip("_")) from None

    def _wrong(self, key: str, what: str) -> InvalidInputError:
        # The value may be a secret, so it isn't shown.
        detail = "It is of a version of the AWS provider that kubewire doesn't know, or was changed by hand."
        return InvalidInputError(f"{self.says(key)} is no {what}", detail=detail)


def first_unknown(values: Sequence[Known[T] | None]) -> Unknown | None:
    """Give the first value that is unknown."""
    return next((value for value in values if isinstance(value, Unknown)), None)


def known_only(values: Sequence[Known[T]]) -> tuple[T, ...]:
    """Give the values that are known."""
    return tuple(value for value in values if not isinstance(value, Unknown))


def _sets(blocks: list[Any], key: str) -> bool:
    """Whether a block sets an attribute, or one of the blocks in it does."""
    inner = [item for item in blocks if isinstance(item, Mapping)]
    deeper = [part for item in inner for part in item.values() if isinstance(part, list)]
    return any(key in item for item in inner) or any(_sets(part, key) for part in deeper)


def _part(shape: Any, key: str) -> Any:
    if shape is True:
        return True
    return shape.get(key, False) if isinstance(shape, Mapping) else False


def _at(shape: Any, index: int) -> Any:
    if isinstance(shape, list):
        return shape[index] if index < len(shape) else False
    return shape


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _boolean(value: Any) -> bool:
    if value in ("true", "false"):
        return bool(value == "true")
    if not isinstance(value, bool):
        raise TypeError
    return value


def _whole(value: Any) -> int:
    # Providers write some numbers as text.
    if isinstance(value, bool) or not isinstance(value, int | float | str) or float(value) != int(float(value)):
        raise TypeError
    return int(float(value))


def _range(value: Any) -> Range:
    return ip_network(_string(value), strict=False)
