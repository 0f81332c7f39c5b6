"""Lists that moto filters in part or not at all: its whole answer, filtered here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.rules import Proceed

Item: TypeAlias = dict[str, Any]


def listed(call: Call, proceed: Proceed) -> Answer:
    """All that moto would list of what the call asks for, were it not for its filters."""
    return proceed(call.without("Filters", "Filter"))


def selected(call: Call, items: Iterable[Item], paths: Mapping[str, str], tags: str = "Tags") -> list[Item]:
    """Those items that all filters of a call let through; one filter is passed by any of its values.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html

    Args:
        call: with Filters, or Filter as a few operations name them.
        items: as the operation answers with them.
        paths: where in an item a filter looks, as names with dots between them.
        tags: where an item has its tags.
    """
    filters = call.parameters.get("Filters") or call.parameters.get("Filter") or ()
    return [item for item in items if all(_passes(item, one, paths, tags) for one in filters)]


def _passes(item: Item, one: Mapping[str, Any], paths: Mapping[str, str], tags: str) -> bool:
    values = _values(item, one["Name"], paths, tags)
    return any(_pattern(wanted).fullmatch(value) for wanted in one["Values"] for value in values)


def _values(item: Item, name: str, paths: Mapping[str, str], tags: str) -> list[str]:
    if name in paths:
        return _at(item, paths[name].split("."))
    if name == "tag-key":
        return [tag["Key"] for tag in item.get(tags, ())]
    return [tag["Value"] for tag in item.get(tags, ()) if f"tag:{tag['Key']}" == name]


def _at(value: Any, path: Sequence[str]) -> list[str]:
    if isinstance(value, list):
        return [found for one in value for found in _at(one, path)]
    if not path:
        return [str(value).lower() if isinstance(value, bool) else str(value)]
    return _at(value[path[0]], path[1:]) if path[0] in value else []


@lru_cache(maxsize=1000)
def _pattern(wanted: str) -> re.Pattern[str]:
    r"""A filter's value: * and ? stand for others, unless a \ is before them."""
    parts = re.findall(r"\\[*?\\]|.", wanted, re.DOTALL)
    written = (
        ".*" if part == "*" else "." if part == "?" else re.escape(part[1:] if len(part) > 1 else part)
        for part in parts
    )
    return re.compile("".join(written), re.DOTALL)
