"""9. Packets to pods never leave by NAT, internet, transit or peering gateways."""

from __future__ import annotations

from collections.abc import Iterator

from kubewire.prover.properties.packets import routed, unplaced
from kubewire.prover.properties.property import Property
from kubewire.prover.properties.ranges import open_tables
from kubewire.prover.reach.network import Network
from kubewire.prover.reach.pods import Remote
from kubewire.prover.reach.routes import leaves, written
from kubewire.prover.verdict import Finding


def _check(network: Network) -> Iterator[Finding]:
    yield from network.unreadable
    yield from open_tables(network)
    for pods in network.remote_pods:
        yield from _leaving(network, pods)
    for pods in network.remote_pods_of_vpc:
        yield from unplaced(pods) or _leaving(network, pods)


def _leaving(network: Network, pods: Remote) -> Iterator[Finding]:
    for row in pods.rows:
        if row is not None and row.route is not None and leaves(row.route.via) and not row.route.black_hole:
            way, table = written(row.route), pods.ways.table.name
            summary = f"packets to {pods.range} of {pods.node.name} leave by {way}, in table {table}"
            yield routed(network, pods, row.range, summary)


PROPERTY = Property(9, "Pod destinations never leave by a gateway", "leaks, or the wrong source address", _check)
