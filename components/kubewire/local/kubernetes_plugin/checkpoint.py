"""What the state keeps of an object, in the official plugin's form: either plugin reads what the other one wrote."""

from __future__ import annotations

from dataclasses import dataclass

from kubewire.local.kubernetes_plugin.kinds import API_VERSION
from kubewire.local.kubernetes_plugin.objects import Object, section
from kubewire.provider.protocol import Wire

_INPUTS = "__inputs"
_API_VERSION = "__initialApiVersion"
_FIELD_MANAGER = "__fieldManager"


@dataclass(frozen=True)
class Checkpoint:
    """An object as last seen.

    Attributes:
        inputs: what was declared.
        live: what the API server made of it; a program's outputs.
        field_manager: in whose name it was applied; empty if unknown.
    """

    inputs: Object
    live: Object
    field_manager: str

    @classmethod
    def read(cls, state: Object) -> Checkpoint:
        """Read a state."""
        live = {key: value for key, value in state.items() if not key.startswith("__")}
        return cls(section(state, _INPUTS), live, str(state.get(_FIELD_MANAGER) or ""))

    def to_wire(self) -> Wire:
        """Write a state."""
        ours = {_INPUTS: self.inputs, _API_VERSION: API_VERSION, _FIELD_MANAGER: self.field_manager}
        return {**self.live, **ours}
