"""Health checks out of annotations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kubewire.manifests.annotations.aws_table import BALANCER
from kubewire.manifests.annotations.values import Annotated

FIELD = "healthCheck"
HEALTH = f"{BALANCER}healthcheck-"
PROTOCOL = f"{HEALTH}protocol"
PORT = f"{HEALTH}port"
PATH = f"{HEALTH}path"
CODES = f"{HEALTH}success-codes"
NUMBERS = {
    f"{HEALTH}healthy-threshold": "healthyThreshold",
    f"{HEALTH}unhealthy-threshold": "unhealthyThreshold",
    f"{HEALTH}interval": "intervalSeconds",
    f"{HEALTH}timeout": "timeoutSeconds",
}
TCP, HTTP = "TCP", ("HTTP", "HTTPS")
TRAFFIC_PORT = "traffic-port"


def read_health(annotated: Annotated) -> None:
    """Read how targets are checked."""
    written = [name for name in (PROTOCOL, PORT, PATH, CODES, *NUMBERS) if annotated.text(name) is not None]
    if not written:
        return
    protocol = annotated.choice(PROTOCOL, *(form for name in (TCP, *HTTP) for form in (name.lower(), name)))
    check: dict[str, Any] = {"protocol": (protocol or TCP).upper()}
    check |= {field: number for name, field in NUMBERS.items() if (number := annotated.number(name)) is not None}
    if (port := _port(annotated)) is not None:
        check["port"] = port
    for name, field in ((PATH, "path"), (CODES, "matcher")):
        if annotated.text(name) is None:
            continue
        if check["protocol"] in HTTP:
            check[field] = annotated.text(name)
        else:
            annotated.found.warn(annotated.path(name), "a check by TCP asks for a connection alone; left out")
    annotated.found.say(FIELD, check, annotated.path(written[0]))


def _port(annotated: Annotated) -> int | None:
    text = annotated.text(PORT)
    if text in (None, TRAFFIC_PORT):
        return None
    if str(text).isdecimal():
        return annotated.number(PORT)
    port: Mapping[str, Any] = next(
        (port for port in annotated.found.wire.get("ports", []) if port.get("name") == text), {}
    )
    to_pods = annotated.found.wire.get("targets") == {"kind": "pods"}
    # A port's name stands for what targets listen on.
    number = port.get("targetPort", port.get("port")) if to_pods else port.get("nodePort")
    if not isinstance(number, int):
        what = "targetPort" if to_pods else "nodePort"
        annotated.refuse(PORT, f"{text!r} is no port whose `{what}` is written", "Write that, or the number here.")
        return None
    return number
