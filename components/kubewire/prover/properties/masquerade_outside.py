"""17. Nodes keep pods' addresses towards the declared ranges only, and masquerade everything else."""

from __future__ import annotations

from collections.abc import Iterator

from kubewire.net.addresses import Addresses, Range
from kubewire.prover.facts.network import RangeDestination, Via
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.properties.property import Property
from kubewire.prover.properties.ranges import tables_of_vpc
from kubewire.prover.reach.network import Network
from kubewire.prover.reach.world import vpc_ranges
from kubewire.prover.verdict import Finding
from kubewire.prover.witness import Witness

OF_PEERS = (Via.TRANSIT_GATEWAY, Via.PEERING_CONNECTION)


def _check(network: Network) -> Iterator[Finding]:
    cluster = network.cluster
    if isinstance(cluster.unmasqueraded, Unknown):
        yield cluster.unmasqueraded
        return
    inner: list[Range] = [*cluster.pod_ranges, *(item for node in cluster.nodes for item in node.pod_ranges)]
    if isinstance(cluster.service_ranges, Unknown):
        yield cluster.service_ranges
    else:
        inner += cluster.service_ranges
    for item in vpc_ranges(network):
        if isinstance(item, Unknown):
            yield item
        else:
            inner.append(item)
    for table in tables_of_vpc(network):
        inner += [
            route.destination.range
            for route in table.routes
            if route.via in OF_PEERS and isinstance(route.destination, RangeDestination)
        ]
    outside = Addresses.of(*cluster.unmasqueraded) - Addresses.of(*inner)
    if outside:
        yield Witness(summary=f"pods' packets to {outside} keep addresses to which nothing outside can answer")


PROPERTY = Property(
    17, "Masquerade applies outside the declared ranges only", "egress breaks, or internal traffic is rewritten", _check
)
