"""3. A pod range inside the VPC's ranges equals a whole subnet.

AWS takes a route more specific than the local one for a whole subnet only:
https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html
"""

from __future__ import annotations

from collections.abc import Iterator

from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.properties.property import Property
from kubewire.prover.properties.ranges import inside
from kubewire.prover.reach.network import Network
from kubewire.prover.reach.world import vpc_ranges
from kubewire.prover.verdict import Finding
from kubewire.prover.witness import Witness


def _check(network: Network) -> Iterator[Finding]:
    known = []
    for item in vpc_ranges(network):
        if isinstance(item, Unknown):
            yield item
        else:
            known.append(item)
    subnets = {item for subnet in network.facts.subnets.values() for item in subnet.ranges}
    unknown = [item for item in subnets if isinstance(item, Unknown)]
    for node, item in network.routed_pods:
        if item in subnets or not any(inside(item, whole) for whole in known):
            continue
        if unknown:
            yield from unknown
        else:
            yield Witness(
                summary=f"{item} of {node.name} lies in the VPC and is no whole subnet, so AWS refuses its route"
            )


PROPERTY = Property(3, "A pod range inside the VPC's equals a whole subnet", "AWS refuses the route", _check)
