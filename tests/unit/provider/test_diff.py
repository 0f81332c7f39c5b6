from __future__ import annotations

from typing import Annotated, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kubewire.deferred import UNKNOWN
from kubewire.model import REPLACE, REPLACE_KEPT, UNIQUE, Model, Ref
from kubewire.provider.diff import Change, Difference, compare
from tests.unit.provider.paths import lookup, parse


class TableArgs(Model):
    vpc: Annotated[Ref, REPLACE]
    colour: str = "none"
    routes: dict[str, Any] = {}
    zones: list[str] = []
    fast: Annotated[bool, REPLACE] = False
    seats: Annotated[dict[str, int], REPLACE_KEPT] = {}


class UniqueArgs(Model):
    name: Annotated[str, REPLACE, UNIQUE]
    group: Annotated[str | None, REPLACE, UNIQUE] = None
    kind: Annotated[str, REPLACE] = "a"


def table(**changes: Any) -> dict[str, Any]:
    return {"vpc": {"name": "main", "id": "vpc-1"}, "colour": "red", "routes": {}, "zones": [], "fast": False} | changes


def diff(old: dict[str, Any], new: dict[str, Any]) -> Difference:
    return compare(TableArgs, old, new)


LEAVES = st.integers() | st.text(max_size=3) | st.just(UNKNOWN)
KEYS = st.text(alphabet='ab1./[]"\\ é', max_size=3) | st.just("10.0.0.0/8")
ROWS = LEAVES | st.dictionaries(
    KEYS, LEAVES | st.dictionaries(KEYS, LEAVES, min_size=1, max_size=2), min_size=1, max_size=2
)
ROUTES = st.dictionaries(KEYS, ROWS, max_size=3)


@given(ROUTES)
def test_equal_inputs_change_nothing(routes: dict[str, Any]) -> None:
    assert diff(table(routes=routes, weight=7), table(routes=routes)) == Difference(
        {}, frozenset(), delete_before_replace=False
    )


@given(ROUTES, ROUTES)
def test_a_change_is_found_exactly_where_there_is_one(old: dict[str, Any], new: dict[str, Any]) -> None:
    assert bool(diff(table(routes=old), table(routes=new)).changes) == (old != new)


@given(ROUTES, ROUTES)
@example({'say "x"': 1}, {'say "x"': 2})
@example({"a\\": 1}, {"a\\": 2})
@example({'\\"': 1}, {'\\"': 2})
@example({"a.\\": 1}, {})
def test_paths_are_as_the_engine_reads_them(old: dict[str, Any], new: dict[str, Any]) -> None:
    before, after = table(routes=old), table(routes=new)
    for path, change in diff(before, after).changes.items():
        keys = parse(path)
        was, will = lookup(before, keys), lookup(after, keys)
        assert was != will
        assert change is (Change.ADD if was is None else Change.DELETE if will is None else Change.UPDATE)


@given(ROUTES, st.text(), LEAVES)
def test_a_row_s_change_touches_its_row_alone(routes: dict[str, Any], key: str, value: object) -> None:
    changed = {**routes, key: {"to": value, "new": 1}}
    for path in diff(table(routes=routes), table(routes=changed)).changes:
        assert parse(path)[:2] in (["routes", key], ["routes"])


@pytest.mark.parametrize(
    ("key", "path"),
    [
        ("main", "routes.main"),
        ("10.0.0.0/8", 'routes["10.0.0.0/8"]'),
        ('say "x"', 'routes["say \\"x\\""]'),
        ("ends in \\", "routes.ends in \\"),
        ("a.b\\", "routes"),
        ("", 'routes[""]'),
    ],
)
def test_keys_are_written_so(key: str, path: str) -> None:
    assert list(diff(table(routes={key: 1}), table(routes={key: 2})).changes) == [path]


@pytest.mark.parametrize("old", [None, {}, "missing"])
@pytest.mark.parametrize("new", [None, {}, "missing"])
def test_no_rows_are_no_rows_however_written(old: Any, new: Any) -> None:
    before, after = table(routes=old), table(routes=new)
    for form in (before, after):
        if form["routes"] == "missing":
            del form["routes"]
    assert not diff(before, after).changes


def test_an_unknown_is_a_change() -> None:
    assert diff(table(), table(colour=UNKNOWN)).changes == {"colour": Change.UPDATE}


def test_what_only_the_state_has_is_no_change() -> None:
    assert not diff(table(mainRouteTable="rtb-1"), table()).changes


def test_a_marked_field_replaces() -> None:
    difference = diff(table(), table(fast=True, colour="blue"))
    assert difference.replaces == {"fast"}
    assert difference.is_replaced("fast")
    assert not difference.is_replaced("colour")
    assert difference.changed_fields() == ["colour", "fast"]


def test_another_object_referred_to_replaces() -> None:
    other = {"name": "main", "id": "vpc-2"}
    assert diff(table(), table(vpc=other)).replaces == {"vpc"}


def test_an_object_yet_to_be_made_replaces() -> None:
    assert diff(table(), table(vpc={"name": "main", "id": UNKNOWN})).replaces == {"vpc"}


def test_a_renamed_object_does_not() -> None:
    difference = diff(table(), table(vpc={"name": "renamed", "id": "vpc-1"}))
    assert difference.changes == {"vpc.name": Change.UPDATE}
    assert not difference.replaces


def test_a_state_of_an_older_kubewire_had_today_s_defaults() -> None:
    older = table()
    del older["fast"], older["zones"], older["colour"]
    assert not diff(older, table(colour="none")).changes
    assert diff(older, table(colour="none", fast=True)).replaces == {"fast"}


@pytest.mark.parametrize(
    ("change", "first"),
    [
        ({"kind": "b"}, True),
        ({"kind": "b", "name": "other"}, False),
        ({"kind": "b", "group": "other"}, False),
        ({"name": "other"}, False),
        ({}, False),
    ],
)
def test_the_old_one_goes_first_where_both_would_be_the_same_to_aws(change: dict[str, str], first: bool) -> None:  # noqa: FBT001 - pytest gives it by name
    old = {"name": "web", "group": "g", "kind": "a"}
    assert compare(UniqueArgs, old, {**old, **change}).delete_before_replace is first


def test_an_absent_value_is_not_unique() -> None:
    assert not compare(UniqueArgs, {"name": "web", "kind": "a"}, {"name": "web", "kind": "b"}).delete_before_replace


@given(*[st.dictionaries(st.sampled_from("abc"), st.integers(0, 1))] * 2)
def test_only_an_entry_that_stays_and_changes_replaces_where_the_field_says_so(
    old: dict[str, int], new: dict[str, int]
) -> None:
    kept = any(old[key] != new[key] for key in old.keys() & new.keys())
    assert diff(table(seats=old), table(seats=new)).replaces == ({"seats"} if kept else set())
