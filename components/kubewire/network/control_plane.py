"""Who the control plane is, where it doesn't run on the nodes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from kubewire.deferred import Later
from kubewire.model import Described, PortNumber
from kubewire.network.names import GroupId, PeerName
from kubewire.network.sources import NarrowCidr
from kubewire.unions import OneOf

KUBELET_PORT = 10250
"""https://kubernetes.io/docs/reference/networking/ports-and-protocols/"""


class _ControlPlane(Described):
    api_port: PortNumber = 443
    """Where its API server listens: 443 on EKS, 6443 as kubeadm sets it up."""
    webhooks: tuple[PortNumber, ...] = (8443, 9443)
    """The ports of pods that its API server calls: admission webhooks and aggregated APIs."""


class ControlPlaneGroup(_ControlPlane):
    """A control plane whose interfaces are in a security group: EKS's cluster group, for example."""

    kind: Literal["group"] = "group"
    name: PeerName
    """What to call the group."""
    id: Later[GroupId]
    """Its id."""


class ControlPlaneRanges(_ControlPlane):
    """A control plane in ranges of addresses."""

    kind: Literal["ranges"] = "ranges"
    cidrs: tuple[NarrowCidr, ...] = Field(min_length=1)
    """The ranges."""


ControlPlaneDescription = Annotated[ControlPlaneGroup | ControlPlaneRanges, OneOf()]
