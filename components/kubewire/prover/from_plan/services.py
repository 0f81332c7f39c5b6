"""Kubernetes Services and the load balancers before them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from kubewire.net.kinds import IpProtocol
from kubewire.prover.facts.services import (
    HealthCheck,
    Listener,
    LoadBalancer,
    Service,
    ServicePort,
    ServiceType,
    Target,
    TargetGroup,
)
from kubewire.prover.facts.unknown import Known, Unknown
from kubewire.prover.from_plan.document import Listed
from kubewire.prover.from_plan.index import Entry, Index, Sort
from kubewire.prover.from_plan.values import Values, is_open

TRANSPORTS: dict[str, tuple[int, ...]] = {
    "TCP": (IpProtocol.TCP,),
    "TLS": (IpProtocol.TCP,),
    "UDP": (IpProtocol.UDP,),
    "SCTP": (IpProtocol.SCTP,),
    "TCP_UDP": (IpProtocol.TCP, IpProtocol.UDP),
}
BALANCED = "kubewire:services:LoadBalancerService::"
"""The component of a Service and its load balancer, as URNs have it."""
WITH_NODE_PORTS = (ServiceType.NODE_PORT, ServiceType.LOAD_BALANCER)


def service(listed: Listed) -> Service:
    """Read a Service; what the API server chose, and has told, counts as known."""
    values = Values(str(listed), listed.inputs)
    metadata, spec = values.inner("metadata"), values.inner("spec")
    chosen = Values(str(listed), listed.outputs).inner("spec")
    fields = {} if isinstance(spec, Unknown) else spec.fields
    seen = {} if isinstance(chosen, Unknown) else chosen.fields
    names = {} if isinstance(metadata, Unknown) else metadata.fields
    kind = ServiceType(fields.get("type", "ClusterIP")) if not is_open(fields.get("type")) else ServiceType.CLUSTER_IP
    label = f"{names.get('namespace', 'default')}/{names.get('name', listed.name)}"
    ports = fields.get("ports") or ()
    told = seen.get("ports") or [{}] * len(ports)
    rows = [_port(label, kind, port, other) for port, other in zip(ports, told, strict=False)]
    return Service.model_validate(
        {
            "namespace": names.get("namespace", "default"),
            "name": names.get("name", listed.name),
            "type": kind,
            "cluster_ip": _cluster_ip(label, kind, {**seen, **fields}),
            "ports": rows,
            "source_ranges": fields.get("loadBalancerSourceRanges") or (),
            "local": fields.get("externalTrafficPolicy") == "Local",
            "external_name": fields.get("externalName") if isinstance(fields.get("externalName"), str) else None,
        }
    )


def _cluster_ip(label: str, kind: ServiceType, fields: dict[str, Any]) -> Known[str] | None:
    if kind is ServiceType.EXTERNAL_NAME or fields.get("clusterIP") == "None":
        return None
    address = fields.get("clusterIP")
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


def target_groups(index: Index) -> dict[str, TargetGroup]:
    """Give the target groups."""
    return {key: _target_group(key, entry) for key, entry in index.of(Sort.TARGET_GROUP)}


def _target_group(key: str, entry: Entry) -> TargetGroup:
    values = entry.values
    parts = values.parts("targets")
    check = values.inner("healthCheck")
    asked: Known[int] | None = Unknown(comes_from=values.says("healthCheck"))
    if not isinstance(check, Unknown):
        asked = check.number("port") if check.fields.get("port") is not None else None
    rows = [] if isinstance(parts, Unknown) else parts
    return TargetGroup(
        name=key,
        protocols=TRANSPORTS.get(str(values.fields.get("protocol")), ()),
        targets=tuple(Target(name=name, port=part.number("port")) for name, part in rows),
        # HTTP and HTTPS are asked over TCP too.
        health_check=HealthCheck(protocol=IpProtocol.TCP, port=asked),
        preserves_client=values.flag("preserveClientIp", default=True) is True,
    )


def load_balancers(index: Index, listeners: Iterable[Listed], own: Iterable[Listed]) -> tuple[LoadBalancer, ...]:
    """Give the load balancers, with their listeners, and the Services that are parts of the same components."""
    labels = {listed.parent: service(listed).label for listed in own if BALANCED in listed.parent}
    ports: defaultdict[str, list[Listener]] = defaultdict(list)
    for listed in listeners:
        values = Values(str(listed), listed.inputs)
        balancer = index.key(Sort.BALANCER, values.pointer("loadBalancer"), listed)
        port = values.number("port")
        if isinstance(balancer, Unknown) or isinstance(port, Unknown):
            continue
        ports[balancer].append(
            Listener(
                name=listed.name,
                port=port,
                protocols=TRANSPORTS.get(str(values.fields.get("protocol")), ()),
                target_group=index.key(Sort.TARGET_GROUP, values.pointer("targetGroup"), listed),
            )
        )
    return tuple(
        _balancer(index, key, entry, ports[key], labels.get(entry.listed.parent))
        for key, entry in index.of(Sort.BALANCER)
    )


def _balancer(index: Index, key: str, entry: Entry, listeners: list[Listener], label: str | None) -> LoadBalancer:
    values, listed = entry.values, entry.listed
    return LoadBalancer(
        name=key,
        internet_facing=values.fields.get("scheme") != "internal",
        subnets=tuple(index.key(Sort.SUBNET, pointer, listed) for pointer in values.pointers("subnets")),
        groups=tuple(index.key(Sort.GROUP, pointer, listed) for pointer in values.pointers("securityGroups")),
        cross_zone=values.flag("crossZone", default=True) is True,
        service=label,
        listeners=tuple(listeners),
    )
