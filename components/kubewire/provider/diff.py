"""The one diff: what a change of inputs means, read from the fields' marks.

Sets are mappings from a row's key to the row, so a changed row shows as `routes["10.1.0.0/24"]` and the others don't.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from kubewire.model import REPLACE, UNIQUE, Model


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
        return path.split(".", 1)[0].split("[", 1)[0] in self.replaces


def compare(inputs: type[Model], old: Mapping[str, Any], new: Mapping[str, Any]) -> Difference:
    """Compare an object's known state with new inputs, both in wire form.

    Args:
        inputs: the model of the inputs; what else the state holds is AWS's and no difference.
        old: the state as last applied or refreshed.
        new: checked inputs; may hold unknowns, which count as changes.
    """
    fields = [field.alias or name for name, field in inputs.model_fields.items()]
    changes: dict[str, Change] = {}
    for field in fields:
        changes.update(_walk(field, old.get(field), new.get(field)))
    changed = {path.split(".", 1)[0].split("[", 1)[0] for path in changes}
    replaces = inputs.marked(REPLACE) & changed
    unique = inputs.marked(UNIQUE)
    return Difference(
        changes=changes,
        replaces=replaces,
        delete_before_replace=bool(replaces and unique and not unique & changed),
    )


def _walk(path: str, old: Any, new: Any) -> Iterator[tuple[str, Change]]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in sorted(old.keys() | new.keys()):
            yield from _walk(_below(path, key), old.get(key), new.get(key))
    elif old != new:
        # An empty set and none are the same: AWS tells no difference either.
        if old in (None, {}, []) and new in (None, {}, []):
            return
        yield path, Change.ADD if old is None else Change.DELETE if new is None else Change.UPDATE


def _below(path: str, key: str) -> str:
    return f"{path}.{key}" if key.isidentifier() else f'{path}["{key}"]'
