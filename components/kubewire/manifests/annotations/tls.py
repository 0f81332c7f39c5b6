"""TLS listeners out of annotations."""

from __future__ import annotations

from typing import Any

from kubewire.manifests.annotations.aws_table import BALANCER
from kubewire.manifests.annotations.controllers import Controller
from kubewire.manifests.annotations.values import Annotated

CERTIFICATE = f"{BALANCER}ssl-cert"
PORTS = f"{BALANCER}ssl-ports"
POLICY = f"{BALANCER}ssl-negotiation-policy"
BACKEND = f"{BALANCER}backend-protocol"
ALPN = f"{BALANCER}alpn-policy"
EVERY = "*"
NO_ALPN = "None"


def read_tls(annotated: Annotated, controller: Controller) -> None:
    """Read which ports are TLS, and how."""
    certificates = annotated.items(CERTIFICATE)
    if not certificates:
        # The controllers look at the others then no more than this does.
        for name in (PORTS, POLICY, BACKEND, ALPN):
            if name in annotated and annotated.text(name) not in (None, "tcp"):
                annotated.found.warn(annotated.path(name), f"it means nothing without {CERTIFICATE}; left out")
        return
    if len(certificates) > 1:
        detail = "Name the first one alone, and have the others' names in it."
        annotated.refuse(CERTIFICATE, "a listener has one certificate", detail)
    tls = _tls(annotated, certificates[0])
    for index in _chosen(annotated, controller):
        port = annotated.found.wire["ports"][index]
        if port.get("protocol", "TCP") == "TCP":
            port["tls"] = tls


def _tls(annotated: Annotated, certificate: str) -> dict[str, Any]:
    backend = annotated.text(BACKEND)
    if backend in ("http", "https"):
        detail = "Write `tcp`, or `ssl` where pods speak TLS themselves."
        annotated.refuse(BACKEND, "a network load balancer reads no HTTP", detail)
    elif backend not in (None, "ssl", "tcp"):
        annotated.choice(BACKEND, "ssl", "tcp")
    return {
        "certificate": certificate,
        **({"policy": policy} if (policy := annotated.text(POLICY)) else {}),
        **({"alpn": alpn} if (alpn := annotated.text(ALPN)) not in (None, NO_ALPN) else {}),
        **({"backend": "tls"} if backend == "ssl" else {}),
    }


def _chosen(annotated: Annotated, controller: Controller) -> list[int]:
    """Give which of the ports are TLS: without a word all of them."""
    ports = annotated.found.wire.get("ports", [])
    every = list(range(len(ports)))
    if PORTS not in annotated:
        return every
    names = annotated.items(PORTS)
    if names == [EVERY]:
        if controller is not Controller.CLOUD_PROVIDER:
            detail = "To cloud-provider-aws that is every port, to the AWS Load Balancer Controller none. List them."
            annotated.refuse(PORTS, "it isn't clear which ports are meant", detail)
        return every
    known = {str(port.get(key)): index for index, port in enumerate(ports) for key in ("port", "name")}
    for name in names:
        if name not in known:
            annotated.refuse(PORTS, f"the Service has no port {name}", "Write numbers or names of its ports.")
    return [known[name] for name in names if name in known]
