"""What every judge of a property asks, one packet at a time: with no code of the prover's beside the facts.

A judge says of one thing after the other whether it is wrong; None where that is somebody else's to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_network

from kubewire.prover.facts.cluster import Apart, PodPlace
from kubewire.prover.facts.facts import Facts
from kubewire.prover.facts.firewall import Direction, GroupPeer, Match, PortSpan, PrefixListPeer, RangePeer
from kubewire.prover.facts.network import Interface, PrefixListDestination, Via
from kubewire.prover.facts.services import Service
from tests.unit.prover.bruteforce.packets import (
    ESP,
    ICMP,
    LOCAL,
    TCP,
    UDP,
    Host,
    Kind,
    answers,
    chosen,
    interface_of,
    matches,
    owns,
    winning,
)

Verdicts = Iterator[bool | None]
IN, OUT = Direction.INGRESS, Direction.EGRESS
PRIVATE = [ip_network(item) for item in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")]
NOBODYS = [ip_network(item) for item in ("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3")]
ANYBODY = ip_network("0.0.0.0/0")
FIXED = (Kind(TCP, 10250), Kind(TCP, 9443), Kind(UDP, 53), Kind(ICMP, 8), Kind(ICMP, 3, 3), Kind(ESP))
PORTS = set(range(65536))


class Back(Enum):
    """Which of the answers must get back: strangers choose the port that they send from, others don't."""

    NO = 0
    EVERY = 1
    SOME = 2


@dataclass(frozen=True)
class Stranger:
    """Somebody who is neither node nor pod."""

    address: IPv4Address
    groups: tuple[str, ...] = ()
    subnet: str | None = None


