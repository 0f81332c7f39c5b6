"""How long a change of state takes: no time at all unless configured, or about as long as on AWS.

A rule names what it waits for and lets the schedule do the rest:

    AVAILABLE = duration("nat-gateway.available", aws=90.0, page="https://docs.aws.amazon.com/...")

    @after("ec2", "CreateNatGateway")
    def starts_pending(call: Call, answer: Answer) -> None:
        gateway.state = "pending"
        call.later(AVAILABLE, lambda: become_available(gateway))
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True)
class Duration:
    """One change of state.

    Attributes:
        name: under which it is configured.
        aws: about how many seconds AWS takes.
        page: where AWS's documentation speaks of it.
    """

    name: str
    aws: float
    page: str


_declared: dict[str, Duration] = {}
DURATIONS: Final = MappingProxyType(_declared)
"""All of them by name, once the areas are loaded."""


def duration(name: str, *, aws: float, page: str) -> Duration:
    """Declare one."""
    if name in _declared:
        raise ValueError(f"there are two durations named {name!r}")
    _declared[name] = Duration(name, aws, page)
    return _declared[name]
