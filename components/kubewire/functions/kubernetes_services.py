"""A cluster's Services as its API shows them, as far as another Service needs to know them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


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


class ServicesApi(Protocol):
    """The part of the Kubernetes API that says which Services there are."""

    def present_services(self) -> tuple[KubernetesService, ...]:
        """Give the Services of all namespaces, however many pages they fill.

        Raises:
            CloudError: the cluster can't be reached, or doesn't let us.
        """
