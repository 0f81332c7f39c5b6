"""One packet at a time, by the letter of AWS's documentation: slow, and with no code of the prover's beside the facts.

It works on facts without unknown values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from kubewire.prover.facts.cluster import Cluster, Node
from kubewire.prover.facts.facts import Facts
from kubewire.prover.facts.firewall import (
    AclRow,
    AnyTraffic,
    Direction,
    GroupPeer,
    GroupRule,
    IcmpType,
    Match,
    PortSpan,
    PrefixListPeer,
    WholeProtocol,
)
from kubewire.prover.facts.network import Interface, PrefixListDestination, Route, RouteTable, Via

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

TCP, UDP, ICMP, ESP, SCTP = 6, 17, 1, 50, 132
CLIENT_PORTS = (1024, 1025, 32767, 32768, 40000, 40001, 65534, 65535)
"""Where clients await answers: on both sides of every border that a random ACL draws."""
LOCAL = "local"


@dataclass(frozen=True)
class Kind:
    """What a packet carries: a port, or type and code with ICMP; neither counts with other protocols."""

    protocol: int
    port: int = 0
    code: int = 0


@dataclass(frozen=True)
class Host:
    """Somebody with one address, on a node."""

    node: str
    is_pod: bool
    interface: Interface
    address: Address


def hosts(facts: Facts, cluster: Cluster) -> Iterator[Host]:
    """Give every node's address and every address of every pod range."""
    for node in cluster.nodes:
        interface = interface_of(facts, node)
        if isinstance(interface.address, IPv4Address):
            yield Host(node.name, is_pod=False, interface=interface, address=interface.address)
        for cidr in node.pod_ranges:
            for number in range(cidr.num_addresses):
                yield Host(node.name, is_pod=True, interface=interface, address=cidr[number])


def interface_of(facts: Facts, node: Node) -> Interface:
    """Give a node's interface."""
    return facts.interfaces[str(node.interface)]


def delivered(facts: Facts, source: Host, destination: Host, kinds: Iterable[Kind]) -> set[Kind]:
    """Give those of the packets, each of which opens a connection, that arrive."""
    if not (_leaves(source) and _routed(facts, source.interface, destination) and _leaves(destination)):
        return set()
    return {
        kind
        for kind in kinds
        if _admitted(facts, source.interface, Direction.EGRESS, destination, kind)
        and _filtered(facts, source, destination, kind)
        and _admitted(facts, destination.interface, Direction.INGRESS, source, kind)
    }


def answered(facts: Facts, source: Host, destination: Host, kind: Kind) -> bool:
    """Whether ACLs let every possible answer of a delivered packet pass."""
    return all(_filtered(facts, destination, source, answer) for answer in answers(kind))


def winning(facts: Facts, table: str, address: Address) -> tuple[Network, Route | str] | None:
    """Give the row that an address matches: the longest prefix, the local route or a range before a list."""
    rows = list(_matching(facts, facts.tables[table], address))
    if not rows:
        return None
    cidr, _, route = max(rows, key=lambda row: (row[0].prefixlen, row[1]))
    return cidr, route


def _matching(facts: Facts, table: RouteTable, address: Address) -> Iterator[tuple[Network, int, Route | str]]:
    for cidr in facts.vpcs[str(table.vpc)].ranges:
        if isinstance(cidr, Network) and address in cidr:
            yield cidr, 2, LOCAL
    for route in table.routes:
        if isinstance(route.destination, PrefixListDestination):
            for cidr in facts.prefix_lists[route.destination.prefix_list]:
                if address in cidr:
                    yield cidr, 0, route
        elif address in route.destination.range:
            yield route.destination.range, 1, route


def owns(host: Host) -> bool:
    """Whether AWS knows an address as its interface's own."""
    return host.address == host.interface.address or any(host.address in cidr for cidr in host.interface.prefixes)


def _leaves(host: Host) -> bool:
    return owns(host) or host.interface.checks is False


def _routed(facts: Facts, sender: Interface, destination: Host) -> bool:
    subnet = facts.subnets[str(sender.subnet)]
    row = winning(facts, str(subnet.table), destination.address)
    if row is None:
        return False
    _, route = row
    if isinstance(route, str):
        return owns(destination)
    return route.via is Via.INTERFACE and not route.black_hole and route.target == destination.interface.name


def _admitted(facts: Facts, interface: Interface, direction: Direction, other: Host, kind: Kind) -> bool:
    rules = [rule for name in interface.groups for rule in facts.groups[str(name)].rules]
    return any(
        rule.direction is direction and matches(rule.match, kind) and _is_peer(facts, rule, other) for rule in rules
    )


def _is_peer(facts: Facts, rule: GroupRule, other: Host) -> bool:
    if isinstance(rule.peer, GroupPeer):
        return owns(other) and rule.peer.group in other.interface.groups
    if isinstance(rule.peer, PrefixListPeer):
        return any(other.address in cidr for cidr in facts.prefix_lists[rule.peer.prefix_list])
    return isinstance(rule.peer.range, Network) and other.address in rule.peer.range


def _filtered(facts: Facts, source: Host, destination: Host, kind: Kind) -> bool:
    start, end = str(source.interface.subnet), str(destination.interface.subnet)
    if start == end:
        return True
    return _acl(facts, start, Direction.EGRESS, destination, kind) and _acl(facts, end, Direction.INGRESS, source, kind)


def _acl(facts: Facts, subnet: str, direction: Direction, other: Host, kind: Kind) -> bool:
    name = facts.subnets[subnet].acl
    if name is None:
        return True
    rows: list[AclRow] = [row for row in facts.acls[str(name)].rows if row.direction is direction]
    for row in sorted(rows, key=lambda row: row.number):
        if other.address in row.range and matches(row.match, kind):
            return row.allows
    return False


def matches(match: Match, kind: Kind) -> bool:
    """Whether a rule or a row is about a packet."""
    if isinstance(match, AnyTraffic):
        return True
    if match.protocol != kind.protocol:
        return False
    if isinstance(match, PortSpan):
        assert isinstance(match.first, int)
        assert isinstance(match.last, int)
        return match.first <= kind.port <= match.last
    if isinstance(match, IcmpType):
        return kind.port == match.type and match.code in (None, kind.code)
    return isinstance(match, WholeProtocol)


def chosen(kind: Kind, rows: Iterable[AclRow]) -> Iterator[Kind]:
    """Give what comes back to clients that choose their port by the rows of an ACL."""
    spans = [row.match for row in rows if isinstance(row.match, PortSpan)]
    ends = {int(str(port)) + step for one in spans for port in (one.first, one.last) for step in (-1, 0, 1)}
    for answer in answers(kind):
        yield answer
        if kind.protocol in (TCP, UDP, SCTP):
            yield from (Kind(kind.protocol, port) for port in ends | {1} if 0 < port <= CLIENT_PORTS[-1])


def answers(kind: Kind) -> Iterator[Kind]:
    """Give what may come back."""
    if kind.protocol in (TCP, UDP, SCTP):
        yield from (Kind(kind.protocol, port) for port in CLIENT_PORTS)
    elif kind.protocol == ICMP:
        yield from [Kind(ICMP, 0, 0)] if kind.port == 8 else []
    else:
        yield kind
