"""What a change exposes to outsiders, and what of that nobody allowed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from kubewire.net.addresses import Addresses
from kubewire.net.kinds import IpProtocol, Kinds
from kubewire.prover.difference.delta import Turn
from kubewire.prover.difference.difference import Difference
from kubewire.prover.difference.flows import Balancers, End, Flow, Inside, Outside, ServicesEnd
from kubewire.prover.facts.firewall import RangePeer
from kubewire.prover.facts.services import Service
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.reach.endpoints import Role
from kubewire.prover.reach.network import Network
from kubewire.prover.reach.world import internet, own
from kubewire.report.policy import Allow, From, Policy

SIZE_NOTICES = Kinds.icmp(3, 4) | Kinds.icmp(2, protocol=IpProtocol.ICMPV6)
"""Routers' notices that a packet is too big: whoever takes connections needs them, and they open none.
https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules-reference.html#sg-rules-path-mtu"""


@dataclass(frozen=True)
class Exposure:
    """A part of a flow that needs an allowance, and what of it has none.

    Attributes:
        flow: the part: from outsiders, newly reachable or not known.
        left: what no entry that counts allows.
        allowed_by: the entries that allow some of it.
        expired: those that would, if their day weren't over.
    """

    flow: Flow
    left: tuple[Flow, ...]
    allowed_by: tuple[Allow, ...]
    expired: tuple[Allow, ...]


def exposures(found: Difference, policy: Policy, today: date) -> list[Exposure]:
    """Judge everything that a change exposes.

    Args:
        found: what changes.
        policy: what needs an allowance, and has one.
        today: entries that expired before count for nothing.
    """
    wanted = (Turn.GAINED, Turn.UNSURE) if policy.exposures.not_known else (Turn.GAINED,)
    known = _Known(found)
    return [
        _judged(part, service, policy, today)
        for flow in found.flows
        if flow.turn in wanted and isinstance(flow.source, Outside) and flow.kinds - SIZE_NOTICES
        for part, service in known.concerned(_of_kinds(flow, flow.kinds - SIZE_NOTICES), policy)
    ]


def unused(judged: Iterable[Exposure], policy: Policy) -> list[Allow]:
    """Give the entries that allow nothing of a change; what was exposed before needs none."""
    used = {id(entry) for exposure in judged for entry in (*exposure.allowed_by, *exposure.expired)}
    return [entry for entry in policy.allow if id(entry) not in used]


def _judged(flow: Flow, service: str, policy: Policy, today: date) -> Exposure:
    left, allowed, expired = [flow], [], []
    for entry in policy.allow:
        if not _concerns(entry, flow, service):
            continue
        if entry.expires < today:
            expired.append(entry)
            continue
        allowed.append(entry)
        left = [rest for part in left for rest in _without(part, entry, service)]
    return Exposure(flow, tuple(left), tuple(allowed), tuple(expired))


def _concerns(entry: Allow, flow: Flow, service: str) -> bool:
    """Whether an entry is about any of it."""
    parts = (part for part, meant in _split(flow, entry, service) if meant)
    return any(_sources(part) & entry.addresses and part.kinds & entry.kinds for part in parts)


def _sources(flow: Flow) -> Addresses:
    return flow.source.addresses if isinstance(flow.source, Outside) else Addresses.nothing()


def _without(flow: Flow, entry: Allow, service: str) -> Iterator[Flow]:
    """Give what an entry leaves over, in parts that share nothing."""
    for part, meant in _split(flow, entry, service):
        if not meant:
            yield part
            continue
        outside = _sources(part) - entry.addresses
        if outside:
            yield _from(part, outside)
        inside, kinds = _sources(part) & entry.addresses, part.kinds - entry.kinds
        if inside and kinds:
            yield _of_kinds(_from(part, inside), kinds)


def _from(flow: Flow, addresses: Addresses) -> Flow:
    group = flow.source.group if isinstance(flow.source, Outside) else ""
    return replace(flow, source=Outside(addresses, group))


