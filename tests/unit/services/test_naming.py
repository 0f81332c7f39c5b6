from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from kubewire.resources.elb import BalancerName, GroupName
from kubewire.services.naming import LONGEST, LONGEST_GROUP, aws_name

labels = st.from_regex(r"[a-z]([a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True) | st.from_regex(
    r"[a-c-]{1,4}[a-c]", fullmatch=True
).filter(lambda label: not label.startswith("-"))
# What a network, a namespace, a Service and a port are called.
parts = st.tuples(labels, labels, labels) | st.tuples(labels, labels, labels, labels | st.just("80-tcp"))

balancer: TypeAdapter[str] = TypeAdapter(BalancerName)
group: TypeAdapter[str] = TypeAdapter(GroupName)


@given(parts=parts)
def test_is_a_name_that_elastic_load_balancing_takes(parts: tuple[str, ...]) -> None:
    name = aws_name(*parts)
    assert len(name) <= LONGEST
    assert balancer.validate_python(name) == name
    assert group.validate_python(name) == name


@given(one=parts, other=parts)
def test_other_parts_give_another_name(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert (aws_name(*one) == aws_name(*other)) == (one == other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("net", "a", "b-c"), ("net", "a-b", "c")),
        (("net", "a", "b--c"), ("net", "a", "b-c")),
        (("net", "a", "b" * 40), ("net", "a", "b" * 41)),
        (("net", "a", "b", "c"), ("net", "a", "b-c")),
    ],
)
def test_parts_that_join_alike_give_other_names(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert aws_name(*one) != aws_name(*other)


def test_a_name_that_looks_like_a_hashed_one_is_hashed() -> None:
    hashed = aws_name("net", "a", "b-c")
    assert aws_name(*hashed.split("-")) != hashed


def test_a_clear_name_is_left_as_it_is() -> None:
    assert aws_name("shop", "web", "frontend") == "shop-web-frontend"


def test_the_prefix_that_aws_keeps_for_itself_is_not_used() -> None:
    assert not aws_name("internal", "web", "frontend").startswith("internal-")


def test_a_longer_limit_keeps_more_of_it() -> None:
    parts = ("shop", "b" * 63, "c" * 63)
    assert aws_name(*parts, longest=LONGEST_GROUP) == "-".join(parts)
