"""Nodes and pods that reach Services by their own addresses.

kube-proxy sends on what is for a Service's address and port to one of its pods, from the very node that it is sent on:
https://kubernetes.io/docs/reference/networking/virtual-ips/. AWS doesn't know on which nodes these pods are, so a
Service is surely reached where all pods are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from kubewire.net.kinds import Kinds
from kubewire.prover.difference.covers import turned
from kubewire.prover.difference.delta import Delta, delta
from kubewire.prover.difference.flows import Flow, Inside, ServicesEnd
from kubewire.prover.difference.inside import Sides, pieces_of, unknowns_of
from kubewire.prover.difference.joints import Joint, apart
from kubewire.prover.facts.services import Service, ServicePort
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.queries.services import from_inside
from kubewire.prover.reach.bounds import NOTHING, Bounds, all_of, any_of, exactly
from kubewire.prover.reach.endpoints import Role
from kubewire.prover.reach.network import Network
from kubewire.prover.reach.paths import Paths
from kubewire.prover.witness import Witness

IPV4, IPV6 = 4, 6


def services(sides: Sides, found: Sequence[Joint]) -> Iterator[Flow]:
    """Give what nodes and pods gain and lose of Services."""
    tables = [_by_label(network) for network in sides]
    reach = [[_to_pods(network, side, source, found) for source in found] for side, network in enumerate(sides)]
    deltas: dict[str, dict[int, Delta]] = {}
    # Services with the same ports are reached alike.
    alike: dict[tuple[_Offers | None, _Offers | None, int], dict[int, Delta]] = {}
    for label in sorted({*tables[0], *tables[1]}):
        was, will = tables[0].get(label), tables[1].get(label)
        offers = [None if one is None else _offers(one) for one in (was, will)]
        version = _version(will or was)
        key = offers[0], offers[1], version
        if key not in alike:
            alike[key] = {
                at: delta(_passes(was, reach[0][at]), _passes(will, reach[1][at]))
                for at, source in enumerate(found)
                if source.version == version and (offers[0] != offers[1] or reach[0][at] != reach[1][at])
            }
        deltas[label] = alike[key]
    for turn, sources, ports in turned(deltas):
        label, kinds = ports[0]
        yield Flow(
            turn,
            Inside(pieces_of(found[at] for at in sources)),
            ServicesEnd(ports),
            Kinds.union(some for _, some in ports),
            unknowns_of(turn, (deltas[name][at] for name, _ in ports for at in sources)),
            partial(_witness, sides, (tables[0].get(label), tables[1].get(label)), found[min(sources)], kinds),
        )


def _by_label(network: Network | None) -> dict[str, Service]:
    """Give the Services that have an address."""
    known = network.facts.services if network else ()
    return {one.label: one for one in known if one.cluster_ip is not None and one.external_name is None}


_Offers = tuple[tuple[int, int, str], ...]
"""Protocol, port and target port of each of a Service's ports."""


def _offers(service: Service) -> _Offers:
    return tuple((port.protocol, port.port, str(port.target_port)) for port in service.ports)


def _version(service: Service | None) -> int:
    address = service.cluster_ip if service else None
    return IPV6 if isinstance(address, str) and ":" in address else IPV4


def _to_pods(network: Network | None, side: int, source: Joint, found: Sequence[Joint]) -> Bounds | None:
    """Give what surely reaches the pods of every node, and what may reach those of some; None for no sender."""
    if network is None or (source.first.before, source.first.after)[side] is None:
        return None
    paths, parts = Paths(network), []
    for pods in found:
        pair = apart(source, pods) if pods.role is Role.POD and pods.version == source.version else None
        ends = [(one.before, one.after)[side] for one in pair or ()]
        if len(ends) == 2 and ends[0] and ends[1]:  # noqa: PLR2004 - who and whom
            parts.append(paths.way(ends[0], ends[1]).passes)
    return Bounds(
        all_of(parts).certain, any_of(parts).possible if parts else Kinds.everything(), any_of(parts).unknowns
    )


def _passes(service: Service | None, pods: Bounds | None) -> Bounds:
    if service is None or pods is None:
        return NOTHING
    return any_of(_port(port, pods) for port in service.ports)


def _port(port: ServicePort, pods: Bounds) -> Bounds:
    kinds = Kinds.ports(port.protocol, port.port)
    if not isinstance(port.target_port, int):
        number = port.target_port.comes_from if isinstance(port.target_port, Unknown) else f"port {port.target_port}"
        unknown = f"which number its pods give to {number}"
        whole = Kinds.protocol(port.protocol)
        return exactly(kinds) if whole <= pods.certain else Bounds(Kinds.nothing(), kinds, frozenset({unknown}))
    inner = Kinds.ports(port.protocol, port.target_port)
    if inner <= pods.certain:
        return exactly(kinds)
    if not inner <= pods.possible:
        return NOTHING
    return Bounds(Kinds.nothing(), kinds, pods.unknowns | {"on which nodes its pods are"})


def _witness(sides: Sides, pair: tuple[Service | None, Service | None], source: Joint, kinds: Kinds) -> Witness:
    ends = (source.first.before, source.first.after)
    for side in (1, 0):
        network, service, endpoint = sides[side], pair[side], ends[side]
        if network and service and endpoint:
            return from_inside(network, endpoint, service, kinds.lowest()).witness("")
    return Witness(summary="")
