"""Load balancers, and the target groups that they send to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from ipaddress import ip_address

from kubewire.net.addresses import Address
from kubewire.net.kinds import IpProtocol
from kubewire.prover.facts.network import Interface
from kubewire.prover.facts.services import HealthCheck, Listener, LoadBalancer, Target, TargetGroup, TargetType
from kubewire.prover.facts.unknown import Known, Unknown
from kubewire.prover.from_plan.document import Listed
from kubewire.prover.from_plan.index import Entry, Index, Sort
from kubewire.prover.from_plan.services import SERVICE, TRANSPORTS, label_of
from kubewire.prover.from_plan.values import Values, is_open


def target_groups(index: Index, interfaces: Mapping[str, Interface]) -> dict[str, TargetGroup]:
    """Give the target groups."""
    return {key: _of_nodes(_target_group(key, entry), interfaces) for key, entry in index.of(Sort.TARGET_GROUP)}


def _of_nodes(group: TargetGroup, interfaces: Mapping[str, Interface]) -> TargetGroup:
    """Take for nodes what is called as an interface and has its address: a slot, whichever machine attaches it."""

    def is_node(target: Target) -> bool:
        interface = interfaces.get(target.name)
        return interface is not None and target.address is not None and target.address == interface.address

    if group.targets and all(map(is_node, group.targets)):
        return group.model_copy(update={"type": TargetType.INSTANCE})
    return group


def _target_group(key: str, entry: Entry) -> TargetGroup:
    values = entry.values
    parts = values.parts("targets")
    check = values.inner("healthCheck")
    asked: Known[int] | None = Unknown(comes_from=values.says("healthCheck"))
    protocol = None
    if not isinstance(check, Unknown):
        asked = check.number("port") if check.fields.get("port") is not None else None
        protocol = check.fields.get("protocol")
    rows = [] if isinstance(parts, Unknown) else parts
    told = values.fields.get("targetType", "instance")
    kind = TargetType.INSTANCE if is_open(told) else TargetType(told)
    return TargetGroup(
        name=key,
        protocols=TRANSPORTS.get(str(values.fields.get("protocol")), ()),
        type=kind,
        port=values.number("port") if values.fields.get("port") is not None else None,
        targets=tuple(_target(kind, name, part) for name, part in rows),
        open_ends=(parts.comes_from,) if isinstance(parts, Unknown) else (),
        # HTTP and HTTPS are asked over TCP too.
        health_check=HealthCheck(protocol=IpProtocol.TCP, port=asked, http=protocol in ("HTTP", "HTTPS")),
        preserves_client=values.flag("preserveClientIp", default=True) is True,
        proxy_protocol=values.flag("proxyProtocol") is True,
    )


def _target(kind: TargetType, name: str, part: Values) -> Target:
    text = part.text("id") if kind is TargetType.IP else None
    address: Known[Address] | None = ip_address(text) if isinstance(text, str) else text
    every_zone = part.fields.get("availabilityZone") == "all"
    return Target(name=name, port=part.number("port"), address=address, every_zone=every_zone)


def load_balancers(index: Index, listeners: Iterable[Listed], resources: Iterable[Listed]) -> tuple[LoadBalancer, ...]:
    """Give the load balancers, with their listeners, each with the Service that it is there for.

    A listener is there for the Service whose component its target group is a part of; the load balancer too, unless
    Services share it.
    """
    labels = {listed.parent: label_of(listed) for listed in resources if listed.kind == SERVICE and listed.parent}
    served = {key: labels.get(entry.listed.parent) for key, entry in index.of(Sort.TARGET_GROUP)}
    ports: defaultdict[str, list[Listener]] = defaultdict(list)
    for listed in listeners:
        values = Values(str(listed), listed.inputs)
        balancer = index.key(Sort.BALANCER, values.pointer("loadBalancer"), listed)
        port, group = values.number("port"), index.key(Sort.TARGET_GROUP, values.pointer("targetGroup"), listed)
        if isinstance(balancer, Unknown) or isinstance(port, Unknown):
            continue
        ports[balancer].append(
            Listener(
                name=listed.name,
                port=port,
                protocols=TRANSPORTS.get(str(values.fields.get("protocol")), ()),
                tls=values.fields.get("protocol") == "TLS",
                target_group=group,
                service=labels.get(listed.parent) if isinstance(group, Unknown) else served.get(group),
            )
        )
    return tuple(
        _balancer(index, key, entry, ports[key], labels.get(entry.listed.parent))
        for key, entry in index.of(Sort.BALANCER)
    )


def _balancer(index: Index, key: str, entry: Entry, listeners: list[Listener], label: str | None) -> LoadBalancer:
    values, listed = entry.values, entry.listed
    name = listed.outputs.get("dnsName")
    known = isinstance(name, str) and not is_open(name)
    return LoadBalancer(
        name=key,
        internet_facing=values.fields.get("scheme") != "internal",
        subnets=tuple(index.key(Sort.SUBNET, pointer, listed) for pointer in values.pointers("subnets")),
        groups=tuple(index.key(Sort.GROUP, pointer, listed) for pointer in values.pointers("securityGroups")),
        cross_zone=values.flag("crossZone", default=True),
        dual_stack=values.fields.get("ipAddressType") == "dualstack",
        dns_name=str(name) if known else Unknown(comes_from=f"the DNS name of load balancer {key}"),
        service=label,
        listeners=tuple(listeners),
    )
