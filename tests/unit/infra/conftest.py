"""The configuration of a test's stack is gone after it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pulumi.runtime.config import set_all_config


@pytest.fixture(autouse=True)
def _no_configuration_stays() -> Iterator[None]:
    yield
    set_all_config({})
