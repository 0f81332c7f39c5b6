"""Whose an object is that lies where a new one is to be made.

An engine that is killed between the call that makes an object and the note of it in the state leaves an object that no
state knows. It must be taken over, but nothing else may be: what somebody else made, or what the state holds under the
same resource (a replacement must not become the very object that is then deleted).

What a run makes, it applies under a field manager that is derived from the resource's URN, so that the object itself
says, in `managedFields`, which resource of which stack it was made for. What the state holds is known from the engine's
own requests: a Diff shows the object's uid, a Check shows that there is one. The official plugin draws the manager's
name by chance and takes nothing over; it refuses with "already exists".
"""

from __future__ import annotations

import hashlib
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from enum import Enum, auto

from kubewire.local.kubernetes_plugin.allocations import Allocations, allocations
from kubewire.local.kubernetes_plugin.annotations import Annotation, value_of
from kubewire.local.kubernetes_plugin.objects import Address, Object, metadata, uid
from kubewire.provider.protocol import Subject

_DIGITS = 8


class Standing(Enum):
    """What an object in the place of a new one is."""

    LEFTOVER = auto()
    """An earlier run made it for this resource and could not note it."""
    HELD = auto()
    """The state holds it under this resource; the new one is to replace it."""
    FOREIGN = auto()
    """Somebody else's."""


def own_field_manager(subject: Subject) -> str:
    """Give the field manager under which a resource's objects are made."""
    return f"pulumi-kubernetes-{hashlib.sha256(subject.urn.encode()).hexdigest()[:_DIGITS]}"


def field_manager(subject: Subject, inputs: Object, noted: str = "") -> str:
    """Give the field manager in whose name inputs are applied: the program's choice, the state's, or its own."""
    return value_of(Annotation.FIELD_MANAGER, inputs) or noted or own_field_manager(subject)


@dataclass
class _Seen:
    """What one run's requests showed of a resource."""

    in_state: bool = False
    uids: set[str] = field(default_factory=set)
    occupied: Allocations = frozenset()
    made: set[Address] = field(default_factory=set)


class Ledger:
    """What this run has seen of the state. Requests come in many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: defaultdict[str, _Seen] = defaultdict(_Seen)

    def note_inputs(self, subject: Subject) -> None:
        """Note that the state holds something under a resource."""
        with self._lock:
            self._seen[subject.urn].in_state = True

    def note_held(self, subject: Subject, live: Object) -> None:
        """Note which object the state holds under a resource."""
        with self._lock:
            seen = self._seen[subject.urn]
            seen.uids.add(uid(live))
            seen.occupied |= allocations(live)

    def note_made(self, subject: Subject, address: Address) -> None:
        """Note that this run has made an object, or taken it over."""
        with self._lock:
            self._seen[subject.urn].made.add(address)

    def was_made(self, subject: Subject, address: Address) -> bool:
        """Whether this run made or took over the object there."""
        with self._lock:
            return address in self._seen[subject.urn].made

    def occupied(self, subject: Subject) -> Allocations:
        """Give the addresses and ports that become free when the state's object is deleted."""
        with self._lock:
            return self._seen[subject.urn].occupied

    def standing(self, subject: Subject, live: Object) -> Standing:
        """Say whose an object is that lies where the resource is to make one."""
        with self._lock:
            seen = self._seen[subject.urn]
            if uid(live) in seen.uids:
                return Standing.HELD
            if not _was_applied_by(own_field_manager(subject), live):
                return Standing.FOREIGN
            # Where the state holds an object that no Diff has shown, it may well be this one.
            return Standing.HELD if seen.in_state and not seen.uids else Standing.LEFTOVER


def _was_applied_by(manager: str, live: Object) -> bool:
    entries = metadata(live).get("managedFields") or []
    return any(entry.get("manager") == manager and entry.get("operation") == "Apply" for entry in entries)
