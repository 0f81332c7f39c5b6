"""21. Every node and pod reaches every Service: its address leads to ports on which existing pods answer.

kube-proxy on the client's own node puts a pod's address in place of the Service's, so what counts is the way to the
pod. Where the endpoints aren't known, every pod and node of the cluster may be one, and the way to each must be open.
https://kubernetes.io/docs/reference/networking/virtual-ips/
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from ipaddress import ip_address
from itertools import groupby
from operator import attrgetter

from kubewire.net.addresses import point
from kubewire.net.kinds import PORTS, Kinds, kind_of
from kubewire.prover.facts.services import Service, ServiceEndpoint, ServicePort
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.properties.backends import answers, found_at, mistaken
from kubewire.prover.properties.property import Property
from kubewire.prover.properties.serving import addressed, number_at, proxied, ready, versions, written
from kubewire.prover.reach.endpoints import Endpoint
from kubewire.prover.reach.network import Class, Network
from kubewire.prover.reach.paths import Paths
from kubewire.prover.reach.stages import Way, first_of
from kubewire.prover.verdict import Finding
from kubewire.prover.witness import Witness

Asked = dict[int, tuple[Service, ServicePort]]
"""Kinds of traffic to pods, each with the port of a Service that it comes from."""
Told = dict[int, dict[str, tuple[Endpoint, Asked]]]
"""What known endpoints get: by the place of their class and their node, one of them with all of it."""


def _check(network: Network) -> Iterator[Finding]:
    services = addressed(network)
    if not services:
        return
    yield from network.unreadable
    yield from _addresses(network, services)
    anybody: dict[int, Asked] = {4: {}, 6: {}}
    told: Told = defaultdict(dict)
    for service in services:
        backends = ready(service)
        if isinstance(backends, Unknown):
            yield from _by_number(network, service, anybody)
            continue
        if not backends:
            yield Witness(summary=f"{service.label} has no endpoint that is ready, so whoever asks is refused")
        yield from _known(network, service, backends, told)
    yield from _ways(network, anybody, told)


def _known(network: Network, service: Service, backends: tuple[ServiceEndpoint, ...], told: Told) -> Iterator[Finding]:
    """Take down what known endpoints must get, or say what is wrong with them."""
    for ports, found in groupby(backends, attrgetter("ports")):
        asked: Asked = {kind: (service, port) for kind, port in answers(service, ports).items()}
        alike = list(found)
        wrong = list(mistaken(service, alike[0]))
        for backend in alike:
            one = found_at(network, service, backend)
            if not isinstance(one, Endpoint):
                yield one
                continue
            if wrong:
                yield from mistaken(service, backend)
            if not service.internal_local:
                by_node = told[network.class_of(one)]
                if one.node not in by_node:
                    by_node[one.node] = one.only(point(backend.address)), {}
                by_node[one.node][1].update(asked)


def _addresses(network: Network, services: list[Service]) -> Iterator[Finding]:
    """Hold Services' addresses against their range, and against each other."""
    ranges, owners = network.cluster.service_ranges, dict[str, str]()
    for service in services:
        for address in dict.fromkeys((service.cluster_ip, *service.cluster_ips)):
            if not isinstance(address, str):
                continue
            owner = owners.setdefault(address, service.label)
            if owner != service.label:
                yield Witness(summary=f"{address} is the address of {owner} and of {service.label}")
            if isinstance(ranges, Unknown):
                yield ranges
            elif not any(ip_address(address) in item for item in ranges):
                written_ranges = ", ".join(map(str, ranges)) or "no range"
                yield Witness(summary=f"{service.label} has the address {address}, and Services have {written_ranges}")


def _by_number(network: Network, service: Service, anybody: dict[int, Asked]) -> Iterator[Unknown]:
    """Take down what its pods must get, whichever they are."""
    families = versions(network, service)
    if isinstance(families, Unknown):
        yield families
        return
    for port in service.ports:
        number = number_at(service, port)
        if isinstance(number, Unknown):
            yield number
            continue
        for version in () if service.internal_local else families:
            anybody[version].setdefault(kind_of(port.protocol, number), (service, port))


def _ways(network: Network, anybody: dict[int, Asked], told: Told) -> Iterator[Finding]:
    """Follow one packet of each sort: to every pod and node, or to those that are known to answer."""
    paths = Paths(network)
    unions = {version: _union(asked) for version, asked in anybody.items()}
    places = {id(members): at for at, members in enumerate(network.classes)}
    for source in network.classes:
        for destination, pair in network.pairs_from(source):
            version, backends = pair[1].version, told.get(places[id(destination)], {})
            if not unions[version] and not backends:
                continue
            way = paths.way(*pair)
            yield from _judged(way, pair, unions[version], anybody[version])
            yield from _to_known(paths, way, source, backends)


def _to_known(paths: Paths, way: Way, source: Class, backends: dict[str, tuple[Endpoint, Asked]]) -> Iterator[Finding]:
    """Follow packets to endpoints that are treated alike, from whoever isn't on their node."""
    everything = _union({kind: port for _, asked in backends.values() for kind, port in asked.items()})
    if everything <= way.passes.certain:
        return
    for node, (one, asked) in backends.items():
        sender = next((member for member in source if member.node != node), None)
        if sender is not None:
            yield from _judged(paths.way(sender, one), (sender, one), _union(asked), asked)


def _judged(way: Way, pair: tuple[Endpoint, Endpoint], needed: Kinds, asked: Asked) -> Iterator[Finding]:
    passes = way.passes
    stopped = needed - passes.possible
    if stopped:
        kind = first_of(stopped)
        source, destination = pair
        to = f"port {kind % PORTS} of {destination.label}"
        port = written(*asked[kind])
        hops = (proxied(source.node, port, to), *way.stages)
        summary = f"{source.label} doesn't reach {port}: the way to {to} is closed"
        yield replace(way, stages=hops).witness(kind, summary)
    elif not needed <= passes.certain:
        yield from (Unknown(comes_from=unknown) for unknown in sorted(passes.unknowns))


def _union(asked: Asked) -> Kinds:
    return Kinds.union(Kinds.span(kind, kind) for kind in asked)


PROPERTY = Property(
    21, "Every node and pod reaches every Service, at pods that are there", "refused, or a stale backend", _check
)
