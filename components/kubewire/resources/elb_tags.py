"""Tags as Elastic Load Balancing writes them, and what they say of whose an object is.

Creating calls of Elastic Load Balancing are idempotent by name and settings, whoever asks: a call that meets a
stranger's object with the same name and the same settings succeeds and answers with the stranger's. So an answer is
taken for ours by its tags alone.
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from kubewire.errors import NotFoundError, RefusedError
from kubewire.resources.base import NamedArgs, Owner
from kubewire.resources.tagging import all_tags, changed_tags

if TYPE_CHECKING:
    from types_boto3_elbv2.type_defs import TagTypeDef

    from kubewire.resources.base import Cloud

MOST_TAGGED = 20
"""ARNs that one DescribeTags takes.
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTags.html"""


def pairs(tags: Mapping[str, str]) -> list[TagTypeDef]:
    """Write tags as a list of keys and values."""
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]


def on_create(args: NamedArgs, owner: Owner) -> list[TagTypeDef]:
    """Write the tags of a new object as its creating call takes them."""
    return pairs(all_tags(args, owner))


def tags_of(cloud: Cloud, arns: Sequence[str]) -> dict[str, dict[str, str]]:
    """Give the tags of objects of one kind, by ARN. What is gone, or goes meanwhile, has none."""
    found: dict[str, dict[str, str]] = {}
    for start in range(0, len(arns), MOST_TAGGED):
        try:
            answer = cloud.elbv2.describe_tags(ResourceArns=arns[start : start + MOST_TAGGED])
        except NotFoundError:
            if len(arns) > 1:
                # One of them went away, and AWS doesn't say which.
                for arn in arns[start : start + MOST_TAGGED]:
                    found.update(tags_of(cloud, [arn]))
            continue
        for item in answer["TagDescriptions"]:
            found[item["ResourceArn"]] = {tag["Key"]: tag.get("Value", "") for tag in item["Tags"]}
    return found


def owned(cloud: Cloud, owner: Owner, arns: Sequence[str]) -> list[str]:
    """Give those of the objects that an owner made."""
    tags = tags_of(cloud, arns)
    return [arn for arn in arns if owner.tags().items() <= tags.get(arn, {}).items()]


def require_own(cloud: Cloud, owner: Owner, arn: str, what: str) -> str:
    """Give the ARN of what a creating call answered with.

    Raises:
        RefusedError: it is somebody else's, and was there before. Nothing was done to it.
        NotFoundError: AWS doesn't show it yet.
    """
    (answer,) = cloud.elbv2.describe_tags(ResourceArns=[arn])["TagDescriptions"]
    if not owner.tags().items() <= {tag["Key"]: tag.get("Value", "") for tag in answer["Tags"]}.items():
        detail = "Give this one another name or port, remove that one, or take it over with `pulumi import`."
        raise RefusedError(
            f"{what} exists already, with another owner", code="AlreadyExists", operation="elbv2:Create", detail=detail
        )
    return arn


def retag(cloud: Cloud, arn: str, old: NamedArgs, new: NamedArgs, owner: Owner) -> None:
    """Bring an object's tags from old inputs to new ones; no call where they are the same."""
    stale, written = changed_tags(old, new, owner)
    if stale:
        cloud.elbv2.remove_tags(ResourceArns=[arn], TagKeys=stale)
    if written:
        cloud.elbv2.add_tags(ResourceArns=[arn], Tags=pairs(written))