def _of_kinds(flow: Flow, kinds: Kinds) -> Flow:
    """Keep some of the traffic."""
    end = flow.destination
    if isinstance(end, Balancers | ServicesEnd):
        ports = tuple((label, some & kinds) for label, some in end.ports if some & kinds)
        return replace(flow, destination=type(end)(ports), kinds=kinds)
    return replace(flow, kinds=kinds)


def _split(flow: Flow, entry: Allow, service: str) -> Iterator[tuple[Flow, bool]]:
    """Cut a flow's destinations into those that an entry means, and the others."""
    for end, meant in _ends(flow.destination, entry.whom, service):
        if isinstance(end, Balancers | ServicesEnd):
            yield replace(flow, destination=end, kinds=Kinds.union(kinds for _, kinds in end.ports)), meant
        else:
            yield replace(flow, destination=end), meant


def _ends(end: End, whom: tuple[str, ...], service: str) -> Iterator[tuple[End, bool]]:
    match end:
        case Inside(pieces=pieces):
            for meant in (True, False):
                by_service = bool(service) and f"service:{service}" in whom
                some = tuple(one for one in pieces if (by_service or _means(whom, one.role, one.node)) is meant)
                if some:
                    yield Inside(some), meant
        case Balancers(ports=ports):
            for meant in (True, False):
                some_ports = tuple(
                    one for one in ports if bool({"any", f"lb:{one[0]}", f"service:{one[0]}"} & {*whom}) is meant
                )
                if some_ports:
                    yield Balancers(some_ports), meant
        case _:
            yield end, "any" in whom


def _means(whom: tuple[str, ...], role: Role, node: str) -> bool:
    words = {"nodes", f"node:{node}"} if role is Role.NODE else {"pods", f"pods:{node}"}
    return bool({*words, "any"} & {*whom})


class _Known:
    """What Services declare, and whose addresses are whose."""

    def __init__(self, found: Difference) -> None:
        networks = [network for network in found.sides if network]
        after: Network = found.sides[1] or networks[0]
        self._home = Addresses.union(own(network) for network in networks)
        self._services = {service.label: service for service in after.facts.services}
        self._ports = [
            (Kinds.ports(port.protocol, port.node_port), service)
            for service in after.facts.services
            for port in service.ports
            if isinstance(port.node_port, int)
        ]

    def concerned(self, flow: Flow, policy: Policy) -> Iterator[tuple[Flow, str]]:
        """Give the parts of a flow that need an allowance, each with the Service that it is for, if it is for one."""
        chosen = policy.exposures.sources
        always = Addresses.nothing()
        if From.INTERNET in chosen:
            always |= internet() - self._home
        if From.VPC in chosen:
            always |= self._home
        if From.OTHER_NETWORKS in chosen:
            always |= ~(internet() | self._home)
        for part, service in self._parts(flow):
            needed = _sources(part) & always
            if From.UNDECLARED in chosen:
                needed |= _sources(part) - (_declared(service) if service else Addresses.nothing())
            if needed:
                yield _from(part, needed), service.label if service else ""

    def _parts(self, flow: Flow) -> Iterator[tuple[Flow, Service | None]]:
        """Cut a flow by the Services that it reaches, each part with its own."""
        if isinstance(flow.destination, Balancers):
            for label, kinds in flow.destination.ports:
                part = replace(flow, destination=Balancers(((label, kinds),)), kinds=kinds)
                yield part, self._services.get(label)
            return
        rest = flow.kinds
        for kinds, service in self._ports:
            if kinds & rest:
                yield replace(flow, kinds=kinds & rest), service
                rest -= kinds
        if rest:
            yield replace(flow, kinds=rest), None


def _declared(service: Service) -> Addresses:
    """Give the sources that a Service declares; what nothing says is none."""
    if service.sources is None or isinstance(service.sources, Unknown):
        return Addresses.of(*service.source_ranges)
    known = [peer.range for peer in service.sources if isinstance(peer, RangePeer)]
    return Addresses.of(*(item for item in known if not isinstance(item, Unknown)))
