"""What is behind a Service, as a cluster's API lists it."""

from __future__ import annotations

from collections.abc import Iterator

from lightkube import Client
from lightkube.resources.discovery_v1 import EndpointSlice

from kubewire.cloud.kubernetes import KubernetesApi
from kubewire.cloud.kubernetes_nodes import PAGE
from kubewire.functions.kubernetes_endpoints import KubernetesEndpoint

SERVICE_LABEL = "kubernetes.io/service-name"
"""https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetesioservice-name."""
TCP = "TCP"


class Endpoints(KubernetesApi):
    """Implements `kubewire.functions.kubernetes_endpoints.EndpointsApi`."""

    def list_endpoints(self, namespace: str, service: str) -> tuple[KubernetesEndpoint, ...]:
        """Give what is behind a Service. A list that breaks off is begun anew: it is from one moment."""

        def every(client: Client) -> tuple[KubernetesEndpoint, ...]:
            slices = client.list(EndpointSlice, namespace=namespace, labels={SERVICE_LABEL: service}, chunk_size=PAGE)
            return tuple(row for found in slices for row in _read(found))

        return self._call("kubernetes:ListEndpointSlice", every)


def _read(found: EndpointSlice) -> Iterator[KubernetesEndpoint]:
    for port in found.ports or ():
        for endpoint in found.endpoints or () if port.port else ():
            target = endpoint.targetRef
            conditions = endpoint.conditions
            # Consumers take the first address alone, and what isn't said for ready:
            # https://kubernetes.io/docs/reference/kubernetes-api/service-resources/endpoint-slice-v1/#EndpointSlice
            ready = conditions.ready if conditions and conditions.ready is not None else True
            yield KubernetesEndpoint(
                address=endpoint.addresses[0],
                port_name=port.name or "",
                protocol=port.protocol or TCP,
                port=port.port or 0,
                pod=target.name if target and target.kind == "Pod" else None,
                ready=ready,
            )
