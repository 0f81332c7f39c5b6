from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from kubewire.forecast.planned import Planned
from kubewire.functions.get_forecast import GetForecast, GetForecastArgs, GetForecastResult

NO_CLOUD: Any = None


def forecast(**calls: int) -> GetForecastResult:
    planned = Planned()
    planned.note("a", Counter({action.replace("_", ":"): number for action, number in calls.items()}))
    return GetForecast(NO_CLOUD, planned).run(GetForecastArgs(resources=("a", "b")))


def test_the_slowest_throttle_makes_the_time() -> None:
    found = forecast(ec2_CreateRoute=3500, ec2_CreateNatGateway=12, elbv2_CreateListener=9)
    assert (found.calls, found.seconds) == (3521, 690)
    assert [(row.action, row.calls, row.seconds) for row in found.actions] == [
        ("ec2:CreateRoute", 3500, 690),
        ("ec2:CreateNatGateway", 12, 2),
        ("elbv2:CreateListener", 9, 0),
    ]


def test_actions_that_share_a_throttle_wait_for_each_other() -> None:
    found = forecast(route53_ChangeResourceRecordSets=60, route53_ChangeTagsForResource=40)
    assert found.seconds == pytest.approx(5)
    assert {row.seconds for row in found.actions} == {5}


def test_without_a_change_there_is_nothing() -> None:
    assert forecast() == GetForecastResult(calls=0, seconds=0, actions=())
