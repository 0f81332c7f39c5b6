"""Waiting for a state that AWS reaches in its own time."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from kubewire.errors import RefusedError
from kubewire.resources.base import Clock

T = TypeVar("T")

PATIENCE_SECONDS = 900.0
"""Twice what AWS takes at its slowest for what a network is made of."""
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 10.0


def wait_for(clock: Clock, what: str, look: Callable[[], T | None]) -> T:
    """Look until there is something to see.

    Args:
        clock: time.
        what: what is waited for, as the user should read it: `NAT gateway nat-1 to become available`.
        look: gives None while it isn't so; raises when it never will be.

    Raises:
        RefusedError: it took longer than 15 minutes.
    """
    deadline = clock.time() + PATIENCE_SECONDS
    pause = FIRST_PAUSE_SECONDS
    while (seen := look()) is None:
        if clock.time() > deadline:
            detail = "The next run goes on waiting for it."
            message = f"waited {PATIENCE_SECONDS / 60:.0f} minutes for {what}"
            raise RefusedError(message, code="TimedOut", operation="wait", detail=detail)
        clock.sleep(pause)
        pause = min(pause * 1.5, LONGEST_PAUSE_SECONDS)
    return seen
