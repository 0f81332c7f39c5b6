"""A cluster's nodes as its API shows them, as far as a network needs to know them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class KubernetesNode:
    """One Node object: https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/node-v1/.

    Attributes:
        name: its name.
        zone: its label `topology.kubernetes.io/zone`; None without one.
        provider_id: the cloud's name for its machine, `aws:///eu-west-1a/i-0123456789abcdef0`; None without one.
        pod_cidrs: the ranges of its pods; none where no one hands them out.
        internal_ip: its first address of type InternalIP; None without one.
        ready: whether its condition Ready is True.
    """

    name: str
    zone: str | None
    provider_id: str | None
    pod_cidrs: tuple[str, ...]
    internal_ip: str | None
    ready: bool


class NodesApi(Protocol):
    """The part of the Kubernetes API that says which nodes there are."""

    def list_nodes(self, labels: Mapping[str, str]) -> tuple[KubernetesNode, ...]:
        """Give the nodes that bear all of these labels, all nodes where there are none; however many pages they fill.

        Raises:
            CloudError: the cluster can't be reached, or doesn't let us.
        """
