"""The one diff: what a change of inputs means, read from the fields' marks.

Sets are mappings from a row's key to the row, so a changed row shows as `routes["10.1.0.0/24"]` and the others don't.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Any

from kubewire.model import REPLACE, REPLACE_KEPT, UNIQUE, UNSETTLED, Model, Ref

REF_KEYS = set(Ref.model_fields)


class Change(Enum):
    """What happens to one property."""

    ADD = "add"
    DELETE = "delete"
    UPDATE = "update"


@dataclass(frozen=True)
class Difference:
    """Everything that changes between an object and its new inputs.

    Attributes:
        changes: property path, as Pulumi writes it, to what happens there.
        replaces: top-level properties whose change replaces the object.
        delete_before_replace: whether the old object must go first, for AWS would not take both.
    """

    changes: Mapping[str, Change]
    replaces: frozenset[str]
    delete_before_replace: bool

    def is_replaced(self, path: str) -> bool:
        """Whether the change at a path replaces the object."""
        return top_level(path) in self.replaces

    def changed_fields(self) -> list[str]:
        """Give the top-level properties that change."""
        return sorted({top_level(path) for path in self.changes})


def top_level(path: str) -> str:
    """Give the property of the object that a path lies in."""
    return path.split(".", 1)[0].split("[", 1)[0]


def compare(
    inputs: type[Model], old: Mapping[str, Any], new: Mapping[str, Any], state: type[Model] = Model
) -> Difference:
    """Compare an object's known state with new inputs, both in wire form.

    A field that the state doesn't have is one that kubewire didn't have either when it was written: it had what is
    now the default. So a newer kubewire doesn't change or replace what an older one made.

    Args:
        inputs: the model of the inputs; what else the state holds is AWS's and no difference, unless it's marked.
        old: the state as last applied or refreshed.
        new: checked inputs; may hold unknowns, which count as changes.
        state: the model of the state.
    """
    fields = [field.alias or name for name, field in inputs.model_fields.items()]
    before = {name: value for name, value in _defaults(inputs).items() if name in new} | dict(old)
    changes: dict[str, Change] = {}
    for name in fields:
        changes.update(_walk(name, before.get(name), new.get(name)))
    changes.update(dict.fromkeys((name for name in state.marked(UNSETTLED) if old.get(name)), Change.DELETE))
    moved = {name for name in fields if not _same(_identity(before.get(name)), _identity(new.get(name)))}
    replaces = inputs.marked(REPLACE) & moved
    replaces |= {name for name in inputs.marked(REPLACE_KEPT) if _entry_changed(before.get(name), new.get(name))}
    unique = inputs.marked(UNIQUE)
    kept = bool(unique) and not unique & moved and all(not _is_nothing(new.get(name)) for name in unique)
    return Difference(changes=changes, replaces=replaces, delete_before_replace=bool(replaces) and kept)


@cache
def _defaults(inputs: type[Model]) -> Mapping[str, Any]:
    return inputs.model_construct().to_wire()


def _entry_changed(old: Any, new: Any) -> bool:
    """Whether an entry that is in both mappings is another one."""
    if not isinstance(old, Mapping) or not isinstance(new, Mapping):
        return False
    return any(not _same(_identity(old[key]), _identity(new[key])) for key in old.keys() & new.keys())


def _walk(path: str, old: Any, new: Any) -> Iterator[tuple[str, Change]]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in sorted(old.keys() | new.keys()):
            below = _below(path, key)
            if below is None:
                if not _same(old.get(key), new.get(key)):
                    yield path, Change.UPDATE
            else:
                yield from _walk(below, old.get(key), new.get(key))
    elif not _same(old, new):
        yield path, Change.ADD if old is None else Change.DELETE if new is None else Change.UPDATE


def _same(old: Any, new: Any) -> bool:
    # An empty set and none are the same: AWS tells no difference either.
    return bool(old == new) or (_is_nothing(old) and _is_nothing(new))


def _is_nothing(value: Any) -> bool:
    return value is None or value in ({}, [])


def _identity(value: Any) -> Any:
    """Leave out the names of references: an object that was only renamed is still the one referred to."""
    match value:
        case Mapping():
            kept = value.keys() - {"name"} if value.keys() >= REF_KEYS else value.keys()
            return {key: _identity(value[key]) for key in kept}
        case list():
            return [_identity(item) for item in value]
        case _:
            return value


def _below(path: str, key: str) -> str | None:
    r"""Write the path of a key in a mapping, None where Pulumi's grammar has no words for it.

    In quotes, `\"` is a quote and any other backslash itself: so a key that ends in one can't stand in quotes.
    Grammar: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/properties_path.go
    """
    if key.isidentifier():
        return f"{path}.{key}"
    if not key.endswith("\\"):
        quoted = key.replace('"', '\\"')
        return f'{path}["{quoted}"]'
    return None if "." in key or "[" in key else f"{path}.{key}"
