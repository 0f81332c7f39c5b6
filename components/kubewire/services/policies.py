"""What a Service says of where its packets go; names and values are Kubernetes'.

https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from kubewire.model import Described
from kubewire.services.written import InSpec

A_DAY = 24 * 60 * 60


class TrafficPolicy(StrEnum):
    """Which endpoints a node sends to."""

    CLUSTER = "Cluster"
    """All of them."""
    LOCAL = "Local"
    """Those on the node itself; without any, packets are dropped."""


class TrafficDistribution(StrEnum):
    """Which endpoints are preferred, where there are healthy ones. Without any of these, all are equal."""

    PREFER_CLOSE = "PreferClose"
    """Those in the client's zone; the older name of the next one."""
    PREFER_SAME_ZONE = "PreferSameZone"
    """Those in the client's zone. Kubernetes 1.34 and newer."""
    PREFER_SAME_NODE = "PreferSameNode"
    """Those on the client's node. Kubernetes 1.34 and newer."""


class ClientIPAffinity(Described):
    """A client's connections go to the endpoint that its last one went to."""

    kind: Literal["ClientIP"] = "ClientIP"
    timeout_seconds: int = Field(default=3 * 60 * 60, ge=1, le=A_DAY)
    """How long after its last connection, seconds."""


def _affinity(given: Any) -> Any:
    """Take Kubernetes' own words too."""
    match given:
        case "None":
            return None
        case "ClientIP":
            return ClientIPAffinity()
        case _:
            return given


def _entries(affinity: ClientIPAffinity) -> Mapping[str, Any]:
    seconds = {"timeoutSeconds": affinity.timeout_seconds}
    return {"sessionAffinity": affinity.kind, "sessionAffinityConfig": {"clientIP": seconds}}


SessionAffinity = Annotated[ClientIPAffinity | None, BeforeValidator(_affinity), InSpec(_entries)]
"""Whether a client stays with an endpoint."""
