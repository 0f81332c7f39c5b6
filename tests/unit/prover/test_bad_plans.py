"""Whatever is in a plan, it is read, or refused in one clear error that shows no value; and then it is proved."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kubewire.errors import InvalidInputError
from kubewire.prover.facts.facts import Facts
from kubewire.prover.from_plan.facts import from_plan, from_state
from kubewire.prover.prove import prove
from tests.unit.prover.engine import UNKNOWN, text

SECRET = "hunter2"
JUNK = st.one_of(
    st.just(SECRET),
    st.just(UNKNOWN),
    st.sampled_from([None, True, -1, 1.5, 10**30, "", [], {}, [SECRET], {SECRET: SECRET}, [None], {"id": SECRET}]),
    st.just({"4dabf18193072939515e22adb298388d": "x", "ciphertext": SECRET}),
)
PLAN, STATE = text("change"), text("state")


def places(value: Any) -> list[tuple[Any, Any]]:
    """Give every place in a document: what holds it, and its key there."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [place for key in keys for place in ((value, key), *places(value[key]))]


def spoiled(whole: str, data: st.DataObject) -> str:
    """Put junk into up to three places."""
    document = json.loads(whole)
    for _ in range(data.draw(st.integers(1, 3))):
        holder, key = data.draw(st.sampled_from(places(document)))
        holder[key] = data.draw(JUNK)
    return json.dumps(document)


def survives(facts: Facts) -> None:
    assert SECRET not in "".join(str(proof.verdict) for proof in prove(facts)) or SECRET in repr(facts)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_spoiled_plan(data: st.DataObject) -> None:
    given_text = spoiled(PLAN, data)
    try:
        facts = from_plan(given_text)
    except InvalidInputError as error:
        assert SECRET not in str(error)
    else:
        survives(facts)


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_a_spoiled_state(data: st.DataObject) -> None:
    given_text = spoiled(STATE, data)
    try:
        facts = from_state(given_text)
    except InvalidInputError as error:
        assert SECRET not in str(error)
    else:
        survives(facts)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, len(PLAN) - 2))
def test_a_plan_that_is_cut_off(length: int) -> None:
    try:
        from_plan(PLAN[:length])
    except InvalidInputError as error:
        assert "cut off" in str(error)
    else:
        raise AssertionError
