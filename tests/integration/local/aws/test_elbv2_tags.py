from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.local.aws.case import Case, elbv2
from tests.integration.local.aws.elbv2_steps import (
    API,
    BALANCER,
    DELETE_BALANCER,
    GROUP,
    LISTENER,
    NLB,
    NO_BALANCER,
    PLACE,
    VPC,
    balancer,
    group,
    listener,
)

ADD = f"{API}/API_AddTags.html"
DESCRIBE = f"{API}/API_DescribeTags.html"
TAGS = f"{NLB}/load-balancer-tags.html"
OF_GROUP = elbv2.describe_tags(ResourceArns=["$group"])
FULL = ("TooManyTags", "The maximum number of tags per resource is 50")
MISSING = ("LoadBalancerNotFound", f"Load balancer '{NO_BALANCER}' not found")


def tags(*keys: str) -> list[dict[str, str]]:
    return [{"Key": key, "Value": "v"} for key in keys]


def add(*keys: str) -> Any:
    return elbv2.add_tags(ResourceArns=["$group"], Tags=tags(*keys))


FIFTY = [f"k{number}" for number in range(50)]

CASES = [
    Case(
        "tags come with what they are given to",
        f"{API}/API_CreateLoadBalancer.html",
        *PLACE,
        balancer(Tags=tags("a")),
        group(Tags=tags("b")),
        listener(Tags=tags("c")),
        elbv2.describe_tags(ResourceArns=["$balancer", "$group", "$listener"]).answers(
            {"TagDescriptions[].Tags[].Key": ["a", "b", "c"]}
        ),
    ),
    Case(
        "tags don't make a load balancer another one",
        f"{API}/API_CreateLoadBalancer.html",
        *PLACE,
        balancer(Tags=tags("a")),
        balancer(Tags=tags("b")),
        elbv2.describe_tags(ResourceArns=["$balancer"]).answers({"TagDescriptions[].Tags[].Key": ["a"]}),
    ),
    Case("fifty tags", TAGS, VPC, GROUP, add(*FIFTY), add(*FIFTY), add("more").refused(*FULL)),
    Case("fifty-one tags of a new group", TAGS, VPC, group(Tags=tags(*FIFTY, "more")).refused(*FULL)),
    Case(
        "a tag's key twice",
        ADD,
        VPC,
        GROUP,
        add("a", "a").refused("DuplicateTagKeys", "Tag key was specified more than once: a"),
    ),
    Case(
        "a tag's key of AWS's own",
        TAGS,
        VPC,
        GROUP,
        add("aws:mine").refused(
            "ValidationError", "'aws:mine' is not a valid tag key: tag keys cannot begin with 'aws:'"
        ),
    ),
    Case(
        "all resources are tagged, or none",
        ADD,
        VPC,
        GROUP,
        group("two", keep="two", Tags=tags(*FIFTY)),
        elbv2.add_tags(ResourceArns=["$group", "$two"], Tags=tags("more")).refused(*FULL),
        OF_GROUP.answers({"TagDescriptions[].Tags[]": []}),
    ),
    Case(
        "a tag is overwritten, and removed",
        f"{API}/API_RemoveTags.html",
        VPC,
        group(Tags=tags("a")),
        elbv2.add_tags(ResourceArns=["$group"], Tags=[{"Key": "a", "Value": "w"}, {"Key": "b"}]),
        OF_GROUP.answers({"TagDescriptions[].Tags[].[Key, Value]": [["a", "w"], ["b", ""]]}),
        elbv2.remove_tags(ResourceArns=["$group"], TagKeys=["a", "none"]),
        OF_GROUP.answers({"TagDescriptions[].Tags[].Key": ["b"]}),
    ),
    Case(
        "tags of what isn't there",
        DESCRIBE,
        elbv2.describe_tags(ResourceArns=[NO_BALANCER]).refused(*MISSING),
        elbv2.add_tags(ResourceArns=[NO_BALANCER], Tags=tags("a")).refused(*MISSING),
        elbv2.remove_tags(ResourceArns=[NO_BALANCER], TagKeys=["a"]).refused(*MISSING),
        elbv2.describe_tags(ResourceArns=["shop"]).refused("ValidationError", "'shop' is not a valid resource ARN"),
    ),
    Case(
        "tags of what has been deleted",
        DESCRIBE,
        *PLACE,
        BALANCER,
        GROUP,
        LISTENER,
        DELETE_BALANCER,
        elbv2.describe_tags(ResourceArns=["$balancer"]).refused(
            "LoadBalancerNotFound", "Load balancer '$balancer' not found"
        ),
        elbv2.describe_tags(ResourceArns=["$listener"]).refused("ListenerNotFound", "Listener '$listener' not found"),
    ),
    Case(
        "tags of twenty-one resources at once",
        DESCRIBE,
        VPC,
        GROUP,
        elbv2.describe_tags(ResourceArns=["$group"] * 21).refused(
            "ValidationError", "Cannot have more than 20 resources described"
        ),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_tags_are_as_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)
