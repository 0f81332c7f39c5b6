"""1. Nodes' pod ranges are pairwise disjoint."""

from __future__ import annotations

from collections.abc import Iterator

from kubewire.prover.properties.property import Property
from kubewire.prover.properties.ranges import overlaps
from kubewire.prover.reach.network import Network
from kubewire.prover.verdict import Finding
from kubewire.prover.witness import Witness


def _check(network: Network) -> Iterator[Finding]:
    owned = [(node.name, item) for node in network.cluster.nodes for item in node.pod_ranges]
    for (owner, item), (other, shared) in overlaps(owned):
        yield Witness(summary=f"{shared} of {other} shares addresses with {item} of {owner}")


PROPERTY = Property(1, "Nodes' pod ranges are pairwise disjoint", "pods answer for each other", _check)
