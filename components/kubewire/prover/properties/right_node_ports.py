"""30. Every listener leads to a Service's node port, by its protocol, on every node."""

from __future__ import annotations

from collections.abc import Iterator

from kubewire.prover.facts.facts import Facts
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.properties.balancing import Sending, sendings
from kubewire.prover.properties.property import Property
from kubewire.prover.reach.network import Network
from kubewire.prover.verdict import Finding
from kubewire.prover.witness import Witness


def _check(network: Network) -> Iterator[Finding]:
    node_ports, unsure = _node_ports(network.facts)
    nodes = {node.name for node in network.cluster.nodes}
    for sending in sendings(network):
        if isinstance(sending, Unknown):
            yield sending
            continue
        yield from _ports(sending, node_ports, unsure)
        missing = sorted(nodes - {target.name for target in sending.group.targets})
        if missing:
            yield Witness(summary=f"{sending} doesn't send to {', '.join(missing)}")


def _ports(sending: Sending, node_ports: set[tuple[int, int]], unsure: list[Unknown]) -> Iterator[Finding]:
    for target in sending.group.targets:
        for protocol in sending.group.protocols:
            if isinstance(target.port, Unknown):
                yield target.port
            elif (protocol, target.port) not in node_ports and unsure:
                yield from unsure
            elif (protocol, target.port) not in node_ports:
                yield Witness(summary=f"{sending} sends to port {target.port} of {target.name}, which no Service has")


def _node_ports(facts: Facts) -> tuple[set[tuple[int, int]], list[Unknown]]:
    asked = [(port.protocol, port.node_port) for service in facts.services for port in service.ports]
    known = {(protocol, port) for protocol, port in asked if isinstance(port, int)}
    return known, [port for _, port in asked if isinstance(port, Unknown)]


PROPERTY = Property(30, "Every listener reaches the right node port on every node", "partial outage", _check)
