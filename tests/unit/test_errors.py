from __future__ import annotations

import re

import pytest

from kubewire import errors
from kubewire.errors import CloudError, InUseError, KubewireError, NotFoundError, PartlyCreatedError, RefusedError


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (KubewireError("it broke"), "it broke"),
        (KubewireError("it broke", path="nodes[2].zone"), "nodes[2].zone: it broke"),
        (KubewireError("it broke", detail="Mend it."), "it broke\n  Mend it."),
        (KubewireError("it broke", detail="Mend it.", path="vpc"), "vpc: it broke\n  Mend it."),
    ],
)
def test_a_reader_sees_the_place_the_fault_and_the_way_out(error: KubewireError, text: str) -> None:
    assert str(error) == text


def test_the_docstring_draws_the_whole_tree() -> None:
    drawn = set(re.findall(r"\b\w+Error\b", errors.__doc__ or ""))
    raised = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, KubewireError)}
    assert drawn == raised


def test_a_cloud_error_knows_the_call_and_the_api_s_own_code() -> None:
    error = NotFoundError("no such vpc", code="InvalidVpcID.NotFound", operation="ec2:DescribeVpcs")
    assert isinstance(error, CloudError)
    assert (error.code, error.operation) == ("InvalidVpcID.NotFound", "ec2:DescribeVpcs")


def test_what_is_in_use_is_refused() -> None:
    assert issubclass(InUseError, RefusedError)


def test_an_unfinished_object_says_why_and_what_it_is() -> None:
    cause = RefusedError("too many", code="Limit", operation="ec2:CreateRoute", detail="Ask for more.", path="routes")
    state = {"name": "main"}
    error = PartlyCreatedError(cause, resource_id="rtb-1", state=state)
    state["name"] = "changed later"
    assert str(error) == str(cause)
    assert (error.resource_id, error.state) == ("rtb-1", {"name": "main"})
