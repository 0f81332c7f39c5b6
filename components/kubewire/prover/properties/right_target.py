"""7. The route for a node's pods leads to that node's interface."""

from __future__ import annotations

from collections.abc import Iterator

from kubewire.prover.facts.cluster import Told
from kubewire.prover.facts.network import Via
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.properties.packets import routed
from kubewire.prover.properties.property import Property
from kubewire.prover.properties.ranges import inside, open_tables
from kubewire.prover.reach.network import Network
from kubewire.prover.reach.routes import written
from kubewire.prover.verdict import Finding


def _check(network: Network) -> Iterator[Finding]:
    yield from network.unreadable
    yield from open_tables(network)
    for pods in network.remote_pods:
        item, node = pods.range, pods.node
        if node.told is Told.ROUTES:
            yield Unknown(comes_from=f"which node has {item}: nothing but the routes say so")
        for row in pods.rows:
            route = row.route if row and inside(item, row.range) else None
            if row is None or route is None or (route.via is not Via.INTERFACE and not route.black_hole):
                continue
            if isinstance(route.target, Unknown):
                yield route.target
            elif not pods.leads_home(row):
                table = pods.ways.table.name
                summary = f"{item} belongs to {node.name}, but table {table} has {row.range} -> {written(route)}"
                yield routed(network, pods, item, summary)


PROPERTY = Property(
    7, "A pod range's route targets the owning node's interface", "pods of another node answer, or none", _check
)
