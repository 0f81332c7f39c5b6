from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kubewire.provider.ownership import owner_of
from kubewire.resources.base import RESOURCE_TAG, STACK_TAG, Owner

PLAIN = st.text(alphabet="abcAB01-_./@: ", min_size=1, max_size=8).filter(lambda text: "::" not in text)
NAMES = st.text(min_size=1, max_size=300) | PLAIN
TYPES = st.text(alphabet="ab:/", min_size=1, max_size=6).filter(lambda text: "::" not in text)
SEGMENTS = PLAIN.filter(lambda text: not text.startswith(":") and not text.endswith(":"))
CHAINS = st.lists(TYPES.filter(lambda text: text.strip(":") == text), min_size=1, max_size=3).map("$".join)
URNS = st.builds("urn:pulumi:{}::{}::{}::{}".format, SEGMENTS, SEGMENTS, CHAINS, NAMES)


@given(URNS, URNS)
@example("urn:pulumi:dev::shop::a$b::c", "urn:pulumi:dev::shop::a::b/c")
@example("urn:pulumi:dev::shop::a/b::c", "urn:pulumi:dev::shop::a$b::c")
@example("urn:pulumi:dev::shop::a::b::c", "urn:pulumi:dev::shop::a$b::c")
def test_two_urns_never_give_one_owner(one: str, other: str) -> None:
    assert (owner_of(one) == owner_of(other)) == (one == other)


@given(st.integers(2, 200), NAMES)
def test_long_names_that_differ_at_their_end_differ(length: int, end: str) -> None:
    urn = "urn:pulumi:dev::shop::kubewire:index:Vpc::" + "x" * (256 + length)
    assert owner_of(urn) != owner_of(urn + end)


@given(URNS)
def test_tags_are_what_every_service_takes(urn: str) -> None:
    for value in owner_of(urn).tags().values():
        assert re.fullmatch(r"[A-Za-z0-9 +\-=._:/@]{1,256}", value)
        assert value == value.strip()


@given(URNS)
def test_an_owner_is_the_same_in_every_run(urn: str) -> None:
    assert owner_of(urn) == owner_of(urn)


def test_a_hash_can_not_be_written_by_hand() -> None:
    hashed = owner_of("urn:pulumi:dev::shop::kubewire:index:Vpc::a/b").resource
    assert hashed.startswith("kubewire:index:Vpc/a/b@")
    imitation = hashed.removeprefix("kubewire:index:Vpc/")
    assert owner_of(f"urn:pulumi:dev::shop::kubewire:index:Vpc::{imitation}").resource != hashed


@pytest.mark.parametrize(
    ("urn", "owner"),
    [
        (
            "urn:pulumi:dev::shop::kubewire:index:Vpc::main",
            Owner("shop/dev", "kubewire:index:Vpc/main"),
        ),
        (
            "urn:pulumi:dev::shop::kubewire:network:ClusterNetwork$kubewire:index:Subnet::web a",
            Owner("shop/dev", "kubewire:network:ClusterNetwork/kubewire:index:Subnet/web a"),
        ),
    ],
)
def test_ordinary_urns_are_readable(urn: str, owner: Owner) -> None:
    assert owner_of(urn) == owner
    assert owner.tags() == {STACK_TAG: owner.stack, RESOURCE_TAG: owner.resource}
