"""Whether endpoints of one role reach those of another with everything."""

from __future__ import annotations

from collections.abc import Iterator

from kubewire.net.kinds import Kinds
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.reach.endpoints import Role
from kubewire.prover.reach.network import Network
from kubewire.prover.reach.paths import Paths
from kubewire.prover.reach.stages import first_of
from kubewire.prover.verdict import Finding

EVERYTHING = Kinds.everything()


def all_pass(network: Network, source_role: Role, destination_role: Role) -> Iterator[Finding]:
    """Follow one pair of each pair of classes; what stops it stops all of them alike."""
    yield from network.unreadable
    paths = Paths(network)
    for source, destination in network.pairs():
        if (source.role, destination.role) != (source_role, destination_role):
            continue
        way = paths.way(source, destination)
        passes = way.passes
        if passes.possible != EVERYTHING:
            stopped = EVERYTHING - passes.possible
            yield way.witness(first_of(stopped), f"{source.label} can't send {stopped} to {destination.label}")
        elif passes.certain != EVERYTHING:
            yield from (Unknown(comes_from=unknown) for unknown in sorted(passes.unknowns))
