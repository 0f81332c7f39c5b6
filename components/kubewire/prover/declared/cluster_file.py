"""The file that says what a cluster is: its ranges and its nodes. All of it may be left out.

    name: shop
    vpc: shop-vpc
    podRanges: [100.64.0.0/16]
    serviceRanges: [10.96.0.0/16]
    nodePorts: {first: 30000, last: 32767}
    unmasqueraded: [10.0.0.0/16, 100.64.0.0/16]
    maxPods: 110
    hairpin: true
    controlPlane: {kind: ranges, ranges: [10.9.0.0/28], webhookPorts: [9443]}
    nodes:
      kind: listed
      machines: [{name: node-a, interface: aws_instance.a, podRanges: [100.64.0.0/24]}]

What it leaves out isn't guessed: what depends on it isn't proven.
"""

from __future__ import annotations

from typing import Annotated, Literal

import yaml
from pydantic import Field, ValidationError

from kubewire.errors import InvalidInputError
from kubewire.faults import faults
from kubewire.model import AnyCidr, Model, PortNumber
from kubewire.prover.facts.cluster import NodePorts
from kubewire.unions import OneOf

Name = Annotated[str, Field(min_length=1)]


class ListedNode(Model):
    """A node."""

    name: Name
    """What Kubernetes calls it."""
    interface: Name
    """Its primary network interface, or the instance that has it: by name, id or Terraform's address."""
    pod_ranges: tuple[AnyCidr, ...] | None = None
    """The addresses of its pods. Default: what routes and interfaces say, so routes can't be proved by it."""
    max_pods: int | None = Field(default=None, ge=1)
    """How many pods its kubelet runs at most. Default: the file's `maxPods`."""


class ListedNodes(Model):
    """The nodes, each by name: these and no others."""

    kind: Literal["listed"] = "listed"
    """Tells it from nodes by tag."""
    machines: tuple[ListedNode, ...]
    """All of them."""


class TaggedNodes(Model):
    """Every instance that bears tags. Which pods it has, routes and interfaces say."""

    kind: Literal["tagged"] = "tagged"
    """Tells it from nodes by name."""
    tags: dict[str, str] = Field(min_length=1)
    """All of these: `{kubernetes.io/cluster/shop: owned}`."""


class PlaneOnNodes(Model):
    """The API server runs on nodes of the cluster."""

    kind: Literal["nodes"] = "nodes"
    """Tells it from the others."""


class PlaneInRanges(Model):
    """The API server runs elsewhere, and is known by its addresses."""

    kind: Literal["ranges"] = "ranges"
    """Tells it from the others."""
    ranges: tuple[AnyCidr, ...] = Field(min_length=1)
    """Where its connections come from."""
    webhook_ports: tuple[PortNumber, ...] = ()
    """The TCP ports of pods that it calls."""


class PlaneInGroup(Model):
    """The API server runs elsewhere, and is known by its security group."""

    kind: Literal["group"] = "group"
    """Tells it from the others."""
    group: Name
    """By name, id or Terraform's address."""
    webhook_ports: tuple[PortNumber, ...] = ()
    """The TCP ports of pods that it calls."""


class ClusterFile(Model):
    """What a cluster says of itself."""

    name: Name | None = None
    """What reports call it. Default: as the VPC."""
    vpc: Name | None = None
    """Its VPC, by name, id or Terraform's address. Default: the only one that there is."""
    pod_ranges: tuple[AnyCidr, ...] | None = None
    """The ranges that all pods are in."""
    service_ranges: tuple[AnyCidr, ...] | None = None
    """The API server's `--service-cluster-ip-range`."""
    node_ports: NodePorts | None = None
    """The API server's `--service-node-port-range`."""
    unmasqueraded: tuple[AnyCidr, ...] | None = None
    """Where nodes send pods' packets with the pods' own addresses: `nonMasqueradeCIDRs` of the ip-masq-agent say."""
    max_pods: int | None = Field(default=None, ge=1)
    """The kubelets' `maxPods`."""
    hairpin: bool | None = None
    """Whether nodes hand a pod what it sends to itself: a bridge in hairpin mode does, or a route to each pod."""
    control_plane: Annotated[PlaneOnNodes | PlaneInRanges | PlaneInGroup, OneOf("kind")] | None = None
    """Who asks kubelets and webhooks."""
    nodes: Annotated[ListedNodes | TaggedNodes, OneOf("kind")] | None = None
    """The machines of the cluster."""


def read_cluster_file(text: str, name: str) -> ClusterFile:
    """Read the file.

    Args:
        text: YAML.
        name: what errors call it.

    Raises:
        InvalidInputError: it is no YAML, or says what can't be.
    """
    try:
        given = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark else ""
        raise InvalidInputError(f"{name} is no YAML", detail=f"See {where}." if where else "", path=where) from None
    if not isinstance(given, dict):
        detail = "Write keys and values, `serviceRanges: [10.96.0.0/16]` say."
        raise InvalidInputError(f"{name} says nothing of a cluster", detail=detail)
    try:
        return ClusterFile.model_validate(given)
    except ValidationError as error:
        raise InvalidInputError.joined(faults(error, given), name) from None
