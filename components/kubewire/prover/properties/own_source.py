"""16. Between nodes and pods the receiver sees the sender's own address."""

from __future__ import annotations

from collections.abc import Iterator

from kubewire.net.addresses import Addresses, Range, bounds
from kubewire.prover.facts.network import Via
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.properties.packets import routed
from kubewire.prover.properties.property import Property
from kubewire.prover.properties.ranges import open_tables, remote_pods, unreadable_nodes, vpc_ranges
from kubewire.prover.reach.network import Network
from kubewire.prover.verdict import Finding
from kubewire.prover.witness import Witness

REWRITING = (Via.NAT_GATEWAY, Via.INTERNET_GATEWAY)


def _check(network: Network) -> Iterator[Finding]:
    yield from unreadable_nodes(network)
    yield from open_tables(network)
    for ways, node, item in remote_pods(network):
        for row in ways.over(*bounds(item)):
            if row is not None and row.route is not None and row.route.via in REWRITING:
                summary = f"{row.route.via} {row.route.target} rewrites the source of packets to {item} of {node.name}"
                yield routed(network, ways, node, item, summary)
    yield from _masqueraded(network)


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
