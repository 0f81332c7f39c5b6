"""10. The source/destination check is off on every interface that carries routed pods' packets."""

from __future__ import annotations

from collections.abc import Iterator

from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.properties.property import Property
from kubewire.prover.reach.endpoints import interface_of
from kubewire.prover.reach.network import Network
from kubewire.prover.verdict import Finding
from kubewire.prover.witness import Witness


def _check(network: Network) -> Iterator[Finding]:
    yield from network.unreadable
    for node, item in network.routed_pods:
        interface = interface_of(network.facts, node)
        if interface is None:
            continue
        if isinstance(interface.checks, Unknown):
            yield interface.checks
        elif interface.checks:
            yield Witness(
                summary=f"interface {interface.name} of {node.name} has its source/destination check on, and drops "
                f"packets from and to {item}"
            )


PROPERTY = Property(
    10, "Source/destination check is off where pods' packets pass", "nodes reach each other, pods don't", _check
)
