"""Which namespaces a stack owns: they go with all that is in them, whoever put it there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import AfterValidator, TypeAdapter, ValidationError

from kubewire.errors import InvalidInputError
from kubewire.faults import faults
from kubewire.services.kubernetes_names import NamespaceName

BUILT_IN = ("default", "kube-system", "kube-public", "kube-node-lease")
"""https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/#initial-namespaces"""


def _owned(names: tuple[str, ...]) -> tuple[str, ...]:
    for index, name in enumerate(names):
        if name in BUILT_IN:
            detail = "Every cluster has it, and would lose it with the stack. Leave it out: Services can be in it."
            raise InvalidInputError(f"{name} is the cluster's own", detail=detail, path=f"[{index}]")
        if name in names[:index]:
            raise InvalidInputError(f"{name} is there twice", detail="Remove one.", path=f"[{index}]")
    return names


OwnNamespaces = Annotated[tuple[NamespaceName, ...], AfterValidator(_owned)]
"""Namespaces that are made and deleted with a stack."""

_ADAPTER: TypeAdapter[tuple[str, ...]] = TypeAdapter(OwnNamespaces)


def own_namespaces(names: Sequence[str]) -> tuple[str, ...]:
    """Check namespaces that a stack is to own.

    Raises:
        InvalidInputError: one that isn't a name, is there twice, or that every cluster has.
    """
    try:
        return _ADAPTER.validate_python(tuple(names))
    except ValidationError as error:
        raise InvalidInputError.joined(faults(error), "namespaces") from None
