from __future__ import annotations

import threading
from functools import partial
from typing import Any

import pytest

from kubewire.cloud.clock import SystemClock
from kubewire.errors import RefusedError
from kubewire.resources.abreast import MOST_ABREAST, abreast

WAIT_SECONDS = 10.0


def test_every_step_gives_what_it_gave() -> None:
    assert abreast(SystemClock(), "rows", {str(one): partial(pow, one, 2) for one in range(50)}) == {
        str(one): one * one for one in range(50)
    }


def test_as_many_as_may_are_taken_at_once() -> None:
    together = threading.Barrier(MOST_ABREAST)
    steps = {str(one): partial(together.wait, WAIT_SECONDS) for one in range(MOST_ABREAST)}
    assert sorted(abreast(SystemClock(), "rows", steps).values()) == list(range(MOST_ABREAST))


def test_a_failure_names_its_member_and_no_more_are_begun() -> None:
    begun: list[int] = []

    def step(number: int) -> None:
        begun.append(number)
        raise RefusedError("no", code="No", operation="ec2:Try")

    with pytest.raises(RefusedError) as caught:
        abreast(SystemClock(), "rows", {str(one): partial(step, one) for one in range(1000)})
    assert caught.value.path.startswith('rows["')
    assert 0 < len(begun) <= MOST_ABREAST


def test_the_failure_is_told_though_one_before_it_was_not_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    class LateEvent(threading.Event):
        """Whoever asks first gets no answer before somebody has failed."""

        def __init__(self) -> None:
            super().__init__()
            self.asked = threading.Lock()

        def is_set(self) -> bool:
            return self.wait(WAIT_SECONDS) if self.asked.acquire(blocking=False) else super().is_set()

    def fail() -> None:
        raise RefusedError("no", code="No", operation="ec2:Try")

    monkeypatch.setattr("kubewire.resources.abreast.Event", LateEvent)
    with pytest.raises(RefusedError, match="no") as caught:
        abreast(SystemClock(), "rows", {"a": lambda: None, "b": fail})
    assert caught.value.path == 'rows["b"]'


def test_none_is_begun_once_the_engine_asked_to_stop() -> None:
    clock = SystemClock()
    begun: list[int] = []

    def step(number: int) -> None:
        begun.append(number)
        clock.cancel()

    with pytest.raises(InterruptedError):
        abreast(clock, "rows", {str(one): partial(step, one) for one in range(1000)})
    assert 0 < len(begun) <= MOST_ABREAST


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
def test_whatever_ends_a_thread_ends_the_run(error: Any) -> None:
    def step() -> None:
        raise error

    with pytest.raises(error):
        abreast(SystemClock(), "rows", {"a": step})
