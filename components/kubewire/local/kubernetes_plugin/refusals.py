"""What the API server's errors mean: its own words, and the object that they are about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import httpx2
from lightkube import ApiError

from kubewire.errors import EnvironmentNotReadyError, NotFoundError, RefusedError

INVALID: Final = "Invalid"
_CONFLICT: Final = "Conflict"
_FORBIDDEN: Final = "Forbidden"
_NOT_FOUND: Final = "NotFound"
_MANAGER = re.compile(r'conflict with "([^"]+)"')


class UnreachableError(EnvironmentNotReadyError):
    """Nobody answers at the cluster's address."""


class NoNamespaceError(NotFoundError):
    """The namespace of an object does not exist, at least not yet."""


class ConflictError(RefusedError):
    """Other field managers own fields that were to be set.

    Attributes:
        managers: who they are.
    """

    managers: frozenset[str] = frozenset()


class ForbiddenError(RefusedError):
    """The user may not do this, or a policy of the cluster's is against it."""


@contextmanager
def translated(what: str, operation: str, server: str) -> Iterator[None]:
    """Turn what goes wrong in a call into an error of ours.

    Args:
        what: the object that the call is about.
        operation: the call.
        server: the API server's address.
    """
    try:
        yield
    except ApiError as error:
        raise _refusal(error, what, operation) from error
    except httpx2.HTTPStatusError as error:
        code = str(error.response.status_code)
        raise RefusedError(f"{what}: {server} answered {code}", code=code, operation=operation) from error
    except httpx2.TransportError as error:
        raise UnreachableError(
            f"configured Kubernetes cluster is unreachable: {error or type(error).__name__}",
            detail=f"The kubeconfig names {server}. Is it running?",
        ) from error


def _refusal(error: ApiError, what: str, operation: str) -> RefusedError | NotFoundError:
    status = error.status
    code = status.reason or str(status.code)
    details = status.details
    if code == _NOT_FOUND:
        kind = NoNamespaceError if details and details.kind == "namespaces" else NotFoundError
        return kind(f"{what}: {status.message}", code=code, operation=operation)
    summary = f"the Kubernetes API server refused {what}: {status.message}"
    if code == _FORBIDDEN:
        return ForbiddenError(summary, code=code, operation=operation)
    if code == _CONFLICT:
        causes = (details.causes if details else None) or []
        conflict = ConflictError(
            summary,
            code=code,
            operation=operation,
            detail='Leave the fields to their manager, or take them by the annotation `pulumi.com/patchForce: "true"`.',
        )
        conflict.managers = frozenset(name for cause in causes for name in _MANAGER.findall(cause.message or ""))
        return conflict
    return RefusedError(summary, code=code, operation=operation)
