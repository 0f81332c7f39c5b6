"""What a provider is to the engine, in plain Python; `wire` carries it over gRPC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from kubewire.errors import InvalidInputError
from kubewire.provider.diff import Difference

Wire = dict[str, Any]
"""Properties in wire form: camelCase keys, JSON's types, and `UNKNOWN` where only the apply knows."""


@dataclass(frozen=True)
class Subject:
    """The resource that a request is about.

    Attributes:
        urn: its name in the stack.
        id: its name in the cloud; empty while it has none.
        seed: what names that must be made up are drawn from: the same in a preview and in its update.
    """

    urn: str
    id: str = ""
    seed: bytes = field(default=b"", compare=False)

    @property
    def token(self) -> str:
        """Its type, `kubewire:index:Vpc`."""
        return self.urn.split("::")[2].rpartition("$")[2]


@dataclass(frozen=True)
class Found:
    """An object as a read finds it."""

    id: str
    inputs: Wire
    state: Wire


class Provider(Protocol):
    """The verbs of the engine's protocol.

    Any of them may raise a KubewireError, which the user sees without a stack trace.
    """

    version: str

    def schema(self) -> str:
        """Give the package's schema as JSON."""

    def check_config(self, old: Wire, config: Wire) -> tuple[Wire, list[InvalidInputError]]:
        """Give a configuration with its defaults, and what is wrong with it. Unknown values may be in it."""

    def diff_config(self, old: Wire, new: Wire) -> Difference:
        """Compare two configurations."""

    def configure(self, config: Wire) -> None:
        """Take a configuration, checked before."""

    def check(self, subject: Subject, old: Wire, new: Wire) -> tuple[Wire, list[InvalidInputError]]:
        """Give inputs with their defaults, and what is wrong with them. `old` is empty for a new object."""

    def diff(self, subject: Subject, old: Wire, new: Wire) -> Difference:
        """Compare the state with new inputs."""

    def create(self, subject: Subject, inputs: Wire, *, preview: bool) -> tuple[str, Wire]:
        """Make an object; give its id and state. In a preview, say what is known of it without making it."""

    def read(self, subject: Subject, state: Mapping[str, Any], inputs: Mapping[str, Any]) -> Found | None:
        """Give an object as it is; both mappings are empty in an import."""

    def update(self, subject: Subject, old: Wire, new: Wire, *, preview: bool) -> Wire:
        """Bring an object to new inputs; give its state."""

    def delete(self, subject: Subject, state: Wire) -> None:
        """Remove an object."""

    def invoke(self, token: str, args: Wire) -> tuple[Wire, list[InvalidInputError]]:
        """Give the result of a function that only looks, and what is wrong with its arguments: one or the other."""

    def cancel(self) -> None:
        """Stop waiting: the user wants to end the run."""
