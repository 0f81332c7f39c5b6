"""Several Services at once: which types there are, what they must not share, and their declaration."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import pulumi
from pulumi_kubernetes import Provider
from pulumi_kubernetes.core.v1 import Namespace
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from kubewire.errors import InvalidInputError
from kubewire.network.args import ClusterNetworkArgs
from kubewire.network.cluster_network import ClusterNetwork
from kubewire.network.quotas import Limits
from kubewire.services.cluster_ip import ClusterIPService, ClusterIPServiceArgs
from kubewire.services.common import NodePortedArgs
from kubewire.services.external_name import ExternalNameService, ExternalNameServiceArgs
from kubewire.services.load_balancer import LoadBalancerService
from kubewire.services.load_balancer_args import LoadBalancerServiceArgs
from kubewire.services.node_port import NodePortService, NodePortServiceArgs
from kubewire.unions import OneOf

Service = ClusterIPService | NodePortService | LoadBalancerService | ExternalNameService
ServiceDescription = Annotated[
    ClusterIPServiceArgs | NodePortServiceArgs | LoadBalancerServiceArgs | ExternalNameServiceArgs,
    OneOf("type"),
]
BUILT_IN = {"default", "kube-system", "kube-public", "kube-node-lease"}


def check_together(services: Sequence[ServiceDescription], network: ClusterNetworkArgs) -> None:
    """Refuse what the API server or the network would refuse of several Services, before any of them is declared.

    Raises:
        InvalidInputError: two of one name, a node port twice or outside the range, a record without a zone or there
            twice, more listeners or targets than AWS takes.
    """
    names: set[str] = set()
    records: dict[str, str] = {}
    holders: dict[int, str] = {}
    for index, service in enumerate(services):
        path = f"services[{index}]"
        if service.label in names:
            detail = "Rename one, or put it into another namespace."
            raise InvalidInputError(f"there are two Services {service.label}", detail=detail, path=f"{path}.name")
        names.add(service.label)
        if isinstance(service, LoadBalancerServiceArgs):
            service.check_fits(network, Limits.of(network.quotas), path)
        if isinstance(service, NodePortedArgs):
            for number, port in enumerate(service.ports):
                if port.node_port is not None:
                    network.node_ports.claim(port.node_port, service.label, holders, f"{path}.ports[{number}].nodePort")
        if isinstance(service, ExternalNameServiceArgs):
            _claim_record(service, network, records, path)


def _claim_record(
    service: ExternalNameServiceArgs, network: ClusterNetworkArgs, holders: dict[str, str], path: str
) -> None:
    record = service.record_name(network.domain, path)
    holder = holders.setdefault(record, service.label) if record else service.label
    if holder != service.label:
        detail = "A name is one CNAME. Give the record another name, or leave it out of one of the two."
        raise InvalidInputError(f"{record} belongs to {holder} already", detail=detail, path=f"{path}.cname.name")


def declare_services(
    services: Sequence[ServiceDescription],
    network: ClusterNetwork,
    *,
    kubeconfig: str | None = None,
    context: str | None = None,
) -> dict[str, Service]:
    """Declare Services, and the namespaces that they are in.

    Args:
        services: what they are.
        network: the network of their cluster.
        kubeconfig: path of the cluster's kubeconfig; by default what `KUBECONFIG` says.
        context: the context in it; by default its current one.

    Returns:
        `namespace/name` to the component.
    """
    cluster = network.args.name
    provider = Provider(cluster, kubeconfig=kubeconfig, context=context) if kubeconfig or context else None
    opts = pulumi.ResourceOptions(provider=provider)
    namespaces = {
        name: Namespace(f"{cluster}.{name}", metadata=ObjectMetaArgs(name=name), opts=opts)
        for name in sorted({service.namespace for service in services} - BUILT_IN)
    }
    declared = {}
    for service in services:
        inside = namespaces.get(service.namespace)
        child = pulumi.ResourceOptions(
            providers=[provider] if provider else None, depends_on=[inside] if inside else None
        )
        declared[service.label] = _declare(service, network, child)
    return declared


def _declare(service: ServiceDescription, network: ClusterNetwork, opts: pulumi.ResourceOptions) -> Service:
    match service:
        case ClusterIPServiceArgs():
            return ClusterIPService(service, network, opts)
        case NodePortServiceArgs():
            return NodePortService(service, network, opts)
        case LoadBalancerServiceArgs():
            return LoadBalancerService(service, network, opts)
        case ExternalNameServiceArgs():
            return ExternalNameService(service, network, opts)
