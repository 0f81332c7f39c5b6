"""Services of a cluster, with what answers for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any

from kubewire.cloud.live.cluster import Objects, Pods
from kubewire.prover.facts.services import Service, ServiceEndpoint, ServiceType
from kubewire.prover.facts.written import TRANSPORTS

if TYPE_CHECKING:
    from lightkube.models.core_v1 import ServicePort
    from lightkube.models.discovery_v1 import Endpoint
    from lightkube.resources.core_v1 import Service as ServiceObject
    from lightkube.resources.discovery_v1 import EndpointSlice

HEADLESS = "None"
FAMILIES = {"IPv4": 4, "IPv6": 6}


def services_of(objects: Objects, cluster: str) -> Iterator[Service]:
    """Read Services."""
    for item in objects.services:
        metadata, spec = item.metadata, item.spec
        if metadata is None or spec is None:
            continue
        namespace, name = metadata.namespace or "default", metadata.name or ""
        addresses = [
            address for address in spec.clusterIPs or [spec.clusterIP or ""] if address and address != HEADLESS
        ]
        kind = ServiceType(spec.type or "ClusterIP")
        yield Service(
            namespace=namespace,
            name=name,
            cluster=cluster,
            type=kind,
            cluster_ip=addresses[0] if addresses and kind is not ServiceType.EXTERNAL_NAME else None,
            cluster_ips=tuple(addresses),
            families=tuple(FAMILIES[family] for family in spec.ipFamilies or () if family in FAMILIES),
            ports=tuple(_port(port) for port in spec.ports or ()),
            selects=bool(spec.selector),
            endpoints=tuple(_endpoints(objects.slices.get((namespace, name), ()), objects.pods)),
            source_ranges=tuple(ip_network(cidr) for cidr in spec.loadBalancerSourceRanges or ()),
            local=spec.externalTrafficPolicy == "Local",
            internal_local=spec.internalTrafficPolicy == "Local",
            external_ips=bool(spec.externalIPs),
            affinity=spec.sessionAffinity == "ClientIP",
            publish_not_ready=bool(spec.publishNotReadyAddresses),
            health_check_node_port=spec.healthCheckNodePort or None,
            external_name=spec.externalName or None,
        )


def by_host_name(services: Iterable[ServiceObject]) -> dict[str, dict[tuple[int, int], str]]:
    """Give the Services whose status names each host, by port and protocol."""
    found: dict[str, dict[tuple[int, int], str]] = {}
    for item in services:
        balancer = item.status.loadBalancer if item.status else None
        if item.metadata is None or item.spec is None:
            continue
        label = f"{item.metadata.namespace}/{item.metadata.name}"
        for ingress in (balancer.ingress if balancer else None) or ():
            ports = found.setdefault((ingress.hostname or "").lower(), {})
            for port in item.spec.ports or ():
                ports[port.port, TRANSPORTS[port.protocol or "TCP"][0]] = label
    return found


def _port(port: ServicePort) -> dict[str, Any]:
    return {
        "name": port.name or "",
        "port": port.port,
        "protocol": TRANSPORTS[port.protocol or "TCP"][0],
        "target_port": port.port if port.targetPort is None else port.targetPort,
        "node_port": port.nodePort or None,
    }


def _endpoints(slices: Iterable[EndpointSlice], pods: Pods) -> Iterator[ServiceEndpoint]:
    for item in slices:
        ports = {port.name or "": port.port for port in item.ports or () if port.port}
        for end in item.endpoints or ():
            yield from _of(end, ports, pods, item.metadata.namespace if item.metadata else None)


def _of(end: Endpoint, ports: Mapping[str, int], pods: Pods, namespace: str | None) -> Iterator[ServiceEndpoint]:
    pod = end.targetRef.name if end.targetRef and end.targetRef.kind == "Pod" else None
    conditions = end.conditions
    for address in end.addresses:
        yield ServiceEndpoint(
            address=ip_address(address),
            node=end.nodeName or None,
            pod=f"{namespace}/{pod}" if pod else "",
            ready=conditions is None or conditions.ready is not False,
            exists=not pod or address in pods.get((namespace or "", pod), ()),
            ports=ports,
        )
