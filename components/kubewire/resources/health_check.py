"""How a target group finds out which of its targets answer.

The numbers and which fields go together:
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Self

from pydantic import Field, model_validator

from kubewire.deferred import Later
from kubewire.errors import InvalidInputError
from kubewire.model import Model, PortNumber
from kubewire.resources.elb import read_as

TRAFFIC_PORT = "traffic-port"
LONGEST_PATH = 1024


class HealthProtocol(StrEnum):
    """How a target is asked."""

    TCP = "TCP"
    HTTP = "HTTP"
    HTTPS = "HTTPS"


class HealthCheck(Model):
    """A health check. With HTTP and HTTPS, answers of 200 to 399 are healthy."""

    protocol: HealthProtocol = HealthProtocol.TCP
    """How a target is asked; for a UDP port, one that answers by TCP has to be named in `port`."""
    port: Later[PortNumber | None] = None
    """The port that is asked. Default: the one that the target's traffic goes to."""
    path: str | None = Field(default=None, pattern=r"^/", max_length=LONGEST_PATH)
    """What HTTP and HTTPS ask for, `/healthz`; needed there, and only there."""
    interval_seconds: int = Field(default=10, ge=5, le=300)
    """Seconds from one check of a target to the next."""
    timeout_seconds: int = Field(default=6, ge=2, le=120)
    """Seconds until no answer counts as a failure; at most the interval."""
    healthy_threshold: int = Field(default=3, ge=2, le=10)
    """Successes in a row that make a target healthy."""
    unhealthy_threshold: int = Field(default=3, ge=2, le=10)
    """Failures in a row that make it unhealthy."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        asks_path = self.protocol is not HealthProtocol.TCP
        if asks_path and self.path is None:
            raise InvalidInputError(f"required with {self.protocol}", detail="Write `/` for the root.", path="path")
        if not asks_path and self.path is not None:
            raise InvalidInputError("only for HTTP and HTTPS", detail="Leave it out with TCP.", path="path")
        if self.timeout_seconds > self.interval_seconds:
            detail = f"The interval is {self.interval_seconds} seconds."
            raise InvalidInputError("longer than the interval", detail=detail, path="timeoutSeconds")
        return self

    def to_elb(self) -> dict[str, Any]:
        """Write it as the parameters of CreateTargetGroup and ModifyTargetGroup."""
        path = {"HealthCheckPath": self.path} if self.path else {}
        return {
            "HealthCheckProtocol": self.protocol.value,
            "HealthCheckPort": str(self.port or TRAFFIC_PORT),
            "HealthCheckIntervalSeconds": self.interval_seconds,
            "HealthCheckTimeoutSeconds": self.timeout_seconds,
            "HealthyThresholdCount": self.healthy_threshold,
            "UnhealthyThresholdCount": self.unhealthy_threshold,
            **path,
        }

    @classmethod
    def from_elb(cls, group: Mapping[str, Any]) -> HealthCheck:
        """Read it from a target group as AWS describes it. Not validated: others may have set what we wouldn't."""
        protocol = read_as(HealthProtocol, group["HealthCheckProtocol"], group["TargetGroupArn"])
        port = group["HealthCheckPort"]
        return cls.model_construct(
            protocol=protocol,
            port=None if port == TRAFFIC_PORT else int(port),
            path=None if protocol is HealthProtocol.TCP else group.get("HealthCheckPath", "/"),
            interval_seconds=group["HealthCheckIntervalSeconds"],
            timeout_seconds=group["HealthCheckTimeoutSeconds"],
            healthy_threshold=group["HealthyThresholdCount"],
            unhealthy_threshold=group["UnhealthyThresholdCount"],
        )
