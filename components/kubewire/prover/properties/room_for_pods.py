"""5. A node's pod range holds as many pods as its kubelet runs; a subnet of pods holds those of all of its nodes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from kubewire.prover.facts.cluster import Node
from kubewire.prover.facts.network import Subnet
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.properties.property import Property
from kubewire.prover.reach.network import Network
from kubewire.prover.verdict import Finding
from kubewire.prover.witness import Witness

KEPT = 3
"""Of each range: its first and last address, and the node's own among its pods.
https://www.cni.dev/plugins/current/ipam/host-local/"""
KEPT_BY_AWS = 5
"""Of each subnet: https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html."""
IPV4 = 4


def _check(network: Network) -> Iterator[Finding]:
    for node in network.cluster.nodes:
        for version in sorted({item.version for item in node.pod_ranges}):
            room = sum(item.num_addresses - KEPT for item in node.pod_ranges if item.version == version)
            if isinstance(node.most_pods, Unknown):
                yield node.most_pods
            elif room < node.most_pods:
                yield Witness(
                    summary=f"{node.name} runs up to {node.most_pods} pods and has {room} IPv{version} addresses"
                )
    for names, nodes in _sharing(network).items():
        yield from _shared(network, names, nodes)


def _sharing(network: Network) -> dict[tuple[str, ...], list[Node]]:
    """Give the nodes whose pods get their addresses in the same subnets."""
    found: defaultdict[tuple[str, ...], list[Node]] = defaultdict(list)
    for node in network.cluster.nodes:
        if node.pod_places:
            found[tuple(sorted({str(place.subnet) for place in node.pod_places}))].append(node)
    return dict(found)


def _shared(network: Network, names: tuple[str, ...], nodes: list[Node]) -> Iterator[Finding]:
    """Hold the addresses that all pods of some nodes take against those that their subnets have.

    Of nodes that are expected, all may come to be in one zone; an equal share of them will, at least.
    """
    subnets = [network.facts.subnets.get(name) for name in names]
    room = _room(subnets)
    if isinstance(room, Unknown):
        yield room
        return
    where = " and ".join(names)
    taken = [node.most_addresses for node in nodes]
    unknown = next((number for number in taken if isinstance(number, Unknown)), None)
    known = [number for number in taken if not isinstance(number, Unknown)]
    if unknown is not None:
        yield unknown
    elif not any(node.expected for node in nodes):
        if sum(known) > room:
            yield Witness(summary=f"the pods of {len(nodes)} nodes take {sum(known)} addresses, and {where} has {room}")
    else:
        yield from _of_expected(network, max(known), room, where)


def _of_expected(network: Network, each: int, room: int, where: str) -> Iterator[Finding]:
    most = network.cluster.most_nodes
    if most is None or isinstance(most, Unknown):
        yield most or Unknown(comes_from=f"how many nodes there will be at most, whose pods share {where}")
        return
    zones = len([names for names, nodes in _sharing(network).items() if any(node.expected for node in nodes)])
    share = -(-most // zones)
    if share * each > room:
        summary = f"the pods of {share} nodes take {share * each} addresses, and {where} has {room}"
        yield Witness(summary=summary)
    elif most * each > room:
        yield Unknown(comes_from=f"how many of {most} nodes will be in one zone: {where} has room for {room // each}")


def _room(subnets: list[Subnet | None]) -> int | Unknown:
    room = 0
    for subnet in subnets:
        item = subnet.ranges[0] if subnet else Unknown(comes_from="the subnets of pods")
        if isinstance(item, Unknown):
            return item
        room += item.num_addresses - KEPT_BY_AWS if item.version == IPV4 else 0
    return room


PROPERTY = Property(5, "A node's pod range holds its maximum of pods", "pods hang in ContainerCreating", _check)
