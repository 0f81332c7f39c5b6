"""Pulumi's engine as one resource of the provider sees it; it may be cut off at any call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from kubewire.provider.kubewire import KubewireProvider
from kubewire.provider.protocol import Subject, Wire


@dataclass
class Entry:
    """A resource in the state; `pending` where only its delete is left to do."""

    id: str
    outputs: Wire
    inputs: Wire
    pending: bool = False


@dataclass
class Engine:
    """Pulumi's engine, as far as one resource sees it: what it calls, and when it writes its state."""

    urn: str
    start: Callable[[], KubewireProvider]
    """Starts the plugin of one run."""
    state: list[Entry] = field(default_factory=list)
    in_doubt: bool = False
    """Whether the state may be wrong about what it holds, should the run be cut off now."""
    creating: bool = False
    """Whether a create was begun and not heard of again."""

    def is_replacing(self) -> bool:
        """Whether a replacement was begun and not finished."""
        return self.creating and bool(self.state)

    def up(self, wanted: Wire) -> None:
        """Bring the resource to its inputs; then delete what was replaced, in this run or an earlier one."""
        provider = self.start()
        live = next((entry for entry in self.state if not entry.pending), None)
        inputs, failures = provider.check(Subject(self.urn), live.inputs if live else {}, wanted)
        assert not failures
        if live is None:
            self._create(provider, inputs)
        else:
            subject = Subject(self.urn, live.id)
            difference = provider.diff(subject, live.outputs, inputs)
            if difference.replaces and difference.delete_before_replace:
                self._delete(provider, [live])
                self._create(provider, inputs)
            elif difference.replaces:
                self._create(provider, inputs)
                live.pending = True
            elif difference.changes:
                self.in_doubt = True
                live.outputs = provider.update(subject, live.outputs, inputs, preview=False)
                live.inputs = inputs
                self.in_doubt = False
        self._delete(provider, [entry for entry in self.state if entry.pending])

    def destroy(self) -> None:
        """Delete everything."""
        self._delete(self.start(), list(self.state))

    def refresh(self) -> None:
        """Take what is there for the state, as users are told to after a run that was cut off."""
        provider = self.start()
        for entry in list(self.state):
            found = provider.read(Subject(self.urn, entry.id), entry.outputs, entry.inputs)
            if found is None:
                self.state.remove(entry)
            elif not entry.pending:
                entry.inputs, entry.outputs = found.inputs, found.state

    def _create(self, provider: KubewireProvider, inputs: Wire) -> None:
        self.creating = True
        box_id, outputs = provider.create(Subject(self.urn), inputs, preview=False)
        self.state.append(Entry(box_id, outputs, inputs))
        self.creating = False

    def _delete(self, provider: KubewireProvider, entries: list[Entry]) -> None:
        doubted = self.in_doubt
        for entry in entries:
            self.in_doubt |= not entry.pending
            provider.delete(Subject(self.urn, entry.id), entry.outputs)
            self.state.remove(entry)
        self.in_doubt = doubted and bool(self.state)
