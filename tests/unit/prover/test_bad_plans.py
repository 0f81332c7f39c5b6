"""Whatever is in a plan, it is read, or refused in one clear error that shows no value; and then it is proved."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from kubewire.errors import InvalidInputError
from kubewire.prover.facts.facts import Facts
from kubewire.prover.from_plan.facts import from_plan, from_state
from kubewire.prover.prove import prove
from tests.unit.prover.engine import UNKNOWN, text

SECRET = "hunter2"  # noqa: S105 - what must not be shown
JUNK = st.one_of(
    st.just(SECRET),
    st.just(UNKNOWN),
    st.sampled_from([None, True, -1, 1.5, 10**30, "", [], {}, [SECRET], {SECRET: SECRET}, [None], {"id": SECRET}]),
    st.just({"4dabf18193072939515e22adb298388d": "x", "ciphertext": SECRET}),
)
PLACED = st.lists(st.tuples(st.integers(0, 10**6), JUNK), min_size=1, max_size=3)
SETTINGS = settings(max_examples=100, deadline=None, phases=[Phase.generate], derandomize=True)
PLAN, STATE = text("create"), text("state")
Path = tuple[Any, ...]


def paths(value: Any, above: Path = ()) -> list[Path]:
    """Give the way to every place in a document."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [path for key in keys for path in ((*above, key), *paths(value[key], (*above, key)))]


PLACES = {whole: paths(json.loads(whole)) for whole in (PLAN, STATE)}


def spoiled(whole: str, at: list[tuple[int, Any]]) -> str:
    """Put junk into some places."""
    document = json.loads(whole)
    for number, junk in at:
        *way, last = PLACES[whole][number % len(PLACES[whole])]
        holder = document
        for key in way:
            holder = holder[key] if isinstance(holder, dict | list) and key in _keys(holder) else {}
        if isinstance(holder, dict) or (isinstance(holder, list) and last in _keys(holder)):
            holder[last] = junk
    return json.dumps(document)


def _keys(holder: Any) -> Any:
    return holder if isinstance(holder, dict) else range(len(holder))


def read(reader: Callable[[str], Facts], given_text: str) -> None:
    """Read and prove; or be told why not, without a value."""
    try:
        facts = reader(given_text)
    except InvalidInputError as error:
        told = str(error)
    else:
        told = ""
        prove(facts)
    assert SECRET not in told


@SETTINGS
@given(PLACED)
def test_a_spoiled_plan(at: list[tuple[int, Any]]) -> None:
    read(from_plan, spoiled(PLAN, at))


@SETTINGS
@given(PLACED)
def test_a_spoiled_state(at: list[tuple[int, Any]]) -> None:
    read(from_state, spoiled(STATE, at))


@SETTINGS
@given(st.integers(0, len(PLAN) - 2))
def test_a_plan_that_is_cut_off(length: int) -> None:
    with pytest.raises(InvalidInputError, match="cut off"):
        from_plan(PLAN[:length])
