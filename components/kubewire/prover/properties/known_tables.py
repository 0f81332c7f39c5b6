"""12. Every node's subnet has a route table of its own, or a known main one, of its own VPC."""

from __future__ import annotations

from collections.abc import Iterator

from kubewire.prover.facts.cluster import Node
from kubewire.prover.facts.network import Interface
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.properties.property import Property
from kubewire.prover.reach.endpoints import interface_of, pod_interfaces
from kubewire.prover.reach.network import Network
from kubewire.prover.verdict import Finding
from kubewire.prover.witness import Witness


def _check(network: Network) -> Iterator[Finding]:
    yield from network.unreadable
    for node, interface in _interfaces(network):
        subnet, name = network.subnet_of(interface), network.table_of(interface)
        if subnet is None or name is None:
            continue
        table = network.facts.tables[name]
        if isinstance(table.vpc, Unknown):
            yield table.vpc
        elif isinstance(subnet.vpc, Unknown):
            yield subnet.vpc
        elif table.vpc != subnet.vpc:
            yield Witness(
                summary=f"subnet {subnet.name} of {node.name} is in {subnet.vpc}, and its table {name} in {table.vpc}"
            )


def _interfaces(network: Network) -> Iterator[tuple[Node, Interface]]:
    """Give all interfaces that nodes and their pods talk by."""
    for node in network.cluster.nodes:
        own = interface_of(network.facts, node)
        yield from ((node, one) for one in (own, *pod_interfaces(node)) if one is not None)


PROPERTY = Property(12, "Every node subnet has an explicit or known main table", "a new subnet is an island", _check)
