"""The engine's side of the protocol: starts a plugin's process and speaks to it as Pulumi does."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
import pulumi.runtime.proto as protocol
from google.protobuf.json_format import MessageToDict
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import status_pb2

import kubewire.provider

PLUGIN = Path(kubewire.provider.__file__).parent / "plugin" / "pulumi-resource-kubewire"
NOBODY = "127.0.0.1:1"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
LARGEST_METADATA = 4 * 1024 * 1024
"""Bytes; Go's limit, the engine's, is above."""
Properties = dict[str, Any]
# Protocol messages have no stubs.
messages: Any = protocol.provider_pb2
stubs: Any = protocol.provider_pb2_grpc
statuses: Any = status_pb2

STATE = "5717e000000000de"
"""The id of the state that every engine of these tests has."""


class RequestError(Exception):
    """A request that the plugin ended with an error."""

    def __init__(self, error: grpc.RpcError) -> None:
        call: Any = error
        super().__init__(call.details())
        self.code: grpc.StatusCode = call.code()
        self.metadata: dict[str, bytes] = dict(call.trailing_metadata())

    def unfinished(self) -> Any:
        """Give what the plugin says of an object that it made and could not finish."""
        packed = statuses.Status.FromString(self.metadata["grpc-status-details-bin"])
        detail = messages.ErrorResourceInitFailed()
        assert packed.details[0].Unpack(detail)
        return detail


@dataclass(frozen=True)
class Engine:
    """A connection to a plugin."""

    process: subprocess.Popen[bytes]
    port: int
    stub: Any

    def ask(self, verb: str, request: Any) -> Any:
        """Make one request."""
        try:
            return getattr(self.stub, verb)(request, timeout=120)
        except grpc.RpcError as error:
            raise RequestError(error) from None

    def configure(self, config: Properties) -> None:
        """Check a configuration and hand it over, as the engine begins; it has the last run's from its state."""
        checked = self.ask("CheckConfig", messages.CheckRequest(olds=struct({"stateId": STATE}), news=struct(config)))
        assert not checked.failures
        request = messages.ConfigureRequest(args=checked.inputs, acceptSecrets=True, sends_old_inputs=True)
        assert self.ask("Configure", request).supportsPreview

    def check(self, urn: str, news: Properties, olds: Properties | None = None) -> tuple[Properties, dict[str, str]]:
        """Give the checked inputs, and reasons by property."""
        answer = self.ask("Check", messages.CheckRequest(urn=urn, olds=struct(olds or {}), news=struct(news)))
        return plain(answer.inputs), {failure.property: failure.reason for failure in answer.failures}

    def diff(self, urn: str, object_id: str, state: Properties, news: Properties) -> Any:
        """Compare a state with inputs."""
        return self.ask("Diff", messages.DiffRequest(urn=urn, id=object_id, olds=struct(state), news=struct(news)))

    def create(self, urn: str, inputs: Properties, *, preview: bool = False) -> tuple[str, Properties]:
        """Make an object; give its id and state."""
        answer = self.ask("Create", messages.CreateRequest(urn=urn, properties=struct(inputs), preview=preview))
        return answer.id, plain(answer.properties)

    def read(self, urn: str, object_id: str, state: Properties, inputs: Properties) -> tuple[str, Properties, Any]:
        """Look at an object; give its id, state and inputs."""
        request = messages.ReadRequest(urn=urn, id=object_id, properties=struct(state), inputs=struct(inputs))
        answer = self.ask("Read", request)
        return answer.id, plain(answer.properties), plain(answer.inputs)

    def update(self, urn: str, object_id: str, state: Properties, news: Properties) -> Properties:
        """Bring an object to new inputs; give its state."""
        request = messages.UpdateRequest(urn=urn, id=object_id, olds=struct(state), news=struct(news))
        return plain(self.ask("Update", request).properties)

    def invoke(self, token: str, args: Properties) -> tuple[Properties, dict[str, str]]:
        """Ask a function; give its result, and reasons by property."""
        answer = self.ask("Invoke", messages.InvokeRequest(tok=token, args=struct(args)))
        return plain(getattr(answer, "return")), {failure.property: failure.reason for failure in answer.failures}

    def delete(self, urn: str, object_id: str, state: Properties) -> None:
        """Remove an object."""
        self.ask("Delete", messages.DeleteRequest(urn=urn, id=object_id, properties=struct(state)))


def struct(values: Properties) -> Struct:
    """Write properties."""
    written = Struct()
    written.update(values)
    return written


def plain(values: Struct) -> Properties:
    """Read properties."""
    read: Properties = MessageToDict(values)
    return read


@contextmanager
def started(
    environment: Mapping[str, str], command: tuple[str, ...] = (str(PLUGIN),), address: str = NOBODY
) -> Iterator[Engine]:
    """Start a plugin as the engine does, with its output in pipes.

    Args:
        environment: all of its environment.
        command: what to start.
        address: where the engine takes messages for its user.
    """
    process = subprocess.Popen(  # noqa: S603 - the command is ours
        [*command, address],
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    with process:
        try:
            assert process.stdout is not None
            first = process.stdout.readline()
            assert first, process.stderr.read().decode() if process.stderr else ""
            port = int(first)
            options = [
                ("grpc.max_metadata_size", LARGEST_METADATA),
                ("grpc.absolute_max_metadata_size", LARGEST_METADATA),
            ]
            with grpc.insecure_channel(f"127.0.0.1:{port}", options=options) as channel:
                yield Engine(process, port, stubs.ResourceProviderStub(channel))
        finally:
            process.kill()


def urn_of(name: str, kind: str = "Vpc") -> str:
    """Give the URN of a resource of the test stack."""
    return f"urn:pulumi:dev::shop::kubewire:index:{kind}::{name}"
