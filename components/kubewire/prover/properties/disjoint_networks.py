"""2. Pod, Service and VPC ranges are disjoint, and so are those of peers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from kubewire.net.addresses import Range
from kubewire.prover.facts.network import RangeDestination, Via
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.properties.property import Property
from kubewire.prover.properties.ranges import inside, routed_pods, tables_of_vpc, vpc_ranges
from kubewire.prover.reach.network import Network
from kubewire.prover.verdict import Finding
from kubewire.prover.witness import Witness

PEERS = (Via.TRANSIT_GATEWAY, Via.PEERING_CONNECTION)


def _check(network: Network) -> Iterator[Finding]:
    cluster = network.cluster
    ours: list[tuple[str, Range]] = []
    for item in vpc_ranges(network):
        if isinstance(item, Unknown):
            yield item
        else:
            ours.append(("the VPC", item))
    if isinstance(cluster.service_ranges, Unknown):
        yield cluster.service_ranges
    else:
        ours += [("Services", item) for item in cluster.service_ranges]
    pods = cluster.pod_ranges or tuple(item for _, item in routed_pods(network))
    ours += [("pods", item) for item in pods]
    for (owner, item), (other, shared) in combinations(ours, 2):
        # Pods whose range lies in the VPC's have the VPC's addresses: property 3 says on which terms.
        if (
            owner != other
            and item.overlaps(shared)
            and not (other == "pods" and owner == "the VPC" and inside(shared, item))
        ):
            yield Witness(summary=f"{shared} of {other} overlaps {item} of {owner}")
    for table in tables_of_vpc(network):
        for route in table.routes:
            if route.via in PEERS and isinstance(route.destination, RangeDestination):
                for owner, item in ours:
                    if inside(route.destination.range, item):
                        peer = f"{route.via} {route.target} in route table {table.name}"
                        yield Witness(summary=f"{route.destination.range} of {peer} lies in {item} of {owner}")


PROPERTY = Property(
    2, "Pod, Service and VPC ranges, and those of peers, are disjoint", "some addresses are black holes", _check
)
