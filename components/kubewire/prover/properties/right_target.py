"""7. The route for a node's pods leads to that node's interface."""

from __future__ import annotations

from collections.abc import Iterator

from kubewire.net.addresses import bounds
from kubewire.prover.facts.cluster import Told
from kubewire.prover.facts.network import Via
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.properties.packets import routed
from kubewire.prover.properties.property import Property
from kubewire.prover.properties.ranges import inside, open_tables, remote_pods, unreadable_nodes
from kubewire.prover.reach.network import Network
from kubewire.prover.reach.routes import written
from kubewire.prover.verdict import Finding


def _check(network: Network) -> Iterator[Finding]:
    yield from unreadable_nodes(network)
    yield from open_tables(network)
    for ways, node, item in remote_pods(network):
        if node.told is Told.ROUTES:
            yield Unknown(comes_from=f"which node has {item}: nothing but the routes say so")
        for row in ways.over(*bounds(item)):
            route = row.route if row and inside(item, row.range) else None
            if route is None or (route.via is not Via.INTERFACE and not route.black_hole):
                continue
            if isinstance(route.target, Unknown):
                yield route.target
            elif route.target != node.interface or route.black_hole:
                summary = f"{item} belongs to {node.name}, but table {ways.table.name} has {item} -> {written(route)}"
                yield routed(network, ways, node, item, summary)


PROPERTY = Property(
    7, "A pod range's route targets the owning node's interface", "pods of another node answer, or none", _check
)
