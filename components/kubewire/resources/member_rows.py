"""What the members of a set show of the whole set, in a state and in a preview."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from kubewire.deferred import UNKNOWN
from kubewire.resources.members import MEMBER_TAG, Member

T = TypeVar("T")
MemberT = TypeVar("MemberT", bound=Member)


def by_member(
    found: Iterable[MemberT], rank: Callable[[str, MemberT], Any | None]
) -> tuple[dict[str, MemberT], list[MemberT]]:
    """Tell members from what is too many.

    Args:
        found: what bears the set's id.
        rank: how good an object is as the member of that name, the lower the better; None if it can't be it.

    Returns:
        Each name's one object; and the others: those of no member, and the second ones that a race or a kill made.
    """
    ranked: dict[str, list[tuple[Any, str, MemberT]]] = {}
    rest: list[MemberT] = []
    for item in found:
        name = item.tags.get(MEMBER_TAG, item.id)
        place = rank(name, item)
        if place is None:
            rest.append(item)
        else:
            ranked.setdefault(name, []).append((place, item.id, item))
    kept: dict[str, MemberT] = {}
    for name, candidates in ranked.items():
        first, *others = sorted(candidates, key=lambda candidate: candidate[:2])
        kept[name] = first[2]
        rest += [item for _, _, item in others]
    return kept, rest


def odd_one(values: Iterable[T], declared: T) -> T:
    """Give the first value that isn't what was declared, so that one member that differs shows for the whole set."""
    return next((value for value in values if value != declared), declared)


def shown_tags(members: Iterable[Member], declared: Mapping[str, str]) -> dict[str, str]:
    """Give the tags of a set: whatever any member has, and of values that differ one that isn't as declared."""
    found = [own_tags(member.tags) for member in members]
    if not found:
        return dict(declared)
    keys = set[str]().union(*found)
    return {key: odd_one((tags[key] for tags in found if key in tags), declared.get(key, "")) for key in sorted(keys)}


def differing(members: Mapping[str, MemberT], look: Callable[[MemberT], T], declared: T) -> tuple[str, ...] | None:
    """Give the members that aren't as declared, if not all of them are alike; None if they are.

    One value is shown of each field. Where a program has the same, that is no difference, and members that have
    another one would keep it: a run that was cut off leaves such sets.

    Args:
        members: as they are, by name.
        look: what all members have in common.
        declared: how that was declared last.
    """
    found = {name: look(member) for name, member in members.items()}
    first = next(iter(found.values()), None)
    if all(one == first for one in found.values()):
        return None
    return tuple(sorted(name for name, one in found.items() if one != declared))


def own_tags(tags: Mapping[str, str]) -> dict[str, str]:
    """Leave out what AWS and kubewire add."""
    return {key: value for key, value in tags.items() if not key.startswith(("aws:", "kubewire:")) and key != "Name"}


def foreseen(rows: Iterable[str], kept: Iterable[str], old: Mapping[str, Any] | None) -> dict[str, Any]:
    """Give a mapping of what AWS says of each member, as far as it's known before an apply.

    Args:
        rows: the members that there will be.
        kept: those that stay as they are.
        old: the mapping as it was; None before a create.
    """
    known = {name: old[name] for name in kept if name in old} if old else {}
    return {name: known.get(name, UNKNOWN) for name in rows}
