"""What the cluster says of itself: its ranges, and which node has which pods.

AWS knows none of this. It is what the rest is proved against, and it never stands in for a fact about AWS.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from kubewire.model import Model, PortNumber
from kubewire.net.addresses import Range
from kubewire.prover.facts.firewall import Peer
from kubewire.prover.facts.unknown import Known, Unknown


class Told(StrEnum):
    """Who says which pods a node has."""

    DECLARED = "the cluster's declaration"
    ROUTES = "the routes that lead to its interface"
    """So whether they lead to the right node can't be proved."""


class PodPlace(Model):
    """Where pods of a node get addresses of the VPC: own ones of its interfaces there, whichever AWS chooses.

    https://docs.aws.amazon.com/eks/latest/best-practices/vpc-cni.html
    """

    subnet: Known[str]
    groups: tuple[Known[str], ...]
    """The security groups of those interfaces."""


class Node(Model):
    """A machine of the cluster."""

    name: str
    interface: Known[str]
    """Its primary network interface."""
    pod_ranges: tuple[Range, ...] = ()
    """The addresses of its pods."""
    pod_places: tuple[PodPlace, ...] = ()
    """Where its pods get addresses of the VPC; each of them may be in any of these."""
    expected: bool = False
    """Whether it stands for any machine that others make there, at any time: none is known, and many may come."""
    told: Told = Told.DECLARED
    most_pods: Known[int]
    """How many pods its kubelet runs at most."""
    most_addresses: Known[int] = Unknown(comes_from="how many addresses a node takes for its pods")
    """How many addresses of the VPC its pods take at most."""


class NodePorts(Model):
    """The ports of NodePort Services, both ends included."""

    first: PortNumber
    last: PortNumber


class Proxy(Model):
    """How kube-proxy is set, on all nodes alike.

    https://kubernetes.io/docs/reference/config-api/kube-proxy-config.v1alpha1/
    """

    pod_ranges: tuple[Range, ...] = ()
    """`clusterCIDR`: whoever sends to a Service from elsewhere gets the node's address. Empty: nobody does."""
    masquerades_all: bool = False
    """Whether whoever sends to a Service gets the node's address."""
    node_port_ranges: tuple[Range, ...] = ()
    """`nodePortAddresses`: where it serves node ports; empty for all addresses of a node."""


class OnNodes(Model):
    """The API server runs on nodes of the cluster, which may be any of them."""

    kind: Literal["nodes"] = "nodes"


class Apart(Model):
    """The API server runs elsewhere."""

    kind: Literal["apart"] = "apart"
    peers: tuple[Annotated[Peer, Field(discriminator="kind")], ...]
    """Where its connections come from: any of these."""
    webhook_ports: tuple[PortNumber, ...] = ()
    """The TCP ports of pods that it calls."""


ControlPlane = OnNodes | Apart
"""Who asks kubelets and webhooks."""


class Cluster(Model):
    """A Kubernetes cluster."""

    name: str
    vpc: Known[str]
    pod_ranges: tuple[Range, ...] = ()
    """The ranges that all pods are in, as declared; empty where nothing says them."""
    service_ranges: Known[tuple[Range, ...]]
    """The ranges of Service addresses."""
    node_ports: Known[NodePorts]
    nodes: tuple[Node, ...] = ()
    most_nodes: Known[int] | None = None
    """How many nodes there are at most, where some are expected; None where all are listed."""
    group: str | None = None
    """The Auto Scaling group whose machines all nodes are, those that are expected too; None where nobody says so."""
    control_plane: OnNodes | Apart | Unknown
    unmasqueraded: Known[tuple[Range, ...]]
    """The destinations to which nodes send pods' packets with the pods' own addresses."""
    spares_vpc: bool = False
    """Whether the VPC's own ranges are among them, whatever they are."""
    proxy: Proxy | None = None
    """None: what it masquerades is in `unmasqueraded`, and it serves node ports on all addresses."""
    hairpin: Known[bool] = Unknown(
        comes_from="whether nodes hand a pod what it sends to itself (the CNI's hairpin mode)"
    )
    """Whether a pod's bridge or routes lead a packet back to the pod that sent it."""
    open_ends: tuple[str, ...] = ()
    """What may add nodes or pods that aren't known: with any, nothing holds for all of them."""
