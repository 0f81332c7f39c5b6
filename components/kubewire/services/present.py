"""What Services of others in the cluster have already: the API server gives a node port or an address once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pulumi

from kubewire.errors import InvalidInputError
from kubewire.functions.get_services import GetServices, GetServicesArgs
from kubewire.invoked import UnansweredError, invoke
from kubewire.services.common import NodePortedArgs, SelectingArgs, ServiceArgs
from kubewire.services.in_cluster import fixed_addresses
from kubewire.services.node_access import declared_node_ports

WAY_OUT = (
    "Choose another one, or leave it to the API server. If this update moves or removes {}, do that in one before."
)
"""New Services are made before old ones are removed, and the API server keeps what they have until then."""


def refuse_present(services: Sequence[ServiceArgs], asked: pulumi.Resource) -> None:
    """Refuse node ports and addresses that the API server has given away.

    A cluster that can't be reached yet, or that doesn't let us look, is no mistake of the Services': a warning says
    that they were not compared.

    Args:
        services: all that the program declares. What they have themselves is theirs to keep.
        asked: who asks; its provider knows the cluster.

    Raises:
        InvalidInputError: a Service that isn't declared here has one of them, or one that is declared with another.
    """
    wanted = [row for index, service in enumerate(services) for row in _wanted(service, f"services[{index}]")]
    if not wanted:
        return
    try:
        found = invoke(GetServices, GetServicesArgs(), pulumi.InvokeOptions(parent=asked))
    except UnansweredError as error:
        pulumi.log.warn(f"Node ports and addresses weren't compared with the cluster's: {error.summary}", asked)
        return
    holders = {taken: item.label for item in found.services for taken in (*item.node_ports, *item.addresses)}
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
