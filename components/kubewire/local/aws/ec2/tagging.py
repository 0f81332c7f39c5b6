"""CreateTags, DeleteTags, and the tags that things are made with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.ec2.tag_targets import DELETED_BY, MADE_BY, must_exist
from kubewire.local.aws.refusal import Refusal, invalid_parameter
from kubewire.local.aws.rules import Proceed, after, answers, before

# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions
MOST: Final = 50
LONGEST_KEY: Final = 128
LONGEST_VALUE: Final = 256
RESERVED: Final = "aws:"
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateTags.html
MOST_RESOURCES: Final = 1000


@before("ec2", "CreateTags")
def tagged(call: Call) -> None:
    """Refuse tags that can't be, on what isn't there, and too many; none is written if one is refused.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateTags.html
    """
    tags = call.parameters.get("Tags", [])
    if not tags:
        raise Refusal("MissingParameter", "The request must contain the parameter tagSet")
    _check_resources(call)
    _check(tags)
    for identity in call.parameters["Resources"]:
        present = {key for key in call.ec2.tags.get(identity, {}) if not key.startswith(RESERVED)}
        if len(present | {tag["Key"] for tag in tags}) > MOST:
            raise _too_many()


@answers("ec2", "DeleteTags")
def untagged(call: Call, proceed: Proceed) -> Answer:
    """Delete tags: those of a key, or only if they have that value; all of one's own where none is named.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteTags.html
    """
    _check_resources(call)
    tags = call.parameters.get("Tags", [])
    if any(tag.get("Key", "").startswith(RESERVED) for tag in tags):
        raise _reserved()
    if tags:
        return proceed(call)
    for identity in call.parameters["Resources"]:
        own = [key for key in call.ec2.tags.get(identity, {}) if not key.startswith(RESERVED)]
        call.ec2.delete_tag_keys([identity], own)
    return {}


@before("ec2", *MADE_BY)
def tagged_as_made(call: Call) -> None:
    """Refuse tags of something else than the operation makes, and those that CreateTags would refuse.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TagSpecification.html
    """
    seen: set[str] = set()
    for one in call.parameters.get("TagSpecifications", []):
        kind, tags = one.get("ResourceType"), one.get("Tags", [])
        if kind not in MADE_BY[call.operation]:
            raise invalid_parameter(f"'{kind}' is not a valid taggable resource type for this operation.")
        if kind in seen:
            raise invalid_parameter(f"Multiple tag specifications for resource type '{kind}' are not allowed.")
        seen.add(kind)
        if not tags:
            raise invalid_parameter("Tag specification must have at least one tag")
        _check(tags)
        if len(tags) > MOST:
            raise _too_many()


@after("ec2", *DELETED_BY)
def tags_go_too(call: Call, _answer: Answer) -> None:
    """Forget the tags of what is deleted; moto's DescribeTags would list them for ever.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html (deleted with the resource)
    """
    call.ec2.tags.pop(call.parameters.get(DELETED_BY[call.operation], ""), None)


def _check_resources(call: Call) -> None:
    resources = call.parameters["Resources"]
    if len(resources) > MOST_RESOURCES:
        raise invalid_parameter(f"The maximum number of resource IDs for a single call is {MOST_RESOURCES}")
    for identity in resources:
        must_exist(call, identity)


def _check(tags: Sequence[Mapping[str, Any]]) -> None:
    keys = [tag.get("Key", "") for tag in tags]
    for tag, key in zip(tags, keys, strict=True):
        if not key:
            raise invalid_parameter("Tag key cannot be null or empty")
        if key.startswith(RESERVED):
            raise _reserved()
        if len(key) > LONGEST_KEY:
            raise invalid_parameter(f"Tag key exceeds the maximum length of {LONGEST_KEY} characters")
        if tag.get("Value") is None:
            raise invalid_parameter("Tag value cannot be null. Use empty string instead.")
        if len(tag["Value"]) > LONGEST_VALUE:
            raise invalid_parameter(f"Tag value exceeds the maximum length of {LONGEST_VALUE} characters")
        if keys.count(key) > 1:
            raise invalid_parameter(f"Duplicate tag key '{key}' specified.")


def _reserved() -> Refusal:
    return invalid_parameter(f"Tag keys starting with '{RESERVED}' are reserved for internal use")


def _too_many() -> Refusal:
    return Refusal("TagLimitExceeded", "The maximum number of Tags for a resource has been reached.")
