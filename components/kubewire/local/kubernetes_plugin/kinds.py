"""The kinds of objects that the stand-in knows, by the tokens of the official SDK."""

from __future__ import annotations

from dataclasses import dataclass

from kubewire.errors import InvalidInputError
from kubewire.local.kubernetes_plugin.release import PACKAGE

API_VERSION = "v1"
_MODULE = f"{PACKAGE}:core/{API_VERSION}:"


@dataclass(frozen=True)
class Kind:
    """A kind of the core API.

    Attributes:
        name: `Service`.
        plural: its name in URLs.
        namespaced: whether its objects lie in namespaces.
    """

    name: str
    plural: str
    namespaced: bool = False


@dataclass(frozen=True)
class Target:
    """What a token stands for.

    Attributes:
        kind: the kind of object.
        patch: whether only the given fields of an object of others are managed, and never the object itself.
    """

    kind: Kind
    patch: bool = False


NAMESPACE = Kind("Namespace", "namespaces")
NODE = Kind("Node", "nodes")
SERVICE = Kind("Service", "services", namespaced=True)
ENDPOINTS = Kind("Endpoints", "endpoints", namespaced=True)

TARGETS = {
    **{f"{_MODULE}{kind.name}": Target(kind) for kind in (NAMESPACE, NODE, SERVICE)},
    **{f"{_MODULE}{kind.name}Patch": Target(kind, patch=True) for kind in (NAMESPACE, NODE, SERVICE)},
}


def target_of(token: str) -> Target:
    """Give what a token stands for.

    Raises:
        InvalidInputError: the stand-in does not know it.
    """
    target = TARGETS.get(token)
    if target is None:
        raise InvalidInputError(
            f"the embedded environment's kubernetes plugin has no resource type {token}",
            detail=f"It stands in for the official one, which has it, and knows {', '.join(sorted(TARGETS))}.",
        )
    return target
