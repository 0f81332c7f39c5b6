"""What the Services of a cluster have taken: no two can have the same."""

from __future__ import annotations

from kubewire.functions.base import Function
from kubewire.model import Model


class GetServicesArgs(Model):
    """Nothing to choose: node ports and addresses are one Service's in the whole cluster."""


class PresentService(Model):
    """A Service that is there."""

    namespace: str
    """Its namespace."""
    name: str
    """Its name."""
    node_ports: tuple[int, ...]
    """Its ports on the nodes, its `healthCheckNodePort` too."""
    addresses: tuple[str, ...]
    """Its addresses inside the cluster."""

    @property
    def label(self) -> str:
        """Give its name as people write it."""
        return f"{self.namespace}/{self.name}"


class GetServicesResult(Model):
    """The Services of the cluster."""

    services: tuple[PresentService, ...]
    """Those with a node port or an address, by namespace and name."""


class GetServices(Function[GetServicesArgs, GetServicesResult]):
    """Looks up which node ports and addresses Services have."""

    Args, Result = GetServicesArgs, GetServicesResult

    def run(self, args: GetServicesArgs) -> GetServicesResult:  # noqa: ARG002 - there is nothing to choose
        found = sorted(self.cloud.cluster_services.present_services(), key=lambda item: (item.namespace, item.name))
        return GetServicesResult(
            services=tuple(
                PresentService(
                    namespace=item.namespace, name=item.name, node_ports=item.node_ports, addresses=item.cluster_ips
                )
                for item in found
                if item.node_ports or item.cluster_ips
            )
        )
