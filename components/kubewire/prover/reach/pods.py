"""The pods that routes have to lead to, and where each table leads them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kubewire.net.addresses import Range, bounds
from kubewire.prover.facts.cluster import Cluster, Node
from kubewire.prover.facts.facts import Facts
from kubewire.prover.facts.network import Via
from kubewire.prover.facts.unknown import Known, Unknown
from kubewire.prover.reach.endpoints import interface_of
from kubewire.prover.reach.routes import Row, Ways


@dataclass(frozen=True, slots=True)
class Remote:
    """A node's pods, as a table routes them that other nodes send by.

    Attributes:
        ways: the table.
        node: whose pods they are.
        range: their addresses.
        rows: what these match, in their order; None for no row.
    """

    ways: Ways
    node: Node
    range: Range
    rows: tuple[Row | None, ...]

    def leads_home(self, row: Row) -> bool:
        """Whether a row leads to the node that has the pods."""
        route = row.route
        return route is not None and not route.black_hole and (route.via, route.target) == (Via.INTERFACE, self.home)

    @property
    def home(self) -> Known[str]:
        """Give the interface of the node that has the pods."""
        return self.node.interface


def routed_pods(facts: Facts, cluster: Cluster) -> Iterator[tuple[Node, Range]]:
    """Give the pod ranges that AWS doesn't know as an interface's own, so that routes have to lead to them."""
    for node in cluster.nodes:
        interface = interface_of(facts, node)
        owned = [bounds(prefix) for prefix in interface.prefixes] if interface else []
        for item in node.pod_ranges:
            low, high = bounds(item)
            if not any(first <= low and high <= last for first, last in owned):
                yield node, item


def pods_of_subnets(facts: Facts, cluster: Cluster) -> Iterator[tuple[Node, Range]]:
    """Give the subnets' ranges in which nodes' pods get their addresses: AWS knows these as an interface's own."""
    for node in cluster.nodes:
        for place in node.pod_places:
            subnet = facts.subnet(place.subnet)
            yield from ((node, item) for item in (subnet.ranges if subnet else ()) if not isinstance(item, Unknown))


def remote_pods(
    tables: Mapping[str, Ways], senders: Mapping[str, set[str]], ranges: list[tuple[Node, Range]]
) -> Iterator[Remote]:
    """Give every table with every pod range that a node which sends by it must reach on another node.

    Tables that may have rows which aren't known are left out: one of those may win.

    Args:
        tables: the tables.
        senders: the nodes that send by each.
        ranges: the pods.
    """
    for name, ways in tables.items():
        alone = next(iter(senders[name])) if len(senders[name]) == 1 else None
        for node, item in [] if ways.unknowns else ranges:
            if node.name != alone:
                yield Remote(ways, node, item, tuple(ways.over(*bounds(item))))
