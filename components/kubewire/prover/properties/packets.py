"""A packet that shows what a route table does to pods of a node."""

from __future__ import annotations

from kubewire.net.addresses import Range, bounds
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.reach.network import Network
from kubewire.prover.reach.paths import Paths
from kubewire.prover.reach.pods import Remote
from kubewire.prover.reach.stages import HTTPS
from kubewire.prover.witness import Witness


def unplaced(pods: Remote) -> list[Unknown]:
    """Say what is open where a table tells addresses of a subnet apart, and pods may have any of them."""
    said = Unknown(comes_from=f"which addresses of {pods.range} the pods of {pods.node.name} get")
    return [said] if len(pods.rows) > 1 else []


def routed(network: Network, pods: Remote, part: Range, summary: str) -> Witness:
    """Follow a packet from another node that sends by the table, to one of the pods in a part of their range."""
    (first, last), (low, high) = bounds(part), bounds(pods.range)
    first, last = max(first, low), min(last, high)
    there = network.pods_of(pods.node.name)
    to = next((pod for pod in there if first <= pod.last and pod.first <= last), None)
    source = network.sender_by(pods.ways.table.name, pods.node.name, to) if to else None
    if to is None or source is None:
        return Witness(summary=summary)
    return Paths(network).way(source, to).witness(HTTPS, summary)
