"""The Services and namespaces of a cluster, as its API lists them."""

from __future__ import annotations

from lightkube import ALL_NS, Client
from lightkube.resources.core_v1 import Namespace, Service

from kubewire.cloud.kubernetes import KubernetesApi
from kubewire.cloud.kubernetes_nodes import PAGE
from kubewire.functions.kubernetes_services import OWNER, KubernetesNamespace, KubernetesService

HEADLESS = "None"
"""In the place of an address: https://kubernetes.io/docs/concepts/services-networking/service/#headless-services."""
TERMINATING = "Terminating"
"""https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/namespace-v1/#NamespaceStatus."""


class Services(KubernetesApi):
    """Implements `kubewire.functions.kubernetes_services.ServicesApi`."""

    def present_services(self) -> tuple[KubernetesService, ...]:
        """Give the Services of all namespaces. A list that breaks off is begun anew: it is from one moment."""

        def every(client: Client) -> tuple[KubernetesService, ...]:
            return tuple(_read(found) for found in client.list(Service, namespace=ALL_NS, chunk_size=PAGE))

        return self._call("kubernetes:ListService", every)

    def present_namespaces(self) -> tuple[KubernetesNamespace, ...]:
        """Give all namespaces. A list that breaks off is begun anew: it is from one moment."""

        def every(client: Client) -> tuple[KubernetesNamespace, ...]:
            return tuple(_read_namespace(found) for found in client.list(Namespace, chunk_size=PAGE))

        return self._call("kubernetes:ListNamespace", every)


def _read(service: Service) -> KubernetesService:
    metadata, spec = service.metadata, service.spec
    ports = [port.nodePort for port in (spec.ports if spec else None) or ()]
    addresses = (spec.clusterIPs if spec else None) or ([spec.clusterIP] if spec and spec.clusterIP else [])
    return KubernetesService(
        namespace=(metadata.namespace if metadata else None) or "default",
        name=(metadata.name if metadata else None) or "",
        node_ports=tuple(port for port in (*ports, spec.healthCheckNodePort if spec else None) if port),
        cluster_ips=tuple(address for address in addresses if address != HEADLESS),
    )


def _read_namespace(namespace: Namespace) -> KubernetesNamespace:
    metadata, status = namespace.metadata, namespace.status
    return KubernetesNamespace(
        name=(metadata.name if metadata else None) or "",
        terminating=bool(status and status.phase == TERMINATING),
        owner=((metadata.annotations if metadata else None) or {}).get(OWNER),
    )
