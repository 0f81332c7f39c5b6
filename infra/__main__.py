"""The Pulumi program: settings, to components, to outputs. What there is stands in `environments/`."""

from __future__ import annotations

import pulumi

from kubewire import ClusterNetwork, declare_services, fitted
from settings import Settings

settings = Settings.read()
network = ClusterNetwork(fitted(settings.network, settings.services))
services = declare_services(
    settings.services,
    network,
    kubeconfig=settings.kubeconfig,
    context=settings.context,
    namespaces=settings.namespaces,
    load_balancers=settings.load_balancers,
    adopt=settings.adopt,
)

pulumi.export("network", network.outputs)
pulumi.export("services", {name: service.outputs for name, service in services.items()})
