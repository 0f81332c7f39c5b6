"""How many calls a change makes: what each kind says of it for a preview's forecast."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final, Protocol, TypeAlias

from kubewire.deferred import is_deferred

Calls: TypeAlias = Counter[str]
"""AWS's actions, `ec2:CreateRoute`, to how often each is called. Only those that change something are counted."""


class Tagged(Protocol):
    """What bears a Name and tags."""

    @property
    def name(self) -> str:
        """Its Name tag."""

    @property
    def tags(self) -> Mapping[str, str]:
        """Its other tags."""


# How each service calls removing and writing tags.
_TAGGING: Final = {"ec2": ("ec2:DeleteTags", "ec2:CreateTags"), "elbv2": ("elbv2:RemoveTags", "elbv2:AddTags")}


def counted(service: str = "ec2", /, **actions: int) -> Calls:
    """Count a service's actions by their names, without those that aren't called."""
    return Counter({f"{service}:{action}": int(number) for action, number in actions.items() if number > 0})


def retagged(service: str, old: Tagged, new: Tagged) -> Calls:
    """Count what a change of an object's tags takes: one call that writes all, one that removes what is no more."""
    remove, write = _TAGGING[service]
    before, after = {**old.tags, "Name": old.name}, {**new.tags, "Name": new.name}
    if before == after:
        return Counter()
    return Counter({write: 1} | ({remove: 1} if before.keys() - after.keys() else {}))


def made_or_retagged(action: str, old: Tagged | None, new: Tagged) -> Calls:
    """Count the one call that makes an object with its tags, or those that change the tags of one that is there."""
    return Counter({action: 1}) if old is None else retagged(action.partition(":")[0], old, new)


def members_retagged(old: Mapping[str, str], new: Mapping[str, str], kept: int) -> Calls:
    """Count what a change of the tags of a set takes, with so many members that stay: they share calls."""
    stale, missing = bool(old.keys() - new.keys()), bool(new.items() - old.items())
    return counted(DeleteTags=stale * batches(kept), CreateTags=missing * batches(kept))


def came(old: Iterable[Any], new: Iterable[Any]) -> int:
    """Count the ids that are new. One that only the apply will know is of something new, and is none that was there."""
    before = set(old)
    return sum(is_deferred(one) or one not in before for one in new)


def went(old: Iterable[Any], new: Iterable[Any]) -> int:
    """Count the ids that are no more."""
    return len(set(old) - {one for one in new if not is_deferred(one)})


def batches(number: int, most: int = 200) -> int:
    """Count the calls for so many objects, where one call takes so many at most."""
    return -(-number // most)
