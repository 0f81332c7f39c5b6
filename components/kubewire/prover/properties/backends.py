"""The endpoints that a running cluster tells of: whether each of them is there, and at which ports it answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kubewire.net.addresses import point
from kubewire.net.kinds import kind_of
from kubewire.prover.facts.services import Service, ServiceEndpoint, ServicePort
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.properties.serving import written
from kubewire.prover.reach.endpoints import Endpoint, Role, interface_of
from kubewire.prover.reach.network import Network
from kubewire.prover.verdict import Finding
from kubewire.prover.witness import Witness


def found_at(network: Network, service: Service, backend: ServiceEndpoint) -> Endpoint | Finding:
    """Find the node, or the pods that are all treated alike, with an endpoint's address; or say why nobody may."""
    if backend.exists is False:
        return Witness(summary=f"{_says(service, backend)}, and pod {backend.pod} is gone, or has another address")
    if isinstance(backend.exists, Unknown):
        return backend.exists
    place, nodes = point(backend.address), network.nodes
    if backend.node in nodes:
        one = next((item for item in network.of_node(backend.node) if _has(item, place)), None)
    elif backend.node is None or network.expects_nodes:
        one = network.at(place)
    else:
        one = None
    if one is not None:
        return one if one.unknown is None else one.only(place)
    unknown = _why_unknown(network, service, backend)
    if unknown is not None:
        return unknown
    if backend.node is not None and backend.node not in nodes:
        return Witness(summary=f"{_says(service, backend)} on {backend.node}, which isn't there")
    who = backend.node or "any node"
    return Witness(summary=f"{_says(service, backend)}, and no pod of {who} can have that address")


def _says(service: Service, backend: ServiceEndpoint) -> str:
    return f"{service.label} has the endpoint {backend.address}"


def answers(service: Service, ports: Mapping[str, int]) -> dict[int, ServicePort]:
    """Give the kinds of traffic that an endpoint with some ports gets, each with the Service's port that it is for."""
    found: dict[int, ServicePort] = {}
    for port in service.ports:
        if (number := ports.get(port.name)) is not None:
            found.setdefault(kind_of(port.protocol, number), port)
    return found


def mistaken(service: Service, backend: ServiceEndpoint) -> Iterator[Witness]:
    """Find ports of a Service that lead to none of an endpoint's, or to one that it shouldn't have."""
    for port in service.ports:
        number = backend.ports.get(port.name)
        if number is None:
            name = port.name or str(port.port)
            yield Witness(summary=f"{written(service, port)} leads to no port of {backend.address}: it has no {name}")
        elif service.selects and isinstance(port.target_port, int) and number != port.target_port:
            yield Witness(
                summary=f"{written(service, port)} has the target port {port.target_port}, and its endpoint "
                f"{backend.address} still has {number}"
            )


def _has(one: Endpoint, place: int) -> bool:
    """Whether it has an address, or may: a pod that is there has one of its subnet's."""
    return one.first <= place <= one.last and (one.unknown is None or one.role is Role.POD)


def _why_unknown(network: Network, service: Service, backend: ServiceEndpoint) -> Unknown | None:
    """Say what may yet have the address: a node whose own isn't known, nodes that aren't, or somebody outside."""
    if not service.selects:
        return Unknown(comes_from=f"who answers as {backend.address} for {service.label}: it selects no pods")
    if network.cluster.open_ends:
        return Unknown(comes_from=network.cluster.open_ends[0])
    if network.expects_nodes and backend.node not in network.nodes:
        return Unknown(comes_from=f"which machine {backend.node or f'has {backend.address}'} is")
    for node in network.cluster.nodes:
        if backend.node not in (None, node.name):
            continue
        interface = interface_of(network.facts, node)
        if isinstance(node.interface, Unknown) or interface is None:
            return Unknown(comes_from=f"the interface of {node.name}")
        own = interface.address if backend.address.version == 4 else interface.ipv6  # noqa: PLR2004 - IP's version
        if isinstance(own, Unknown):
            return own
    return None


def on_host(one: Endpoint) -> bool:
    """Whether it is a pod with its node's own address."""
    return one.role is Role.NODE
