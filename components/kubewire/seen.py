"""What the engine has shown of resources in this run: what they are to be, and what they are."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

Wire = Mapping[str, Any]


@dataclass(frozen=True)
class SeenResource:
    """A resource as the engine will write it into its state, as far as that is known by now.

    Attributes:
        urn: what tells it from all others.
        inputs: its inputs, checked, with their defaults.
        id: what AWS calls it; None until it's made.
        outputs: its state; empty while it is about to change.
    """

    urn: str
    inputs: Wire
    id: str | None = None
    outputs: Wire = field(default_factory=dict)


class Seen:
    """The resources of one run, each as its last request left it. Requests come from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._resources: dict[str, SeenResource] = {}

    def checked(self, urn: str, inputs: Wire) -> None:
        """Note what a resource is to be. Every run begins with that, for every resource that it may change."""
        with self._lock:
            self._resources[urn] = SeenResource(urn, inputs)

    def found(self, urn: str, object_id: str | None, outputs: Wire) -> None:
        """Note what there is, or will be; no outputs where they are about to change."""
        with self._lock:
            if known := self._resources.get(urn):
                self._resources[urn] = replace(known, id=object_id, outputs=outputs)

    def of(self, urns: Iterable[str]) -> list[SeenResource]:
        """Give those of some resources that were seen."""
        with self._lock:
            return [self._resources[urn] for urn in urns if urn in self._resources]
