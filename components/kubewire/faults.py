"""What pydantic says of a mistake, in the words and paths of who made it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic.alias_generators import to_snake

from kubewire.deferred import is_deferred
from kubewire.errors import InvalidInputError

NEEDS_QUOTES = set(' ."[]')
DISCRIMINATORS = ("kind", "type", "by")
"""The keys that say which member of a union is meant."""


def dotted(location: Sequence[int | str]) -> str:
    """Write a pydantic location as a path: `nodes[2].zone`, `records["www.example.com A"].ttl`."""
    path = ""
    for part in location:
        if isinstance(part, int):
            path = _below(path, f"[{part}]")
        else:
            path = _below(path, f'["{part}"]' if NEEDS_QUOTES & set(part) else part)
    return path


def _below(path: str, part: str) -> str:
    return f"{path}.{part}" if path and part and not part.startswith("[") else path + part


def faults(error: ValidationError, given: object = None) -> list[InvalidInputError]:
    """Turn a validation error into one clear error for each field at fault.

    Args:
        error: what pydantic says.
        given: what it was asked to validate. With it, paths say no more than the user wrote.
    """
    items = error.errors(include_url=False)
    # Pydantic doesn't count an item at fault, and then calls its list too short as well.
    at_fault = {item["loc"][:-1] for item in items} | {item["loc"][:-2] for item in items}
    kept = [
        item
        for item in items
        # Nor does it know a default that follows from a field at fault; that field's own fault says it all.
        if item["type"] != "default_factory_not_called" and (item["type"] != "too_short" or item["loc"] not in at_fault)
    ]
    return [fault for item in kept for fault in _faults(dict(item), given)]


def _place(location: Sequence[int | str], given: object, *, missing: bool) -> Sequence[int | str]:
    """Leave out of a location what the user didn't write: the names of a union's members, and `[key]`."""
    if given is None:
        return location
    place: list[int | str] = []
    below = False
    for position, part in enumerate(location):
        if isinstance(given, Mapping):
            if below and part in {given.get(key) for key in DISCRIMINATORS if isinstance(given.get(key), str)}:
                # The first part inside a union is its member's name, even where a field is called the same.
                below = False
                continue
            known = next((key for key in (part, to_snake(str(part))) if key in given), None)
            if known is None and not (missing and position == len(location) - 1):
                continue
            given = given.get(known) if known is not None else None
        elif isinstance(given, Sequence) and not isinstance(given, str) and isinstance(part, int):
            given = given[part] if part < len(given) else None
        else:
            break
        place.append(part)
        below = True
    return place


def _faults(item: Mapping[str, Any], whole: object) -> list[InvalidInputError]:
    path = dotted(_place(item["loc"], whole, missing=item["type"] == "missing"))
    cause = item.get("ctx", {}).get("error")
    if isinstance(cause, InvalidInputError):
        return [
            InvalidInputError(it.summary, detail=it.detail, path=_below(path, it.path)) for it in cause.parts or [cause]
        ]
    return [_fault(item, path)]


def _fault(item: Mapping[str, Any], path: str) -> InvalidInputError:
    if item["type"] == "extra_forbidden":
        return InvalidInputError("unknown key", detail="Remove it, or correct its spelling.", path=path)
    if item["type"] == "missing":
        return InvalidInputError("required, but not given", path=path)
    if item["type"] == "union_tag_not_found":
        return InvalidInputError("required, but not given", path=_below(path, item["ctx"]["discriminator"].strip("'")))
    given = item.get("input")
    if is_deferred(given):
        return InvalidInputError("must be known before the apply", detail="Write the value itself here.", path=path)
    shown = f"Given: {given!r}." if isinstance(given, str | int | float | bool) else ""
    return InvalidInputError(str(item["msg"]).removeprefix("Value error, "), detail=shown, path=path)
