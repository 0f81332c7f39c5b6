"""How an argument says which existing objects are meant: by id, or by tags that they bear."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from kubewire.model import Model

TagValues = Annotated[
    dict[Annotated[str, Field(min_length=1, max_length=128)], Annotated[str, Field(max_length=256)]],
    Field(min_length=1),
]
"""Tags to look for; any key, also `Name`, AWS's own and kubewire's."""


class ByTags(Model):
    """What bears all of these tags."""

    by: Literal["tags"] = "tags"
    """Tells it from a selection by id."""
    tags: TagValues
    """Keys and values, both to the letter: `*` is an asterisk."""

    def fits(self, tags: Iterable[Mapping[str, Any]]) -> bool:
        """Whether an object with AWS's list of tags is meant."""
        return self.tags.items() <= {tag["Key"]: tag["Value"] for tag in tags}.items()

    def shown(self) -> str:
        """Write the tags as a message shows them, `team=web, tier=private`."""
        return ", ".join(f"{key}={value}" for key, value in sorted(self.tags.items()))


def name_of(tags: Iterable[Mapping[str, Any]]) -> str:
    """Give the Name tag; empty without one."""
    return next((str(tag["Value"]) for tag in tags if tag["Key"] == "Name"), "")


def shown(object_id: str, tags: Iterable[Mapping[str, Any]]) -> str:
    """Write an object as a message shows it: its id, and its name where it has one."""
    name = name_of(tags)
    return f"{object_id} ({name})" if name else object_id
