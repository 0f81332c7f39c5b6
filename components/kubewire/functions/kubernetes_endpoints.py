"""What is behind a Service, as a cluster's API shows it, as far as a load balancer needs to know it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class KubernetesEndpoint:
    """One port of one address behind a Service.

    One row of an EndpointSlice, for one of the slice's ports:
    https://kubernetes.io/docs/reference/kubernetes-api/service-resources/endpoint-slice-v1/.

    Attributes:
        address: an address, or a name where the slice is of names.
        port_name: the name of the Service's port that leads there; empty for a Service with one port without a name.
        protocol: `TCP`, `UDP` or `SCTP`.
        port: the port that is answered on.
        pod: the pod's name; None where something else is behind the Service.
        ready: whether it may be sent to; of one that says nothing of that it is so.
    """

    address: str
    port_name: str
    protocol: str
    port: int
    pod: str | None
    ready: bool


class EndpointsApi(Protocol):
    """The part of the Kubernetes API that says what is behind Services."""

    def list_endpoints(self, namespace: str, service: str) -> tuple[KubernetesEndpoint, ...]:
        """Give what is behind a Service, however many slices and pages it fills; nothing behind one that isn't there.

        Raises:
            CloudError: the cluster can't be reached, or doesn't let us.
        """
