"""The engine's gRPC protocol, and all of its traps, around a `Provider`.

It speaks the protocol itself instead of `pulumi.provider.experimental`, which hides what nothing-is-lost needs: old
inputs in diffs, and the id of an object that could not be finished. Handlers are threads, for boto3 blocks.
Protocol: https://github.com/pulumi/pulumi/blob/master/proto/pulumi/provider.proto
"""

from __future__ import annotations

from typing import Any

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import ResourceProviderServicer, plugin_pb2, provider_pb2

from kubewire.errors import InvalidInputError
from kubewire.provider.diff import Difference
from kubewire.provider.protocol import Provider, Subject
from kubewire.provider.reporting import reported
from kubewire.provider.values import read_struct, write_struct

# Protocol messages have no stubs; they are Any here and typed on the provider's side.
Message = Any


class Servicer(ResourceProviderServicer):
    """Carries each request to the provider and its answer back."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    def Handshake(self, request: Message, context: grpc.ServicerContext) -> Message:
        """Answer the engine's first word. Secrets come as plain values: the engine marks what derives from them."""
        return provider_pb2.ProviderHandshakeResponse()

    def GetPluginInfo(self, request: Message, context: grpc.ServicerContext) -> Message:
        """Give the plugin's version."""
        return plugin_pb2.PluginInfo(version=self._provider.version)

    def GetSchema(self, request: Message, context: grpc.ServicerContext) -> Message:
        """Give the package's schema."""
        with reported(context):
            return provider_pb2.GetSchemaResponse(schema=self._provider.schema())

    def CheckConfig(self, request: Message, context: grpc.ServicerContext) -> Message:
        """Check the provider's configuration."""
        with reported(context):
            inputs, failures = self._provider.check_config(read_struct(request.olds), read_struct(request.news))
            return provider_pb2.CheckResponse(inputs=write_struct(inputs), failures=_failures(failures))

    def DiffConfig(self, request: Message, context: grpc.ServicerContext) -> Message:
        """Compare two configurations."""
        with reported(context):
            return _diff_response(self._provider.diff_config(read_struct(request.olds), read_struct(request.news)))

    def Configure(self, request: Message, context: grpc.ServicerContext) -> Message:
        """Take the configuration."""
        with reported(context):
            self._provider.configure(read_struct(request.args))
            return provider_pb2.ConfigureResponse(supportsPreview=True)

    def Check(self, request: Message, context: grpc.ServicerContext) -> Message:
        """Check inputs."""
        with reported(context, request.urn):
            subject = Subject(request.urn, seed=request.randomSeed)
            inputs, failures = self._provider.check(subject, read_struct(request.olds), read_struct(request.news))
            return provider_pb2.CheckResponse(inputs=write_struct(inputs), failures=_failures(failures))

    def Diff(self, request: Message, context: grpc.ServicerContext) -> Message:
        """Compare."""
        with reported(context, request.urn):
            subject = Subject(request.urn, request.id)
            return _diff_response(self._provider.diff(subject, read_struct(request.olds), read_struct(request.news)))

    def Create(self, request: Message, context: grpc.ServicerContext) -> Message:
        """Make."""
        with reported(context, request.urn):
            inputs = read_struct(request.properties)
            object_id, state = self._provider.create(Subject(request.urn), inputs, preview=request.preview)
            return provider_pb2.CreateResponse(id=object_id, properties=write_struct(state))

    def Read(self, request: Message, context: grpc.ServicerContext) -> Message:
        """Look."""
        with reported(context, request.urn):
            subject = Subject(request.urn, request.id)
            found = self._provider.read(subject, read_struct(request.properties), read_struct(request.inputs))
            if found is None:
                return provider_pb2.ReadResponse()
            return provider_pb2.ReadResponse(
                id=found.id, properties=write_struct(found.state), inputs=write_struct(found.inputs)
            )

    def Update(self, request: Message, context: grpc.ServicerContext) -> Message:
        """Change."""
        with reported(context, request.urn):
            subject = Subject(request.urn, request.id)
            old, new = read_struct(request.olds), read_struct(request.news)
            state = self._provider.update(subject, old, new, preview=request.preview)
            return provider_pb2.UpdateResponse(properties=write_struct(state))

    def Delete(self, request: Message, context: grpc.ServicerContext) -> Message:
        """Remove."""
        with reported(context, request.urn):
            self._provider.delete(Subject(request.urn, request.id), read_struct(request.properties))
            return Empty()

    def Invoke(self, request: Message, context: grpc.ServicerContext) -> Message:
        """Answer a question. A mistake in it is a failure, with the path of the argument."""
        with reported(context):
            result, failures = self._provider.invoke(request.tok, read_struct(request.args))
            # The field's name is a word of Python's.
            return provider_pb2.InvokeResponse(**{"return": write_struct(result)}, failures=_failures(failures))

    def Cancel(self, request: Message, context: grpc.ServicerContext) -> Message:
        """Stop waiting."""
        self._provider.cancel()
        return Empty()


def _failures(errors: list[InvalidInputError]) -> list[Message]:
    # The path goes into the reason too: the engine prints the top-level property alone.
    return [provider_pb2.CheckFailure(property=error.path, reason=str(error)) for error in errors]


def _diff_response(difference: Difference) -> Message:
    kinds = provider_pb2.PropertyDiff
    detailed = {}
    for path, change in difference.changes.items():
        name = f"{change.name}_REPLACE" if difference.is_replaced(path) else change.name
        detailed[path] = kinds(kind=kinds.Kind.Value(name))
    response = provider_pb2.DiffResponse
    return response(
        changes=response.DIFF_SOME if difference.changes else response.DIFF_NONE,
        replaces=sorted(difference.replaces),
        diffs=difference.changed_fields(),
        detailedDiff=detailed,
        hasDetailedDiff=True,
        deleteBeforeReplace=difference.delete_before_replace,
    )
