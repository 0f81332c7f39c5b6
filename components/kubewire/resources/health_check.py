"""How a target group finds out which of its targets answer.

The numbers and which fields go together:
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import Field, field_validator, model_validator

from kubewire.deferred import Later
from kubewire.errors import InvalidInputError
from kubewire.model import Model, PortNumber
from kubewire.resources.elb import read_as

TRAFFIC_PORT = "traffic-port"
LONGEST_PATH = 1024
HEALTHY = "200-399"
MATCHER = r"^[2-5][0-9]{2}([,-][2-5][0-9]{2})*$"
"""https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Matcher.html: 200 to 599."""


class HealthProtocol(StrEnum):
    """How a target is asked."""

    TCP = "TCP"
    HTTP = "HTTP"
    HTTPS = "HTTPS"


class HealthCheck(Model):
    """A health check."""

    protocol: HealthProtocol = HealthProtocol.TCP
    """How a target is asked; for a UDP port, one that answers by TCP has to be named in `port`."""
    port: Later[PortNumber | None] = None
    """The port that is asked. Default: the one that the target's traffic goes to."""
    path: str | None = Field(default=None, pattern=r"^/", max_length=LONGEST_PATH)
    """What HTTP and HTTPS ask for, `/healthz`; needed there, and only there."""
    matcher: Annotated[str, Field(pattern=MATCHER)] | None = None
    """The status codes of healthy answers to HTTP and HTTPS, only there: `200`, `200,204` or `200-299`. Default: 200
    to 399."""
    interval_seconds: int = Field(default=10, ge=5, le=300)
    """Seconds from one check of a target to the next."""
    timeout_seconds: int = Field(default=6, ge=2, le=120)
    """Seconds until no answer counts as a failure; at most the interval."""
    healthy_threshold: int = Field(default=3, ge=2, le=10)
    """Successes in a row that make a target healthy."""
    unhealthy_threshold: int = Field(default=3, ge=2, le=10)
    """Failures in a row that make it unhealthy."""

    @field_validator("matcher", mode="after")
    @classmethod
    def _is_one_of_two_forms(cls, matcher: str | None) -> str | None:
        return None if matcher == HEALTHY else matcher

    @model_validator(mode="after")
    def _check(self) -> Self:
        asks_path = self.protocol is not HealthProtocol.TCP
        if asks_path and self.path is None:
            raise InvalidInputError(f"required with {self.protocol}", detail="Write `/` for the root.", path="path")
        for path, value in (("path", self.path), ("matcher", self.matcher)):
            if not asks_path and value is not None:
                raise InvalidInputError("only for HTTP and HTTPS", detail="Leave it out with TCP.", path=path)
        if self.timeout_seconds > self.interval_seconds:
            detail = f"The interval is {self.interval_seconds} seconds."
            raise InvalidInputError("longer than the interval", detail=detail, path="timeoutSeconds")
        return self

    def to_elb(self) -> dict[str, Any]:
        """Write it as the parameters of CreateTargetGroup and ModifyTargetGroup."""
        path = {"HealthCheckPath": self.path} if self.path else {}
        matcher = {"Matcher": {"HttpCode": self.matcher or HEALTHY}} if self.path else {}
        return {
            "HealthCheckProtocol": self.protocol.value,
            "HealthCheckPort": str(self.port or TRAFFIC_PORT),
            "HealthCheckIntervalSeconds": self.interval_seconds,
            "HealthCheckTimeoutSeconds": self.timeout_seconds,
            "HealthyThresholdCount": self.healthy_threshold,
            "UnhealthyThresholdCount": self.unhealthy_threshold,
            **path,
            **matcher,
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
            matcher=None if protocol is HealthProtocol.TCP else _matcher(group),
            interval_seconds=group["HealthCheckIntervalSeconds"],
            timeout_seconds=group["HealthCheckTimeoutSeconds"],
            healthy_threshold=group["HealthyThresholdCount"],
            unhealthy_threshold=group["UnhealthyThresholdCount"],
        )


def _matcher(group: Mapping[str, Any]) -> str | None:
    codes = group.get("Matcher", {}).get("HttpCode", HEALTHY)
    return None if codes == HEALTHY else codes
