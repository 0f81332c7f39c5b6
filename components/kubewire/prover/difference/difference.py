"""Start here: what a change makes newly reachable and newly unreachable."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kubewire.prover.difference.balancers import balancers, named
from kubewire.prover.difference.cells import outsiders
from kubewire.prover.difference.delta import Turn
from kubewire.prover.difference.flows import Flow, Outside
from kubewire.prover.difference.inside import Sides, inside
from kubewire.prover.difference.joints import joints
from kubewire.prover.difference.naming import IPV6, Words
from kubewire.prover.difference.outside import outside
from kubewire.prover.difference.services import services
from kubewire.prover.facts.facts import Facts
from kubewire.prover.reach.further import wider
from kubewire.prover.reach.network import Network

ORDER = tuple(Turn)


@dataclass(frozen=True)
class Difference:
    """What changes in one cluster's network. What isn't listed reaches what it reached.

    Attributes:
        cluster: its name.
        new: whether there was no such network before.
        gone: whether there is none after.
        flows: all that changes: no packet is in two of a sort.
        caveats: what may change more, and isn't known: nothing is claimed of that.
        words: names the ends of flows.
        sides: the networks before and after.
    """

    cluster: str
    new: bool
    gone: bool
    flows: tuple[Flow, ...]
    caveats: tuple[str, ...]
    words: Words
    sides: Sides

    def lines(self, turn: Turn) -> list[str]:
        """Write what there is of one sort."""
        return [self.words.line(flow.source, flow.destination, flow.kinds) for flow in self.flows if flow.turn is turn]


def difference(before: Facts | None, after: Facts) -> list[Difference]:
    """Compare two networks, cluster by cluster.

    Args:
        before: what there is; None for nothing.
        after: what there will be.
    """
    return compared(networks(before) if before else {}, networks(after))


def networks(facts: Facts) -> dict[str, Network]:
    """Make the networks of all clusters ready for questions."""
    return {cluster.name: Network(facts, cluster) for cluster in facts.clusters}


def compared(before: Mapping[str, Network], after: Mapping[str, Network]) -> list[Difference]:
    """Compare networks that are ready, by the names of their clusters."""
    return [_of((before.get(name), after.get(name)), name) for name in dict.fromkeys((*after, *before))]


def _of(sides: Sides, name: str) -> Difference:
    found = joints(*sides)
    known = [network for network in sides if network]
    there = outsiders(known)
    words = Words(known, found, there)
    flows = [
        *outside(sides, found, there),
        *balancers(sides, found, there),
        *inside(sides, found),
        *services(sides, found),
    ]
    flows.sort(key=lambda flow: _order(flow, words))
    return Difference(
        cluster=name,
        new=sides[0] is None,
        gone=sides[1] is None,
        flows=tuple(flows),
        caveats=tuple(dict.fromkeys((*(caveat for one in known for caveat in _caveats(one)), *_dual_stack(sides)))),
        words=words,
        sides=sides,
    )


def _order(flow: Flow, words: Words) -> tuple[int, bool, str]:
    """Put what others gain first: it is what a reviewer has to see."""
    line = words.line(flow.source, flow.destination, flow.kinds)
    return ORDER.index(flow.turn), not isinstance(flow.source, Outside), line


def _caveats(network: Network) -> list[str]:
    return [
        *network.facts.strangers,
        *network.cluster.open_ends,
        *(unknown.comes_from for unknown in network.unreadable),
        *wider(network.facts, network.cluster.nodes),
    ]


def _dual_stack(sides: Sides) -> Iterator[str]:
    """Name the load balancers that change and have IPv6 addresses: nodes' and pods' ways to these aren't followed."""
    was, will = map(named, sides)
    if not any(one.version == IPV6 for network in sides if network for one in network.endpoints):
        return
    for label in dict.fromkeys((*was, *will)):
        pair = was.get(label), will.get(label)
        if pair[0] != pair[1] and any(one.dual_stack for one in pair if one):
            yield f"which nodes and pods reach the IPv6 addresses of load balancer {label}"
