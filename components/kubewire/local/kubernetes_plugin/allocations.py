"""What a Service occupies in the whole cluster: its cluster addresses and node ports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kubewire.local.kubernetes_plugin.objects import Object, section

HEADLESS = "None"

Allocations = frozenset[str | int]
"""Addresses and port numbers; no address is a number."""


def allocations(obj: Object) -> Allocations:
    """Give the addresses and node ports that an object names. No two Services can have the same."""
    spec = section(obj, "spec")
    addresses = [spec.get("clusterIP"), *_items(spec.get("clusterIPs"))]
    ports = [port.get("nodePort") for port in _ports(spec)]
    named = [*addresses, spec.get("healthCheckNodePort"), *ports]
    return frozenset(value for value in named if isinstance(value, str | int) and value not in (HEADLESS, "", 0))


def without(obj: Object, occupied: Allocations) -> dict[str, Any]:
    """Copy an object without some addresses and node ports."""
    spec = dict(section(obj, "spec"))
    if not spec or not occupied & allocations(obj):
        return dict(obj)
    for field in ("clusterIP", "healthCheckNodePort"):
        if spec.get(field) in occupied:
            del spec[field]
    if occupied.intersection(_items(spec.get("clusterIPs"))):
        del spec["clusterIPs"]
    spec["ports"] = [
        {key: value for key, value in port.items() if key != "nodePort" or value not in occupied}
        for port in _ports(spec)
    ]
    return {**obj, "spec": spec}


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _ports(spec: Object) -> list[Mapping[str, Any]]:
    return [port for port in _items(spec.get("ports")) if isinstance(port, Mapping)]
