"""A cloud of the real programs, in a home of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kubewire.local.cloud import Cloud


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    with Cloud.up(tmp_path_factory.mktemp("cloud") / "home") as cloud:
        yield cloud
