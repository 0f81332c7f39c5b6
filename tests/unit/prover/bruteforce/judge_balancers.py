"""Properties of load balancers and names, one client, target and record at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address, IPv4Network, ip_address

from kubewire.prover.facts.firewall import Direction, GroupRule, PrefixListPeer, RangePeer
from kubewire.prover.facts.services import (
    Listener,
    LoadBalancer,
    Record,
    Service,
    ServiceType,
    SimplePolicy,
    Target,
    TargetGroup,
    TargetType,
)
from tests.unit.prover.bruteforce.judge import IN, OUT, Back, Stranger, Verdicts, World, is_public
from tests.unit.prover.bruteforce.judge_services import ready
from tests.unit.prover.bruteforce.packets import TCP, Host, Kind, owns, winning

Sending = tuple[LoadBalancer, Listener, TargetGroup, Service | None]
MOST_RULES = 1000


def sendings(world: World) -> Iterator[Sending]:
    """Give every listener with what it sends to."""
    for balancer in world.facts.load_balancers:
        for listener in balancer.listeners:
            label = listener.service or balancer.service
            service = next((one for one in world.services if one.label == label), None)
            yield balancer, listener, world.facts.target_groups[str(listener.target_group)], service


def target_of(world: World, group: TargetGroup, target: Target) -> Host | None:
    """Give who a target is."""
    if group.type is TargetType.IP:
        return world.host(target.address)
    return next((host for host in world.nodes if host.node == target.name), None)


def p30(world: World) -> Verdicts:
    for _, listener, group, service in sendings(world):
        assert service is not None
        for protocol in listener.protocols:
            yield (listener.port, protocol) not in {(port.port, port.protocol) for port in service.ports}
            yield protocol not in group.protocols
        for protocol in group.protocols:
            right = {
                port.target_port if group.type is TargetType.IP else port.node_port
                for port in service.ports
                if (port.port, port.protocol) == (listener.port, protocol)
            }
            yield from (target.port not in right for target in group.targets)
        if group.type is TargetType.IP:
            yield {target.address for target in group.targets} != {one.address for one in ready(service)}
        else:
            yield {node.name for node in world.cluster.nodes} > {target.name for target in group.targets}


def from_balancer(world: World, balancer: LoadBalancer, client: IPv4Address, to: Host, back: Back = Back.EVERY) -> int:
    """Give what a target gets of what a load balancer sends as somebody."""
    groups = frozenset(map(str, balancer.groups))
    found = world.let_in(Stranger(client, tuple(groups)), to, back) if owns(to) or to.interface.checks is False else 0
    # What it sends comes from its own subnets, so the node's ACL is before it even for neighbours of the node.
    subnet = str(to.interface.subnet)
    found &= world.walled(subnet, IN, client) & world.walled(subnet, OUT, client, back=back)
    if balancer.groups:
        found &= world.opened(balancer.groups, OUT, to.address, world.groups_of(to))
    for name in balancer.subnets:
        found &= world.walled(str(name), OUT, to.address) & world.walled(str(name), IN, to.address, back=back)
    return found


def clients(world: World, balancer: LoadBalancer, listener: Listener) -> set[IPv4Address]:
    """Give whom the groups of a load balancer let in at a listener, by their addresses."""
    wanted = world.bits(Kind(protocol, listener.port) for protocol in listener.protocols)
    hosts = {host.address for host in world.hosts if isinstance(host.address, IPv4Address)}
    borders = hosts.union(world.borders)
    if not balancer.groups:
        return borders
    return {one for one in borders if world.opened(balancer.groups, IN, one, frozenset()) & wanted}


def own_addresses(world: World, balancer: LoadBalancer) -> Iterator[list[IPv4Address]]:
    """Give the addresses that a load balancer may have in each of its subnets."""
    for name in balancer.subnets:
        item = world.facts.subnets[str(name)].ranges[0]
        assert isinstance(item, IPv4Network)
        yield [one for one in {*world.borders, item.network_address, item.broadcast_address} if one in item]


def p31(world: World) -> Verdicts:
    for balancer, listener, group, _ in sendings(world):
        for target in group.targets:
            to = target_of(world, group, target)
            needed = world.bits(Kind(protocol, int(str(target.port))) for protocol in group.protocols)
            if to is None:
                continue
            if group.preserves_client:
                for client in clients(world, balancer, listener):
                    yield needed & ~from_balancer(world, balancer, client, to) != 0
            else:
                yield from _by_itself(world, balancer, to, needed)


def _by_itself(world: World, balancer: LoadBalancer, to: Host, needed: int) -> Verdicts:
    """Say whether it gets through with whichever address it has."""
    for addresses in own_addresses(world, balancer):
        passes = {needed & ~from_balancer(world, balancer, one, to) == 0 for one in addresses}
        if passes == {False}:
            yield True
        elif False in passes:
            yield None


def p32(world: World) -> Verdicts:
    for balancer, _, group, _ in sendings(world):
        for target in group.targets:
            to = target_of(world, group, target)
            port = target.port if group.health_check.port is None else group.health_check.port
            if to is not None:
                yield from _by_itself(world, balancer, to, world.bits([Kind(TCP, int(str(port)))]))


def p33(world: World) -> Verdicts:
    for _, _, group, service in sendings(world):
        if service is None or not service.local or group.type is TargetType.IP:
            continue
        check = group.health_check
        if check.http:
            yield check.port is None or check.port != service.health_check_node_port
        else:
            asked = {target.port for target in group.targets} if check.port is None else {check.port}
            yield not asked <= {port.node_port for port in service.ports if port.protocol == TCP}


def p34(world: World) -> Verdicts:
    for balancer, listener, group, _ in sendings(world):
        if balancer.internet_facing or not group.preserves_client:
            continue
        wanted = world.bits(Kind(protocol, listener.port) for protocol in listener.protocols)
        for target in group.targets:
            to = target_of(world, group, target)
            if to is None:
                continue
            itself = [to] if group.type is TargetType.IP else [one for one in world.hosts if one.node == to.node]
            for client in itself:
                for name in balancer.subnets:
                    yield bool(wanted & _across(world, client, balancer, str(name)))


def _across(world: World, client: Host, balancer: LoadBalancer, subnet: str) -> int:
    """Give what a load balancer in a subnet gets of a node or a pod."""
    item = world.facts.subnets[subnet].ranges[0]
    assert isinstance(item, IPv4Network)
    there, groups = item.network_address, frozenset(map(str, balancer.groups))
    row = winning(world.facts, world.table_of(client.interface), there)
    if not (owns(client) or client.interface.checks is False) or row is None or not isinstance(row[1], str):
        return 0
    found = world.opened(client.interface.groups, OUT, there, groups)
    if balancer.groups:
        found &= world.opened(balancer.groups, IN, client.address, world.groups_of(client))
    mine = str(client.interface.subnet)
    if mine != subnet:
        found &= world.walled(mine, OUT, there) & world.walled(mine, IN, there, back=Back.EVERY)
        found &= world.walled(subnet, IN, client.address) & world.walled(subnet, OUT, client.address, back=Back.EVERY)
    return found


def p35(world: World) -> Verdicts:
    for balancer, _, group, _ in sendings(world):
        crosses = balancer.cross_zone if group.cross_zone is None else group.cross_zone
        zones = {world.facts.subnets[str(name)].zone for name in balancer.subnets}
        for target in group.targets:
            to = target_of(world, group, target)
            if crosses is False and to is None and not target.every_zone:
                yield None
            elif crosses is False and to is not None and not target.every_zone:
                yield world.facts.subnets[str(to.interface.subnet)].zone not in zones


def p36(world: World) -> Verdicts:
    for balancer, listener, group, service in sendings(world):
        wanted = world.bits(Kind(protocol, listener.port) for protocol in listener.protocols)
        for who in world.strangers:
            internet = not balancer.internet_facing and is_public(who.address)
            stranger = service is not None and not world.is_inside(who.address) and not world.declared(service, who)
            if not internet and not stranger:
                continue
            for name in balancer.subnets:
                if not wanted & _comes_to(world, who, balancer, str(name)) or not _passed_on(
                    world, who, balancer, group
                ):
                    continue
                yield world.gate(str(name), who, public=balancer.internet_facing)


def _comes_to(world: World, who: Stranger, balancer: LoadBalancer, subnet: str) -> int:
    found = world.everything
    if balancer.groups:
        found = world.opened(balancer.groups, IN, who.address, frozenset(who.groups))
    if who.subnet != subnet and not any(who.address in item for item in world.facts.subnets[subnet].ranges):
        found &= world.walled(subnet, IN, who.address) & world.walled(subnet, OUT, who.address, back=Back.SOME)
    return found


def _passed_on(world: World, who: Stranger, balancer: LoadBalancer, group: TargetGroup) -> bool:
    """Whether nodes take it, where nothing but they looks at who it is."""
    if balancer.groups or not group.preserves_client:
        return True
    for target in group.targets:
        to = target_of(world, group, target)
        kinds = world.bits(Kind(protocol, int(str(target.port))) for protocol in group.protocols)
        if to is not None and kinds & from_balancer(world, balancer, who.address, to, Back.SOME):
            return True
    return False


def p37(world: World) -> Verdicts:
    quotas, facts = world.facts.quotas, world.facts
    yield len(facts.load_balancers) > int(str(quotas.balancers))
    for balancer in facts.load_balancers:
        groups = [facts.target_groups[str(one.target_group)] for one in balancer.listeners]
        yield len(balancer.listeners) > int(str(quotas.listeners_per_balancer))
        yield sum(len(group.targets) for group in groups) > int(str(quotas.targets_per_balancer))
        together, apart = 0, Counter[str]()
        for group in groups:
            crosses = balancer.cross_zone if group.cross_zone is None else group.cross_zone
            together += len(group.targets) if crosses else 0
            hosts = [target_of(world, group, target) for target in group.targets if not crosses]
            apart.update(str(facts.subnets[str(host.interface.subnet)].zone) for host in hosts if host)
        yield max([together, *apart.values()]) > int(str(quotas.targets_per_zone))
    for group in facts.target_groups.values():
        yield len(group.targets) > int(str(quotas.targets_per_group))
    nodes = [one.groups for one in world.interfaces.values()]
    for groups_of in {*nodes, *(one.groups for one in facts.load_balancers)}:
        yield len(groups_of) > int(str(quotas.groups_per_interface))
        rules = [rule for name in groups_of for rule in facts.groups[str(name)].rules]
        yield any(_weigh(world, rules, way) > MOST_RULES for way in Direction)
        for name in groups_of:
            own = list(facts.groups[str(name)].rules)
            yield any(_weigh(world, own, way) > int(str(quotas.rules_per_group)) for way in Direction)


def _weigh(world: World, rules: Sequence[GroupRule], way: Direction) -> int:
    """Count rules of IPv4; a group counts as one, and a prefix list as its ranges."""
    count = 0
    for rule in rules:
        if rule.direction is not way:
            continue
        peer = rule.peer
        if isinstance(peer, PrefixListPeer):
            count += len(world.facts.prefix_lists[peer.prefix_list])
        else:
            count += not isinstance(peer, RangePeer) or isinstance(peer.range, IPv4Network)
    return count


def p38(world: World) -> Verdicts:
    for service in world.services:
        if service.type is not ServiceType.EXTERNAL_NAME:
            yield service.external_name is not None
            continue
        yield bool(service.cluster_ip or service.ports or service.endpoints)
        name = str(service.external_name or "")
        labels = name.rstrip(".").split(".")
        yield not name or labels[-1].isdigit() or any(not label.replace("-", "a").isalnum() for label in labels)
        try:
            ip_address(name)
        except ValueError:
            continue
        yield True


def p39(world: World) -> Verdicts:
    names = {one.name.lower().rstrip(".") for zone in world.facts.zones for one in zone.records}
    for zone in world.facts.zones:
        for record in zone.records:
            if record.type != "CNAME" and record.alias is None:
                continue
            name = record.name.lower().rstrip(".")
            if record.type == "CNAME":
                yield name == zone.domain
                beside = [one for one in zone.records if one is not record and one.name.lower().rstrip(".") == name]
                yield any(not _alike(record, one) for one in beside)
            if record.alias is None and len(record.values) != 1:
                yield True
                continue
            target = str(record.values[0] if record.alias is None else record.alias).lower().rstrip(".")
            yield from _leads(world, record, target, names)


def _alike(one: Record, other: Record) -> bool:
    if isinstance(one.policy, SimplePolicy) or isinstance(other.policy, SimplePolicy) or one.type != other.type:
        return False
    return one.policy.kind == other.policy.kind and one.policy.set_identifier != other.policy.set_identifier


def _leads(world: World, record: Record, target: str, names: set[str]) -> Verdicts:
    balancers = {str(one.dns_name).lower() for one in world.facts.load_balancers}
    service = next((one for one in world.services if one.label == record.service), None)
    if service is None and record.service is not None:
        yield None
    if service is not None and service.type is ServiceType.EXTERNAL_NAME:
        yield target != str(service.external_name).lower().rstrip(".")
    elif service is not None:
        own = [
            one
            for one in world.facts.load_balancers
            if service.label in {one.service, *(x.service for x in one.listeners)}
        ]
        yield target not in {str(one.dns_name).lower() for one in own}
    seen = {record.name.lower().rstrip(".")}
    while target not in balancers:
        if target in seen:
            yield True
            return
        seen.add(target)
        if not any(target == zone.domain or target.endswith("." + zone.domain) for zone in world.facts.zones):
            yield None
            return
        if target not in names:
            yield True
            return
        next_ones = [
            str(one.values[0]).lower().rstrip(".")
            for zone in world.facts.zones
            for one in zone.records
            if one.name.lower().rstrip(".") == target and one.type == "CNAME"
        ]
        if not next_ones:
            return
        target = next_ones[0]


JUDGES = {30: p30, 31: p31, 32: p32, 33: p33, 34: p34, 35: p35, 36: p36, 37: p37, 38: p38, 39: p39}
