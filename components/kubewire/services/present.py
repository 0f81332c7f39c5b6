"""What there is in the cluster already, and Services must fit in with.

The API server gives a node port or an address once, and takes a Service only into a namespace that is there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import pulumi

from kubewire.errors import InvalidInputError
from kubewire.functions.get_namespaces import GetNamespaces, GetNamespacesArgs
from kubewire.functions.get_services import GetServices, GetServicesArgs, PresentService
from kubewire.invoked import UnansweredError, invoke
from kubewire.network.cluster_network import ClusterNetwork
from kubewire.services.common import NodePortedArgs, SelectingArgs, ServiceArgs
from kubewire.services.hosts import hosts, owner, refuse_hosts
from kubewire.services.in_cluster import fixed_addresses
from kubewire.services.node_access import declared_node_ports

WAY_OUT = (
    "Choose another one, or leave it to the API server. If this update moves or removes {}, do that in one before."
)
"""New Services are made before old ones are removed, and the API server keeps what they have until then."""


def refuse_present(
    services: Sequence[ServiceArgs], network: ClusterNetwork, own: Collection[str], *, whole: bool
) -> None:
    """Refuse node ports and addresses that the API server has given away, and namespaces that aren't there or won't be.

    A cluster that can't be reached yet, or that doesn't let us look, is no mistake of the Services': a warning says
    that they were not compared.

    Args:
        services: all that the program declares. What they have themselves is theirs to keep.
        network: who asks; its provider knows the cluster.
        own: the namespaces that the program makes.
        whole: whether these are all that it makes, as far as it said.

    Raises:
        InvalidInputError: a Service that isn't declared here has one of them, or one that is declared with another; a
            namespace isn't there, or would go with this update.
    """
    wanted = [row for index, service in enumerate(services) for row in _wanted(service, f"services[{index}]")]
    spaces = hosts(services, own)
    opts = pulumi.InvokeOptions(parent=network)
    try:
        if wanted:
            _refuse_taken(wanted, invoke(GetServices, GetServicesArgs(), opts).services)
        if spaces:
            found = invoke(GetNamespaces, GetNamespacesArgs(), opts).namespaces
            refuse_hosts(spaces, found, network, owner(network.args.name), whole=whole)
    except UnansweredError as error:
        pulumi.log.warn(f"The Services weren't compared with the cluster's: {error.summary}", network)


def _refuse_taken(wanted: Sequence[tuple[Any, str, str]], found: Sequence[PresentService]) -> None:
    holders = {taken: item.label for item in found for taken in (*item.node_ports, *item.addresses)}
    for taken, label, path in wanted:
        holder = holders.get(taken, label)
        if holder != label:
            message = f"{taken} belongs to {holder} in the cluster"
            raise InvalidInputError(message, detail=WAY_OUT.format(holder), path=path)


def _wanted(service: ServiceArgs, path: str) -> Iterator[tuple[Any, str, str]]:
    """Give what a Service asks for by number, whose it is, and where that stands."""
    if isinstance(service, NodePortedArgs):
        yield from ((port, service.label, f"{path}.{place}") for place, port in declared_node_ports(service))
    if isinstance(service, SelectingArgs):
        for address in fixed_addresses(service):
            yield str(address), service.label, f"{path}.clusterIP"
