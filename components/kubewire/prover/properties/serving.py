"""Services, and who may be behind them: questions that several properties ask."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import ip_address

from kubewire.net.kinds import Kinds
from kubewire.prover.facts.services import Service, ServiceEndpoint, ServicePort, ServiceType, TargetGroup, TargetType
from kubewire.prover.facts.unknown import Known, Unknown
from kubewire.prover.properties.declared import Peers, declared
from kubewire.prover.reach.gateways import passing
from kubewire.prover.reach.network import Network
from kubewire.prover.reach.stages import Stage

IPV6 = 6


def addressed(network: Network) -> list[Service]:
    """Give the Services that have an address and ports: no headless ones, and no names."""
    return [service for service in network.services if has_address(service)]


def has_address(service: Service) -> bool:
    """Whether there is something to connect to."""
    return service.type is not ServiceType.EXTERNAL_NAME and service.cluster_ip is not None and bool(service.ports)


def with_node_ports(network: Network) -> list[Service]:
    """Give the Services that have a port on every node."""
    return [service for service in network.services if any(port.node_port is not None for port in service.ports)]


def versions(network: Network, service: Service) -> tuple[int, ...] | Unknown:
    """Give IP's versions of a Service's addresses, or what would say them."""
    told = service.cluster_ips or (service.cluster_ip,)
    if service.families:
        return service.families
    if told and all(isinstance(address, str) for address in told):
        return tuple(ip_address(str(address)).version for address in told)
    ranges = network.cluster.service_ranges
    if not isinstance(ranges, Unknown):
        return (ranges[0].version,) if ranges else (4,)
    return ranges if any(one.version == IPV6 for one in network.endpoints) else (4,)


def ready(service: Service) -> tuple[ServiceEndpoint, ...] | Unknown:
    """Give what kube-proxy sends to, or what would say it."""
    if isinstance(service.endpoints, Unknown):
        return Unknown(comes_from=f"the endpoints of {service.label}")
    return tuple(one for one in service.endpoints if one.ready or service.publish_not_ready)


def written(service: Service, port: ServicePort) -> str:
    """Name a port of a Service: `shop/cart:7070`."""
    return f"{service.label}:{port.port}"


def node_kinds(service: Service) -> Kinds:
    """Give the kinds of traffic that come to its node ports, as far as those are known."""
    return Kinds.union(
        Kinds.ports(port.protocol, port.node_port) for port in service.ports if isinstance(port.node_port, int)
    )


def kinds_by_version(network: Network, services: Iterable[Service]) -> tuple[dict[int, Kinds], list[Unknown]]:
    """Give the kinds of traffic to known node ports by IP's version, and what would say more."""
    found: dict[int, list[Kinds]] = {4: [], IPV6: []}
    unknowns: dict[Unknown, None] = {}
    for service in services:
        families = versions(network, service)
        if isinstance(families, Unknown):
            unknowns[families] = None
        else:
            for version in families:
                found[version].append(node_kinds(service))
    return {version: Kinds.union(kinds) for version, kinds in found.items()}, list(unknowns)


def alike(services: Iterable[Service]) -> Iterator[tuple[Peers | Unknown, list[Service]]]:
    """Give Services by their declared sources."""
    found: dict[Peers | Unknown, list[Service]] = {}
    for service in services:
        found.setdefault(declared(service), []).append(service)
    yield from found.items()


def unknown_node_ports(service: Service) -> list[Unknown]:
    """Give the node ports of which only the apply will know."""
    return [port.node_port for port in service.ports if isinstance(port.node_port, Unknown)]


def proxied(node: str, asked: str, to: str) -> Stage:
    """Make the stage at which kube-proxy puts another destination in place of a Service's."""
    return passing(f"kube-proxy on {node}", f"{asked} becomes {to}, and the source stays")


def number_at(service: Service, port: ServicePort) -> Known[int]:
    """Give the port on which pods answer, where that is the same for all of them; or what would say it."""
    if not service.selects:
        return Unknown(comes_from=f"who answers for {service.label}: it selects no pods")
    if isinstance(port.target_port, str):
        return Unknown(comes_from=f"which number the pods of {service.label} give to port {port.target_port}")
    return port.target_port


def port_behind(service: Service, port: ServicePort, group: TargetGroup) -> Known[int]:
    """Give the port to which a target group must send what is for a Service's port, or what would say it."""
    if group.type is TargetType.IP:
        return number_at(service, port)
    if port.node_port is None:
        return Unknown(comes_from=f"the node port of {written(service, port)}: it has none")
    return port.node_port
