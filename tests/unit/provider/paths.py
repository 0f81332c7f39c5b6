"""Pulumi's reading of a property path, as its engine does it (sdk/go/common/resource/properties_path.go)."""

from __future__ import annotations

from typing import Any


def parse(path: str) -> list[str]:
    """Split a path into its keys.

    Raises:
        ValueError: the engine would refuse it.
    """
    keys: list[str] = []
    while path:
        if path.startswith('["'):
            key, path = _quoted(path[2:])
            keys.append(key)
        elif path.startswith("["):
            raise ValueError(f"an array index, or no index: {path}")
        else:
            path = path.removeprefix(".") if keys else path
            ends = [end for end in (path.find("."), path.find("[")) if end >= 0]
            end = min(ends, default=len(path))
            if end == 0:
                raise ValueError(f"no name in {path!r}")
            keys.append(path[:end])
            path = path[end:]
    return keys


def _quoted(rest: str) -> tuple[str, str]:
    key = ""
    while not rest.startswith('"'):
        if not rest:
            raise ValueError("no closing quote")
        step = 2 if rest.startswith('\\"') else 1
        key += rest[step - 1]
        rest = rest[step:]
    if not rest.startswith('"]'):
        raise ValueError("no closing bracket")
    return key, rest[2:]


def lookup(value: Any, keys: list[str]) -> Any:
    """Give what is at a path, None if nothing is."""
    for key in keys:
        if not isinstance(value, dict) or key not in value:
            return None
        value = value[key]
    return value
