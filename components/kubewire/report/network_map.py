"""What is on the map of a network, and who reaches whom there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from kubewire.net.addresses import Addresses
from kubewire.prover.difference.balancers import named
from kubewire.prover.difference.delta import Turn
from kubewire.prover.difference.difference import Difference, compared
from kubewire.prover.difference.flows import Balancers, End, Flow, Inside, Outside
from kubewire.prover.facts.network import Subnet, Via
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.reach.endpoints import Role
from kubewire.prover.reach.network import Network
from kubewire.prover.reach.world import internet, own

NODES_SHOWN = 8
"""Nodes of one subnet that are drawn; more of them are drawn as one."""
SERVICES_SHOWN = 24
"""Services that are drawn; more of them are drawn by namespace."""


class Sort(StrEnum):
    """What is on the map."""

    OUTSIDE = "outside"
    GATEWAY = "gateway"
    BALANCER = "load balancer"
    NODE = "node"
    SERVICE = "service"


@dataclass(frozen=True)
class Thing:
    """Something that a reader can choose.

    Attributes:
        id: of its own.
        sort: what it is.
        label: its name.
        note: what else there is to say of it, in a few words.
        number: how many it stands for.
    """

    id: str
    sort: Sort
    label: str
    note: str = ""
    number: int = 1


@dataclass(frozen=True)
class DrawnSubnet:
    """A subnet, with its nodes."""

    name: str
    note: str
    nodes: tuple[Thing, ...]


@dataclass(frozen=True)
class DrawnZone:
    """A zone, with its subnets."""

    name: str
    subnets: tuple[DrawnSubnet, ...]


@dataclass(frozen=True)
class Reach:
    """A set of ways, between things of the map.

    Attributes:
        text: how it is written.
        sources: the ids of who sends.
        destinations: the ids of whom they reach.
        turn: what the change makes of it; None where it is there before and after.
    """

    text: str
    sources: tuple[str, ...]
    destinations: tuple[str, ...]
    turn: Turn | None


@dataclass(frozen=True)
class NetworkMap:
    """Everything that is drawn of a network.

    Attributes:
        name: the cluster's.
        vpc: its VPC and ranges.
        outside: who is beside it.
        gateways: what leads out.
        balancers: load balancers.
        zones: with subnets and nodes.
        services: Services, or their namespaces.
        reaches: all that is reached after the change, and all that the change makes of it.
    """

    name: str
    vpc: str
    outside: tuple[Thing, ...]
    gateways: tuple[Thing, ...]
    balancers: tuple[Thing, ...]
    zones: tuple[DrawnZone, ...]
    services: tuple[Thing, ...]
    reaches: tuple[Reach, ...]

    def things(self) -> Iterator[Thing]:
        """Give all that can be chosen."""
        yield from (*self.outside, *self.balancers, *self.services)
        yield from (node for zone in self.zones for subnet in zone.subnets for node in subnet.nodes)


OUTSIDE = (
    Thing("internet", Sort.OUTSIDE, "Internet", "public addresses"),
    Thing("others", Sort.OUTSIDE, "Other networks", "private addresses"),
    Thing("vpc", Sort.OUTSIDE, "Rest of the VPC", "its other machines"),
)
WORDS = {
    Via.INTERNET_GATEWAY: "Internet gateway",
    Via.NAT_GATEWAY: "NAT gateway",
    Via.EGRESS_ONLY_GATEWAY: "Egress-only gateway",
    Via.TRANSIT_GATEWAY: "Transit gateway",
    Via.PEERING_CONNECTION: "Peering connection",
    Via.ENDPOINT: "Gateway endpoint",
}


def network_map(found: Difference) -> NetworkMap | None:
    """Draw up the map of a network after a change; None of one that is gone."""
    network = found.sides[1]
    if network is None:
        return None
    zones = tuple(_zones(network))
    placed = _Placed(network, zones)
    whole = compared({}, {found.cluster: network})[0]
    changed = [placed.reach(found, flow, flow.turn) for flow in found.flows]
    new = {one.text for one in changed if one.turn is Turn.GAINED}
    there = [placed.reach(whole, flow, None) for flow in whole.flows if flow.turn is Turn.GAINED]
    return NetworkMap(
        name=found.cluster,
        vpc=_vpc(network),
        outside=OUTSIDE,
        gateways=tuple(_gateways(network)),
        balancers=placed.balancers,
        zones=zones,
        services=placed.services,
        reaches=(*changed, *(one for one in there if one.text not in new)),
    )


def _vpc(network: Network) -> str:
    vpc = None if isinstance(network.cluster.vpc, Unknown) else network.facts.vpcs.get(network.cluster.vpc)
    ranges = [str(item) for item in (vpc.ranges if vpc else ()) if not isinstance(item, Unknown)]
    return " ".join([f"VPC {vpc.name}" if vpc else "VPC", ", ".join(ranges)]).strip()


def _zones(network: Network) -> Iterator[DrawnZone]:
    members: defaultdict[str, list[str]] = defaultdict(list)
    for node in network.cluster.nodes:
        interface = None if isinstance(node.interface, Unknown) else network.facts.interfaces.get(node.interface)
        subnet = network.subnet_of(interface) if interface else None
        members[subnet.name if subnet else ""].append(node.name)
    by_zone: defaultdict[str, list[DrawnSubnet]] = defaultdict(list)
    for name, subnet in sorted(network.facts.subnets.items()):
        if subnet.vpc == network.cluster.vpc:
            zone = "zone not known" if isinstance(subnet.zone, Unknown) else subnet.zone
            by_zone[zone].append(_subnet(subnet, members.pop(name, [])))
    rest = [name for names in members.values() for name in names]
    if rest:
        by_zone["zone not known"].append(DrawnSubnet("subnet not known", "", _nodes("?", rest)))
    return (DrawnZone(zone, tuple(subnets)) for zone, subnets in sorted(by_zone.items()))


def _subnet(subnet: Subnet, names: list[str]) -> DrawnSubnet:
    ranges = ", ".join(str(item) for item in subnet.ranges if not isinstance(item, Unknown))
    return DrawnSubnet(subnet.name, ranges, _nodes(subnet.name, names))


def _nodes(subnet: str, names: list[str]) -> tuple[Thing, ...]:
    if len(names) > NODES_SHOWN:
        label = f"{len(names):,} nodes"
        return (Thing(f"nodes:{subnet}", Sort.NODE, label, f"{names[0]} to {names[-1]}", len(names)),)
    return tuple(Thing(f"node:{name}", Sort.NODE, name, "and its pods") for name in names)


def _gateways(network: Network) -> Iterator[Thing]:
    """Give what the tables of the VPC's subnets lead to, one of each sort."""
    found: defaultdict[Via, set[str]] = defaultdict(set)
    for subnet in network.facts.subnets.values():
        ways = network.ways_of(subnet) if subnet.vpc == network.cluster.vpc else None
        for route in ways.table.routes if ways else ():
            if route.via in WORDS:
                found[route.via].add("not known" if isinstance(route.target, Unknown) else route.target)
    for via, word in WORDS.items():
        if names := sorted(found.get(via, ())):
            note = names[0] if len(names) == 1 else f"{len(names)} of them"
            yield Thing(f"gateway:{via}", Sort.GATEWAY, word, note)


