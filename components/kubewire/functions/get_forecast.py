"""What the apply of a preview will ask of AWS."""

from __future__ import annotations

from collections import Counter

from kubewire.forecast.throttles import Bucket, bucket_of
from kubewire.functions.base import Function
from kubewire.model import Model


class GetForecastArgs(Model):
    """Which part of the preview is meant."""

    resources: tuple[str, ...]
    """URNs of resources that have been previewed."""


class ActionForecast(Model):
    """The calls of one of AWS's actions."""

    action: str
    """Which, `ec2:CreateRoute`."""
    calls: int
    """How many."""
    seconds: float
    """The least time that AWS's throttle makes of them, those with the same throttle included; 0 where it's unknown."""


class GetForecastResult(Model):
    """What creates and changes ask of AWS. What is deleted isn't in it: no provider is told of that in a preview."""

    calls: int
    """The calls that change something."""
    seconds: float
    """The least time that they take, if nobody else calls: that of the slowest throttle."""
    actions: tuple[ActionForecast, ...]
    """The calls by action, the slowest first."""


class GetForecast(Function[GetForecastArgs, GetForecastResult]):
    """Adds up what resources said when they were previewed. It asks nobody."""

    Args, Result = GetForecastArgs, GetForecastResult

    def run(self, args: GetForecastArgs) -> GetForecastResult:
        calls = self.planned.of(args.resources)
        buckets: dict[str, Bucket] = {}
        taken: Counter[str] = Counter()
        for action, number in calls.items():
            if found := bucket_of(action):
                name, buckets[name] = found
                taken[name] += number
        least = {name: bucket.least_seconds(taken[name]) for name, bucket in buckets.items()}
        rows = [
            ActionForecast(action=action, calls=number, seconds=least[found[0]] if (found := bucket_of(action)) else 0)
            for action, number in calls.items()
        ]
        rows.sort(key=lambda row: (-row.seconds, -row.calls, row.action))
        return GetForecastResult(calls=calls.total(), seconds=max(least.values(), default=0), actions=tuple(rows))
