"""A Service's spec, field by field: Kubernetes' names are ours where both have one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kubewire.manifests.draft import Draft, texts
from kubewire.manifests.exported import is_exported, without_choices
from kubewire.network.sources import ANYWHERE, WORLD, WORLD6
from kubewire.services.refused import REFUSED

NAMES = ("name", "namespace")
KEPT = (
    "ipFamilies",
    "ipFamilyPolicy",
    "internalTrafficPolicy",
    "externalTrafficPolicy",
    "trafficDistribution",
    "publishNotReadyAddresses",
    "allocateLoadBalancerNodePorts",
    "healthCheckNodePort",
    "externalName",
)
"""Fields that are the same here and there."""
OF_A_NAME = ("externalName",)
EXTERNAL_NAME = "ExternalName"
LOAD_BALANCER = "LoadBalancer"


def read_spec(found: Draft, *, keep_addresses: bool) -> None:
    """Read the metadata and the spec of a Service, but not its annotations.

    Args:
        found: the Service.
        keep_addresses: whether addresses and node ports that a cluster chose for it stay.
    """
    for key in NAMES:
        if found.metadata.get(key):
            found.wire[key] = found.metadata[key]
    if labels := texts(found.metadata.get("labels")):
        found.wire["labels"] = labels
    value = found.document.value
    spec = without_choices(value, keep_addresses=keep_addresses) if is_exported(value) else found.spec
    kind = spec.get("type") or "ClusterIP"
    found.wire["type"] = kind
    found.wire |= {key: spec[key] for key in KEPT if _says(spec.get(key))}
    _refused(found, spec)
    if kind == EXTERNAL_NAME:
        _of_a_name(found, spec)
        return
    found.wire["selector"] = texts(spec.get("selector")) or "none"
    # A list's place is its index, so nothing may be left out of it.
    found.wire["ports"] = [_port(port) for port in spec.get("ports") or []]
    _address(found, spec)
    _affinity(found, spec)
    _controller(found, spec, kind)


def _says(value: Any) -> bool:
    """Whether a field is written: to Kubernetes, an empty one is none, and `false` and 0 are values."""
    return value is not None and value not in ("", [], {})


def _port(port: Mapping[str, Any]) -> dict[str, Any]:
    # The server writes 0 where it has chosen none yet.
    return {key: value for key, value in port.items() if value not in (None, "", 0)}


def _address(found: Draft, spec: Mapping[str, Any]) -> None:
    several = [item for item in spec.get("clusterIPs") or [] if item]
    if len(several) > 1:
        found.say("clusterIP", several, ("spec", "clusterIPs"))
    elif spec.get("clusterIP") or several:
        found.wire["clusterIP"] = spec.get("clusterIP") or several[0]
    if several and spec.get("clusterIP") not in (None, "", several[0]):
        found.refuse(
            ("spec", "clusterIPs"), f"{several[0]} is not {spec['clusterIP']}", "The first one is `clusterIP`."
        )


def _affinity(found: Draft, spec: Mapping[str, Any]) -> None:
    kind = spec.get("sessionAffinity") or "None"
    config = (spec.get("sessionAffinityConfig") or {}).get("clientIP") or {}
    if kind == "ClientIP":
        seconds = {} if config.get("timeoutSeconds") is None else {"timeoutSeconds": config["timeoutSeconds"]}
        found.wire["sessionAffinity"] = {"kind": kind, **seconds}
    elif kind != "None":
        found.refuse(("spec", "sessionAffinity"), f"{kind!r} is no affinity", "Write `ClientIP` or `None`.")
    elif config:
        found.refuse(
            ("spec", "sessionAffinityConfig"), "there is no affinity", "Write `sessionAffinity: ClientIP` too."
        )


def _controller(found: Draft, spec: Mapping[str, Any], kind: str) -> None:
    if spec.get("loadBalancerClass"):
        if kind == LOAD_BALANCER:
            found.wire["loadBalancerClass"] = spec["loadBalancerClass"]
        else:
            found.refuse(("spec", "loadBalancerClass"), f"a {kind} Service has none", "Leave it out.")
    if ranges := spec.get("loadBalancerSourceRanges"):
        if kind == LOAD_BALANCER:
            found.say("sources", written_sources(ranges), ("spec", "loadBalancerSourceRanges"))
        else:
            found.refuse(("spec", "loadBalancerSourceRanges"), f"a {kind} Service has none", "Leave them out.")


def written_sources(ranges: Iterable[str]) -> list[str]:
    """Give ranges as sources. Everybody, written out as a range, is `anywhere`: that is written down, too.

    Everybody's IPv6 alone stays a range, which is refused: `anywhere` would let in everybody's IPv4, too.
    """
    plain = [text.strip() for text in ranges]
    everybody = str(WORLD) in plain
    written = [str(ANYWHERE.value) if everybody and text in (str(WORLD), str(WORLD6)) else text for text in plain]
    return list(dict.fromkeys(written))


def _refused(found: Draft, spec: Mapping[str, Any]) -> None:
    for field in REFUSED:
        name = field.names[0]
        if name in ("loadBalancerSourceRanges", "clusterIPs", "sessionAffinityConfig"):
            # What they say, other fields here say.
            continue
        if _says(spec.get(name)):
            found.refuse(("spec", name), field.reason, field.instead)


def _of_a_name(found: Draft, spec: Mapping[str, Any]) -> None:
    for key in ("ports", "selector"):
        if _says(spec.get(key)):
            found.warn(("spec", key), "an ExternalName Service is a name and nothing else; left out")
    if spec.get("clusterIP") not in (None, ""):
        found.refuse(("spec", "clusterIP"), "an ExternalName Service has no address", "Leave it out.")
