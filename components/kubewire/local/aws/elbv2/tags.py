"""Tags: how many, which, and on what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.refusal import Refusal
from kubewire.local.aws.rules import Proceed, answers, before

# https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-tags.html
MOST: Final = 50
RESERVED: Final = "aws:"
# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTags.html
MOST_RESOURCES: Final = 20


@before("elbv2", "AddTags", "CreateLoadBalancer", "CreateTargetGroup", "CreateListener", "CreateRule")
def tags_are_possible(call: Call) -> None:
    """Refuse keys that are given twice, or that are AWS's own, and too many tags.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_AddTags.html
    """
    keys = [tag["Key"] for tag in call.parameters.get("Tags", ())]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise Refusal("DuplicateTagKeys", f"Tag key was specified more than once: {', '.join(twice)}")
    reserved = next((key for key in keys if key.lower().startswith(RESERVED)), None)
    if reserved is not None:
        message = f"'{reserved}' is not a valid tag key: tag keys cannot begin with '{RESERVED}'"
        raise Refusal("ValidationError", message)
    _must_be_few(keys)


@answers("elbv2", "AddTags")
def added(call: Call, _proceed: Proceed) -> Answer:
    """Tag all resources, or none. moto takes 10 tags, AWS 50.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-tags.html
    """
    tags: list[dict[str, Any]] = [{"Value": "", **tag} for tag in call.parameters["Tags"]]
    service = call.elbv2.tagging_service
    for arn in call.parameters["ResourceArns"]:
        _must_be_few(sorted({*service.get_tag_dict_for_resource(arn), *(tag["Key"] for tag in tags)}))
    for arn in call.parameters["ResourceArns"]:
        service.tag_resource(arn, tags)
    return {}


@before("elbv2", "DescribeTags")
def resources_at_once(call: Call) -> None:
    """Refuse too many resources in a call.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTags.html
    """
    if len(call.parameters["ResourceArns"]) > MOST_RESOURCES:
        message = f"Cannot have more than {MOST_RESOURCES} resources described"
        raise Refusal("ValidationError", message)


def _must_be_few(keys: Sequence[str]) -> None:
    if len(keys) > MOST:
        raise Refusal("TooManyTags", f"The maximum number of tags per resource is {MOST}")
