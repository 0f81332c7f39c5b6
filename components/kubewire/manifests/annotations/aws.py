"""What the annotations of AWS's controllers become."""

from __future__ import annotations

from collections.abc import Sequence

from kubewire.manifests.annotations.aws_table import (
    BALANCER,
    LISTENER_ATTRIBUTES,
    TARGET_ATTRIBUTES,
)
from kubewire.manifests.annotations.balancer import read_balancer
from kubewire.manifests.annotations.controllers import (
    TARGETS,
    TYPE,
    controller_of,
    default_scheme,
    scheme_of,
)
from kubewire.manifests.annotations.health import read_health
from kubewire.manifests.annotations.tls import read_tls
from kubewire.manifests.annotations.values import Annotated
from kubewire.manifests.specs import written_sources
from kubewire.resources.network_load_balancer import Scheme

RANGES = "load-balancer-source-ranges"
LISTENERS = f"{BALANCER}listener-attributes."
GROUPS = f"{BALANCER}target-group-attributes"
PROXY = f"{BALANCER}proxy-protocol"
PROXY_PORTS = f"{BALANCER}proxy-protocol-per-target-group"
DRAINING = f"{BALANCER}connection-draining-enabled"
DRAINING_SECONDS = f"{BALANCER}connection-draining-timeout"


def read_aws(annotated: Annotated, scheme: Scheme | None, zones: Sequence[str]) -> None:
    """Read the annotations of a LoadBalancer Service that become fields of it.

    Args:
        annotated: the Service and they.
        scheme: who reaches the load balancer where it doesn't say so.
        zones: those of the network; each has one address of the load balancer.
    """
    found = annotated.found
    controller = controller_of(annotated)
    chosen = scheme_of(annotated, controller) or scheme or default_scheme(controller)
    if chosen is not None:
        found.wire["scheme"] = chosen
    if (ranges := annotated.items(RANGES)) and "sources" not in found.wire:
        # The spec's ranges go before these.
        found.say("sources", written_sources(ranges), annotated.path(RANGES))
    _targets(annotated)
    read_balancer(annotated, zones)
    _group(annotated)
    _proxy_protocol(annotated)
    read_health(annotated)
    read_tls(annotated, controller)
    for name in annotated.values:
        if name.startswith(LISTENERS):
            annotated.attributes(name, LISTENER_ATTRIBUTES)


def _targets(annotated: Annotated) -> None:
    kind = annotated.choice(TARGETS, "instance", "ip")
    by_type = annotated.text(TYPE) == "nlb-ip"
    if kind == "ip" or (kind is None and by_type):
        origin = annotated.path(TARGETS if TARGETS in annotated else TYPE)
        annotated.found.say("targets", {"kind": "pods"}, origin)


def _group(annotated: Annotated) -> None:
    found = annotated.found
    if annotated.truth(DRAINING) is False:
        found.say("deregistrationDelaySeconds", 0, annotated.path(DRAINING))
    elif (seconds := annotated.number(DRAINING_SECONDS)) is not None:
        found.say("deregistrationDelaySeconds", seconds, annotated.path(DRAINING_SECONDS))
    ports = [name for name in annotated.values if name.startswith(f"{GROUPS}.")]
    for name in ([GROUPS] if GROUPS in annotated else []) + ports:
        _group_attributes(annotated, name)
    if ports:
        _check_every_port(annotated, ports)


def _group_attributes(annotated: Annotated, name: str) -> None:
    found = annotated.found
    own = annotated.attributes(name, TARGET_ATTRIBUTES)
    for key, field, value in (
        ("deregistration_delay.timeout_seconds", "deregistrationDelaySeconds", own.number),
        ("preserve_client_ip.enabled", "preserveClientIp", own.truth),
        ("proxy_protocol_v2.enabled", "proxyProtocol", own.truth),
    ):
        if (read := value(key)) is not None:
            found.say(field, read, own.path)
    if own.truth("stickiness.enabled") and "sessionAffinity" not in found.wire:
        found.say("sessionAffinity", {"kind": "ClientIP"}, own.path)


def _check_every_port(annotated: Annotated, names: Sequence[str]) -> None:
    """Refuse what is said of some ports and not of the others: here it is the Service's to say."""
    of_all = annotated.values.get(GROUPS)
    said = {annotated.values[name] for name in names}
    every = {str(port.get("port")) for port in annotated.found.wire.get("ports", [])}
    if len(said) > 1 or ({name.removeprefix(f"{GROUPS}.") for name in names} != every and said != {of_all}):
        detail = "Make two Services of them, or say the same of every port."
        annotated.refuse(names[0], "the ports of a Service are alike", detail)


def _proxy_protocol(annotated: Annotated) -> None:
    found = annotated.found
    if annotated.choice(PROXY, "*"):
        found.say("proxyProtocol", True, annotated.path(PROXY))  # noqa: FBT003 - a value
    elif PROXY_PORTS in annotated:
        chosen = set(annotated.items(PROXY_PORTS))
        every = {str(port.get("port")) for port in found.wire.get("ports", [])}
        if chosen >= every:
            found.say("proxyProtocol", True, annotated.path(PROXY_PORTS))  # noqa: FBT003 - a value
        elif chosen & every:
            detail = "Make two Services of them: with the header, and without."
            annotated.refuse(PROXY_PORTS, "the ports of a Service are alike", detail)
