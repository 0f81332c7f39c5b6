"""A Kubernetes cluster's network and its Services, declared in typed Python.

    from kubewire import ClusterNetwork, ClusterNetworkArgs, LoadBalancerService, LoadBalancerServiceArgs

A name is imported when it's first used: the provider and the command line load no Pulumi program's parts.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kubewire.errors import InvalidInputError
    from kubewire.model import Model
    from kubewire.network.args import ClusterNetworkArgs, Nat, Node, NodePortRange, RoutedPods
    from kubewire.network.cluster_network import ClusterNetwork
    from kubewire.network.quotas import Quotas
    from kubewire.network.sources import ANYWHERE
    from kubewire.resources.network_load_balancer import Scheme
    from kubewire.services.cluster_ip import ClusterIPService, ClusterIPServiceArgs
    from kubewire.services.common import NodeServicePort, PortProtocol, ServicePort
    from kubewire.services.external_name import (
        Cname,
        ExternalNameService,
        ExternalNameServiceArgs,
        HostedZoneRef,
    )
    from kubewire.services.load_balancer import LoadBalancerService
    from kubewire.services.load_balancer_args import LoadBalancerServiceArgs
    from kubewire.services.node_port import NodePortService, NodePortServiceArgs
    from kubewire.services.together import ServiceDescription, check_together, declare_services

_HOMES = {
    "ANYWHERE": "network.sources",
    "ClusterIPService": "services.cluster_ip",
    "ClusterIPServiceArgs": "services.cluster_ip",
    "ClusterNetwork": "network.cluster_network",
    "ClusterNetworkArgs": "network.args",
    "Cname": "services.external_name",
    "ExternalNameService": "services.external_name",
    "ExternalNameServiceArgs": "services.external_name",
    "HostedZoneRef": "services.external_name",
    "InvalidInputError": "errors",
    "LoadBalancerService": "services.load_balancer",
    "LoadBalancerServiceArgs": "services.load_balancer_args",
    "Model": "model",
    "Nat": "network.args",
    "Node": "network.args",
    "NodePortRange": "network.args",
    "NodePortService": "services.node_port",
    "NodePortServiceArgs": "services.node_port",
    "NodeServicePort": "services.common",
    "PortProtocol": "services.common",
    "Quotas": "network.quotas",
    "RoutedPods": "network.args",
    "Scheme": "resources.network_load_balancer",
    "ServiceDescription": "services.together",
    "ServicePort": "services.common",
    "check_together": "services.together",
    "declare_services": "services.together",
}

__all__ = [
    "ANYWHERE",
    "ClusterIPService",
    "ClusterIPServiceArgs",
    "ClusterNetwork",
    "ClusterNetworkArgs",
    "Cname",
    "ExternalNameService",
    "ExternalNameServiceArgs",
    "HostedZoneRef",
    "InvalidInputError",
    "LoadBalancerService",
    "LoadBalancerServiceArgs",
    "Model",
    "Nat",
    "Node",
    "NodePortRange",
    "NodePortService",
    "NodePortServiceArgs",
    "NodeServicePort",
    "PortProtocol",
    "Quotas",
    "RoutedPods",
    "Scheme",
    "ServiceDescription",
    "ServicePort",
    "check_together",
    "declare_services",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
