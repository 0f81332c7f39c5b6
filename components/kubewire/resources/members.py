"""Sets: objects of one kind that one resource declares, made, found and removed together.

A set has no object of its own on AWS, so nothing is made for it: `create` gives an id that is drawn from the owner, and
`converge` makes the members, which is repeatable at any point. Each member bears the set's id and its own name in the
set from the call that makes it, and is found by them alone: a resource whose URN changes keeps its members, and a
member whose Name somebody changed is still the same one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Protocol

from pydantic import Field

from kubewire.model import UNSETTLED, Model, Tags
from kubewire.resources.base import OWNER_TAGS, TAGS_OF_AWS, Owner
from kubewire.resources.tagging import pairs, where

if TYPE_CHECKING:
    from types_boto3_ec2.literals import ResourceTypeType
    from types_boto3_ec2.type_defs import FilterTypeDef, TagSpecificationTypeDef

    from kubewire.resources.base import Cloud

SET_TAG = "kubewire:set"
MEMBER_TAG = "kubewire:member"
MOST_TAGS = TAGS_OF_AWS - len(OWNER_TAGS) - 3
"""Tags that a member has room for, beside its Name, its owner's, its set and its name in that."""
MOST_AT_ONCE = 200
"""How many objects one call is about. CreateTags takes 1000 ids, and AWS recommends smaller batches:
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateTags.html"""

MemberName = Annotated[str, Field(min_length=1, max_length=255)]
"""What a member is called in its set; its Name tag too."""


class SetArgs(Model):
    """Inputs of a set."""

    name: str = Field(min_length=1, max_length=255)
    """What people call the set. On AWS each member bears its own name."""
    tags: Tags = {}
    """More tags of every member; the provider's default tags and the ownership tags are added to them."""


class SetState(SetArgs):
    """A set as it is."""

    differing: Annotated[tuple[str, ...] | None, UNSETTLED] = None
    """Members that aren't as the others and as they were declared last: somebody changed them, or a run that was cut
    off. An update makes all of them alike."""


class Member(Protocol):
    """An object of a set, as AWS shows it."""

    @property
    def id(self) -> str:
        """Its id on AWS."""

    @property
    def tags(self) -> Mapping[str, str]:
        """All of its tags."""


def set_id(kind: str, owner: Owner) -> str:
    """Draw a set's id from its owner: the same in every run, and another one for every state.

    Args:
        kind: what it is a set of, `instances`.
        owner: who declares it.
    """
    drawn = "\0".join((owner.stack, owner.resource, owner.state or ""))
    return f"{kind}-{hashlib.sha256(drawn.encode()).hexdigest()[:20]}"


def in_set(object_id: str) -> list[FilterTypeDef]:
    """Filter an EC2 Describe call for the members of a set."""
    return where({f"tag:{SET_TAG}": object_id})


def read_tags(tags: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Read AWS's list of keys and values."""
    return {tag["Key"]: tag["Value"] for tag in tags}


def member_tags(object_id: str, member: str, args: SetArgs, owner: Owner) -> dict[str, str]:
    """Give every tag that a member bears."""
    return {**args.tags, "Name": member, **owner.tags(), SET_TAG: object_id, MEMBER_TAG: member}


def on_member(kind: ResourceTypeType, tags: Mapping[str, str]) -> TagSpecificationTypeDef:
    """Write the tags of a new member as its creating call takes them."""
    return {"ResourceType": kind, "Tags": pairs(tags)}


def member_token(run: str, *parts: str) -> str:
    """Give the client token of a member's creating call: the same for the same member in one run, 64 characters."""
    return hashlib.sha256("\0".join((run, *parts)).encode()).hexdigest()


def retag_members(
    cloud: Cloud, wanted: Mapping[str, Mapping[str, str]], members: Iterable[Member], old: SetArgs
) -> None:
    """Bring the tags of members to what is wanted; no call where they are so. Members with the same change share one.

    Args:
        cloud: AWS.
        wanted: a member's id to its tags.
        members: as they are.
        old: the last known inputs: what they have and `wanted` doesn't is removed; other tags that somebody put there
            in the meantime are left for the next refresh to show.
    """
    written: dict[tuple[tuple[str, str], ...], list[str]] = {}
    stale: dict[tuple[str, ...], list[str]] = {}
    for member in members:
        missing = tuple(sorted(wanted[member.id].items() - member.tags.items()))
        extra = tuple(sorted((old.tags.keys() & member.tags.keys()) - wanted[member.id].keys()))
        if missing:
            written.setdefault(missing, []).append(member.id)
        if extra:
            stale.setdefault(extra, []).append(member.id)
    for keys, ids in stale.items():
        for some in in_batches(ids):
            cloud.ec2.delete_tags(Resources=some, Tags=[{"Key": key} for key in keys])
    for tags, ids in written.items():
        for some in in_batches(ids):
            cloud.ec2.create_tags(Resources=some, Tags=pairs(dict(tags)))


def in_batches(ids: Sequence[str]) -> list[Sequence[str]]:
    """Cut ids into as many as one call takes well."""
    return [ids[start : start + MOST_AT_ONCE] for start in range(0, len(ids), MOST_AT_ONCE)]
