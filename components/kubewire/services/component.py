"""A Service's component: everything that one Service needs is below it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from kubewire.network.cluster_network import ClusterNetwork

SERVICE_TYPES = ("ClusterIP", "NodePort", "LoadBalancer", "ExternalName")


class ServiceComponent(pulumi.ComponentResource):
    """Registers what describes a Service, and tells the network's proof of it.

    Attributes:
        network: the network that it is reached by.
        formers: what it was if the Service had another type: that changes its component, and neither the Service's
            object of the cluster nor its records may be made anew for that.
    """

    def __init__(
        self,
        kind: str,
        name: str,
        inputs: Mapping[str, Any] | None,
        opts: pulumi.ResourceOptions | None,
        *,
        network: ClusterNetwork,
    ) -> None:
        super().__init__(kind, name, inputs, opts)
        self.network = network
        kinds = (f"kubewire:services:{one}Service" for one in SERVICE_TYPES)
        above = opts.parent if opts else None
        self.formers = [pulumi.create_urn(name, other, above) for other in kinds if other != kind]
        network.proof.begin(self, dict(inputs or {}))

    def register_outputs(self, outputs: pulumi.Inputs) -> None:
        """Show what came of it: all of its parts are declared."""
        super().register_outputs(outputs)
        self.network.proof.finish(self)
