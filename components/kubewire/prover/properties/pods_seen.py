"""25. A Service's backend sees the address of the pod that sends, through kube-proxy's change of the destination.

What sends to itself is left out: it is seen as its node, or its answer would never come back.
"""

from __future__ import annotations

from collections.abc import Iterator

from kubewire.net.addresses import Addresses, point
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.properties.packets import routed, unplaced
from kubewire.prover.properties.property import Property
from kubewire.prover.properties.ranges import open_tables
from kubewire.prover.properties.serving import addressed, proxied, ready
from kubewire.prover.reach.network import Network
from kubewire.prover.reach.paths import REWRITING
from kubewire.prover.reach.pods import Remote
from kubewire.prover.reach.routes import written
from kubewire.prover.reach.stages import HTTPS
from kubewire.prover.verdict import Finding
from kubewire.prover.witness import Witness


def _check(network: Network) -> Iterator[Finding]:
    services = addressed(network)
    if not services:
        return
    yield from network.unreadable
    yield from open_tables(network)
    yield from _by_proxy(network)
    behind = _backends(network)
    yield from _by_node(network, behind)
    yield from _on_the_way(network, behind)


def _backends(network: Network) -> Addresses:
    """Give every address that a Service may lead to: those of known endpoints, or of all pods."""
    places, any_pod = set[int](), Addresses.nothing()
    for service in addressed(network):
        backends = ready(service)
        if isinstance(backends, Unknown):
            any_pod = network.pod_addresses
        else:
            places.update(point(one.address) for one in backends)
    cuts: list[int] = []
    for place in sorted(places):
        if cuts and cuts[-1] == place:
            cuts[-1] += 1
        else:
            cuts += (place, place + 1)
    return Addresses(tuple(cuts)) | any_pod


def _by_proxy(network: Network) -> Iterator[Witness]:
    """Find pods whose address kube-proxy replaces by the node's: those that it takes for outsiders."""
    proxy = network.cluster.proxy
    if proxy is None:
        return
    strange = network.pod_addresses - Addresses.of(*proxy.pod_ranges) if proxy.pod_ranges else Addresses.nothing()
    if proxy.masquerades_all:
        yield Witness(
            summary="kube-proxy puts its node's address on all that is sent to Services: masqueradeAll is set"
        )
    elif strange:
        ranges = ", ".join(map(str, proxy.pod_ranges))
        summary = f"kube-proxy puts its node's address on what {strange} send to Services: its clusterCIDR is {ranges}"
        yield Witness(summary=summary)


def _by_node(network: Network, behind: Addresses) -> Iterator[Finding]:
    """Find backends to which nodes send pods' packets with their own address."""
    spared = network.cluster.unmasqueraded
    if isinstance(spared, Unknown):
        yield spared
        return
    rewritten = behind - Addresses.of(*spared)
    if rewritten:
        summary = f"nodes put their own address on what pods send through Services to {rewritten}"
        yield Witness(summary=summary)


def _on_the_way(network: Network, behind: Addresses) -> Iterator[Finding]:
    """Find routes to backends by gateways that put their own address on packets."""
    for pods in network.remote_pods:
        yield from _by_gateway(network, pods, behind)
    for pods in network.remote_pods_of_vpc:
        yield from unplaced(pods) or _by_gateway(network, pods, behind)


def _by_gateway(network: Network, pods: Remote, behind: Addresses) -> Iterator[Witness]:
    for row in pods.rows:
        if row is None or row.route is None or row.route.black_hole or row.route.via not in REWRITING:
            continue
        if Addresses.of(row.range) & Addresses.of(pods.range) & behind:
            whose = f"{pods.range} of {pods.node.name}"
            summary = f"{written(row.route)} rewrites the source of what Services lead to {whose}"
            told = routed(network, pods, row.range, summary)
            before = proxied(told.source.rpartition(" on ")[2], "a Service's address", whose).hop(HTTPS)
            yield told.model_copy(update={"hops": (before, *told.hops)}) if told.hops else told


PROPERTY = Property(25, "A Service's backend sees the pod's own address", "wrong audit and policy", _check)
