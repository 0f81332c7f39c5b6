"""What one run of the engine has shown of the state that it holds."""

from __future__ import annotations

import threading
from collections import defaultdict

from kubewire.provider.protocol import Subject


class Ledger:
    """Tells leftovers of earlier runs from objects that the state holds.

    Both bear the same owner, for a replacement has the owner of what it replaces. The protocol never says what the
    state holds; what it shows in passing is noted here. Requests come from many threads.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._declared: set[str] = set()
        self._ids: defaultdict[str, set[str]] = defaultdict(set)
        self._made: set[Subject] = set()

    def declared(self, urn: str) -> None:
        """Note that the state has inputs of a resource, and so holds one."""
        with self._lock:
            self._declared.add(urn)

    def held(self, subject: Subject) -> None:
        """Note that the state holds an object."""
        with self._lock:
            self._ids[subject.urn].add(subject.id)

    def made(self, subject: Subject) -> None:
        """Note that this run made an object, or took it over."""
        with self._lock:
            self._made.add(subject)

    def ids(self, urn: str) -> frozenset[str]:
        """Give the ids of a resource's objects that the state is known to hold."""
        with self._lock:
            return frozenset(self._ids[urn])

    def tells_leftovers(self, urn: str) -> bool:
        """Whether an object with this owner, and none of the known ids, is a leftover.

        Not so where the state holds one whose id no request has shown: when something else than a diff replaces it.
        """
        with self._lock:
            return bool(self._ids[urn]) or urn not in self._declared

    def is_made(self, subject: Subject) -> bool:
        """Whether this run made the object or took it over."""
        with self._lock:
            return subject in self._made
