from __future__ import annotations

import pytest

from kubewire.forecast.sentence import Usage, calls_sentence, duration, quotas_sentence
from kubewire.functions.get_forecast import ActionForecast, GetForecastResult


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "1 s"), (59, "59 s"), (60, "1 min"), (690, "11 min 30 s"), (3600.5, "60 min 1 s")]
)
def test_times_are_rounded_up(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_the_slowest_actions_are_named() -> None:
    actions = [ActionForecast(action=f"ec2:A{number}", calls=100, seconds=70 - 20 * number) for number in range(4)]
    said = calls_sentence(GetForecastResult(calls=3514, seconds=690, actions=tuple(actions)))
    assert said == (
        "To create and change, the apply makes 3,514 AWS calls and takes 11 min 30 s at least under AWS's throttles "
        "(ec2:A0 100: 1 min 10 s, ec2:A1 100: 50 s, ec2:A2 100: 30 s)."
    )


def test_few_calls_are_not_slowed() -> None:
    one = GetForecastResult(calls=1, seconds=0, actions=(ActionForecast(action="ec2:CreateRoute", calls=1, seconds=0),))
    assert calls_sentence(one) == "To create and change, the apply makes 1 AWS call and stays below AWS's throttles."


def test_the_fullest_quota_comes_first_with_its_origin() -> None:
    usages = [
        Usage("rules per group", 12, 60, "default"),
        Usage("routes per table", 501, 1000, "live"),
        Usage("elastic addresses", 0, 5, "live"),
    ]
    assert (
        quotas_sentence(usages) == "Quotas: routes per table 501 of 1,000 (live), rules per group 12 of 60 (default)."
    )
