"""Properties of ClusterIP and NodePort Services, one client and one backend at a time."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address

from kubewire.prover.facts.services import LoadBalancer, Service, ServiceEndpoint, ServicePort, ServiceType
from tests.unit.prover.bruteforce.judge import OUT, Back, Verdicts, World
from tests.unit.prover.bruteforce.judge_network import REWRITING, is_lodged, lodgings, pod_ranges
from tests.unit.prover.bruteforce.packets import ICMP, TCP, UDP, Host, Kind, owns, winning

Backend = tuple[Service, ServiceEndpoint]


def with_address(world: World) -> list[Service]:
    """Give the Services that one can connect to."""
    return [one for one in world.services if one.type is not ServiceType.EXTERNAL_NAME and one.cluster_ip and one.ports]


def ready(service: Service) -> list[ServiceEndpoint]:
    """Give what kube-proxy sends to."""
    assert isinstance(service.endpoints, tuple)
    return [one for one in service.endpoints if one.ready or service.publish_not_ready]


def backends(world: World) -> Iterator[tuple[Backend, Host | None]]:
    """Give every backend, with who has its address on its node."""
    for service in with_address(world):
        for one in ready(service):
            host = world.host(one.address)
            on_its_node = host is not None and one.node in (None, host.node) and one.exists is True
            yield (service, one), host if on_its_node else None


def p21(world: World) -> Verdicts:
    taken: dict[str, str] = {}
    for service in with_address(world):
        address = str(service.cluster_ip)
        yield taken.setdefault(address, service.label) != service.label
        yield not any(ip_address(address) in item for item in world.cluster.service_ranges)
        yield not ready(service)
    for (service, one), host in backends(world):
        if host is None:
            yield True
            continue
        for port in service.ports:
            number = one.ports.get(port.name)
            yield number is None or number != port.target_port
            if number is not None and not service.internal_local:
                kind = world.bits([Kind(port.protocol, number)])
                yield from (not kind & world.sent(client, host) for client in world.hosts if client.node != host.node)


def p22(world: World) -> Verdicts:
    for service in with_address(world):
        there = {one.node for one in ready(service)}
        if service.internal_local and there:
            yield from (node.name not in there for node in world.cluster.nodes)
        if service.type is ServiceType.NODE_PORT:
            yield from _unheard(world, service)


def _unheard(world: World, service: Service) -> Verdicts:
    refusal = world.bits([Kind(ICMP, 3, 3)])
    for node in world.nodes:
        subnet = str(node.interface.subnet)
        ranges = world.facts.subnets[subnet].ranges
        for who in world.strangers:
            beyond = not any(who.address in item for item in ranges)
            if beyond and world.declared(service, who):
                yield not refusal & world.walled(subnet, OUT, who.address)


def p23(world: World) -> Verdicts:
    for service in world.services:
        numbers = [(port.port, port.protocol) for port in service.ports]
        names = [port.name for port in service.ports]
        yield len(set(numbers)) < len(numbers) or len(set(names)) < len(names)
    for balancer in world.facts.load_balancers:
        ports = [listener.port for listener in balancer.listeners]
        yield len(set(ports)) < len(ports)
        yield from _mixed(world, balancer)


def _mixed(world: World, balancer: LoadBalancer) -> Verdicts:
    for listener in balancer.listeners:
        service = next((one for one in world.services if one.label == (listener.service or balancer.service)), None)
        ports = {port.protocol: port for port in service.ports if port.port == listener.port} if service else {}
        group = world.facts.target_groups[str(listener.target_group)]
        for protocol in listener.protocols if ports else ():
            if protocol not in ports:
                yield True
                continue
            own = _behind(ports[protocol], is_ip=group.type == "ip")
            others = {_behind(port, is_ip=group.type == "ip") for port in ports.values()} - {own}
            yield from (target.port in others for target in group.targets)


def _behind(port: ServicePort, *, is_ip: bool) -> object:
    return port.target_port if is_ip else port.node_port


def p24(world: World) -> Verdicts:
    for _, host in backends(world):
        yield host is not None and host.is_pod and world.cluster.hairpin is False


def p25(world: World) -> Verdicts:
    proxy = world.cluster.proxy
    services = with_address(world)
    ranges = [*(item for _, item in pod_ranges(world)), *lodgings(world)]
    for item in ranges if services and proxy else ():
        assert proxy is not None
        known = not proxy.pod_ranges or any(item.subnet_of(one) for one in proxy.pod_ranges)  # type: ignore[arg-type]  # known
        yield proxy.masquerades_all or not known
    for service in services:
        for one in ready(service):
            yield not any(one.address in item for item in world.cluster.unmasqueraded)
            yield from _rewritten(world, one)


def _rewritten(world: World, one: ServiceEndpoint) -> Verdicts:
    to = world.host(one.address)
    if to is None or not to.is_pod or (owns(to) and not is_lodged(world, to)):
        return
    for client in world.hosts:
        row = winning(world.facts, world.table_of(client.interface), one.address) if client.node != to.node else None
        route = row[1] if row else None
        yield route is not None and not isinstance(route, str) and route.via in REWRITING and not route.black_hole


def p26(world: World) -> Verdicts:
    for service in world.services:
        if service.type is not ServiceType.NODE_PORT:
            continue
        there = {one.node for one in ready(service)}
        yield service.local and bool(there) and any(node.name not in there for node in world.cluster.nodes)
        for node in world.nodes:
            for who in world.strangers:
                if world.declared(service, who):
                    yield world.bits(asked(service)) & ~world.let_in(who, node) != 0


def asked(service: Service) -> set[Kind]:
    """Give what comes to a Service's node ports."""
    return {Kind(port.protocol, port.node_port) for port in service.ports if isinstance(port.node_port, int)}


def p27(world: World) -> Verdicts:
    for service in world.services:
        wanted = world.bits(asked(service))
        for node in world.nodes if wanted else ():
            for who in world.strangers:
                if world.is_inside(who.address) or world.declared(service, who):
                    continue
                got = world.let_in(who, node, Back.SOME) & wanted
                way = world.gate(str(node.interface.subnet), who, public=node.interface.public is not None)
                yield way if got else False


def p29(world: World) -> Verdicts:
    ports = world.cluster.node_ports
    taken: list[tuple[int, str, int | None]] = []
    for service in world.services:
        own = [(port.node_port, port.protocol) for port in service.ports if isinstance(port.node_port, int)]
        if isinstance(service.health_check_node_port, int):
            own.append((service.health_check_node_port, 0))
        for number, protocol in own:
            yield not ports.first <= number <= ports.last  # type: ignore[union-attr]  # known
            for other, label, by in taken:
                alike = protocol == by or 0 in (protocol, by)
                yield number == other and (label != service.label or alike)
            taken.append((number, service.label, protocol))
        if service.type is ServiceType.NODE_PORT:
            yield from _by_another(world, service)


def _by_another(world: World, service: Service) -> Verdicts:
    for kind in asked(service):
        # Rules are for ports of TCP and UDP here, or for everything.
        others = world.bits(Kind(protocol, kind.port) for protocol in (TCP, UDP) if protocol != kind.protocol)
        for node in world.nodes:
            for who in world.strangers:
                if world.declared(service, who):
                    got = world.let_in(who, node)
                    yield not world.bits([kind]) & got and bool(others & got)


JUDGES = {21: p21, 22: p22, 23: p23, 24: p24, 25: p25, 26: p26, 27: p27, 29: p29}
