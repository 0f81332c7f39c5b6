"""Which resources change, and which of their fields: never their values, which may be secret."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from kubewire.faults import dotted
from kubewire.model import Model
from kubewire.prover.from_plan.values import is_open

SHOWN = 20
"""Fields of one resource that are written out."""


class Verb(StrEnum):
    """What the engine will do.

    https://www.pulumi.com/docs/iac/concepts/how-pulumi-works/
    """

    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    DELETE = "delete"
    IMPORT = "import"


VERBS = {
    "create": Verb.CREATE,
    "update": Verb.UPDATE,
    "replace": Verb.REPLACE,
    "create-replacement": Verb.REPLACE,
    "delete-replaced": Verb.REPLACE,
    "delete": Verb.DELETE,
    "discard": Verb.DELETE,
    "import": Verb.IMPORT,
    "import-replacement": Verb.REPLACE,
}


class Change(Model):
    """A resource that changes."""

    verb: Verb
    kind: str
    """Its type, `kubewire:index:RouteTable`."""
    name: str
    """Its name in the stack."""
    fields: tuple[str, ...] = ()
    """The fields that change, a row of a set by its key: `+routes["10.0.0.0/16"]` is new, `-` goes."""
    more_fields: int = 0
    """How many others do."""

    def __str__(self) -> str:
        return f"{self.kind.rpartition(':')[2]} {self.name}"


def changes(text: str) -> list[Change]:
    """Give all of a plan, by type and name: the engine's order differs from run to run.

    The plan was read before, so it is whole.
    """
    found: dict[str, Change] = {}
    for step in json.loads(text)["steps"]:
        verb = VERBS.get(str(step.get("op")))
        state = step.get("newState") or step.get("oldState") or {}
        # Components are no objects: what changes is what they are made of.
        if verb is None or not state.get("custom") or str(state.get("type")).startswith("pulumi:providers:"):
            continue
        urn = str(step["urn"])
        if urn in found and not found[urn].fields:
            found.pop(urn)
        found.setdefault(urn, _change(verb, step, state, urn))
    return sorted(found.values(), key=lambda one: (str(one), one.verb))


def _change(verb: Verb, step: Mapping[str, Any], state: Mapping[str, Any], urn: str) -> Change:
    old, new = (((step.get(side) or {}).get("inputs") or {}) for side in ("oldState", "newState"))
    fields = list(_differing(old, new, ())) if verb in (Verb.UPDATE, Verb.REPLACE) and old and new else []
    return Change(
        verb=verb,
        kind=str(state["type"]),
        name="::".join(urn.split("::")[3:]) or urn,
        fields=tuple(fields[:SHOWN]),
        more_fields=max(0, len(fields) - SHOWN),
    )


def _differing(old: Any, new: Any, location: tuple[str, ...]) -> Iterator[str]:
    """Give the fields that differ, down to rows of sets; a secret is one field, whatever is in it."""
    if old == new:
        return
    deep = len(location) < 2  # noqa: PLR2004 - a field, and its rows
    if deep and all(isinstance(one, Mapping) and not is_open(one) for one in (old, new)):
        for key in dict.fromkeys((*old, *new)):
            where = (*location, str(key))
            if key not in old or key not in new:
                yield f"{'+' if key in new else '-'}{dotted(where)}"
            else:
                yield from _differing(old[key], new[key], where)
    elif location:
        yield dotted(location)
