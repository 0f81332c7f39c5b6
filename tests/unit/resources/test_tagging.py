from __future__ import annotations

from typing import Any

import pytest

from kubewire.resources.base import NamedArgs, Owner
from kubewire.resources.tagging import named_fields, on_create, owned_by, retag

OWN = [
    {"Key": "kubewire:resource", "Value": "kubewire:index:Thing/main"},
    {"Key": "kubewire:stack", "Value": "shop/dev"},
]


def test_a_new_object_bears_its_name_its_tags_and_its_owner(owner: Owner) -> None:
    args = NamedArgs(name="main", tags={"team": "shop"})
    (specification,) = on_create("vpc", args, owner)
    assert specification["ResourceType"] == "vpc"
    assert specification["Tags"] == [
        {"Key": "Name", "Value": "main"},
        *OWN,
        {"Key": "team", "Value": "shop"},
    ]


def test_an_owner_is_found_by_stack_and_resource(owner: Owner) -> None:
    assert owned_by(owner) == [
        {"Name": "tag:kubewire:stack", "Values": ["shop/dev"]},
        {"Name": "tag:kubewire:resource", "Values": ["kubewire:index:Thing/main"]},
    ]


def test_tags_of_aws_and_ours_are_no_inputs() -> None:
    tags = [{"Key": "aws:cloudformation:stack-name", "Value": "x"}, {"Key": "team", "Value": "shop"}, *OWN]
    assert named_fields([*tags, {"Key": "Name", "Value": "main"}]) == {"name": "main", "tags": {"team": "shop"}}
    assert named_fields([])["name"] == "unnamed"


def test_the_same_tags_are_not_written_again(cloud: Any, owner: Owner) -> None:
    args = NamedArgs(name="main", tags={"team": "shop"})
    retag(cloud, "vpc-1", args, args.model_copy(), owner)
    assert cloud.ec2.asked == []


@pytest.mark.parametrize(
    ("old", "new", "removed"),
    [
        ({"team": "shop"}, {"team": "web"}, None),
        ({}, {"team": "web"}, None),
        ({"team": "web", "cost": "1"}, {"team": "web"}, [{"Key": "cost"}]),
    ],
    ids=["another value", "one more", "one less"],
)
def test_changed_tags_are_written_and_stale_ones_removed(
    old: dict[str, str], new: dict[str, str], removed: list[dict[str, str]] | None, cloud: Any, owner: Owner
) -> None:
    retag(cloud, "vpc-1", NamedArgs(name="main", tags=old), NamedArgs(name="main", tags=new), owner)
    asked = dict(cloud.ec2.asked)
    assert asked["create_tags"]["Resources"] == ["vpc-1"]
    assert asked["create_tags"]["Tags"] == [{"Key": "Name", "Value": "main"}, *OWN, {"Key": "team", "Value": "web"}]
    assert asked.get("delete_tags", {}).get("Tags") == removed


def test_a_new_name_is_written(cloud: Any, owner: Owner) -> None:
    retag(cloud, "vpc-1", NamedArgs(name="main"), NamedArgs(name="prime"), owner)
    assert dict(cloud.ec2.asked)["create_tags"]["Tags"] == [{"Key": "Name", "Value": "prime"}, *OWN]
