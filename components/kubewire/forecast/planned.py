"""What the engine has previewed so far."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable


class Planned:
    """The calls that the apply of each previewed resource makes. Requests come from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: dict[str, Counter[str]] = {}

    def note(self, urn: str, calls: Counter[str]) -> None:
        """Note what a resource's create or update makes; the last word counts."""
        with self._lock:
            self._calls[urn] = calls

    def of(self, urns: Iterable[str]) -> Counter[str]:
        """Add up what some resources make; one that doesn't change makes none."""
        with self._lock:
            return sum((self._calls.get(urn, Counter()) for urn in urns), Counter())
