"""Kubernetes Services, each with what its component says of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kubewire.net.kinds import IpProtocol
from kubewire.prover.facts.firewall import Peer
from kubewire.prover.facts.services import (
    Service,
    ServicePort,
    ServiceType,
)
from kubewire.prover.facts.unknown import Known, Unknown
from kubewire.prover.from_plan.document import Listed
from kubewire.prover.from_plan.firewall import peer_of
from kubewire.prover.from_plan.index import Index
from kubewire.prover.from_plan.values import Values, is_open

TRANSPORTS: dict[str, tuple[int, ...]] = {
    "TCP": (IpProtocol.TCP,),
    "TLS": (IpProtocol.TCP,),
    "UDP": (IpProtocol.UDP,),
    "SCTP": (IpProtocol.SCTP,),
    "TCP_UDP": (IpProtocol.TCP, IpProtocol.UDP),
}
SERVICE = "kubernetes:core/v1:Service"
FAMILIES: dict[object, int] = {"IPv4": 4, "IPv6": 6}
WITH_NODE_PORTS = (ServiceType.NODE_PORT, ServiceType.LOAD_BALANCER)


def services(index: Index, resources: Iterable[Listed]) -> tuple[Service, ...]:
    """Give the Services, each with what its component says of it."""
    found = list(resources)
    components = {listed.urn: listed for listed in found if not listed.is_object}
    return tuple(_service(index, listed, components.get(listed.parent)) for listed in found if listed.kind == SERVICE)


def _service(index: Index, listed: Listed, component: Listed | None) -> Service:
    """Read a Service; what the API server chose, and has told, counts as known."""
    values = Values(str(listed), listed.inputs)
    spec = values.inner("spec")
    chosen = Values(str(listed), listed.outputs).inner("spec")
    values_of = Values(str(listed), {}) if isinstance(spec, Unknown) else spec
    fields = values_of.fields
    seen = {} if isinstance(chosen, Unknown) else chosen.fields
    namespace, name = name_of(listed)
    kind = ServiceType(fields.get("type", "ClusterIP")) if not is_open(fields.get("type")) else ServiceType.CLUSTER_IP
    label = f"{namespace}/{name}"
    ports = () if is_open(fields.get("ports")) else fields.get("ports") or ()
    told = seen.get("ports") or [{}] * len(ports)
    rows = [_port(label, kind, port, other) for port, other in zip(ports, told, strict=False)]
    declared = Values(str(component), component.inputs if component else {})
    network = declared.fields.get("network")
    return Service.model_validate(
        {
            "namespace": namespace,
            "name": name,
            "cluster": network if isinstance(network, str) and not is_open(network) else None,
            "type": kind,
            "cluster_ip": _cluster_ip(label, kind, {**seen, **fields}),
            "cluster_ips": _cluster_ips(label, {**seen, **fields}),
            "families": _families({**seen, **fields}),
            "ports": rows,
            "selects": bool(fields.get("selector")),
            "sources": _sources(index, declared, component),
            "source_ranges": [item for item in values_of.items("loadBalancerSourceRanges") if not is_open(item)],
            "local": fields.get("externalTrafficPolicy") == "Local",
            "internal_local": fields.get("internalTrafficPolicy") == "Local",
            "external_ips": bool(fields.get("externalIPs")),
            "affinity": fields.get("sessionAffinity") == "ClientIP",
            "publish_not_ready": fields.get("publishNotReadyAddresses") is True,
            "health_check_node_port": _health_port(label, kind, {**seen, **fields}),
            "external_name": None if fields.get("externalName") is None else Values(label, fields).text("externalName"),
        }
    )


def name_of(listed: Listed) -> tuple[str, str]:
    """Give a Service's namespace and name."""
    metadata = Values(str(listed), listed.inputs).inner("metadata")
    names = {} if isinstance(metadata, Unknown) else metadata.fields
    return names.get("namespace", "default"), names.get("name", listed.name)


def label_of(listed: Listed) -> str:
    """Give a Service's namespace and name as people write them."""
    return "/".join(name_of(listed))


def _sources(index: Index, declared: Values, component: Listed | None) -> Known[tuple[Peer, ...]] | None:
    """Read who may connect, as the component of a Service registers it."""
    if component is None or declared.fields.get("sources") is None:
        return None
    found: list[Peer] = []
    for item in declared.items("sources"):
        if is_open(item):
            return Unknown(comes_from=declared.says("sources"))
        found.append(peer_of(index, Values(declared.says("sources"), {"peer": item}), component))
    return tuple(found)


def _families(fields: dict[str, Any]) -> tuple[int, ...]:
    written = fields.get("ipFamilies")
    known = [item for item in written if item in FAMILIES] if isinstance(written, list) else []
    return tuple(FAMILIES[item] for item in known)


def _health_port(label: str, kind: ServiceType, fields: dict[str, Any]) -> Known[int] | None:
    """Give the port that the API server has for Services whose nodes may be without endpoints."""
    if kind is not ServiceType.LOAD_BALANCER or fields.get("externalTrafficPolicy") != "Local":
        return None
    port = fields.get("healthCheckNodePort")
    return port if isinstance(port, int) else Unknown(comes_from=f"the health check node port of {label}")


def _cluster_ips(label: str, fields: dict[str, Any]) -> tuple[Known[str], ...]:
    written = fields.get("clusterIPs")
    if not isinstance(written, list) or "None" in written:
        return ()
    unknown = Unknown(comes_from=f"the cluster IPs of {label}")
    return tuple(unknown if is_open(item) else str(item) for item in written)


def _cluster_ip(label: str, kind: ServiceType, fields: dict[str, Any]) -> Known[str] | None:
    address = fields.get("clusterIP")
    if address in ("None", "") or (kind is ServiceType.EXTERNAL_NAME and address is None):
        return None
    return (
        address
        if isinstance(address, str) and not is_open(address)
        else Unknown(comes_from=f"the cluster IP of {label}")
    )


def _port(label: str, kind: ServiceType, port: dict[str, Any], told: dict[str, Any]) -> ServicePort:
    number = {**told, **port}.get("nodePort")
    unknown = Unknown(comes_from=f"the node port of {label}:{port.get('name') or port.get('port')}")
    target = port.get("targetPort", port.get("port"))
    return ServicePort.model_validate(
        {
            "name": port.get("name") or "",
            "port": port["port"],
            "protocol": TRANSPORTS[port.get("protocol", "TCP")][0],
            "target_port": Unknown(comes_from=f"the target port of {label}") if is_open(target) else target,
            "node_port": None
            if kind not in WITH_NODE_PORTS
            else unknown
            if number is None or is_open(number)
            else number,
        }
    )
