"""How a failed request reaches the user: a mistake without a stack trace, a bug with it, nothing half-made lost."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import grpc
from pulumi.runtime.proto import provider_pb2, status_pb2

from kubewire.errors import KubewireError, PartlyCreatedError
from kubewire.provider.engine_log import SUBJECT
from kubewire.provider.values import write_struct

REPORT = "This is a bug in kubewire. Please report it with the lines below."


@contextmanager
def reported(context: grpc.ServicerContext, urn: str = "") -> Iterator[None]:
    """End a request with what its error means to the engine and its user; tell the user what it's about."""
    SUBJECT.set(urn)
    try:
        yield
    except PartlyCreatedError as error:
        _abort_partly(context, error, _said(error))
    except (KubewireError, InterruptedError) as error:
        context.abort(grpc.StatusCode.UNKNOWN, str(error))
    except Exception:  # noqa: BLE001 - nothing may escape into gRPC, which would show it without its message
        context.abort(grpc.StatusCode.INTERNAL, f"{REPORT}\n{traceback.format_exc()}")


def _said(error: PartlyCreatedError) -> str:
    """Say why an object isn't finished. Where the reason is a bug, it's reported as one."""
    cause = error.__cause__
    if cause is None or isinstance(cause, KubewireError | InterruptedError):
        return str(error)
    return f"{REPORT}\n{''.join(traceback.format_exception(cause))}"


def _abort_partly(context: grpc.ServicerContext, error: PartlyCreatedError, said: str) -> None:
    """Send the id along: the engine keeps the object, shows the reason, and updates it in the next run."""
    detail = provider_pb2.ErrorResourceInitFailed(
        id=error.resource_id, properties=write_struct(error.state), reasons=[said]
    )
    # Not google.rpc's message of the same name: importing both dies of a duplicate symbol.
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=said)
    status.details.add().Pack(detail)
    context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    context.abort(grpc.StatusCode.UNKNOWN, said)
