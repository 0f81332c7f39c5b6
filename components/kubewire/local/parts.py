"""What it takes to start one part of the cloud and to know that it is ready."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from kubewire.local.record import Part


@dataclass(frozen=True)
class Launch:
    """One part's command line and its sign of life.

    Attributes:
        part: which part.
        command: program and arguments.
        ready: asks the part itself; True once it serves. Never raises.
        environment: variables on top of the caller's.
        after: parts that must be ready before it can start; the others are started at once.
    """

    part: Part
    command: tuple[str, ...]
    ready: Callable[[], bool]
    environment: Mapping[str, str] = field(default_factory=dict)
    after: frozenset[Part] = frozenset()
