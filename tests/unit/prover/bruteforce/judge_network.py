"""Properties of addresses, routes, nodes and pods, each by the letter and one packet or address at a time."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network

from kubewire.prover.facts.cluster import Apart, NodePorts
from kubewire.prover.facts.firewall import RangePeer
from kubewire.prover.facts.network import PrefixListDestination, Route, Via
from kubewire.prover.facts.services import TargetType
from tests.unit.prover.bruteforce.judge import IN, OUT, Back, Stranger, Verdicts, World
from tests.unit.prover.bruteforce.packets import TCP, UDP, Host, Kind, interface_of, owns, winning

PEERS = (Via.TRANSIT_GATEWAY, Via.PEERING_CONNECTION)
REWRITING = (Via.NAT_GATEWAY, Via.INTERNET_GATEWAY)
NODES, PODS = (False, False), (True, True)
RESERVED = IPv4Network("169.254.168.0/22")


def remote(world: World) -> Iterator[tuple[Host, Host]]:
    """Give every two hosts on different nodes."""
    return ((one, other) for one in world.hosts for other in world.hosts if one.node != other.node)


def pod_ranges(world: World) -> Iterator[tuple[str, IPv4Network]]:
    """Give the ranges of nodes' pods."""
    for node in world.cluster.nodes:
        yield from ((node.name, item) for item in node.pod_ranges if isinstance(item, IPv4Network))


def p1(world: World) -> Verdicts:
    yield from (one < other and a.overlaps(b) for one, a in pod_ranges(world) for other, b in pod_ranges(world))


def p2(world: World) -> Verdicts:
    ours = [("vpc", item) for item in v4(world.facts.vpcs[world.vpc].ranges)]
    ours += [("services", item) for item in v4(world.cluster.service_ranges)]
    ours += [("pods", item) for item in v4(world.cluster.pod_ranges)]
    for owner, item in ours:
        for other, more in ours:
            if owner < other and item.overlaps(more):
                # Pods may have addresses of the VPC's.
                yield not ((owner, other) == ("pods", "vpc") and item.subnet_of(more))
        yield from (theirs.subnet_of(item) for theirs in linked(world))


def v4(ranges: object) -> list[IPv4Network]:
    """Give the IPv4 ranges."""
    return [item for item in ranges if isinstance(item, IPv4Network)]  # type: ignore[attr-defined]  # a known series


def destinations(world: World, *vias: Via) -> list[tuple[IPv4Network, Via]]:
    """Give the ranges that routes lead to, by some ways or all."""
    own = [table for table in world.facts.tables.values() if table.vpc == world.vpc]
    routes = [route for table in own for route in table.routes]
    return [
        (item, route.via)
        for route in routes
        if not isinstance(route.destination, PrefixListDestination) and (not vias or route.via in vias)
        for item in v4([route.destination.range])
    ]


def linked(world: World) -> list[IPv4Network]:
    """Give the ranges of other networks."""
    return [item for item, _ in destinations(world, *PEERS)]


def p3(world: World) -> Verdicts:
    subnets = {item for subnet in world.facts.subnets.values() for item in subnet.ranges}
    whole = v4(world.facts.vpcs[world.vpc].ranges)
    yield from (any(item.subnet_of(one) for one in whole) and item not in subnets for _, item in pod_ranges(world))


def p4(world: World) -> Verdicts:
    yield from (item.subnet_of(RESERVED) for item, _ in destinations(world))


def p5(world: World) -> Verdicts:
    yield from (
        int(str(node.most_pods)) > sum(item.num_addresses - 3 for item in node.pod_ranges)
        for node in world.cluster.nodes
    )


def _rows(world: World) -> Iterator[tuple[Host, Host, Route | str | None, int]]:
    """Give the row for each pod whose address AWS doesn't know, as each other node's table has it."""
    for source in world.nodes:
        for to in world.pods:
            if source.node == to.node or owns(to):
                continue
            row = winning(world.facts, world.table_of(source.interface), to.address)
            yield source, to, row[1] if row else None, row[0].prefixlen if row else 0


def lodgings(world: World) -> Iterator[IPv4Network]:
    """Give the subnets' ranges in which pods get their addresses."""
    for place in (place for node in world.cluster.nodes for place in node.pod_places):
        yield from v4(world.facts.subnets[str(place.subnet)].ranges)


def is_lodged(world: World, host: Host) -> bool:
    """Whether it is a pod with an address of a subnet for pods: by an interface that isn't its node's."""
    return host.is_pod and host.interface.name != world.interfaces[host.node].name


def _rows_of_lodged(world: World) -> Iterator[Route]:
    """Give the rows that lead packets for these somewhere else."""
    for source in world.hosts:
        for to in world.pods:
            if source.node != to.node and is_lodged(world, to):
                row = winning(world.facts, world.table_of(source.interface), to.address)
                yield from [row[1]] if row and isinstance(row[1], Route) else []


def p6(world: World) -> Verdicts:
    for _, to, row, length in _rows(world):
        own = [item.prefixlen for item in world.cluster.pod_ranges if to.address in item]
        yield row is None or length == 0 or length < min([*own, _own_length(world, to)])


def p7(world: World) -> Verdicts:
    for _, to, row, length in _rows(world):
        if not isinstance(row, Route) or length > _own_length(world, to):
            continue
        wrong = row.via is Via.INTERFACE and row.target != to.interface.name
        yield wrong or row.black_hole


