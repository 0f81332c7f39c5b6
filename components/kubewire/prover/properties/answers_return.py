"""18. Network ACLs pass the answers: they remember no connection."""

from __future__ import annotations

from collections.abc import Iterator

from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.properties.property import Property
from kubewire.prover.reach.network import Network
from kubewire.prover.reach.paths import Paths
from kubewire.prover.reach.stages import first_of
from kubewire.prover.verdict import Finding


def _check(network: Network) -> Iterator[Finding]:
    yield from network.unreadable
    paths = Paths(network)
    for source, destination in network.pairs():
        there, back = paths.way(source, destination).passes, paths.acls_back(source, destination)
        lost = there.certain - back.passes.possible
        if lost:
            yield back.witness(first_of(lost), f"answers of {destination.label} to {source.label} are lost: {lost}")
        elif not there.possible <= back.passes.certain:
            yield from (Unknown(comes_from=item) for item in sorted(there.unknowns | back.passes.unknowns))


PROPERTY = Property(18, "Network ACLs pass the return ports", "the SYN arrives, the answer is lost", _check)
