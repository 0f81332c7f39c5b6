from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest

from kubewire.errors import InvalidInputError
from kubewire.model import Described
from kubewire.unions import OneOf


class ById(Described):
    kind: Literal["id"] = "id"
    id: Annotated[str, "an id"]


class ByTags(Described):
    kind: Literal["tags"] = "tags"
    tags: dict[str, int]


class Holder(Described):
    what: Annotated[ById | ByTags, OneOf()]
    more: tuple[Annotated[ById | ByTags, OneOf()], ...] = ()


def only_line(**given: Any) -> str:
    with pytest.raises(InvalidInputError) as caught:
        Holder(**given)
    (part,) = caught.value.parts
    return str(part)


def test_the_member_is_chosen_by_its_key() -> None:
    held = Holder(what={"kind": "tags", "tags": {"a": 1}}, more=[ById(id="x"), {"kind": "id", "id": "y"}])
    assert held == Holder(what=ByTags(tags={"a": 1}), more=(ById(id="x"), ById(id="y")))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"id": "x"}, "required, but not given"),
        ({"kind": "name"}, "'name' is no kind"),
        ({"kind": None}, "None is no kind"),
    ],
)
def test_a_missing_or_unknown_key_says_which_there_are(given: dict[str, Any], words: str) -> None:
    assert only_line(what=given) == f"what.kind: {words}\n  Write id or tags."
    assert only_line(what=ById(id="x"), more=[given]).startswith("more[0].kind: ")


def test_a_field_that_is_called_like_its_kind_is_still_named() -> None:
    assert only_line(what={"kind": "id", "id": 3}).startswith("what.id: ")
    assert only_line(what={"kind": "tags", "tags": {"a": "x"}}).startswith("what.tags.a: ")
    assert only_line(what={"kind": "tags"}) == "what.tags: required, but not given"


def test_another_field_of_such_a_kind_is_not_put_below_it() -> None:
    given = {"kind": "tags", "tags": {"a": 1}, "id": "x"}
    assert only_line(what=given).startswith("what.id: unknown key")


def test_what_is_no_mapping_is_refused() -> None:
    assert only_line(what="x").startswith("what: ")
