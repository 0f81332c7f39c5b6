"""How pods get addresses that nodes and other pods reach without NAT: three ways, and what each needs of the VPC."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from kubewire.errors import InvalidInputError
from kubewire.model import Cidr, Cidr6, Described
from kubewire.resources.instance_sets import InstanceTypeName
from kubewire.resources.traffic import Protocol
from kubewire.unions import OneOf

NODE_PREFIX6 = 80
"""A node's part of the pods' IPv6 range: Kubernetes gives out no more than 65,536 parts of it.
--node-cidr-mask-size-ipv6: https://kubernetes.io/docs/reference/command-line-tools-reference/kube-controller-manager/"""
MOST_PARTS_BITS = 16
KEPT_IN_PART = 3
"""Addresses of a node's part that no pod gets: the first, the last, and the node's own.
https://www.cni.dev/plugins/current/ipam/host-local/"""


class RoutedPods(Described):
    """Every node has a range of pod addresses, and the VPC routes it to the node's interface. No NAT, no overlay.

    Every table that nodes use has one route for each node, and no interface of a node checks source and destination.
    """

    kind: Literal["routed"] = "routed"
    cidr: Cidr
    """The range of all pods. It must not overlap the VPC's."""
    node_prefix: int = Field(default=24, ge=16, le=28)
    """The prefix length of a node's part of it; /24 holds the 110 pods that a kubelet runs by default."""
    cidr6: Cidr6 | None = None
    """The IPv6 range of all pods, a unique local one for example. The VPC must have IPv6 then."""
    node_prefix6: int = Field(default=NODE_PREFIX6, ge=48, le=112)
    """The prefix length of a node's part of that."""
    max_pods: int | None = Field(default=None, ge=1)
    """How many pods a kubelet runs at most, its `maxPods`: told, a node's part is checked to hold them."""
    hairpin: bool | None = None
    """Whether a node hands a pod what the pod sends to itself through a Service: by a bridge in hairpin mode, or by a
    route to each pod. Not told, it isn't proved that pods reach themselves.
    https://kubernetes.io/docs/tasks/debug/debug-application/debug-service/#a-pod-fails-to-reach-itself-via-the-service-ip"""

    @model_validator(mode="after")
    def _has_parts(self) -> RoutedPods:
        if self.node_prefix < self.cidr.prefixlen:
            detail = f"Choose a prefix from /{self.cidr.prefixlen} to /28, or a larger range of pods."
            summary = f"{self.cidr} has no part of size /{self.node_prefix}"
            raise InvalidInputError(summary, detail=detail, path="nodePrefix")
        if self.cidr6 and not 0 <= self.node_prefix6 - self.cidr6.prefixlen <= MOST_PARTS_BITS:
            longest = self.cidr6.prefixlen + MOST_PARTS_BITS
            detail = f"Kubernetes takes /{self.cidr6.prefixlen} to /{longest} for a node's part of it."
            summary = f"{self.cidr6} has no parts of size /{self.node_prefix6}"
            raise InvalidInputError(summary, detail=detail, path="nodePrefix6")
        room = (1 << (32 - self.node_prefix)) - KEPT_IN_PART
        if self.max_pods and self.max_pods > room:
            detail = "Choose a shorter prefix, or fewer pods: the others would hang in ContainerCreating."
            summary = f"a node's /{self.node_prefix} has room for {room} pods"
            raise InvalidInputError(summary, detail=detail, path="maxPods")
        return self


class VpcPods(Described):
    """Pods have addresses of the VPC, as the Amazon VPC CNI gives them: AWS itself routes them.

    They are in the subnets for pods, or in the nodes' where the layout has none, and in the nodes' security group. A
    pod reaches itself through its Service: there is no bridge, a node has a route to each of its pods.
    https://github.com/aws/amazon-vpc-cni-k8s/blob/master/docs/cni-proposal.md
    """

    kind: Literal["vpc"] = "vpc"
    prefix_delegation: bool = True
    """Whether interfaces get whole /28 prefixes: sixteen times the pods.
    https://docs.aws.amazon.com/eks/latest/best-practices/prefix-mode-linux.html"""
    instance_types: tuple[InstanceTypeName, ...] = ()
    """The types of nodes that others make, for the number of pods that each can hold."""


class Encapsulation(StrEnum):
    """How an overlay carries pods' packets between nodes."""

    VXLAN = "vxlan"
    """UDP 4789, the registered port: Calico, Antrea. RFC 7348."""
    VXLAN_LINUX = "vxlan-8472"
    """UDP 8472, the Linux kernel's own default: Flannel, Cilium."""
    GENEVE = "geneve"
    """UDP 6081: OVN-Kubernetes, Antrea. RFC 8926."""
    WIREGUARD = "wireguard"
    """UDP 51820: Calico, and others with encryption on."""
    IP_IN_IP = "ip-in-ip"
    """IP protocol 4: Calico. RFC 2003."""


CARRIED_BY: dict[Encapsulation, tuple[Protocol, int | None]] = {
    Encapsulation.VXLAN: (Protocol.UDP, 4789),
    Encapsulation.VXLAN_LINUX: (Protocol.UDP, 8472),
    Encapsulation.GENEVE: (Protocol.UDP, 6081),
    Encapsulation.WIREGUARD: (Protocol.UDP, 51820),
    Encapsulation.IP_IN_IP: (Protocol.IP_IN_IP, None),
}
"""Protocol and port of each."""
BGP_PORT = 179
"""https://www.rfc-editor.org/rfc/rfc4271"""


class OverlayPods(Described):
    """Nodes wrap pods' packets for each other: the VPC sees node addresses alone, and needs no routes for pods.

    Pods reach each other and nodes without NAT; who isn't a node can't reach a pod at all.
    """

    kind: Literal["overlay"] = "overlay"
    cidr: Cidr
    """The range of all pods. Nothing in the VPC may use it, or it can't be reached from pods."""
    encapsulation: Encapsulation
    """How."""
    bgp: bool = False
    """Whether nodes tell each other their ranges by BGP, TCP 179."""
    hairpin: bool | None = None
    """Whether a node hands a pod what the pod sends to itself through a Service: as for routed pods."""


PodsDescription = Annotated[RoutedPods | VpcPods | OverlayPods, OneOf()]
