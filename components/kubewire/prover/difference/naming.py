"""Sets, in the words of people."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from ipaddress import ip_network, summarize_address_range

from kubewire.net.addresses import Addresses, address_at
from kubewire.net.kinds import Kinds, kind_of
from kubewire.prover.difference.flows import Balancers, End, Inside, Outside, ServicesEnd
from kubewire.prover.difference.joints import Joint, Piece
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.reach.endpoints import Role
from kubewire.prover.reach.network import Network
from kubewire.prover.reach.world import internet, own, private_outside

SHOWN = 3
"""Names and ranges that are written out; the rest are counted."""
LEAST_PREFIX = 7
"""Wider ranges are written by who is in them."""
IPV4, IPV6 = 4, 6
INTERNET, OTHERS, BESIDE = "internet", "other networks", "the rest of the VPC"
ANYONE = "anyone"
"""All three."""


class Words:
    """Names sets of one change.

    Args:
        networks: the networks before and after, as far as there are any.
        found: all endpoints of both.
        there: the addresses of others.
    """

    def __init__(self, networks: list[Network], found: Iterable[Joint], there: Addresses) -> None:
        members = [member for joint in found for member in joint.members]
        self._all = frozenset(member.piece for member in members)
        self._after = frozenset(member.piece for member in members if member.after)
        self._before = frozenset(member.piece for member in members if member.before)
        balancers = (one for network in networks for one in network.facts.load_balancers)
        self._dual = any(piece.version == IPV6 for piece in self._all) or any(one.dual_stack for one in balancers)
        self._zones = {name: zone for network in networks for name, zone in _zones(network)}
        self._ports = dict(_node_ports(networks))
        self._outside = there
        home = Addresses.union(own(network) for network in networks)
        private = Addresses.union(private_outside(network) for network in networks) - home
        self._parts = {
            INTERNET: internet() - home,
            OTHERS: private & self._outside,
            BESIDE: home & self._outside,
        }

    def end(self, end: End, other: End | None = None) -> str:
        """Name one end of a way; the other one may say of whom these are the rest."""
        match end:
            case Inside(pieces=pieces):
                return self._inside(frozenset(pieces), other.pieces if isinstance(other, Inside) else ())
            case Outside(addresses=addresses, group=group):
                return f"members of security group {group}" if group else self.addresses(addresses)
            case Balancers(ports=ports):
                return f"load balancer{'s' if len(ports) > 1 else ''} of {_few_ported(ports)}"
            case ServicesEnd(ports=ports):
                return f"Service{'s' if len(ports) > 1 else ''} {_few_ported(ports)}"

    def line(self, source: End, destination: End, kinds: Kinds) -> str:
        """Write a way: `internet => node port of shop/frontend (nodes:30080/tcp)`."""
        whom = self.end(destination, source)
        if isinstance(destination, Balancers | ServicesEnd):
            return f"{self.end(source, destination)} => {whom}"
        whole = kinds == Kinds.everything() or str(kinds).startswith("all ")
        to = f"{whom}, {traffic(kinds)}" if whole else f"{whom}:{traffic(kinds)}"
        services = self.services(destination, kinds)
        if services:
            to = f"node port{'s' if len(services) > 1 else ''} of {few(services)} ({to})"
        return f"{self.end(source, destination)} => {to}"

    def services(self, destination: End, kinds: Kinds) -> list[str]:
        """Give the Services whose node ports are meant, where the traffic is to these alone."""
        if not isinstance(destination, Inside) or all(piece.role is not Role.NODE for piece in destination.pieces):
            return []
        if sum(last - first + 1 for first, last in kinds.spans()) > len(self._ports):
            return []
        points = [point for first, last in kinds.spans() for point in range(first, last + 1)]
        return list(dict.fromkeys(self._ports[point] for point in points)) if set(points) <= set(self._ports) else []

    def addresses(self, addresses: Addresses) -> str:
        """Name addresses outside."""
        families = [family for family in (Addresses.ipv4(), Addresses.ipv6()) if addresses & family]
        if not self._dual or len(families) > 1:
            return self._outsiders(addresses, families)
        version = IPV4 if families == [Addresses.ipv4()] else IPV6
        said = self._outsiders(addresses, families)
        return f"{said} (IPv{version})" if any(word in said for word in (*self._parts, ANYONE)) else said

    def _outsiders(self, addresses: Addresses, families: list[Addresses]) -> str:
        family = Addresses.union(families)
        if word := next((word for word, whole in self._parts.items() if addresses == whole & family), None):
            return word
        if len(families) == 1 and (one := self._one_range(addresses)):
            return one
        said: list[str] = []
        rest = Addresses.nothing()
        for word, whole in self._parts.items():
            part, meant = whole & family, addresses & whole & family
            if part and meant == part:
                said.append(word)
            elif meant and len(list((part - meant).ranges())) <= SHOWN < len(list(meant.ranges())):
                said.append(f"{word} but {part - meant}")
            else:
                rest |= meant
        if len(said) == len(self._parts) and not rest and " but " not in str(said):
            return ANYONE
        rest |= addresses - Addresses.union(self._parts.values())
        return _and([*said, *([few([str(item) for item in _ranges(rest)])] if rest else [])])

    def _one_range(self, addresses: Addresses) -> str | None:
        """Give the one range that holds all of them, and nobody else who counts."""
        start, end = address_at(addresses.lowest()), address_at(addresses.cuts[-1] - 1)
        same = (int(start) ^ int(end)).bit_length()
        for bits in range(same, start.max_prefixlen - LEAST_PREFIX):
            wide = Addresses.of(ip_network((int(start) >> bits << bits, start.max_prefixlen - bits)))
            if wide & self._outside == addresses:
                return str(next(iter(wide.ranges()))) if bits else str(start)
        return None

    def _inside(self, pieces: frozenset[Piece], other: tuple[Piece, ...]) -> str:
        versions = {piece.version for piece in pieces}
        suffix = f" (IPv{versions.pop()})" if self._dual and len(versions) == 1 else ""
        by_role = {role: frozenset(piece for piece in pieces if piece.role is role) for role in Role}
        words = {role: self._of_role(role, some, other) for role, some in by_role.items() if some}
        nodes, pods = words.get(Role.NODE), words.get(Role.POD)
        if nodes and pods and pods == f"pods{nodes.removeprefix('nodes')}":
            return f"nodes and pods{nodes.removeprefix('nodes')}{suffix}"
        if nodes and pods and (nodes, pods) == ("other nodes", "other pods"):
            return f"other nodes and pods{suffix}"
        if nodes and pods and pods == f"pods of {nodes.removeprefix('node ')}":
            return f"{nodes} and its pods{suffix}"
        return f"{', and '.join(word for word in (nodes, pods) if word)}{suffix}"

    def _of_role(self, role: Role, pieces: frozenset[Piece], other: tuple[Piece, ...]) -> str:
        word = "nodes" if role is Role.NODE else "pods"
        versions = {piece.version for piece in pieces}
        beside = {piece.node for piece in other}
        for universe in (self._after, self._before, self._all):
            able = {piece for piece in universe if piece.role is role and piece.version in versions}
            # What two ends on one node send each other isn't meant: those of the other end's own node don't count.
            if len(beside) == 1 and pieces >= {piece for piece in able if piece.node not in beside}:
                return f"other {word}"
            if pieces >= able:
                return word
            if len({piece.node for piece in pieces}) <= SHOWN:
                continue
            zones = sorted({self._zones.get(piece.node, "") for piece in pieces})
            if "" not in zones and pieces >= {piece for piece in able if self._zones.get(piece.node) in zones}:
                return f"{word} in {_and(zones)}"
        if role is Role.NODE:
            names = sorted({piece.node for piece in pieces})
            return f"node{'s' if len(names) > 1 else ''} {few(names)}"
        whole = {piece.node for piece in pieces} - {piece.node for piece in self._pods(pieces)}
        said = [f"pods of {few(sorted(whole))}"] if whole else []
        parts = [piece for piece in pieces if piece.node not in whole]
        ranges = [f"{_span(piece)} of {piece.node}" for piece in sorted(parts, key=lambda one: one.first)]
        return _and([*said, *([f"pods {few(ranges)}"] if ranges else [])])

    def _pods(self, pieces: frozenset[Piece]) -> Iterator[Piece]:
        """Give the pods of the same nodes that aren't meant."""
        nodes, versions = {piece.node for piece in pieces}, {piece.version for piece in pieces}
        for piece in self._all - pieces:
            if piece.role is Role.POD and piece.node in nodes and piece.version in versions:
                yield piece


