"""What is made wrong, as environment files say it.

    broken:patches:
      - of: RouteTable *-private-eu-west-2a     kind and name, `*` for any text; a patch of nothing is an error
        at: [routes, 100.80.1.0/24]             a field; `*` for each
        to: {…}                                 what it becomes; or `like: [routes, 100.80.0.0/24]`, or `gone: true`,
                                                or `rows: {first: 100.81.0.0/24, count: 1001, like: […]}`: more rows
        in: plan                                after the engine, where the provider's own check would refuse it
      - add: Vpc                                another resource, before the network
        inputs: {name: other, cidr: 10.51.0.0/16}

In a value, `{ref: Vpc p12.other}` refers to a resource that is there already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from ipaddress import IPv4Network
from typing import Any

Wire = dict[str, Any]


class Patches:
    """Changes what resources are registered with.

    Args:
        patches: as they are written.
        refer: gives what refers to a resource, by its kind and name.
    """

    def __init__(self, patches: list[Wire], refer: Callable[[str], Any] = lambda name: {"name": name}) -> None:
        self._patches = patches
        self._refer = refer
        self._unused = {id(patch): patch["of"] for patch in patches}

    def changed(self, kind: str, name: str, inputs: Any) -> Wire:
        """Give a resource's inputs as they become."""
        for patch in self._patches:
            if fnmatchcase(f"{kind} {name}", patch["of"]):
                self._unused.pop(id(patch), None)
                inputs = self._replaced(inputs, patch["at"], patch, inputs)
        return dict(inputs)

    def check(self) -> None:
        """Fail for a patch of nothing: its network would be right."""
        if self._unused:
            message = f"nothing is called {', '.join(self._unused.values())}"
            raise LookupError(message)

    def filled(self, value: Any) -> Any:
        """Put references into a value."""
        match value:
            case {"ref": name, **more}:
                return {**self._refer(name), **self.filled(more)}
            case dict():
                return {key: self.filled(item) for key, item in value.items()}
            case list():
                return [self.filled(item) for item in value]
            case _:
                return value

    def _replaced(self, value: Any, path: list[Any], patch: Wire, root: Any) -> Any:
        if not path and "rows" in patch:
            return {**value, **_rows(root, patch["rows"])}
        if not path:
            return _at(root, patch["like"]) if "like" in patch else self.filled(patch["to"])
        changed = list(value) if isinstance(value, list) else dict(value or {})
        for key in _keys(changed, path[0]):
            if len(path) == 1 and patch.get("gone"):
                del changed[key]
            else:
                inner = changed[key] if isinstance(changed, list) else changed.get(key)
                changed[key] = self._replaced(inner, path[1:], patch, root)
        return changed


def _keys(value: list[Any] | Wire, key: Any) -> Iterator[Any]:
    if key != "*":
        yield key
    else:
        yield from range(len(value)) if isinstance(value, list) else list(value)


def _rows(root: Any, rows: Wire) -> Wire:
    """Give rows like another one, by consecutive ranges or by a name with a number."""
    like, first = _at(root, rows["like"]), str(rows["first"])
    if "/" not in first:
        return {f"{first}-{number}": like for number in range(rows["count"])}
    start = IPv4Network(first)
    size = start.num_addresses
    ranges = (IPv4Network((int(start[0]) + number * size, start.prefixlen)) for number in range(rows["count"]))
    return {str(item): like for item in ranges}


def _at(value: Any, path: list[Any]) -> Any:
    for key in path:
        value = value[key]
    return value
