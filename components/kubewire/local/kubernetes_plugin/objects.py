"""Kubernetes objects as JSON, and the few questions that are asked of any of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kubewire.deferred import Unknown

Object = Mapping[str, Any]


@dataclass(frozen=True)
class Address:
    """Where an object lies.

    Attributes:
        name: its name.
        namespace: empty for what lies in none.
    """

    name: str
    namespace: str = ""

    def __str__(self) -> str:
        """Give the id that Pulumi knows it by."""
        return f"{self.namespace}/{self.name}" if self.namespace else self.name

    @classmethod
    def parse(cls, object_id: str) -> Address:
        """Read an id, as the state has it or as a user writes it in an import."""
        namespace, _, name = object_id.rpartition("/")
        return cls(name, namespace)

    @classmethod
    def of(cls, obj: Object) -> Address:
        """Give an object's address; both of its parts must be known."""
        return cls(str(metadata(obj).get("name", "")), str(metadata(obj).get("namespace", "")))


def section(obj: Object, *path: str) -> Object:
    """Give a mapping within an object; empty where there is none, or where only the apply knows it."""
    for key in path:
        inner = obj.get(key)
        if not isinstance(inner, Mapping):
            return {}
        obj = inner
    return obj


def metadata(obj: Object) -> Object:
    """Give an object's metadata."""
    return section(obj, "metadata")


def uid(obj: Object) -> str:
    """Give what tells an object from a later one of the same name."""
    return str(metadata(obj).get("uid", ""))


def has_unknown(value: Any) -> bool:
    """Whether any part of a value is known to the apply only."""
    if isinstance(value, Mapping):
        return any(has_unknown(part) for part in value.values())
    if isinstance(value, list):
        return any(has_unknown(part) for part in value)
    return isinstance(value, Unknown)


def without_nulls(value: Any) -> Any:
    """Copy a value without what is None: to the API server, null would be a wish to remove something."""
    if isinstance(value, Mapping):
        return {key: without_nulls(part) for key, part in value.items() if part is not None}
    if isinstance(value, list):
        return [without_nulls(part) for part in value]
    return value


def merged(base: Object, overlay: Object) -> dict[str, Any]:
    """Copy a mapping with another one laid over it, mappings within them likewise."""
    result = dict(base)
    for key, value in overlay.items():
        below = result.get(key)
        nested = isinstance(value, Mapping) and isinstance(below, Mapping)
        result[key] = merged(below, value) if nested else value  # type: ignore[arg-type]  # both are mappings
    return result


def pruned(live: Any, shape: Any) -> Any:
    """Give of a live value what a declared one speaks of.

    The server adds fields of its own, and other managers add theirs; neither is a difference. Lists are matched item
    by item: what the live one has beyond the declared one is somebody else's.
    """
    if isinstance(live, Mapping) and isinstance(shape, Mapping):
        return {key: pruned(value, shape[key]) for key, value in live.items() if key in shape}
    if isinstance(live, list) and isinstance(shape, list):
        return [pruned(item, part) for item, part in zip(live, shape, strict=False)]
    return live
