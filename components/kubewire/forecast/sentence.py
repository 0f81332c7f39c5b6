"""A forecast in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil

from kubewire.functions.get_forecast import GetForecastResult

MINUTE = 60
SHOWN_ACTIONS = 3
THROTTLES = "AWS's throttles"


@dataclass(frozen=True)
class Usage:
    """How much of a quota a network uses.

    Attributes:
        what: is counted, `routes per table`.
        used: how many of them.
        most: how many there may be.
        origin: who says so: `live`, `default` or `declared`.
    """

    what: str
    used: int
    most: int
    origin: str


def calls_sentence(forecast: GetForecastResult) -> str:
    """Say what an apply asks of AWS."""
    slow = [action for action in forecast.actions if action.seconds]
    details = ", ".join(f"{one.action} {one.calls:,}: {duration(one.seconds)}" for one in slow[:SHOWN_ACTIONS])
    time = f"takes {duration(forecast.seconds)} at least under {THROTTLES} ({details})"
    return (
        f"To create and change, the apply makes {forecast.calls:,} AWS call{'s' if forecast.calls > 1 else ''}"
        f" and {time if slow else f'stays below {THROTTLES}'}."
    )


def quotas_sentence(usages: Iterable[Usage]) -> str:
    """Say how much of the quotas is used, the fullest first. Those that nothing is used of are left out."""
    used = sorted((one for one in usages if one.used), key=lambda one: -one.used / max(one.most, 1))
    return f"Quotas: {', '.join(f'{one.what} {one.used:,} of {one.most:,} ({one.origin})' for one in used)}."


def duration(seconds: float) -> str:
    """Write a time as people say it, rounded up: `11 min 30 s`."""
    whole = ceil(round(seconds, 3))
    minutes, rest = divmod(whole, MINUTE)
    return " ".join([*([f"{minutes} min"] if minutes else []), *([f"{rest} s"] if rest or not minutes else [])])
