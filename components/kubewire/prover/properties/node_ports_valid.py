"""29. Node ports are unique, in the API server's range, and opened for the protocol that the Service has.

The API server gives a number to one Service, whatever the protocol; ports of one Service may share it.
https://kubernetes.io/docs/concepts/services-networking/service/#nodeport-custom-port
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from kubewire.net.kinds import PORTED, PORTS, Kinds, kind_name, kind_of
from kubewire.prover.facts.services import Service, ServicePort, ServiceType
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.properties.declared import Callers, arriving, callers
from kubewire.prover.properties.property import Property
from kubewire.prover.properties.serving import alike, node_kinds, unknown_node_ports, with_node_ports, written
from kubewire.prover.reach.endpoints import Role
from kubewire.prover.reach.network import Network
from kubewire.prover.reach.stages import Way
from kubewire.prover.verdict import Finding
from kubewire.prover.witness import Witness


def _check(network: Network) -> Iterator[Finding]:
    services = [*with_node_ports(network), *(one for one in network.services if one.health_check_node_port is not None)]
    services = list({id(one): one for one in services}.values())
    for service in services:
        # The API server chooses a right one, but somebody else may be who chooses.
        yield from unknown_node_ports(service)
        if isinstance(service.health_check_node_port, Unknown):
            yield service.health_check_node_port
    yield from _taken_twice(services)
    yield from _out_of_range(network, services)
    for peers, group in alike(one for one in services if one.type is ServiceType.NODE_PORT):
        if isinstance(peers, Unknown):
            yield peers
        else:
            yield from _by_another_protocol(network, callers(network, peers), group)


def _taken_twice(services: list[Service]) -> Iterator[Witness]:
    taken: defaultdict[int, list[tuple[Service, int | None, str]]] = defaultdict(list)
    for service in services:
        for number, protocol, name in _numbers(service):
            for owner, other_protocol, other in taken[number]:
                shared = owner is service and None not in (protocol, other_protocol) and protocol != other_protocol
                if not shared:
                    yield Witness(summary=f"node port {number} is that of {other} and of {name}")
                    break
            taken[number].append((service, protocol, name))


def _numbers(service: Service) -> Iterator[tuple[int, int | None, str]]:
    """Give its known node ports, each with its protocol and the name of what has it."""
    for port in service.ports:
        if isinstance(port.node_port, int):
            yield port.node_port, port.protocol, _name(service, port)
    if isinstance(service.health_check_node_port, int):
        yield service.health_check_node_port, None, f"the health check of {service.label}"


def _name(service: Service, port: ServicePort) -> str:
    return f"{written(service, port)} ({kind_name(kind_of(port.protocol, port.port))})"


def _out_of_range(network: Network, services: list[Service]) -> Iterator[Finding]:
    ports = network.cluster.node_ports
    for service in services:
        for number, _, name in _numbers(service):
            if isinstance(ports, Unknown):
                yield ports
            elif not ports.first <= number <= ports.last:
                yield Witness(summary=f"node port {number} of {name} isn't one of {ports.first} to {ports.last}")


def _by_another_protocol(network: Network, who: Callers, services: list[Service]) -> Iterator[Finding]:
    """Find ports that sources may use by another protocol than the Service's, and not by that."""
    needed = Kinds.union(map(node_kinds, services))
    for members in network.classes:
        if members[0].role is not Role.NODE:
            continue
        for way in arriving(network, who, members[0]) if needed else ():
            if isinstance(way, Unknown):
                yield way
                continue
            client, stages = way
            whole = Way(client, members[0].label, stages)
            passes = whole.passes
            for kind, others in _instead(needed - passes.possible):
                if opened := others & passes.certain:
                    asked = Kinds.span(kind, kind)
                    summary = f"{members[0].label} takes {opened} from {client}, where the Service has {asked}"
                    yield whole.witness(kind, summary)
            for _, others in _instead(needed - passes.certain):
                if others & passes.possible:
                    yield from (Unknown(comes_from=unknown) for unknown in sorted(passes.unknowns))


def _instead(stopped: Kinds) -> Iterator[tuple[int, Kinds]]:
    """Give the same ports of other protocols, each stretch with one of its own kinds."""
    for first, last in stopped.spans():
        others = (protocol for protocol in PORTED if protocol != first // PORTS)
        yield first, Kinds.union(Kinds.ports(protocol, first % PORTS, last % PORTS) for protocol in others)


PROPERTY = Property(
    29, "Node ports are unique, in the range, and opened for their protocol", "the API server refuses", _check
)
