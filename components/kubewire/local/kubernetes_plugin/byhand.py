"""Fields that people changed by hand, with kubectl: an update takes them back, as with the official plugin.

To the server, each kubectl command is a field manager of its own. Applying over it is a conflict, and applying without
its fields leaves them as they are: a port that was renumbered by hand would be kept beside the declared one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kubewire.local.kubernetes_plugin.kinds import API_VERSION
from kubewire.local.kubernetes_plugin.objects import Object, merged, metadata

_APPLY = "Apply"
# What the server calls the rest, where an object was made without server-side apply, and what the official plugin
# calls itself when it creates one.
_OTHERS = ("before-first-apply", "pulumi-kubernetes")


def is_by_hand(manager: str) -> bool:
    """Whether a field manager is a person at a terminal."""
    return manager.startswith("kubectl") or manager in _OTHERS


def is_touched(live: Object) -> bool:
    """Whether somebody changed an object by hand. Its status, say, is not the program's anyway."""
    return any(_is_theirs(entry) for entry in _entries(live))


def adopted(live: Object, manager: str) -> list[Any]:
    """Give who manages what, with all that was changed by hand made over to a manager."""
    fields: Mapping[str, Any] = {}
    kept, ours = [], None
    for entry in _entries(live):
        if _is_theirs(entry):
            fields = merged(fields, entry.get("fieldsV1") or {})
        elif entry.get("manager") == manager and entry.get("operation") == _APPLY:
            ours = entry
        else:
            kept.append(entry)
    blank = {"manager": manager, "operation": _APPLY, "apiVersion": API_VERSION, "fieldsType": "FieldsV1"}
    base: Mapping[str, Any] = ours or blank
    return [*kept, {**base, "fieldsV1": merged(base.get("fieldsV1") or {}, fields)}]


def _is_theirs(entry: Mapping[str, Any]) -> bool:
    return is_by_hand(str(entry.get("manager"))) and not entry.get("subresource")


def _entries(live: Object) -> Iterable[Mapping[str, Any]]:
    entries: Iterable[Mapping[str, Any]] = metadata(live).get("managedFields") or []
    return entries
