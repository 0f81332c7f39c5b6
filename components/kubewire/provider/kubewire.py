"""The kubewire provider: the catalogue's resources, run by the lifecycle."""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from pydantic import ValidationError

from kubewire.cloud.aws import AwsCloud
from kubewire.cloud.config import CloudConfig
from kubewire.errors import InvalidInputError
from kubewire.model import Model, faults
from kubewire.provider.diff import Difference, compare
from kubewire.provider.lifecycle import Lifecycle
from kubewire.provider.ownership import owner_of
from kubewire.provider.protocol import Found, Subject, Wire
from kubewire.provider.schema import package_schema
from kubewire.resources.base import Resource
from kubewire.resources.catalogue import BY_TOKEN

ENGINE_KEYS = {"version", "pluginDownloadURL"}
"""What the engine adds to a provider's configuration for itself."""


class KubewireProvider:
    """Implements `kubewire.provider.protocol.Provider`."""

    def __init__(self) -> None:
        self.version = version("kubewire")
        self._cloud = AwsCloud(CloudConfig())
        self._lock = threading.Lock()
        # What this run has seen of the state, for creates that look for leftovers of earlier runs: see create().
        self._held: set[str] = set()
        self._ids: defaultdict[str, set[str]] = defaultdict(set)
        self._made: set[Subject] = set()

    def schema(self) -> str:
        """Give the package's schema as JSON."""
        return json.dumps(package_schema(self.version))

    def check_config(self, config: Wire) -> list[InvalidInputError]:
        """Say what is wrong with a configuration."""
        try:
            CloudConfig.model_validate(_decoded(config))
        except ValidationError as error:
            return faults(error)
        return []

    def diff_config(self, old: Wire, new: Wire) -> Difference:
        """Compare two configurations."""
        return compare(CloudConfig, _decoded(old), _decoded(new))

    def configure(self, config: Wire) -> None:
        """Take a configuration. Clients are made at first use, so a preview without calls needs no credentials."""
        self._cloud = AwsCloud(CloudConfig.model_validate(_decoded(config)), self._cloud.clock)

    def check(self, subject: Subject, old: Wire, new: Wire) -> tuple[Wire, list[InvalidInputError]]:
        """Give inputs with their defaults, and what is wrong with them."""
        if old:
            self._held.add(subject.urn)
        kind = _kind(subject)
        try:
            args = kind.Args.model_validate(new)
        except ValidationError as error:
            return new, faults(error)
        wire = args.to_wire()
        if "tags" in wire:
            wire["tags"] = {**self._cloud.config.default_tags, **wire["tags"]}
        return wire, []

    def diff(self, subject: Subject, old: Wire, new: Wire) -> Difference:
        """Compare the state with new inputs."""
        self._ids[subject.urn].add(subject.id)
        return compare(_kind(subject).Args, old, new)

    def create(self, subject: Subject, inputs: Wire, *, preview: bool) -> tuple[str, Wire]:
        """Find or make an object.

        A replacement has the owner of what it replaces, so what the state holds must not be taken for a leftover. The
        ids that it holds are known from their diffs; where it holds one without a diff (`pulumi up --replace`),
        nothing is looked for.
        """
        lifecycle, kind = self._lifecycle(subject)
        if preview:
            return "", lifecycle.planned(inputs)
        taken = self._ids[subject.urn]
        look = bool(taken) or subject.urn not in self._held
        object_id, state = lifecycle.create(kind.Args.model_validate(inputs), frozenset(taken), look_first=look)
        with self._lock:
            self._made.add(Subject(subject.urn, object_id))
        return object_id, state.to_wire()

    def read(self, subject: Subject, state: Mapping[str, Any], inputs: Mapping[str, Any]) -> Found | None:  # noqa: ARG002 - the inputs say which rows are ours
        """Give an object as it is; its inputs are what of the state can be declared."""
        self._ids[subject.urn].add(subject.id)
        lifecycle, kind = self._lifecycle(subject)
        known = kind.Args.model_validate(inputs) if inputs else None
        found = lifecycle.read(subject.id, known)
        if found is None:
            return None
        wire = found.to_wire()
        names = [field.alias or name for name, field in kind.Args.model_fields.items()]
        return Found(subject.id, {name: wire[name] for name in names if name in wire}, wire)

    def update(self, subject: Subject, old: Wire, new: Wire, *, preview: bool) -> Wire:
        """Bring an object to new inputs."""
        lifecycle, kind = self._lifecycle(subject)
        if preview:
            return lifecycle.planned(new, old)
        args = kind.Args.model_validate(new)
        return lifecycle.update(subject.id, lifecycle.recall(subject.id, old, args), args).to_wire()

    def delete(self, subject: Subject, state: Wire) -> None:
        """Remove an object; but never one that this very run has made its new one."""
        if subject in self._made:
            return
        lifecycle, _ = self._lifecycle(subject)
        if known := lifecycle.recall(subject.id, state, None):
            lifecycle.delete(subject.id, known)

    def cancel(self) -> None:
        """Stop waiting."""
        self._cloud.clock.cancel()

    def _lifecycle(self, subject: Subject) -> tuple[Lifecycle[Model, Model], type[Resource[Model, Model]]]:
        kind = _kind(subject)
        return Lifecycle(kind(self._cloud, owner_of(subject.urn))), kind


def _kind(subject: Subject) -> type[Resource[Model, Model]]:
    kind = BY_TOKEN.get(subject.token)
    if kind is None:
        known = ", ".join(sorted(BY_TOKEN))
        raise InvalidInputError(f"kubewire has no resource type {subject.token}", detail=f"It has {known}.")
    return kind


def _decoded(config: Wire) -> Wire:
    """Read a configuration as the engine sends it: whatever isn't a string is JSON in one."""
    decoded = {}
    for key, value in config.items():
        if key in ENGINE_KEYS:
            continue
        decoded[key] = json.loads(value) if isinstance(value, str) and value[:1] in ("{", "[") else value
    return decoded
