"""The stand-in as the engine sees it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from kubewire.cloud.clock import SystemClock
from kubewire.errors import InvalidInputError
from kubewire.faults import faults
from kubewire.local.kubernetes_plugin.check import checked
from kubewire.local.kubernetes_plugin.checkpoint import Checkpoint
from kubewire.local.kubernetes_plugin.cluster import Cluster
from kubewire.local.kubernetes_plugin.config import Config, unsupported
from kubewire.local.kubernetes_plugin.configdiff import config_difference
from kubewire.local.kubernetes_plugin.deploying import Deployment
from kubewire.local.kubernetes_plugin.diff import difference
from kubewire.local.kubernetes_plugin.kinds import target_of
from kubewire.local.kubernetes_plugin.objects import Address, metadata
from kubewire.local.kubernetes_plugin.ownership import Ledger
from kubewire.local.kubernetes_plugin.refusals import UnreachableError
from kubewire.local.kubernetes_plugin.release import VERSION
from kubewire.local.kubernetes_plugin.schema import package_schema
from kubewire.provider.diff import Difference
from kubewire.provider.protocol import Found, Subject, Wire


class KubernetesProvider:
    """Implements `kubewire.provider.protocol.Provider`."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self.version = VERSION
        self._environment = environment
        self._clock = SystemClock()
        self._use(Config.read({}, environment))

    def schema(self) -> str:
        """Give the package's schema as JSON."""
        return json.dumps(package_schema())

    def check_config(self, old: Wire, config: Wire) -> tuple[Wire, list[InvalidInputError]]:
        """Give a configuration as it came, and what is wrong with it; the old one says nothing here."""
        del old
        try:
            Config.read(config, self._environment)
        except ValidationError as error:
            return config, faults(error)
        return config, unsupported(config)

    def diff_config(self, old: Wire, new: Wire) -> Difference:
        """Compare two configurations."""
        return config_difference(old, new, self._environment)

    def configure(self, config: Wire) -> None:
        """Take a configuration. The cluster is asked nothing before a resource needs it."""
        try:
            self._use(Config.read(config, self._environment))
        except ValidationError as error:
            raise faults(error)[0] from error

    def check(self, subject: Subject, old: Wire, new: Wire) -> tuple[Wire, list[InvalidInputError]]:
        """Give inputs with their defaults, and what is wrong with them."""
        target = target_of(subject.token)
        if old:
            self._ledger.note_inputs(subject)
        placed = not target.kind.namespaced or metadata(new).get("namespace")
        return checked(subject, target, old, new, "" if placed else self._cluster.default_namespace)

    def diff(self, subject: Subject, old: Wire, new: Wire) -> Difference:
        """Compare the state with new inputs."""
        state = Checkpoint.read(old)
        self._ledger.note_held(subject, state.live)
        return difference(target_of(subject.token), state, new)

    def create(self, subject: Subject, inputs: Wire, *, preview: bool) -> tuple[str, Wire]:
        """Make an object, or ask the server what would come of it."""
        deployment = self._deployment(subject)
        return ("", deployment.plan_create(inputs)) if preview else deployment.create(inputs)

    def read(self, subject: Subject, state: Mapping[str, Any], inputs: Mapping[str, Any]) -> Found | None:
        """Give an object as it is."""
        known = Checkpoint.read(state)
        declared = inputs or known.inputs
        was = Checkpoint(declared, known.live, known.field_manager) if declared else None
        try:
            found = self._deployment(subject).read(Address.parse(subject.id), was)
        except UnreachableError:
            if self._config.delete_unreachable:
                return None
            raise
        return Found(subject.id, dict(found.inputs), found.to_wire()) if found else None

    def update(self, subject: Subject, old: Wire, new: Wire, *, preview: bool) -> Wire:
        """Bring an object to new inputs, or ask the server what would come of it."""
        deployment, state = self._deployment(subject), Checkpoint.read(old)
        return deployment.plan_update(state, new) if preview else deployment.update(state, new)

    def delete(self, subject: Subject, state: Wire) -> None:
        """Remove an object."""
        try:
            self._deployment(subject).delete(Address.parse(subject.id), Checkpoint.read(state))
        except UnreachableError:
            if not self._config.delete_unreachable:
                raise

    def invoke(self, token: str, args: Wire) -> tuple[Wire, list[InvalidInputError]]:
        """Refuse: the stand-in answers no function, and says so."""
        del args
        message = f"the stand-in for the kubernetes plugin has no function {token}"
        raise InvalidInputError(message, detail="Use the official plugin for that.")

    def cancel(self) -> None:
        """Stop waiting."""
        self._clock.cancel()

    def close(self) -> None:
        """Close its connections."""
        self._cluster.close()

    def _use(self, config: Config) -> None:
        self._config = config
        # An engine configures first: what an earlier engine's run showed is no news of this one's state.
        self._ledger = Ledger()
        self._cluster = Cluster(config, self._clock, self._environment)

    def _deployment(self, subject: Subject) -> Deployment:
        return Deployment(
            subject=subject,
            target=target_of(subject.token),
            cluster=self._cluster,
            ledger=self._ledger,
            clock=self._clock,
            force=self._config.enable_patch_force,
            upsert=self._config.upsert_existing_objects,
        )
