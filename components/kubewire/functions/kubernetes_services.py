"""A cluster's Services and namespaces as its API shows them, as far as another Service needs to know them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

OWNER = "kubewire.dev/owner"
"""The annotation of a namespace that a stack makes; the label `managed-by` says no more than that one of them did."""


@dataclass(frozen=True)
class KubernetesService:
    """One Service object: https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/.

    Attributes:
        namespace: its namespace.
        name: its name.
        node_ports: every port that it has on the nodes, its `healthCheckNodePort` too.
        cluster_ips: its addresses; none for a headless one, and for an ExternalName.
    """

    namespace: str
    name: str
    node_ports: tuple[int, ...]
    cluster_ips: tuple[str, ...]


@dataclass(frozen=True)
class KubernetesNamespace:
    """One Namespace object.

    Its shape: https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/namespace-v1/.

    Attributes:
        name: its name.
        terminating: whether it is being deleted.
        owner: what its annotation says; None for one that no stack of ours made.
    """

    name: str
    terminating: bool = False
    owner: str | None = None


class ServicesApi(Protocol):
    """The part of the Kubernetes API that says which Services and namespaces there are."""

    def present_services(self) -> tuple[KubernetesService, ...]:
        """Give the Services of all namespaces, however many pages they fill.

        Raises:
            CloudError: the cluster can't be reached, or doesn't let us.
        """

    def present_namespaces(self) -> tuple[KubernetesNamespace, ...]:
        """Give all namespaces, however many pages they fill.

        Raises:
            CloudError: the cluster can't be reached, or doesn't let us.
        """