def p8(world: World) -> Verdicts:
    for _, to, row, length in _rows(world):
        if length > _own_length(world, to):
            home = isinstance(row, Route) and row.via is Via.INTERFACE and row.target == to.interface.name
            yield not home or (isinstance(row, Route) and row.black_hole)


def _own_length(world: World, pod: Host) -> int:
    return max(item.prefixlen for name, item in pod_ranges(world) if name == pod.node and pod.address in item)


def p9(world: World) -> Verdicts:
    for _, _, row, _ in _rows(world):
        if isinstance(row, Route):
            yield row.via is not Via.INTERFACE and not row.black_hole
    yield from (row.via is not Via.INTERFACE and not row.black_hole for row in _rows_of_lodged(world))


def p10(world: World) -> Verdicts:
    yield from (interface_of(world.facts, node).checks is True for node in world.cluster.nodes if node.pod_ranges)


def p11(world: World) -> Verdicts:
    own = [table for table in world.facts.tables.values() if table.vpc == world.vpc]
    for table in own:
        listed = [one for one in table.routes if not isinstance(one.destination, PrefixListDestination)]
        yield len(listed) > int(str(world.facts.routes_per_table))


def p12(world: World) -> Verdicts:
    for one in world.interfaces.values():
        subnet = world.facts.subnets[str(one.subnet)]
        yield world.facts.tables[str(subnet.table)].vpc != subnet.vpc


def _all(world: World, roles: tuple[bool, bool]) -> Verdicts:
    for source, to in remote(world):
        if (source.is_pod, to.is_pod) == roles:
            yield world.sent(source, to) != world.everything


def p13(world: World) -> Verdicts:
    return _all(world, NODES)


def p14(world: World) -> Verdicts:
    return _all(world, PODS)


def p15(world: World) -> Verdicts:
    yield from _all(world, (True, False))
    yield from _all(world, (False, True))


def p16(world: World) -> Verdicts:
    for _, _, row, _ in _rows(world):
        yield isinstance(row, Route) and row.via in REWRITING and not row.black_hole
    yield from (row.via in REWRITING and not row.black_hole for row in _rows_of_lodged(world))
    spared = v4(world.cluster.unmasqueraded)
    inner = [item for _, item in pod_ranges(world)] + v4(world.facts.vpcs[world.vpc].ranges)
    yield from (not any(item.subnet_of(one) for one in spared) for item in inner)


def p17(world: World) -> Verdicts:
    inner = [*v4(world.facts.vpcs[world.vpc].ranges), *v4(world.cluster.pod_ranges), *linked(world)]
    inner += v4(world.cluster.service_ranges)
    # All that is spared lies in one of the ranges, or in none: they are never spared by halves here.
    yield from (not any(item.subnet_of(one) for one in inner) for item in v4(world.cluster.unmasqueraded))


def p18(world: World) -> Verdicts:
    for source, to in remote(world):
        start, end = str(source.interface.subnet), str(to.interface.subnet)
        if start != end:
            home = world.walled(end, OUT, source.address, back=Back.EVERY) & world.walled(
                start, IN, to.address, back=Back.EVERY
            )
            yield world.sent(source, to) & ~home != 0


def p19(world: World) -> Verdicts:
    plane = world.cluster.control_plane
    assert isinstance(plane, Apart)
    for peer in plane.peers:
        assert isinstance(peer, RangePeer)
        assert isinstance(peer.range, IPv4Network)
        for address in (peer.range.network_address, peer.range.broadcast_address):
            for host in world.hosts:
                got = world.let_in(Stranger(address), host)
                asked = {Kind(TCP, port) for port in plane.webhook_ports} if host.is_pod else {Kind(TCP, 10250)}
                yield world.bits(asked) & ~got != 0


def p20(world: World) -> Verdicts:
    ranges = v4(world.cluster.service_ranges)
    for there, via in destinations(world):
        yield any(there.subnet_of(item) or (item.subnet_of(there) and via is Via.INTERFACE) for item in ranges)
    for group in world.facts.target_groups.values():
        if group.type is TargetType.IP:
            addresses = [target.address for target in group.targets]
            yield any(isinstance(one, IPv4Address) and one in item for one in addresses for item in ranges)


def p28(world: World) -> Verdicts:
    ports = world.cluster.node_ports
    assert isinstance(ports, NodePorts)
    tried = {ports.first, ports.last, *(kind.port for kind in world.kinds)}
    numbers = [number for number in tried if ports.first <= number <= ports.last]
    asked = {(port.protocol, port.node_port) for service in world.services for port in service.ports}
    for one in world.interfaces.values():
        for name in one.groups:
            for rule in world.facts.groups[str(name)].rules:
                wide = isinstance(rule.peer, RangePeer) and rule.peer.range.prefixlen < 8  # type: ignore[union-attr]  # known
                if wide and rule.direction is IN:
                    yield from (
                        (protocol, number) not in asked and matches_port(rule.match, protocol, number)
                        for protocol in (TCP, UDP)
                        for number in numbers
                    )


def matches_port(match: object, protocol: int, number: int) -> bool:
    """Whether a rule is about a port."""
    own = getattr(match, "protocol", protocol)
    return own == protocol and getattr(match, "first", 0) <= number <= getattr(match, "last", 65535)


FIRST = (p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15, p16, p17, p18, p19, p20)
JUDGES = {**dict(enumerate(FIRST, start=1)), 28: p28}
