"""8. No longer prefix shadows the route for a node's pods."""

from __future__ import annotations

from collections.abc import Iterator

from kubewire.net.addresses import bounds
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.properties.packets import routed
from kubewire.prover.properties.property import Property
from kubewire.prover.properties.ranges import inside, open_tables, remote_pods, unreadable_nodes
from kubewire.prover.reach.network import Network
from kubewire.prover.verdict import Finding


def _check(network: Network) -> Iterator[Finding]:
    yield from unreadable_nodes(network)
    yield from open_tables(network)
    for ways, node, item in remote_pods(network):
        for row in ways.over(*bounds(item)):
            if row is None or row.range == item or not inside(row.range, item):
                continue
            target = row.route.target if row.route else None
            if isinstance(target, Unknown):
                yield target
            elif target != node.interface:
                yield routed(
                    network, ways, node, row.range, f"{row} in table {ways.table.name} shadows {item} of {node.name}"
                )


PROPERTY = Property(8, "No longer prefix shadows a pod range's route", "part of a node goes dark", _check)
