from __future__ import annotations

from datetime import timedelta

import pytest

from kubewire.local.aws.clock import Clock, Schedule


@pytest.fixture
def clock() -> Clock:
    clock = Clock()
    clock.run(running=False)
    return clock


class TestClock:
    def test_stands_still_unless_it_is_moved(self, clock: Clock) -> None:
        before, date = clock.now, clock.date
        assert clock.now == before
        clock.advance(90)
        assert clock.now == before + 90
        assert clock.date == date + timedelta(seconds=90)

    def test_goes_on_from_where_it_is(self, clock: Clock) -> None:
        clock.advance(1000)
        stood = clock.now
        clock.run(running=True)
        assert clock.now >= stood
        clock.run(running=False)
        assert stood <= clock.now < stood + 100

    def test_does_not_go_back(self, clock: Clock) -> None:
        with pytest.raises(ValueError, match="back"):
            clock.advance(-1)


class TestSchedule:
    def test_lets_happen_what_is_due_in_its_order(self, clock: Clock) -> None:
        schedule, happened = Schedule(clock), []
        schedule.later(20, lambda: happened.append("late"))
        schedule.later(10, lambda: happened.append("early"))
        schedule.later(10, lambda: happened.append("as early, asked later"))
        schedule.settle()
        assert not happened
        clock.advance(20)
        schedule.settle()
        assert happened == ["early", "as early, asked later", "late"]
        schedule.settle()
        assert len(happened) == 3

    def test_counts_what_follows_from_its_own_moment(self, clock: Clock) -> None:
        schedule, happened = Schedule(clock), []

        def first() -> None:
            schedule.later(10, lambda: happened.append("second step"))

        schedule.later(10, first)
        clock.advance(19)
        schedule.settle()
        assert not happened
        clock.advance(1)
        schedule.settle()
        assert happened == ["second step"]

    def test_what_takes_no_time_happens_at_the_next_look(self, clock: Clock) -> None:
        schedule, happened = Schedule(clock), []
        schedule.later(0, lambda: happened.append("now"))
        assert not happened
        schedule.settle()
        assert happened == ["now"]

    def test_forgets(self, clock: Clock) -> None:
        schedule, happened = Schedule(clock), []
        schedule.later(0, lambda: happened.append("never"))
        schedule.clear()
        schedule.settle()
        assert not happened
