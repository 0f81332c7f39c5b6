"""15. Pods reach nodes, and nodes reach pods, with everything."""

from __future__ import annotations

from collections.abc import Iterator

from kubewire.prover.properties.passing import all_pass
from kubewire.prover.properties.property import Property
from kubewire.prover.reach.endpoints import Role
from kubewire.prover.reach.network import Network
from kubewire.prover.verdict import Finding


def _check(network: Network) -> Iterator[Finding]:
    yield from all_pass(network, Role.POD, Role.NODE)
    yield from all_pass(network, Role.NODE, Role.POD)


PROPERTY = Property(15, "Pods reach nodes and nodes reach pods, both ways", "failed probes", _check)
