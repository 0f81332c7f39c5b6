"""How a load balancer finds out which targets of a Service answer."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from kubewire.deferred import Later
from kubewire.errors import InvalidInputError
from kubewire.model import Described, PortNumber
from kubewire.resources.health_check import LONGEST_PATH, MATCHER, HealthCheck, HealthProtocol
from kubewire.services.load_balancer.listened import Listened
from kubewire.unions import OneOf

HEALTH_PATH = "/healthz"
"""What kube-proxy answers, at its own port and at a Service's `healthCheckNodePort`."""


class _HealthCheck(Described):
    port: PortNumber | None = None
    """The TCP port of targets that is asked. Default: the one that they are sent to; and where that can't tell, with
    UDP or `externalTrafficPolicy: Local`, the node's own."""
    interval_seconds: int = Field(default=10, ge=5, le=300)
    """Seconds from one check of a target to the next."""
    timeout_seconds: int = Field(default=6, ge=2, le=120)
    """Seconds until no answer counts as a failure; at most the interval."""
    healthy_threshold: int = Field(default=3, ge=2, le=10)
    """Successes in a row that make a target healthy."""
    unhealthy_threshold: int = Field(default=3, ge=2, le=10)
    """Failures in a row that make it unhealthy."""

    @model_validator(mode="after")
    def _is_over_in_time(self) -> _HealthCheck:
        if self.timeout_seconds > self.interval_seconds:
            detail = f"The interval is {self.interval_seconds} seconds."
            raise InvalidInputError("longer than the interval", detail=detail, path="timeoutSeconds")
        return self


class TcpHealthCheck(_HealthCheck):
    """Who takes a connection is healthy."""

    protocol: Literal["TCP"] = "TCP"


class HttpHealthCheck(_HealthCheck):
    """Who answers a request well is healthy."""

    protocol: Literal["HTTP"] = "HTTP"
    path: str = Field(default="/", pattern=r"^/", max_length=LONGEST_PATH)
    """What is asked for."""
    matcher: Annotated[str, Field(pattern=MATCHER)] | None = None
    """The status codes of good answers: `200`, `200,204` or `200-299`. Default: 200 to 399."""


class HttpsHealthCheck(_HealthCheck):
    """The same by HTTPS; the certificate isn't verified."""

    protocol: Literal["HTTPS"] = "HTTPS"
    path: str = Field(default="/", pattern=r"^/", max_length=LONGEST_PATH)
    """What is asked for."""
    matcher: Annotated[str, Field(pattern=MATCHER)] | None = None
    """The status codes of good answers: `200`, `200,204` or `200-299`. Default: 200 to 399."""


HealthCheckDescription = Annotated[TcpHealthCheck | HttpHealthCheck | HttpsHealthCheck, OneOf("protocol")]
"""How targets are asked, by the protocol.
https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html"""


def asked_of(given: HealthCheckDescription | None, proxy: Later[PortNumber] | None) -> HealthCheck:
    """Give the health check of a listener's targets.

    Args:
        given: what the Service says.
        proxy: the port of the node's proxy, where that alone can tell.
    """
    if given is None:
        return HealthCheck() if proxy is None else _of_proxy(proxy)
    times = {
        "interval_seconds": given.interval_seconds,
        "timeout_seconds": given.timeout_seconds,
        "healthy_threshold": given.healthy_threshold,
        "unhealthy_threshold": given.unhealthy_threshold,
    }
    if proxy is not None:
        return _of_proxy(proxy).model_copy(update=times)
    http = {} if isinstance(given, TcpHealthCheck) else {"path": given.path, "matcher": given.matcher}
    return HealthCheck.model_validate({"protocol": given.protocol, "port": given.port, **times, **http})


def _of_proxy(port: Later[PortNumber]) -> HealthCheck:
    return HealthCheck(protocol=HealthProtocol.HTTP, port=port, path=HEALTH_PATH)


def check_health(given: HealthCheckDescription | None, ports: list[Listened], *, is_local: bool, of_pods: bool) -> None:
    """Refuse checks that say nothing. Raises InvalidInputError, with the path in the Service.

    Args:
        given: what the Service says.
        ports: its listeners.
        is_local: whether nodes have `externalTrafficPolicy: Local`, and say themselves whether they may be sent to.
        of_pods: whether pods are targets, and not nodes.
    """
    mute = any(port.is_udp for port in ports)
    if given is None or (given.port is None and of_pods):
        if of_pods and mute:
            detail = "A load balancer can't see whether UDP is answered. Name a TCP port of the pods that is."
            raise InvalidInputError("required for pods with UDP", detail=detail, path="healthCheck.port")
        return
    special = given.port is not None or not isinstance(given, TcpHealthCheck)
    if is_local and not of_pods and special:
        detail = (
            "With `externalTrafficPolicy: Local` a node's `healthCheckNodePort` says whether it has endpoints: another "
            "check would send to nodes without. Leave out all but the times, with protocol TCP."
        )
        raise InvalidInputError("nodes say it themselves", detail=detail, path="healthCheck")
    if mute and given.port is None and special:
        detail = "Nothing answers it on a UDP port. Name a TCP port in `healthCheck.port`, or check TCP."
        raise InvalidInputError(f"{given.protocol} of UDP", detail=detail, path="healthCheck.protocol")
