"""2. Pod, Service and VPC ranges are disjoint, and so are those of peers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from kubewire.net.addresses import Range
from kubewire.prover.facts.network import RangeDestination, Via
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.properties.property import Property
from kubewire.prover.properties.ranges import inside, tables_of_vpc
from kubewire.prover.reach.network import Network
from kubewire.prover.reach.routes import written
from kubewire.prover.reach.world import vpc_ranges
from kubewire.prover.verdict import Finding
from kubewire.prover.witness import Witness

PEERS = (Via.TRANSIT_GATEWAY, Via.PEERING_CONNECTION)


def _check(network: Network) -> Iterator[Finding]:
    ours: list[tuple[str, Range]] = []
    for owner, item in _ours(network):
        if isinstance(item, Unknown):
            yield item
        else:
            ours.append((owner, item))
    for (owner, item), (other, shared) in combinations(ours, 2):
        # Pods whose range lies in the VPC's have the VPC's addresses: property 3 says on which terms.
        of_vpc = {owner, other} == {"pods", "the VPC"} and inside(shared, item)
        if owner != other and item.overlaps(shared) and not of_vpc:
            yield Witness(summary=f"{shared} of {other} overlaps {item} of {owner}")
    for peer, theirs in _of_peers(network):
        for owner, item in ours:
            if inside(theirs, item):
                yield Witness(summary=f"{theirs} of {peer} lies in {item} of {owner}")


def _ours(network: Network) -> Iterator[tuple[str, Range | Unknown]]:
    services = network.cluster.service_ranges
    yield from (("the VPC", item) for item in vpc_ranges(network))
    yield from (("Services", item) for item in ([services] if isinstance(services, Unknown) else services))
    yield from (("pods", item) for item in network.cluster.pod_ranges or [item for _, item in network.routed_pods])


def _of_peers(network: Network) -> Iterator[tuple[str, Range]]:
    for table in tables_of_vpc(network):
        for route in table.routes:
            if route.via in PEERS and isinstance(route.destination, RangeDestination):
                yield f"{written(route)} in route table {table.name}", route.destination.range


PROPERTY = Property(
    2, "Pod, Service and VPC ranges, and those of peers, are disjoint", "some addresses are black holes", _check
)
