"""AWS takes fifty tags of an object, kubewire's own among them: a plan says when they are too many."""

from __future__ import annotations

from typing import Any

import pytest

from kubewire.provider.kubewire import KubewireProvider
from kubewire.provider.protocol import Subject
from kubewire.resources.base import TAGS_OF_AWS, Owner
from kubewire.resources.members import SetArgs, member_tags
from kubewire.resources.tagging import all_tags
from kubewire.resources.vpc import VpcArgs

OWNER = Owner("shop/dev", "kubewire:index:Vpc/main", "0" * 16)
VPC: dict[str, Any] = {"name": "main", "cidr": "10.0.0.0/16"}
ROOM = [
    ("Vpc", VPC, len(all_tags(VpcArgs(**VPC), OWNER))),
    ("Instances", {"name": "main"}, len(member_tags("instances-1", "a", SetArgs(name="main"), OWNER))),
]


def some(number: int, prefix: str) -> dict[str, str]:
    return {f"{prefix}-{index}": "x" for index in range(number)}


@pytest.fixture
def provider() -> KubewireProvider:
    made = KubewireProvider()
    made.configure({"region": "eu-west-1", "defaultTags": some(20, "default")})
    return made


@pytest.mark.parametrize(("kind", "inputs", "own"), ROOM, ids=["an object", "a member"])
def test_as_many_tags_as_fit_beside_those_of_kubewire_are_taken(
    provider: KubewireProvider, kind: str, inputs: dict[str, Any], own: int
) -> None:
    subject = Subject(f"urn:pulumi:dev::shop::kubewire:index:{kind}::main")
    room = TAGS_OF_AWS - own - 20
    wire, failures = provider.check(subject, {}, {**inputs, "tags": some(room, "key")})
    assert (len(wire["tags"]) + own, failures) == (TAGS_OF_AWS, [])
    _, (failure,) = provider.check(subject, {}, {**inputs, "tags": some(room + 1, "key")})
    assert (failure.path, failure.summary) == (
        "tags",
        f"{TAGS_OF_AWS - own + 1} tags are too many, {TAGS_OF_AWS - own} fit",
    )
    assert "`kubewire:defaultTags`" in failure.detail
