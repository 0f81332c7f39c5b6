"""8. No longer prefix shadows the route for a node's pods."""

from __future__ import annotations

from collections.abc import Iterator

from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.properties.packets import routed
from kubewire.prover.properties.property import Property
from kubewire.prover.properties.ranges import inside, open_tables
from kubewire.prover.reach.network import Network
from kubewire.prover.verdict import Finding


def _check(network: Network) -> Iterator[Finding]:
    yield from network.unreadable
    yield from open_tables(network)
    for pods in network.remote_pods:
        for row in pods.rows:
            if row is None or row.range == pods.range or not inside(row.range, pods.range):
                continue
            if row.route and isinstance(row.route.target, Unknown):
                yield row.route.target
            elif not pods.leads_home(row):
                summary = f"{row} in table {pods.ways.table.name} shadows {pods.range} of {pods.node.name}"
                yield routed(network, pods, row.range, summary)


PROPERTY = Property(8, "No longer prefix shadows a pod range's route", "part of a node goes dark", _check)
