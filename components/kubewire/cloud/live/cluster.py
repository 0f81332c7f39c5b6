"""What a cluster's own API says: Nodes, Services, endpoints, and the ranges of Services' addresses."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from lightkube import ALL_NS, Client
from lightkube.resources.core_v1 import Node, Pod, Service
from lightkube.resources.discovery_v1 import EndpointSlice
from lightkube.resources.networking_v1 import ServiceCIDR

from kubewire.cloud.kubernetes import KubernetesApi
from kubewire.cloud.kubernetes_nodes import PAGE
from kubewire.errors import NotFoundError

SERVICE_LABEL = "kubernetes.io/service-name"
"""https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#ownership"""
ENDED = ("Succeeded", "Failed")

Pods = dict[tuple[str, str], frozenset[str]]


@dataclass(frozen=True)
class Objects:
    """The objects of a cluster.

    Attributes:
        nodes: its Nodes.
        services: the Services of all namespaces.
        slices: by namespace and name of their Service.
        pods: the addresses of running pods, by namespace and name.
        service_ranges: the ranges of ServiceCIDR objects; None where the API server is too old to have them.
    """

    nodes: tuple[Node, ...]
    services: tuple[Service, ...]
    slices: dict[tuple[str, str], list[EndpointSlice]]
    pods: Pods
    service_ranges: tuple[str, ...] | None


class ClusterObjects(KubernetesApi):
    """Lists them, in pages. A list that breaks off is begun anew: each is from one moment."""

    def read(self) -> Objects:
        """Give all of them.

        Raises:
            CloudError: the cluster can't be reached, or doesn't let us.
        """
        slices: defaultdict[tuple[str, str], list[EndpointSlice]] = defaultdict(list)
        for item in self._all(EndpointSlice):
            service = (item.metadata.labels or {}).get(SERVICE_LABEL)
            if service:
                slices[item.metadata.namespace, service].append(item)
        return Objects(
            nodes=tuple(self._all(Node)),
            services=tuple(self._all(Service)),
            slices=dict(slices),
            pods=dict(_alive(pod) for pod in self._all(Pod) if not _has_ended(pod)),
            service_ranges=self._service_ranges(),
        )

    def _all(self, kind: Any) -> list[Any]:
        def every(client: Client) -> list[Any]:
            if kind.__name__ in ("Node", "ServiceCIDR"):
                return list(client.list(kind, chunk_size=PAGE))
            return list(client.list(kind, namespace=ALL_NS, chunk_size=PAGE))

        return self._call(f"kubernetes:List{kind.__name__}", every)

    def _service_ranges(self) -> tuple[str, ...] | None:
        """Give them. They are there since Kubernetes 1.33.

        https://kubernetes.io/docs/reference/kubernetes-api/networking/service-cidr-v1/
        """
        try:
            found = self._all(ServiceCIDR)
        except NotFoundError:
            return None
        return tuple(cidr for item in found for cidr in (item.spec.cidrs if item.spec else None) or ())


def _alive(pod: Pod) -> tuple[tuple[str, str], frozenset[str]]:
    metadata, status = pod.metadata, pod.status
    addresses = [item.ip for item in (status.podIPs if status else None) or [] if item.ip]
    key = (metadata.namespace or "", metadata.name or "") if metadata else ("", "")
    return key, frozenset(addresses)


def _has_ended(pod: Pod) -> bool:
    return pod.status is not None and pod.status.phase in ENDED
