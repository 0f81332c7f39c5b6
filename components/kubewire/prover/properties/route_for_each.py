"""6. Every table that a node's subnet uses has a route for every pod range on other nodes."""

from __future__ import annotations

from collections.abc import Iterator

from kubewire.net.addresses import Range
from kubewire.prover.properties.packets import routed
from kubewire.prover.properties.property import Property
from kubewire.prover.properties.ranges import inside, open_tables
from kubewire.prover.reach.network import Network
from kubewire.prover.reach.routes import Row
from kubewire.prover.verdict import Finding


def _check(network: Network) -> Iterator[Finding]:
    yield from network.unreadable
    yield from open_tables(network)
    declared = network.cluster.pod_ranges
    for pods in network.remote_pods:
        if not all(_is_for(row, pods.range, declared) for row in pods.rows):
            summary = f"table {pods.ways.table.name} has no route for {pods.range} of {pods.node.name}"
            yield routed(network, pods, pods.range, summary)


def _is_for(row: Row | None, item: Range, declared: tuple[Range, ...]) -> bool:
    """Whether a row is about pods: the default route, and others wider than all pods, aren't."""
    if row is None or row.range.prefixlen == 0:
        return False
    return inside(row.range, item) or not declared or any(inside(row.range, whole) for whole in declared)


PROPERTY = Property(
    6, "Every table of a node subnet has a route for every remote pod range", "one zone's pods time out", _check
)
