"""Least time and quotas, as the preview told them (`kubewire.forecast`)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from kubewire.model import Model

_CALLS = re.compile(r"To create and change, .+?(?:\.(?= Quotas: |$)|$)")
_TIME = re.compile(r"takes (?P<time>[\d, mins]+?) at least")
_USAGE = re.compile(r"(?P<what>[^,:]+?) (?P<used>[\d,]+) of (?P<most>[\d,]+) \((?P<origin>live|default|declared)\)")


class Quota(Model):
    """How much of one of AWS's quotas a network will use."""

    what: str
    """`routes per table`."""
    used: int
    most: int
    origin: str
    """Who says so: `live`, `default` or `declared`."""


class Forecast(Model):
    """What an apply costs."""

    sentence: str = ""
    """What it asks of AWS, and the least time of that under AWS's throttles; empty where the plan doesn't tell."""
    least_time: str = ""
    """`11 min 30 s`; empty where AWS's throttles don't slow it."""
    quotas: tuple[Quota, ...] = ()
    """The fullest first."""


def forecast(text: str) -> Forecast:
    """Read it from a plan's own messages. The last that tells it counts: it is of all that is declared."""
    told = [message for message in _messages(text) if _CALLS.match(message)]
    if not told:
        return Forecast()
    sentence = _CALLS.match(told[-1])
    time = _TIME.search(told[-1])
    quotas = told[-1].partition(" Quotas: ")[2]
    return Forecast(
        sentence=sentence[0] if sentence else "",
        least_time=time["time"] if time else "",
        quotas=tuple(
            Quota(what=one["what"].strip(), used=_whole(one["used"]), most=_whole(one["most"]), origin=one["origin"])
            for one in _USAGE.finditer(quotas)
        ),
    )


def _messages(text: str) -> Iterator[str]:
    found = json.loads(text).get("diagnostics")
    for said in found if isinstance(found, list) else []:
        if isinstance(said, Mapping) and said.get("severity") == "info":
            yield str(said.get("message", "")).strip()


def _whole(written: str) -> int:
    return int(written.replace(",", ""))
