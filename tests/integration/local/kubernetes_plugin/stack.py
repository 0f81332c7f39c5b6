"""The engine's part, as far as one resource goes: its order of requests, and its state."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from kubewire.local.kubernetes_plugin.provider import KubernetesProvider
from kubewire.provider.diff import Difference
from kubewire.provider.protocol import Subject


def urn(name: str, kind: str = "Service") -> Subject:
    return Subject(f"urn:pulumi:dev::shop::kubernetes:core/v1:{kind}::{name}", seed=b"seed")


@dataclass
class Held:
    """What the state holds of one resource."""

    subject: Subject
    id: str = ""
    inputs: dict[str, Any] = field(default_factory=dict)
    state: dict[str, Any] = field(default_factory=dict)

    @property
    def known(self) -> Subject:
        return Subject(self.subject.urn, self.id)

    def check(self, run: KubernetesProvider, declared: dict[str, Any]) -> dict[str, Any]:
        inputs, failures = run.check(self.subject, self.inputs, declared)
        assert failures == []
        return inputs

    def diff(self, run: KubernetesProvider, declared: dict[str, Any]) -> Difference:
        return run.diff(self.known, self.state, self.check(run, declared))

    def preview(self, run: KubernetesProvider, declared: dict[str, Any]) -> dict[str, Any]:
        inputs = self.check(run, declared)
        if self.id and not run.diff(self.known, self.state, inputs).replaces:
            return run.update(self.known, self.state, inputs, preview=True)
        return run.create(self.subject, inputs, preview=True)[1]

    def up(self, run: KubernetesProvider, declared: dict[str, Any]) -> None:
        inputs = self.check(run, declared)
        if not self.id:
            self.id, self.state = run.create(self.subject, inputs, preview=False)
        elif (difference := run.diff(self.known, self.state, inputs)).replaces:
            assert difference.delete_before_replace
            run.delete(self.known, self.state)
            self.id, self.state = run.create(self.subject, inputs, preview=False)
        elif difference.changes:
            self.state = run.update(self.known, self.state, inputs, preview=False)
        self.inputs = inputs

    def refresh(self, run: KubernetesProvider) -> None:
        found = run.read(self.known, self.state, self.inputs)
        assert found is not None
        self.state, self.inputs = found.state, found.inputs
