"""9. Packets to pods never leave by NAT, internet, transit or peering gateways."""

from __future__ import annotations

from collections.abc import Iterator

from kubewire.net.addresses import bounds
from kubewire.prover.properties.packets import routed
from kubewire.prover.properties.property import Property
from kubewire.prover.properties.ranges import open_tables, remote_pods, unreadable_nodes
from kubewire.prover.reach.network import Network
from kubewire.prover.reach.routes import leaves, written
from kubewire.prover.verdict import Finding


def _check(network: Network) -> Iterator[Finding]:
    yield from unreadable_nodes(network)
    yield from open_tables(network)
    for ways, node, item in remote_pods(network):
        for row in ways.over(*bounds(item)):
            if row is not None and row.route is not None and leaves(row.route.via) and not row.route.black_hole:
                summary = f"packets to {item} of {node.name} leave by {written(row.route)}, in table {ways.table.name}"
                yield routed(network, ways, node, item, summary)


PROPERTY = Property(9, "Pod destinations never leave by a gateway", "leaks, or the wrong source address", _check)