def traffic(kinds: Kinds) -> str:
    """Write traffic as `kubewire can` takes it: `30080/tcp, 53/udp`."""
    return re.sub(r"\b(tcp|udp|sctp)/([\d-]+)", r"\2/\1", str(kinds))


def members(end: End) -> tuple[str, ...]:
    """Give all of an end, one by one: names of nodes, ranges of addresses, names of Services."""
    match end:
        case Inside(pieces=pieces):
            nodes = [f"node {name}" for name in dict.fromkeys(one.node for one in pieces if one.role is Role.NODE)]
            return (*nodes, *(f"pods {_span(one)} of {one.node}" for one in pieces if one.role is Role.POD))
        case Outside(addresses=addresses):
            return tuple(str(item) for item in addresses.ranges())
        case Balancers(ports=ports) | ServicesEnd(ports=ports):
            return tuple(_ported(ports))


def _ported(ports: Iterable[tuple[str, Kinds]]) -> Iterator[str]:
    return (f"{label}:{traffic(kinds)}" for label, kinds in ports)


def _few_ported(ports: Sequence[tuple[str, Kinds]]) -> str:
    more = f" and {len(ports) - SHOWN:,} more" if len(ports) > SHOWN else ""
    return f"{', '.join(_ported(ports[:SHOWN]))}{more}"


def few(names: Iterable[str]) -> str:
    """Write the first names, and count the rest."""
    known = list(names)
    more = f" and {len(known) - SHOWN:,} more" if len(known) > SHOWN else ""
    return f"{', '.join(known[:SHOWN])}{more}"


def _and(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else "nobody"


def _ranges(addresses: Addresses) -> Iterator[object]:
    return (item.network_address if item.num_addresses == 1 else item for item in addresses.ranges())


def _span(piece: Piece) -> str:
    found = list(summarize_address_range(address_at(piece.first), address_at(piece.last)))
    return str(found[0]) if len(found) == 1 else f"{address_at(piece.first)}-{address_at(piece.last)}"


def _zones(network: Network) -> Iterator[tuple[str, str]]:
    for endpoint in network.endpoints:
        subnet = network.subnet_of(endpoint.interface) if endpoint.role is Role.NODE else None
        if subnet and not isinstance(subnet.zone, Unknown):
            yield endpoint.node, subnet.zone


def _node_ports(networks: list[Network]) -> Iterator[tuple[int, str]]:
    for network in networks:
        for service in network.facts.services:
            for port in service.ports:
                if isinstance(port.node_port, int):
                    yield kind_of(port.protocol, port.node_port), service.label
