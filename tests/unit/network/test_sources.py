from __future__ import annotations

from ipaddress import IPv4Network
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from kubewire.network.sources import ANYWHERE, WORLD, Source, range_of

adapter: TypeAdapter[Any] = TypeAdapter(Source)


def test_anywhere_is_written_out() -> None:
    assert adapter.validate_python("anywhere") is ANYWHERE
    assert range_of(ANYWHERE) == WORLD


def test_a_range_is_itself() -> None:
    assert range_of(adapter.validate_python("10.8.0.0/16")) == IPv4Network("10.8.0.0/16")


@pytest.mark.parametrize("source", ["0.0.0.0/0", WORLD])
def test_the_world_does_not_hide_in_a_range(source: Any) -> None:
    with pytest.raises(ValidationError, match="is everybody"):
        adapter.validate_python(source)


@pytest.mark.parametrize("source", ["everywhere", "10.8.0.1/16", "2001:db8::/32", "", None])
def test_what_is_no_source_is_refused(source: Any) -> None:
    with pytest.raises(ValidationError):
        adapter.validate_python(source)
