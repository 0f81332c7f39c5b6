"""What a row of the table is: a Service as it's described here, and as the API server is given it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

Wire = dict[str, Any]
SELECTOR: Wire = {"app": "web"}
LOCAL = "Local"
HEADLESS = "None"
TCP: Wire = {"port": 80, "nodePort": 30080}
UDP: Wire = {"port": 80, "nodePort": 30080, "protocol": "UDP"}
CLIENT_IP = "ClientIP"
SOURCES = ["10.8.0.0/16"]
"""What node ports and load balancers ask for here. Kubernetes knows of ranges alone, and of a LoadBalancer's."""


@dataclass(frozen=True)
class Row:
    """A Service, and why we may see it otherwise than the API server.

    Attributes:
        ours: its description.
        spec: the same as a spec of Kubernetes'.
        metadata: the rest of the object, but for the namespace.
        stricter: why it's refused here though the API server takes it; empty where both must agree.
    """

    ours: Wire
    spec: Wire
    metadata: Wire = field(default_factory=lambda: {"name": "web"})
    stricter: str = ""


def _described(fields: Wire) -> Wire:
    """Our form of fields of a spec: the same, but for what is one field here and two there."""
    ours = dict(fields)
    affinity = ours.pop("sessionAffinityConfig", None)
    if affinity is not None:
        ours["sessionAffinity"] = {"kind": ours["sessionAffinity"], **affinity["clientIP"]}
    if "clusterIPs" in ours:
        ours["clusterIP"] = ours.pop("clusterIPs")
    return ours


def _row(kind: str, own: Wire, fields: Wire, stricter: str) -> Row:
    """A row from what both forms share; a field that is None is left out."""
    spec = {key: value for key, value in {"type": kind, **fields}.items() if value is not None}
    ours = {"name": "web", **own, **_described(spec)}
    return Row(ours={key: value for key, value in ours.items() if value is not None}, spec=spec, stricter=stricter)


def ported(*ports: Wire) -> list[Wire]:
    """Ports; named, where there are several."""
    if len(ports) == 1:
        return list(ports)
    return [{"name": f"p{number}", **port} for number, port in enumerate(ports)]


def cluster_ip(*ports: Wire, stricter: str = "", **fields: Any) -> Row:
    """A ClusterIP Service, on port 80 if nothing else is said."""
    shared = {"selector": SELECTOR, "ports": ported(*ports or ({"port": 80},)), **fields}
    return _row("ClusterIP", {}, shared, stricter)


def node_port(*ports: Wire, stricter: str = "", **fields: Any) -> Row:
    """A NodePort Service."""
    shared = {"selector": SELECTOR, "ports": ported(*ports or ({"port": 80},)), **fields}
    return _row("NodePort", {"sources": SOURCES}, shared, stricter)


def balanced(*ports: Wire, stricter: str = "", **fields: Any) -> Row:
    """A LoadBalancer Service."""
    shared = {"selector": SELECTOR, "ports": ported(*ports or ({"port": 80},)), **fields}
    return _row("LoadBalancer", {"sources": SOURCES, "scheme": "internal"}, shared, stricter)


def named(name: str | None, *, stricter: str = "", **fields: Any) -> Row:
    """An ExternalName Service."""
    return _row("ExternalName", {}, {"externalName": name, **fields}, stricter)


def about(stricter: str = "", **metadata: Any) -> Row:
    """A ClusterIP Service with a name, labels, or annotations."""
    plain = cluster_ip(stricter=stricter)
    whole = {"name": "web", **metadata}
    return Row(ours={**plain.ours, **whole}, spec=plain.spec, metadata=whole, stricter=stricter)


def selecting(selector: Wire, stricter: str = "") -> Row:
    """A ClusterIP Service with another selector."""
    return cluster_ip(selector=selector, stricter=stricter)


def affinity(seconds: int) -> Wire:
    """The fields of a Service whose clients stay with an endpoint."""
    return {"sessionAffinity": CLIENT_IP, "sessionAffinityConfig": {"clientIP": {"timeoutSeconds": seconds}}}


def selectorless(row: Row) -> Row:
    """The same without a selector, which is written out here."""
    ours = {**row.ours, "selector": "none"}
    return replace(row, ours=ours, spec={key: value for key, value in row.spec.items() if key != "selector"})
