"""What is there, as the typed Service that keeps it: its manifest says what Kubernetes has, AWS says the rest.

What AWS has goes before annotations: those were wishes to a controller, and somebody may have changed it since.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from kubewire.adoption.detaching import as_it_was
from kubewire.adoption.found import FoundBalancer, FoundGroup, Object
from kubewire.errors import InvalidInputError
from kubewire.faults import faults
from kubewire.manifests.documents import Document
from kubewire.manifests.live import CLUSTER
from kubewire.manifests.objects import Sorted
from kubewire.manifests.overrides import Overrides
from kubewire.manifests.reading import read_objects
from kubewire.manifests.specs import written_sources
from kubewire.resources.health_check import HealthCheck, HealthProtocol
from kubewire.services.load_balancer.args import LOAD_BALANCER_CLASS, LoadBalancerServiceArgs

if TYPE_CHECKING:
    from types_boto3_ec2.type_defs import IpPermissionOutputTypeDef

CROSS_ZONE = "load_balancing.cross_zone.enabled"
PROTECTION = "deletion_protection.enabled"


@dataclass(frozen=True)
class Wishes:
    """What the user says of it.

    Attributes:
        sources: who may connect; empty: those whom the load balancer admits.
        without: annotations that are passed over.
        replace: whether another load balancer may take its place.
    """

    sources: Sequence[str] = ()
    without: Sequence[str] = ()
    replace: bool = False


def described(service: Object, found: FoundBalancer, wishes: Wishes) -> tuple[LoadBalancerServiceArgs, list[str]]:
    """Describe a Service and its load balancer.

    Args:
        service: the object.
        found: its load balancer.
        wishes: what the user says of it.

    Returns:
        The Service, and what isn't in its description.

    Raises:
        InvalidInputError: all that kubewire can't take over as it is.
    """
    value = as_it_was(service)
    metadata = value["metadata"]
    label = f"{metadata['namespace']}/{metadata['name']}"
    warnings: list[str] = []
    said = {
        "loadBalancerClass": LOAD_BALANCER_CLASS,
        "scheme": found.row["Scheme"],
        "loadBalancer": {"kind": "own", **_balancer(found, keep_name=not wishes.replace)},
        "ports": {str(port): {"tls": tls} for port, tls in _tls(found).items() if tls},
        **_of_targets(value["spec"], found, warnings),
    }
    if sources := wishes.sources or _sources(value["spec"], found, label):
        said["sources"] = sources
    whole = {"without": list(wishes.without), "services": {label: said}}
    try:
        overrides = Overrides.model_validate(whole)
    except ValidationError as error:
        raise InvalidInputError.joined(faults(error, whole), f"what AWS has for {label}, or the options") from None
    read = read_objects(Sorted(services=[Document(CLUSTER, 1, value)]), overrides, CLUSTER, adopt=True)
    (args,) = read.services
    if not isinstance(args, LoadBalancerServiceArgs):
        msg = f"{label} became {type(args).__name__}"
        raise TypeError(msg)
    return args, [*read.warnings, *warnings]


def _balancer(found: FoundBalancer, *, keep_name: bool) -> dict[str, Any]:
    return {
        **({"name": found.name} if keep_name else {}),
        "crossZone": found.settings.get(CROSS_ZONE) == "true",
        "deletionProtection": found.settings.get(PROTECTION) == "true",
        "ipAddressType": found.row.get("IpAddressType", "ipv4"),
        "addresses": _addresses(found),
    }


def _addresses(found: FoundBalancer) -> dict[str, Any]:
    elastic, private = {}, {}
    for zone in found.row["AvailabilityZones"]:
        for address in zone.get("LoadBalancerAddresses", []):
            if "AllocationId" in address:
                elastic[zone["ZoneName"]] = address["AllocationId"]
            elif "PrivateIPv4Address" in address:
                private[zone["ZoneName"]] = address["PrivateIPv4Address"]
    if elastic:
        return {"kind": "elastic", "allocationIds": elastic}
    return {"kind": "private", "addresses": private} if private else {"kind": "chosen"}


def _tls(found: FoundBalancer) -> dict[int, dict[str, Any]]:
    said = {}
    for port, listener in found.listeners.items():
        if listener.get("Protocol") != "TLS":
            continue
        group = found.group_of(port)
        alpn = [one for one in listener.get("AlpnPolicy", []) if one != "None"]
        said[port] = {
            "certificate": listener["Certificates"][0]["CertificateArn"],
            "policy": listener["SslPolicy"],
            "backend": "tls" if group and group.row["Protocol"] == "TLS" else "tcp",
            **({"alpn": alpn[0]} if alpn else {}),
        }
    return said


def _of_targets(spec: Mapping[str, Any], found: FoundBalancer, warnings: list[str]) -> dict[str, Any]:
    """Give what the target groups of a Service have in common; a Service says it once for all of them."""
    ports = [port["port"] for port in spec.get("ports") or []]
    said = {port: _settings(spec, group) for port in dict.fromkeys(ports) if (group := found.group_of(port))}
    if not said:
        return {}
    (first, chosen), *others = said.items()
    for port, other in others:
        odd = sorted(key for key in chosen.keys() | other.keys() if chosen.get(key) != other.get(key))
        if odd:
            warnings.append(f"{', '.join(odd)}: port {port} gets what port {first} has, a Service says it once")
    return chosen


def _settings(spec: Mapping[str, Any], group: FoundGroup) -> dict[str, Any]:
    protocol, settings = group.row["Protocol"], group.settings
    has_udp = "UDP" in protocol
    to_nodes = group.row.get("TargetType") == "instance"
    said: dict[str, Any] = {
        "targets": {"kind": "nodes" if to_nodes else "pods"},
        "proxyProtocol": settings.get("proxy_protocol_v2.enabled") == "true",
        "deregistrationDelaySeconds": int(settings.get("deregistration_delay.timeout_seconds", "300")),
    }
    if not has_udp:
        said["preserveClientIp"] = settings.get("preserve_client_ip.enabled") == "true"
    asked = HealthCheck.from_elb(group.row)
    times = {
        "intervalSeconds": asked.interval_seconds,
        # The default of one that AWS had no word for is AWS's own, which can be more than ours takes.
        "timeoutSeconds": min(asked.timeout_seconds, asked.interval_seconds),
        "healthyThreshold": asked.healthy_threshold,
        "unhealthyThreshold": asked.unhealthy_threshold,
    }
    told_by_node = to_nodes and (has_udp or spec.get("externalTrafficPolicy") == "Local")
    if told_by_node or asked.protocol is HealthProtocol.TCP:
        port = {} if told_by_node or asked.port is None else {"port": asked.port}
        said["healthCheck"] = {"protocol": "TCP", **port, **times}
    else:
        http = {"path": asked.path, "matcher": asked.matcher, "port": asked.port}
        known = {key: value for key, value in http.items() if value is not None}
        said["healthCheck"] = {"protocol": asked.protocol.value, **known, **times}
    return said


def _sources(spec: Mapping[str, Any], found: FoundBalancer, label: str) -> list[str]:
    """Give who the load balancer admits at each of a Service's ports; nobody, where it has no security groups.

    Raises:
        InvalidInputError: not the same everywhere, or somebody who isn't a range.
    """
    if not found.guards:
        return []
    by_port = {}
    for port in spec.get("ports") or []:
        protocol = port.get("protocol", "TCP").lower()
        by_port[f"{protocol} {port['port']}"] = frozenset(_admitted(found, protocol, port["port"], label))
    sources = next(iter(by_port.values()))
    if len({*by_port.values()}) > 1:
        told = "; ".join(f"{port}: {', '.join(sorted(some)) or 'nobody'}" for port, some in by_port.items())
        detail = f"A Service has the same sources at all of its ports. Name them with --sources. There are {told}."
        raise InvalidInputError("its load balancer admits others at other ports", detail=detail, path=label)
    if not sources:
        detail = "Name who may connect with --sources."
        raise InvalidInputError("its load balancer admits nobody", detail=detail, path=label)
    return written_sources(sorted(sources, key=lambda text: (ip_network(text).version, text)))


def _admitted(found: FoundBalancer, protocol: str, port: int, label: str) -> Iterator[str]:
    for group in found.guards:
        for rule in group.get("IpPermissions", []):
            if not _is_about(rule, protocol, port):
                continue
            yield from (one["CidrIp"] for one in rule.get("IpRanges", []))
            yield from (one["CidrIpv6"] for one in rule.get("Ipv6Ranges", []))
            lists = [one["PrefixListId"] for one in rule.get("PrefixListIds", [])]
            groups = [one["GroupId"] for one in rule.get("UserIdGroupPairs", [])]
            if lists or groups:
                detail = "Name the ranges with --sources, and write lists and groups into the Service that is printed."
                message = f"{', '.join((*lists, *groups))} may connect to its load balancer"
                raise InvalidInputError(message, detail=detail, path=label)


def _is_about(rule: IpPermissionOutputTypeDef, protocol: str, port: int) -> bool:
    if rule["IpProtocol"] == "-1":
        return True
    return rule["IpProtocol"] == protocol and rule.get("FromPort", 0) <= port <= rule.get("ToPort", 65535)
