from __future__ import annotations

import pytest
from pydantic import ValidationError

from kubewire.local.aws import durations, quotas
from kubewire.local.aws.durations import Duration
from kubewire.local.aws.quotas import Quota
from kubewire.local.aws.settings import Pace, Settings

PAGE = "https://docs.aws.amazon.com/"


@pytest.fixture
def moons(monkeypatch: pytest.MonkeyPatch) -> Quota:
    monkeypatch.setattr(quotas, "_declared", declared := dict(quotas.QUOTAS))
    monkeypatch.setattr("kubewire.local.aws.settings.QUOTAS", declared)
    return quotas.quota("moons", default=1, page=PAGE)


@pytest.fixture
def orbit(monkeypatch: pytest.MonkeyPatch) -> Duration:
    monkeypatch.setattr(durations, "_declared", declared := dict(durations.DURATIONS))
    monkeypatch.setattr("kubewire.local.aws.settings.DURATIONS", declared)
    return durations.duration("orbit", aws=27.0, page=PAGE)


class TestQuotas:
    def test_are_awss_unless_set(self, moons: Quota) -> None:
        assert Settings().limit(moons) == 1
        assert Settings().changed({"quotas": {"moons": 2}}).limit(moons) == 2

    def test_that_do_not_exist_are_refused(self, moons: Quota) -> None:
        with pytest.raises(ValidationError, match=f"there is no quota suns; there are .*{moons.name}"):
            Settings().changed({"quotas": {"suns": 1}})

    def test_have_one_name_each(self, moons: Quota) -> None:
        with pytest.raises(ValueError, match="two quotas"):
            quotas.quota(moons.name, default=2, page=PAGE)


class TestDurations:
    def test_are_none_unless_set(self, orbit: Duration) -> None:
        assert Settings().seconds(orbit) == 0
        assert Settings(pace=Pace.AWS).seconds(orbit) == 27
        assert Settings(pace=Pace.AWS).changed({"durations": {"orbit": 3}}).seconds(orbit) == 3

    def test_have_one_name_each(self, orbit: Duration) -> None:
        with pytest.raises(ValueError, match="two durations"):
            durations.duration(orbit.name, aws=1, page=PAGE)


def test_what_a_change_does_not_name_stays(moons: Quota, orbit: Duration) -> None:
    first = Settings().changed({"throttling": True, "quotas": {moons.name: 5}, "durations": {orbit.name: 1}})
    second = first.changed({"clock": "manual", "durations": {}})
    assert second.throttling
    assert (second.limit(moons), second.seconds(orbit)) == (5, 1)


@pytest.mark.parametrize("change", [{"quotas": {"moons": -1}}, {"clock": "sundial"}, {"colour": "red"}, {"strict": 7}])
def test_what_makes_no_sense_is_refused(moons: Quota, change: dict[str, object]) -> None:
    assert moons
    with pytest.raises(ValidationError):
        Settings().changed(change)
