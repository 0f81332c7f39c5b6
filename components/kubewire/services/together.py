"""Several Services at once: which types there are, what they must not share, and their declaration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

import pulumi
from pulumi_kubernetes import Provider
from pulumi_kubernetes.core.v1 import Namespace
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from kubewire.errors import InvalidInputError
from kubewire.functions.kubernetes_services import OWNER
from kubewire.network.args import ClusterNetworkArgs
from kubewire.network.cluster_network import ClusterNetwork
from kubewire.network.quotas import Limits
from kubewire.services.adopting import adopting
from kubewire.services.cluster_ip import ClusterIPService, ClusterIPServiceArgs
from kubewire.services.common import NodePortedArgs, SelectingArgs
from kubewire.services.dns.together import check_records
from kubewire.services.external_name import ExternalNameService, ExternalNameServiceArgs
from kubewire.services.families import Address
from kubewire.services.hosts import owner
from kubewire.services.in_cluster import check_addresses, fixed_addresses
from kubewire.services.load_balancer.args import LoadBalancerServiceArgs
from kubewire.services.load_balancer.behind import all_behind
from kubewire.services.load_balancer.component import LoadBalancerService
from kubewire.services.load_balancer.fits import check_behind
from kubewire.services.load_balancer.pods import check_reached
from kubewire.services.load_balancer.quotas import hold_region
from kubewire.services.load_balancer.shared import LoadBalancer
from kubewire.services.load_balancer.shared_args import LoadBalancerArgs
from kubewire.services.namespaces import own_namespaces
from kubewire.services.node_access import declared_node_ports
from kubewire.services.node_port import NodePortService, NodePortServiceArgs
from kubewire.services.present import refuse_present
from kubewire.unions import OneOf

Service = ClusterIPService | NodePortService | LoadBalancerService | ExternalNameService
ServiceDescription = Annotated[
    ClusterIPServiceArgs | NodePortServiceArgs | LoadBalancerServiceArgs | ExternalNameServiceArgs,
    OneOf("type"),
]


def check_together(
    services: Sequence[ServiceDescription],
    network: ClusterNetworkArgs,
    load_balancers: Sequence[LoadBalancerArgs] = (),
) -> None:
    """Refuse what the API server or the network would refuse of several Services, before any of them is declared.

    Args:
        services: what they are.
        network: the network of their cluster.
        load_balancers: those that several of them share.

    Raises:
        InvalidInputError: two of one name, a node port or an address twice or outside the range, families that the
            cluster doesn't have, a record without a zone or there twice, a load balancer that isn't there, a port of
            it twice, more listeners or targets than AWS takes.
    """
    names: set[str] = set()
    holders: dict[int, str] = {}
    addresses: dict[Address, str] = {}
    for index, service in enumerate(services):
        path = f"services[{index}]"
        if service.label in names:
            detail = "Rename one, or put it into another namespace."
            raise InvalidInputError(f"there are two Services {service.label}", detail=detail, path=f"{path}.name")
        names.add(service.label)
        if isinstance(service, NodePortedArgs):
            for place, port in declared_node_ports(service):
                network.node_ports.claim(port, service.label, holders, f"{path}.{place}")
        if isinstance(service, SelectingArgs):
            check_addresses(service, network, path)
            _claim_addresses(service, addresses, path)
    balancers = list(all_behind(services, load_balancers, network))
    for behind in balancers:
        check_behind(behind, network, Limits.of(network.quotas))
        for path, service in behind.services.items():
            check_reached(service, network, path)
    check_records(services, network, balancers)


def _claim_addresses(service: SelectingArgs, holders: dict[Address, str], path: str) -> None:
    for address in fixed_addresses(service):
        holder = holders.setdefault(address, service.label)
        if holder != service.label:
            detail = "An address is one Service's. Choose another one, or leave it to the API server."
            raise InvalidInputError(f"{address} belongs to {holder} already", detail=detail, path=f"{path}.clusterIP")


def declare_services(  # noqa: PLR0913 - its options are its users'
    services: Sequence[ServiceDescription],
    network: ClusterNetwork,
    *,
    kubeconfig: str | None = None,
    context: str | None = None,
    namespaces: Sequence[str] | None = None,
    load_balancers: Sequence[LoadBalancerArgs] = (),
    adopt: bool = False,
) -> dict[str, Service]:
    """Declare Services, and the namespaces that belong to the stack.

    A namespace goes with all that is in it, whoever put it there: so a stack owns none that isn't named here, and
    expects the others that its Services are in to be there.

    Args:
        services: what they are.
        network: the network of their cluster.
        namespaces: the namespaces that are made and deleted with the stack, besides those of earlier calls for the
            network. Where they are given, if only `()`, all others must be there already; where not, the program may
            make them otherwise, and is warned of those that aren't.
        load_balancers: those that several of them share.
        kubeconfig: path of the cluster's kubeconfig; by default what `KUBECONFIG` says.
        context: the context in it; by default its current one.
        adopt: whether they are in the cluster already, and are taken over as they are. Once that is applied, this
            can go, or stay until Services are added that aren't there yet.

    Returns:
        `namespace/name` to the component.

    Raises:
        InvalidInputError: a namespace that no stack can own; one that isn't there, or that would be deleted with
            Services that are declared in it; a node port or an address that another Service of the cluster has; a load
            balancer that isn't there or can't be had.
    """
    network.use(hold_region(all_behind(services, load_balancers, network.args), network.limits))
    owned = {*own_namespaces(namespaces or ()), *network.namespaces}
    refuse_present(services, network, owned, whole=namespaces is not None)
    cluster, own = network.args.name, network.namespaces
    provider = Provider(cluster, kubeconfig=kubeconfig, context=context) if kubeconfig or context else None
    opts = pulumi.ResourceOptions(provider=provider)
    for name in sorted(owned - own.keys()):
        own[name] = Namespace(f"{cluster}.{name}", metadata=_marked(name, cluster), opts=opts)
    balanced = [service for service in services if isinstance(service, LoadBalancerServiceArgs)]
    shared = {args.name: LoadBalancer(args, network, balanced) for args in load_balancers}
    declared = {}
    for service in services:
        inside = own.get(service.namespace)
        child = pulumi.ResourceOptions(
            providers=[provider] if provider else None, depends_on=[inside] if inside else None
        )
        if adopt:
            child = pulumi.ResourceOptions.merge(child, adopting(service))
        declared[service.label] = _declare(service, network, child, shared)
    return declared


def _marked(namespace: str, cluster: str) -> ObjectMetaArgs:
    # An object of which nothing but the name is applied doesn't say who applied it, and a run that was killed as it
    # made one could not tell it for its own. Whose it is must be told of it once the program names it no longer.
    return ObjectMetaArgs(
        name=namespace,
        labels={"app.kubernetes.io/managed-by": "kubewire"},
        annotations={OWNER: owner(cluster)},
    )


def _declare(
    service: ServiceDescription,
    network: ClusterNetwork,
    opts: pulumi.ResourceOptions,
    shared: Mapping[str, LoadBalancer],
) -> Service:
    match service:
        case ClusterIPServiceArgs():
            return ClusterIPService(service, network, opts)
        case NodePortServiceArgs():
            return NodePortService(service, network, opts)
        case LoadBalancerServiceArgs():
            load_balancer = shared[service.shared] if service.shared else None
            return LoadBalancerService(service, network, opts, load_balancer=load_balancer)
        case ExternalNameServiceArgs():
            return ExternalNameService(service, network, opts)
