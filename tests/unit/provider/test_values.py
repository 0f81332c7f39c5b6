from __future__ import annotations

from typing import Any

import pytest
from google.protobuf.struct_pb2 import Struct
from hypothesis import given
from hypothesis import strategies as st

from kubewire.deferred import UNKNOWN
from kubewire.provider.values import (
    SECRET_SIGNATURE,
    SIGNATURE_KEY,
    UNKNOWN_VALUE,
    UNKNOWN_VALUES,
    read_struct,
    write_struct,
)

TEXTS = st.text().filter(lambda text: text not in UNKNOWN_VALUES)
KEYS = st.text().filter(lambda key: key != SIGNATURE_KEY)
NUMBERS = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False)
LEAVES = st.none() | st.booleans() | NUMBERS | TEXTS | st.just(UNKNOWN)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=6
)
OBJECTS = st.dictionaries(KEYS, VALUES, max_size=3)


def secret(value: Any) -> dict[str, Any]:
    return {SIGNATURE_KEY: SECRET_SIGNATURE, "value": value}


def wrapped(value: Any) -> Any:
    """Make every value in a value secret, the inner ones too."""
    match value:
        case dict():
            return secret({key: wrapped(item) for key, item in value.items()})
        case list():
            return secret([wrapped(item) for item in value])
        case _:
            return secret(value)


@given(OBJECTS)
def test_what_is_written_is_read(values: dict[str, Any]) -> None:
    assert read_struct(write_struct(values)) == values


@given(OBJECTS)
def test_what_is_written_survives_the_wire(values: dict[str, Any]) -> None:
    assert read_struct(Struct.FromString(write_struct(values).SerializeToString())) == values


@given(OBJECTS)
def test_secrets_are_read_as_their_plain_values(values: dict[str, Any]) -> None:
    assert read_struct(write_struct({key: wrapped(value) for key, value in values.items()})) == values


@pytest.mark.parametrize("marker", sorted(UNKNOWN_VALUES))
def test_every_kind_of_unknown_is_read(marker: str) -> None:
    assert read_struct(write_struct({"a": {"b": [marker]}})) == {"a": {"b": [UNKNOWN]}}


def test_an_unknown_is_written_as_pulumi_writes_it() -> None:
    assert write_struct({"id": UNKNOWN}).fields["id"].string_value == UNKNOWN_VALUE


def test_whole_numbers_are_ints_so_that_ports_and_keys_are() -> None:
    read = read_struct(write_struct({"port": 8080.0, "share": 0.5}))
    assert (repr(read["port"]), repr(read["share"])) == ("8080", "0.5")


def test_booleans_are_no_numbers() -> None:
    assert read_struct(write_struct({"yes": True, "one": 1}))["yes"] is True


def test_an_object_with_another_signature_is_left_as_it_is() -> None:
    asset = {SIGNATURE_KEY: "c44067f5952c0a294b673a41bacd8c17", "text": "x"}
    assert read_struct(write_struct({"file": asset})) == {"file": asset}


def test_what_has_no_form_is_refused() -> None:
    with pytest.raises(TypeError, match="a set has no form on the wire"):
        write_struct({"zones": {"a"}})
