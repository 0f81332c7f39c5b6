"""Who is meant, in a network."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from kubewire.errors import InvalidInputError
from kubewire.net.addresses import Address, Addresses, point
from kubewire.prover.facts.services import LoadBalancer, Service
from kubewire.prover.queries.ends import InRange, Internet, OneNode, OnePod, PodsOf, Source
from kubewire.prover.reach.endpoints import Endpoint, Role
from kubewire.prover.reach.network import Network
from kubewire.prover.reach.world import internet, own

NAMED = 12
"""Names that an error lists."""

Party = tuple[Endpoint, ...] | Addresses
"""Nodes and pods, or addresses outside. No endpoints: they are there, and nothing is known of their addresses."""


def party(network: Network, end: Source, path: str) -> Party:
    """Find nodes, pods or addresses. Raises InvalidInputError where there are none."""
    match end:
        case Internet():
            return internet() - own(network)
        case InRange(range=item):
            return Addresses.of(item)
        case OneNode(name=name):
            _known_node(network, name, path)
            return tuple(one for one in network.endpoints if one.node == name and one.role is Role.NODE)
        case PodsOf(node=name):
            _known_node(network, name, path)
            return tuple(network.pods_of(name))
        case OnePod(address=address):
            return (_pod(network, address, path),)


def service_of(network: Network, label: str) -> Service:
    """Find a Service. Raises InvalidInputError where there is none."""
    found = {service.label: service for service in network.facts.services}
    if label not in found:
        raise _nobody(f"Service {label}", found)
    return found[label]


def balancer_of(network: Network, label: str) -> LoadBalancer:
    """Find the load balancer of a Service. Raises InvalidInputError where there is none."""
    found = {name: balancer for balancer in network.facts.load_balancers for name in _names(balancer)}
    if label not in found:
        raise _nobody(f"load balancer of a Service {label}", found)
    return found[label]


def _names(balancer: LoadBalancer) -> set[str]:
    """Give the Services that it is there for; one of nobody's goes by its own name."""
    labels = {balancer.service, *(listener.service for listener in balancer.listeners)} - {None}
    return {str(label) for label in labels} or {balancer.name}


def _known_node(network: Network, name: str, path: str) -> None:
    names = [node.name for node in network.cluster.nodes]
    if name not in names:
        raise _nobody(f"node {name}", names, path)


def _pod(network: Network, address: Address, path: str) -> Endpoint:
    place = point(address)
    for one in network.endpoints:
        if one.role is Role.POD and one.first <= place <= one.last:
            return replace(one, first=place, last=place)
    detail = "Ask by the node that it runs on, `pod:NODE`."
    raise InvalidInputError(f"no node is known to have a pod {address}", detail=detail, path=path)


def _nobody(what: str, names: Iterable[str], path: str = "WHOM") -> InvalidInputError:
    known = sorted(names)
    more = f" and {len(known) - NAMED} more" if len(known) > NAMED else ""
    detail = f"There are {', '.join(known[:NAMED])}{more}." if known else "There are none."
    return InvalidInputError(f"there is no {what}", detail=detail, path=path)
