"""Clouds in memory that are cut off at any change if a test says."""

from __future__ import annotations

from typing import Any

from kubewire.errors import CloudError, NotFoundError, RefusedError

Row = dict[str, Any]


class Killed(BaseException):
    """What a SIGKILL is to the code that it ends: nothing catches it."""


class Memory:
    """Counts the calls that change something, and ends the run before one of them."""

    def __init__(self) -> None:
        self.changes = 0
        self.killed_at: int | None = None

    def changing(self) -> None:
        """Note a call that changes something."""
        if self.changes == self.killed_at:
            raise Killed
        self.changes += 1


def refused(code: str, message: str = "") -> CloudError:
    kind = NotFoundError if code.endswith(".NotFound") else RefusedError
    return kind(f"{code}: {message}", code=code, operation="ec2")
