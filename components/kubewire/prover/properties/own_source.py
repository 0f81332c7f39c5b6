"""16. Between nodes and pods the receiver sees the sender's own address."""

from __future__ import annotations

from collections.abc import Iterator

from kubewire.net.addresses import Addresses, Range
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.properties.packets import routed, unplaced
from kubewire.prover.properties.property import Property
from kubewire.prover.properties.ranges import open_tables
from kubewire.prover.reach.network import Network
from kubewire.prover.reach.paths import REWRITING
from kubewire.prover.reach.pods import Remote
from kubewire.prover.reach.routes import written
from kubewire.prover.reach.world import vpc_ranges
from kubewire.prover.verdict import Finding
from kubewire.prover.witness import Witness


def _check(network: Network) -> Iterator[Finding]:
    yield from network.unreadable
    yield from open_tables(network)
    for pods in network.remote_pods:
        yield from _rewritten(network, pods)
    for pods in network.remote_pods_of_vpc:
        yield from unplaced(pods) or _rewritten(network, pods)
    yield from _masqueraded(network)


def _rewritten(network: Network, pods: Remote) -> Iterator[Finding]:
    for row in pods.rows:
        if row is None or row.route is None or row.route.black_hole:
            continue
        if row.route.via in REWRITING:
            way = written(row.route)
            summary = f"{way} rewrites the source of packets to {pods.range} of {pods.node.name}"
            yield routed(network, pods, row.range, summary)


def _masqueraded(network: Network) -> Iterator[Finding]:
    """Give the pods and nodes to which nodes would send pods' packets with their own address."""
    spared = network.cluster.unmasqueraded
    if isinstance(spared, Unknown):
        yield spared
        return
    inner: list[Range] = [item for node in network.cluster.nodes for item in node.pod_ranges]
    for item in vpc_ranges(network):
        if isinstance(item, Unknown):
            yield item
        else:
            inner.append(item)
    rewritten = Addresses.of(*inner) - Addresses.of(*spared)
    if rewritten:
        yield Witness(summary=f"nodes put their own address on pods' packets to {rewritten}")


PROPERTY = Property(16, "No source NAT between nodes and pods", "wrong audit and policy", _check)
