"""Diff: the live object, as far as it was declared, against what is declared now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kubewire.local.kubernetes_plugin.allocations import allocations
from kubewire.local.kubernetes_plugin.annotations import Annotation, is_true
from kubewire.local.kubernetes_plugin.checkpoint import Checkpoint
from kubewire.local.kubernetes_plugin.kinds import SERVICE, Target
from kubewire.local.kubernetes_plugin.objects import Address, Object, merged, metadata, pruned, section
from kubewire.provider.diff import Change, Difference

_IDENTITY = ("metadata.name", "metadata.namespace")
_CLUSTER_IP = "spec.clusterIP"
_CLASS = "spec.loadBalancerClass"
_EXTERNAL_NAME = "ExternalName"
_LOAD_BALANCER = "LoadBalancer"


class ObjectDifference(Difference):
    """A difference whose `replaces` are whole paths: `metadata.name` replaces an object, `metadata.labels` does not."""

    def is_replaced(self, path: str) -> bool:
        """Whether the change at a path replaces the object."""
        return path in self.replaces


def difference(target: Target, old: Checkpoint, new: Object) -> Difference:
    """Compare an object's state with new inputs; may hold unknowns, which count as changes."""
    before = pruned(old.live, old.inputs)
    identity = {key: metadata(old.live)[key] for key in ("name", "namespace") if metadata(old.live).get(key)}
    if not target.kind.namespaced and "namespace" in metadata(new):
        # It means nothing there, and the server drops it.
        new = {**new, "metadata": {key: value for key, value in metadata(new).items() if key != "namespace"}}
    changes = dict(_walk("", merged(before, {"metadata": identity}), new))
    replaces = frozenset(path for path in changes if _replaces(target, path, old.live, new))
    return ObjectDifference(
        changes=changes,
        replaces=replaces,
        delete_before_replace=bool(replaces) and _excludes(old.live, new),
    )


def _replaces(target: Target, path: str, live: Object, new: Object) -> bool:
    """Whether a change can't be made to the object. A patch manages an object of others and never replaces it."""
    if path in _IDENTITY or target.patch:
        return path in _IDENTITY
    before, after = section(live, "spec"), section(new, "spec")
    types = {before.get("type"), after.get("type")}
    if target.kind != SERVICE:
        return False
    if path == _CLUSTER_IP:
        # The address that it was given anyway can be declared; one without any address can be given one.
        same = after.get("clusterIP") == before.get("clusterIP")
        return _EXTERNAL_NAME not in types and not same
    return path == _CLASS and types == {_LOAD_BALANCER}


def _excludes(live: Object, new: Object) -> bool:
    """Whether the server would not take the new object beside the old one.

    That is so if both have the same name, or a node port or cluster address that the program fixes.
    """
    same_place = Address.of(live) == Address.of(new) and not is_true(Annotation.AUTONAMED, new)
    return same_place or bool(allocations(live) & allocations(new))


def _walk(path: str, old: Any, new: Any) -> Iterator[tuple[str, Change]]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in sorted(old.keys() | new.keys()):
            yield from _walk(_below(path, key), old.get(key), new.get(key))
    elif isinstance(old, list) and isinstance(new, list):
        for index in range(max(len(old), len(new))):
            yield from _walk(f"{path}[{index}]", _at(old, index), _at(new, index))
    elif old != new and not (_is_empty(old) and _is_empty(new)):
        yield path, Change.ADD if old is None else Change.DELETE if new is None else Change.UPDATE


def _at(items: list[Any], index: int) -> Any:
    return items[index] if index < len(items) else None


def _is_empty(value: Any) -> bool:
    # The server drops empty mappings and lists.
    return value is None or value in ({}, [])


def _below(path: str, key: str) -> str:
    if any(character in key for character in '."[]'):
        return f'{path}["{key}"]'
    return f"{path}.{key}" if path else key