class _Placed:
    """Finds the things that sets are about."""

    def __init__(self, network: Network, zones: Iterable[DrawnZone]) -> None:
        self._home = own(network)
        self._nodes: dict[str, str] = {}
        drawn = {node.id: node for zone in zones for subnet in zone.subnets for node in subnet.nodes}
        for node in network.cluster.nodes:
            interface = None if isinstance(node.interface, Unknown) else network.facts.interfaces.get(node.interface)
            subnet = network.subnet_of(interface) if interface else None
            able = (f"node:{node.name}", f"nodes:{subnet.name if subnet else '?'}", "nodes:?")
            self._nodes[node.name] = next((one for one in able if one in drawn), "")
        self.balancers = tuple(
            Thing(f"lb:{label}", Sort.BALANCER, label, "internet-facing" if one.internet_facing else "internal")
            for label, one in sorted(named(network).items())
        )
        labels = [(service.label, service.type.value) for service in network.facts.services]
        self._services = {label: f"service:{label}" for label, _ in labels}
        self.services = tuple(Thing(f"service:{label}", Sort.SERVICE, label, kind) for label, kind in sorted(labels))
        if len(labels) > SERVICES_SHOWN:
            self._services = {label: f"services:{label.partition('/')[0]}" for label, _ in labels}
            self.services = tuple(self._namespaces())

    def reach(self, found: Difference, flow: Flow, turn: Turn | None) -> Reach:
        """Say of a flow which things it is between."""
        text = found.words.line(flow.source, flow.destination, flow.kinds)
        aimed = found.words.services(flow.destination, flow.kinds)
        by_port = tuple(self._services[label] for label in aimed if label in self._services)
        sources = tuple(dict.fromkeys(self._ids(flow.source)))
        return Reach(text, sources, tuple(dict.fromkeys((*self._ids(flow.destination), *by_port))), turn)

    def _ids(self, end: End) -> Iterator[str]:
        match end:
            case Inside(pieces=pieces):
                names = {piece.node for piece in pieces if piece.role in Role}
                yield from (place for name in sorted(names) if (place := self._nodes.get(name)))
            case Outside(addresses=addresses):
                beside = self._home
                public, private = internet() - beside, Addresses.everything() - internet() - beside
                for place, whole in (("internet", public), ("others", private), ("vpc", beside)):
                    if addresses & whole:
                        yield place
            case Balancers(ports=ports):
                for label, _ in ports:
                    yield f"lb:{label}"
                    yield from ([self._services[label]] if label in self._services else [])
            case _:
                yield from (self._services[label] for label, _ in end.ports if label in self._services)

    def _namespaces(self) -> Iterator[Thing]:
        found: defaultdict[str, int] = defaultdict(int)
        for label in self._services:
            found[label.partition("/")[0]] += 1
        for name, number in sorted(found.items()):
            yield Thing(f"services:{name}", Sort.SERVICE, name, f"{number:,} Services", number)