class World:
    """One network's facts, and the packets that are tried in it."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        (self.cluster,) = facts.clusters
        self.services = facts.services
        self.vpc = str(self.cluster.vpc)
        self.interfaces = {node.name: interface_of(facts, node) for node in self.cluster.nodes}
        self.ranges = list(self._ranges())
        self.nodes = [
            Host(name, is_pod=False, interface=one, address=one.address)
            for name, one in self.interfaces.items()
            if isinstance(one.address, IPv4Address)
        ]
        self.pods = [*self._pods(), *self._lodged()]
        self.hosts = [*self.nodes, *self.pods]
        self.kinds = tuple(dict.fromkeys(self._kinds()))
        self._places = {kind: 1 << at for at, kind in enumerate(self.kinds)}
        self.everything = (1 << len(self.kinds)) - 1
        self._opened: dict[object, int] = {}
        self._matched: dict[Match, int] = {}
        self._walled: dict[object, dict[Back, int]] = {}
        self._rows = {
            (name, way): sorted((row for row in acl.rows if row.direction is way), key=lambda row: row.number)
            for name, acl in facts.acls.items()
            for way in Direction
        }
        self._inside: dict[object, bool] = {}
        self.borders = list(self._borders())
        self.strangers = list(self._strangers())

    def bits(self, kinds: Iterable[Kind]) -> int:
        """Write a set of kinds as a number: a bit for each, so that sets are joined and cut in no time."""
        found = 0
        for kind in kinds:
            found |= self._places[kind]
        return found

    def host(self, address: object) -> Host | None:
        """Give who has an address."""
        node = next((one for one in self.nodes if one.address == address), None)
        if node is not None:
            return node
        for one in self.cluster.nodes:
            if isinstance(address, IPv4Address) and any(address in item for item in one.pod_ranges):
                return Host(one.name, is_pod=True, interface=self.interfaces[one.name], address=address)
            for place in one.pod_places:
                if isinstance(address, IPv4Address) and address in self.facts.subnets[str(place.subnet)].ranges[0]:
                    return lodged(one.name, place, address)
        return None

    def opened(self, groups: tuple[object, ...], way: Direction, address: object, others: frozenset[str]) -> int:
        """Give the kinds that some groups let pass, to or from an address with groups of its own."""
        key = (groups, way, address, others)
        if key not in self._opened:
            rules = [rule for name in groups for rule in self.facts.groups[str(name)].rules if rule.direction is way]
            found = 0
            for rule in rules:
                if self.is_peer(rule.peer, address, others):
                    found |= self._about(rule.match)
            self._opened[key] = found
        return self._opened[key]

    def _about(self, match: Match) -> int:
        if match not in self._matched:
            self._matched[match] = self.bits(kind for kind in self.kinds if matches(match, kind))
        return self._matched[match]

    def is_peer(self, peer: RangePeer | GroupPeer | PrefixListPeer, address: object, groups: frozenset[str]) -> bool:
        """Whether an address, with groups, is what a rule says."""
        if isinstance(peer, GroupPeer):
            return peer.group in groups
        if isinstance(peer, PrefixListPeer):
            return any(address in item for item in self.facts.prefix_lists[peer.prefix_list])
        assert isinstance(peer.range, IPv4Network | IPv6Network)
        return address in peer.range

    def walled(self, subnet: str, way: Direction, address: object, *, back: Back = Back.NO) -> int:
        """Give the kinds that a subnet's ACL passes; with `back`, those whose answers it passes that way."""
        name = self.facts.subnets[subnet].acl
        if name is None:
            return self.everything
        rows = [row for row in self._rows[str(name), way] if address in row.range]
        key = (name, way, tuple(row.number for row in rows))
        if key not in self._walled:

            def passes(kind: Kind) -> bool:
                return next((row.allows for row in rows if matches(row.match, kind)), False)

            there = self.bits(kind for kind in self.kinds if passes(kind))
            every = self.bits(kind for kind in self.kinds if all(map(passes, answers(kind))))
            some = self.bits(kind for kind in self.kinds if any(map(passes, chosen(kind, rows))))
            some |= self.bits(kind for kind in self.kinds if not list(answers(kind)))
            self._walled[key] = {Back.NO: there, Back.EVERY: every, Back.SOME: some}
        return self._walled[key][back]

    def sent(self, source: Host, to: Host) -> int:
        """Give what one host gets from another, on another node."""
        if not (owns(source) or source.interface.checks is False) or not (owns(to) or to.interface.checks is False):
            return 0
        if not self.routed(source.interface, to):
            return 0
        found = self.opened(source.interface.groups, OUT, to.address, self.groups_of(to))
        found &= self.opened(to.interface.groups, IN, source.address, self.groups_of(source))
        start, end = str(source.interface.subnet), str(to.interface.subnet)
        if start != end:
            found &= self.walled(start, OUT, to.address) & self.walled(end, IN, source.address)
        return found

    def groups_of(self, host: Host) -> frozenset[str]:
        """Give the groups by which rules know a host: those of its interface, if the address is that one's own."""
        return frozenset(map(str, host.interface.groups)) if owns(host) else frozenset()

    def routed(self, sender: Interface, to: Host) -> bool:
        """Whether the sender's table leads to the host."""
        row = winning(self.facts, self.table_of(sender), to.address)
        if row is None:
            return False
        _, route = row
        if isinstance(route, str):
            return owns(to)
        return route.via is Via.INTERFACE and not route.black_hole and route.target == to.interface.name

    def table_of(self, interface: Interface) -> str:
        """Give the name of the route table that it sends by."""
        return str(self.facts.subnets[str(interface.subnet)].table)

    def gate(self, subnet: str, who: Stranger, *, public: bool) -> bool | None:
        """Whether somebody comes in by the routes of a subnet: None where that is somebody else's to say."""
        row = winning(self.facts, str(self.facts.subnets[subnet].table), who.address)
        if row is None:
            return False
        _, route = row
        if isinstance(route, str):
            return route == LOCAL
        if route.black_hole or route.via in (Via.NAT_GATEWAY, Via.EGRESS_ONLY_GATEWAY, Via.ENDPOINT):
            return False
        if route.via is Via.INTERNET_GATEWAY:
            return public and is_public(who.address)
        return None

    def let_in(self, who: Stranger, to: Host, back: Back = Back.EVERY) -> int:
        """Give what a host gets from somebody who has come near, and whose answers leave its subnet."""
        if not owns(to) and to.interface.checks is not False:
            return 0
        found = self.opened(to.interface.groups, IN, who.address, frozenset(who.groups))
        subnet = str(to.interface.subnet)
        if not any(who.address in item for item in self.facts.subnets[subnet].ranges):
            found &= self.walled(subnet, IN, who.address) & self.walled(subnet, OUT, who.address, back=back)
        return found

    def _strangers(self) -> Iterator[Stranger]:
        """Give addresses on both sides of every border, and the interfaces that are nobody's of the cluster."""
        nodes = {one.name for one in self.interfaces.values()}
        for one in self.facts.interfaces.values():
            if one.name not in nodes and isinstance(one.address, IPv4Address):
                yield Stranger(one.address, tuple(map(str, one.groups)), str(one.subnet))
        yield from (Stranger(address) for address in self.borders)

    def _borders(self) -> Iterator[IPv4Address]:
        """Give the addresses at and beside both ends of every range."""
        found: set[int] = set()
        for item in (*self.ranges, *PRIVATE, *NOBODYS):
            if isinstance(item, IPv4Network):
                first, last = int(item.network_address), int(item.broadcast_address)
                found |= {first - 1, first, last, last + 1}
        taken = {int(host.address) for host in self.nodes}
        yield from (IPv4Address(one) for one in sorted(found - taken) if 0 <= one < 2**32)

    def is_inside(self, address: IPv4Address) -> bool:
        """Whether it is a node's, a pod's or the control plane's, so that nobody has to declare it."""
        if address not in self._inside:
            self._inside[address] = self._is_inside(address)
        return self._inside[address]

    def _is_inside(self, address: IPv4Address) -> bool:
        plane = self.cluster.control_plane
        named = [peer.range for peer in plane.peers if isinstance(peer, RangePeer)] if isinstance(plane, Apart) else []
        pods = [item for node in self.cluster.nodes for item in node.pod_ranges]
        ranges = [*pods, *self.cluster.pod_ranges, *named]
        return any(address in item for item in ranges) or address in {host.address for host in self.nodes}

    def declared(self, service: Service, who: Stranger) -> bool:
        """Whether somebody is a declared source."""
        peers = service.sources
        assert isinstance(peers, tuple)
        return any(self.is_peer(peer, who.address, frozenset(who.groups)) for peer in peers)

    def _ranges(self) -> Iterator[object]:
        for group in self.facts.groups.values():
            yield from (rule.peer.range for rule in group.rules if isinstance(rule.peer, RangePeer))
        for acl in self.facts.acls.values():
            yield from (row.range for row in acl.rows)
        for ranges in self.facts.prefix_lists.values():
            yield from ranges
        for table in self.facts.tables.values():
            for route in table.routes:
                if not isinstance(route.destination, PrefixListDestination):
                    yield route.destination.range
        for subnet in self.facts.subnets.values():
            yield from subnet.ranges
        for service in self.facts.services:
            peers = service.sources if isinstance(service.sources, tuple) else ()
            yield from (peer.range for peer in peers if isinstance(peer, RangePeer))

    def _pods(self) -> Iterator[Host]:
        """Give one pod at each end of every range that cuts a node's own."""
        for node in self.cluster.nodes:
            for item in node.pod_ranges:
                assert isinstance(item, IPv4Network)
                places = {item.network_address}
                for other in self.ranges:
                    if isinstance(other, IPv4Network) and other.prefixlen > item.prefixlen and other.subnet_of(item):
                        places |= {other.network_address, other.broadcast_address, item.broadcast_address}
                for address in sorted(places):
                    yield Host(node.name, is_pod=True, interface=self.interfaces[node.name], address=address)

    def _lodged(self) -> Iterator[Host]:
        """Give a pod at each end of every part of a subnet that pods of a node may be in."""
        for node in self.cluster.nodes:
            for place in node.pod_places:
                (item,) = self.facts.subnets[str(place.subnet)].ranges
                assert isinstance(item, IPv4Network)
                inner = [one for one in self.ranges if isinstance(one, IPv4Network) and one.subnet_of(item)]
                ends = {end for one in (item, *inner) for end in (one.network_address, one.broadcast_address)}
                yield from (lodged(node.name, place, address) for address in sorted(ends))

    def _kinds(self) -> Iterator[Kind]:
        """Give the kinds of traffic on both sides of every border, and those that Services have."""
        yield from FIXED
        rules = [rule.match for group in self.facts.groups.values() for rule in group.rules]
        rows = [row.match for acl in self.facts.acls.values() for row in acl.rows]
        for match in (*rules, *rows):
            if isinstance(match, PortSpan):
                first, last = int(str(match.first)), int(str(match.last))
                yield from (Kind(match.protocol, port) for port in {first - 1, first, last, last + 1} & PORTS)
        for service in self.facts.services:
            yield from _of_service(service)
        for group in self.facts.target_groups.values():
            for target in group.targets:
                yield from (Kind(protocol, int(str(target.port))) for protocol in group.protocols)
            if isinstance(group.health_check.port, int):
                yield Kind(TCP, group.health_check.port)
        for balancer in self.facts.load_balancers:
            yield from (Kind(protocol, one.port) for one in balancer.listeners for protocol in one.protocols)


def lodged(node: str, place: PodPlace, address: IPv4Address) -> Host:
    """Give a pod with an address of a subnet's: its interface's own."""
    own = Interface(name=f"of {node}", subnet=place.subnet, address=address, groups=place.groups, checks=True)
    return Host(node, is_pod=True, interface=own, address=address)


def _of_service(service: Service) -> Iterator[Kind]:
    """Give what a Service and its pods have, by either protocol: a rule may be for the wrong one."""
    pods = service.endpoints if isinstance(service.endpoints, tuple) else ()
    for port in service.ports:
        numbers = {port.port, port.target_port, port.node_port, *(one.ports.get(port.name) for one in pods)}
        for number in sorted(one for one in numbers if isinstance(one, int)):
            yield from (Kind(TCP, number), Kind(UDP, number))


def is_public(address: IPv4Address) -> bool:
    """Whether the internet may have it."""
    return not any(address in item for item in (*PRIVATE, *NOBODYS))


def verdict(judged: Verdicts) -> str:
    """Sum up."""
    unsure = False
    for wrong in judged:
        if wrong:
            return "broken"
        unsure |= wrong is None
    return "not proven" if unsure else "holds"
