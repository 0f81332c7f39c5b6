"""A packet that shows what a route table does to pods of a node."""

from __future__ import annotations

from kubewire.net.addresses import Range, bounds
from kubewire.prover.facts.cluster import Node
from kubewire.prover.reach.network import Network
from kubewire.prover.reach.paths import Paths
from kubewire.prover.reach.routes import Ways
from kubewire.prover.reach.stages import HTTPS
from kubewire.prover.witness import Witness


def routed(network: Network, ways: Ways, node: Node, item: Range, summary: str) -> Witness:
    """Follow a packet from a node that sends by a table to some of the pods of another node."""
    first, last = bounds(item)
    to = next((pod for pod in network.pods_of(node.name) if first <= pod.last and pod.first <= last), None)
    source = network.sender_by(ways.table.name, node.name, to) if to else None
    if to is None or source is None:
        return Witness(summary=summary)
    return Paths(network).way(source, to).witness(HTTPS, summary)
