"""What a cluster has written into an object that comes from it: `kubectl get -o yaml` has that, and no file needs it.

An address, a node port or a family that the API server chose is left out, so that another cluster can choose its own;
one that somebody wrote stays. Who wrote it is told by `managedFields` (where a choice of the server's is nobody's:
https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management) or by the note that `kubectl apply`
makes. Where neither is there, nobody is known to have written it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
MARKS = ("uid", "resourceVersion", "creationTimestamp", "managedFields")
"""In the metadata of an object that a cluster has."""
ADDRESSES = ("clusterIP", "clusterIPs", "healthCheckNodePort")
HEADLESS = ("None", ["None"])
DEFAULT_POLICY = "SingleStack"
DEFAULT_FAMILY = "IPv4"


def is_exported(value: Mapping[str, Any]) -> bool:
    """Whether an object comes from a cluster."""
    metadata = value.get("metadata") or {}
    return any(metadata.get(mark) for mark in MARKS)


def without_choices(value: Mapping[str, Any], *, keep_addresses: bool) -> dict[str, Any]:
    """Give the spec of an object that comes from a cluster, without what the API server chose for it.

    Args:
        value: the object.
        keep_addresses: whether its addresses and node ports stay, whoever chose them.
    """
    spec = dict(value.get("spec") or {})
    written = _applied(value)
    owned = _owned(value)
    if (
        "ipFamilyPolicy" not in written
        and "ipFamilyPolicy" not in owned
        and spec.get("ipFamilyPolicy") == DEFAULT_POLICY
    ):
        del spec["ipFamilyPolicy"]
    families = spec.get("ipFamilies") or []
    if "ipFamilies" not in written and "ipFamilies" not in owned and families[:1] == [DEFAULT_FAMILY]:
        del spec["ipFamilies"]
    if keep_addresses:
        return spec
    for key in ADDRESSES:
        if key in spec and spec[key] not in HEADLESS and key not in written and key not in owned:
            del spec[key]
    spec["ports"] = [_port(port, written, owned) for port in spec.get("ports") or []]
    return spec


def _port(port: Any, written: Mapping[str, Any], owned: Mapping[str, Any]) -> Any:
    if not isinstance(port, Mapping) or "nodePort" not in port:
        return port
    same = {"port": port.get("port"), "protocol": port.get("protocol", "TCP")}
    in_file = any(
        item.get("nodePort") == port["nodePort"]
        for item in _items(written.get("ports"))
        if isinstance(item, Mapping) and same == {"port": item.get("port"), "protocol": item.get("protocol", "TCP")}
    )
    fields = owned.get("ports", {}).get(json.dumps(same, separators=(",", ":")), {})
    kept = in_file or "nodePort" in fields
    return port if kept else {key: value for key, value in port.items() if key != "nodePort"}


def _items(value: Any) -> list[Any]:
    """Give a list's items; what anybody may have written in its place has none."""
    return value if isinstance(value, list) else []


def _applied(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give the spec that `kubectl apply` was given last; empty if it never was, or if the note can't be read."""
    note = ((value.get("metadata") or {}).get("annotations") or {}).get(LAST_APPLIED)
    try:
        found = json.loads(note) if note else None
    except (TypeError, json.JSONDecodeError):
        return {}
    spec = found.get("spec") if isinstance(found, Mapping) else None
    return spec if isinstance(spec, Mapping) else {}


def _owned(value: Mapping[str, Any]) -> dict[str, Any]:
    """Give the fields of the spec that somebody wrote, and those of its ports by the port's key."""
    found: dict[str, Any] = {}
    ports: dict[str, dict[str, Any]] = {}
    for entry in (value.get("metadata") or {}).get("managedFields") or []:
        if entry.get("subresource"):
            continue
        fields = (entry.get("fieldsV1") or {}).get("f:spec") or {}
        for name, below in fields.items():
            found[name.removeprefix("f:")] = below
        for key, below in (fields.get("f:ports") or {}).items():
            inside = {name.removeprefix("f:"): True for name in below or {} if name.startswith("f:")}
            ports.setdefault(key.removeprefix("k:"), {}).update(inside)
    return {**found, "ports": ports}
