from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from kubewire.errors import RefusedError
from kubewire.resources.waiting import FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, PATIENCE_SECONDS, wait_for


def test_what_is_there_is_not_waited_for(cloud: Any) -> None:
    assert wait_for(cloud.clock, "it", lambda: "seen") == "seen"
    assert cloud.clock.now == 0


def test_false_and_empty_are_something_to_see(cloud: Any) -> None:
    assert wait_for(cloud.clock, "it", lambda: "") == ""
    assert cloud.clock.now == 0


def test_looks_again_with_growing_pauses(cloud: Any) -> None:
    times: list[float] = []

    def look() -> bool | None:
        times.append(cloud.clock.time())
        return True if len(times) > 12 else None

    wait_for(cloud.clock, "it", look)
    pauses = [later - earlier for earlier, later in pairwise(times)]
    assert pauses[0] == FIRST_PAUSE_SECONDS
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE_SECONDS


def test_gives_up_with_what_it_waited_for(cloud: Any) -> None:
    with pytest.raises(RefusedError, match="waited 15 minutes for the moon") as caught:
        wait_for(cloud.clock, "the moon", lambda: None)
    assert caught.value.code == "TimedOut"
    assert PATIENCE_SECONDS <= cloud.clock.now <= PATIENCE_SECONDS + 2 * LONGEST_PAUSE_SECONDS


def test_an_error_ends_the_wait(cloud: Any) -> None:
    def look() -> bool | None:
        raise RefusedError("it failed", code="Failed", operation="look")

    with pytest.raises(RefusedError, match="it failed"):
        wait_for(cloud.clock, "it", look)
