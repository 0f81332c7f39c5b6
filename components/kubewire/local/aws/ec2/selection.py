"""Lists that moto filters in part or not at all: its whole answer, filtered here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.ec2.matching import matches, tag_values
from kubewire.local.aws.rules import Proceed

Item: TypeAlias = dict[str, Any]


def listed(call: Call, proceed: Proceed) -> Answer:
    """All that moto would list of what the call asks for, were it not for its filters."""
    return proceed(call.without("Filters", "Filter"))


def selected(call: Call, items: Iterable[Item], paths: Mapping[str, str], tags: str = "Tags") -> list[Item]:
    """Those items that all filters of a call let through.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html

    Args:
        call: with Filters, or Filter as a few operations name them.
        items: as the operation answers with them.
        paths: where in an item a filter looks, as names with dots between them.
        tags: where an item has its tags.
    """
    filters = call.parameters.get("Filters") or call.parameters.get("Filter") or ()

    def passes(item: Item) -> bool:
        return matches(filters, lambda name: _values(item, name, paths, tags))

    return [item for item in items if passes(item)]


def _values(item: Item, name: str, paths: Mapping[str, str], tags: str) -> list[object]:
    if name in paths:
        return _at(item, paths[name].split("."))
    return [*tag_values(item.get(tags, ()), name)]


def _at(value: Any, path: Sequence[str]) -> list[object]:
    if isinstance(value, list):
        return [found for one in value for found in _at(one, path)]
    if not path:
        return [value]
    return _at(value[path[0]], path[1:]) if path[0] in value else []
