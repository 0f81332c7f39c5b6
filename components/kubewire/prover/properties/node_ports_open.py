"""26. A NodePort Service is open on every node's address that kube-proxy serves, for the sources that are declared.

How those sources come near, by a peering say, is theirs: what counts is that nothing stops them before a node.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from kubewire.net.addresses import Addresses
from kubewire.prover.facts.services import Service, ServiceType
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.properties.declared import Peers, arriving, callers
from kubewire.prover.properties.property import Property
from kubewire.prover.properties.serving import alike, kinds_by_version, ready, unknown_node_ports
from kubewire.prover.properties.unread import by_name
from kubewire.prover.reach.endpoints import Endpoint, Role
from kubewire.prover.reach.network import Network
from kubewire.prover.reach.stages import Way, first_of
from kubewire.prover.verdict import Finding
from kubewire.prover.witness import Witness


def _check(network: Network) -> Iterator[Finding]:
    services = [service for service in network.services if service.type is ServiceType.NODE_PORT]
    if not services:
        return
    yield from network.unreadable
    for service in services:
        yield from unknown_node_ports(service)
        if service.local:
            yield from _unserved(network, service)
    for peers, group in alike(services):
        if isinstance(peers, Unknown):
            yield peers
        else:
            yield from _shut(network, peers, group)


def _unserved(network: Network, service: Service) -> Iterator[Finding]:
    """Find nodes that drop what comes from outside: with `externalTrafficPolicy: Local`, those without endpoints."""
    backends = ready(service)
    if isinstance(backends, Unknown):
        yield backends
        return
    there = {one.node for one in backends}
    if network.expects_nodes and backends:
        yield Unknown(comes_from=f"whether nodes that others make have endpoints of {service.label}")
    without = [node.name for node in network.cluster.nodes if node.name not in there and not node.expected]
    if backends and without:
        names = ", ".join(without[:SHOWN]) + (f" and {len(without) - SHOWN} more" if len(without) > SHOWN else "")
        yield Witness(summary=f"{service.label} has externalTrafficPolicy Local and no endpoint on {names}")


SHOWN = 4
"""Nodes that are named; the rest are counted."""


def _shut(network: Network, peers: Peers, services: list[Service]) -> Iterator[Finding]:
    """Follow what all declared sources of some Services send to a node of each class."""
    who = callers(network, peers)
    wanted, unknowns = kinds_by_version(network, services)
    yield from unknowns
    for node in _served(network):
        if isinstance(node, Unknown):
            yield node
            continue
        needed = wanted[node.version]
        yield from by_name(network, who, node, needed) if needed else ()
        for way in arriving(network, who, node) if needed else ():
            if isinstance(way, Unknown):
                yield way
                continue
            client, stages = way
            whole = Way(client, node.label, stages)
            stopped = needed - whole.passes.possible
            if stopped:
                yield whole.witness(first_of(stopped), f"{node.label} doesn't take {stopped} from {client}")
            elif not needed <= whole.passes.certain:
                yield from (Unknown(comes_from=unknown) for unknown in sorted(whole.passes.unknowns))


def _served(network: Network) -> Iterator[Endpoint | Unknown]:
    """Give one node of each class, of those on which kube-proxy serves node ports."""
    proxy = network.cluster.proxy
    ranges = Addresses.of(*proxy.node_port_ranges) if proxy else Addresses.nothing()
    for members in network.classes:
        if members[0].role is not Role.NODE:
            continue
        if not ranges:
            yield members[0]
        elif members[0].unknown is not None:
            yield Unknown(comes_from=members[0].unknown)
        else:
            yield from islice((one for one in members if Addresses.span(one.first, one.last) <= ranges), 1)


PROPERTY = Property(
    26, "NodePort Services are open on every node, for the declared sources", "some nodes refuse", _check
)
