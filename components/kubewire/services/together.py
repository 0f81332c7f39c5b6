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
from kubewire.services.common import NodePortedArgs, SelectingArgs
from kubewire.services.external_name import ExternalNameService, ExternalNameServiceArgs
from kubewire.services.families import Address
from kubewire.services.in_cluster import check_addresses, fixed_addresses
from kubewire.services.load_balancer import LoadBalancerService
from kubewire.services.load_balancer_args import LoadBalancerServiceArgs
from kubewire.services.namespaces import own_namespaces
from kubewire.services.node_access import declared_node_ports
from kubewire.services.node_port import NodePortService, NodePortServiceArgs
from kubewire.unions import OneOf

Service = ClusterIPService | NodePortService | LoadBalancerService | ExternalNameService
ServiceDescription = Annotated[
    ClusterIPServiceArgs | NodePortServiceArgs | LoadBalancerServiceArgs | ExternalNameServiceArgs,
    OneOf("type"),
]


def check_together(services: Sequence[ServiceDescription], network: ClusterNetworkArgs) -> None:
    """Refuse what the API server or the network would refuse of several Services, before any of them is declared.

    Raises:
        InvalidInputError: two of one name, a node port or an address twice or outside the range, families that the
            cluster doesn't have, a record without a zone or there twice, more listeners or targets than AWS takes.
    """
    names: set[str] = set()
    records: dict[str, str] = {}
    holders: dict[int, str] = {}
    addresses: dict[Address, str] = {}
    for index, service in enumerate(services):
        path = f"services[{index}]"
        if service.label in names:
            detail = "Rename one, or put it into another namespace."
            raise InvalidInputError(f"there are two Services {service.label}", detail=detail, path=f"{path}.name")
        names.add(service.label)
        if isinstance(service, LoadBalancerServiceArgs):
            service.check_fits(network, Limits.of(network.quotas), path)
        if isinstance(service, NodePortedArgs):
            for place, port in declared_node_ports(service):
                network.node_ports.claim(port, service.label, holders, f"{path}.{place}")
        if isinstance(service, SelectingArgs):
            check_addresses(service, network, path)
            _claim_addresses(service, addresses, path)
        if isinstance(service, ExternalNameServiceArgs):
            _claim_record(service, network, records, path)


def _claim_addresses(service: SelectingArgs, holders: dict[Address, str], path: str) -> None:
    for address in fixed_addresses(service):
        holder = holders.setdefault(address, service.label)
        if holder != service.label:
            detail = "An address is one Service's. Choose another one, or leave it to the API server."
            raise InvalidInputError(f"{address} belongs to {holder} already", detail=detail, path=f"{path}.clusterIP")


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
    namespaces: Sequence[str] = (),
) -> dict[str, Service]:
    """Declare Services, and the namespaces that belong to the stack.

    A namespace goes with all that is in it, whoever put it there: so a stack owns none that isn't named here, and
    expects the others that its Services are in to be there.

    Args:
        services: what they are.
        network: the network of their cluster.
        namespaces: the namespaces that are made and deleted with the stack.
        kubeconfig: path of the cluster's kubeconfig; by default what `KUBECONFIG` says.
        context: the context in it; by default its current one.

    Returns:
        `namespace/name` to the component.

    Raises:
        InvalidInputError: a namespace that no stack can own.
    """
    owned = own_namespaces(namespaces)
    cluster = network.args.name
    provider = Provider(cluster, kubeconfig=kubeconfig, context=context) if kubeconfig or context else None
    opts = pulumi.ResourceOptions(provider=provider)
    own = {name: Namespace(f"{cluster}.{name}", metadata=_marked(name), opts=opts) for name in owned}
    declared = {}
    for service in services:
        inside = own.get(service.namespace)
        child = pulumi.ResourceOptions(
            providers=[provider] if provider else None, depends_on=[inside] if inside else None
        )
        declared[service.label] = _declare(service, network, child)
    return declared


def _marked(namespace: str) -> ObjectMetaArgs:
    # An object of which nothing but the name is applied doesn't say who applied it, and a run that was killed as it
    # made one could not tell it for its own.
    return ObjectMetaArgs(name=namespace, labels={"app.kubernetes.io/managed-by": "kubewire"})


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
