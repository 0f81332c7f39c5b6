"""Health checks, as far as records name them.

https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListHealthChecks.html
"""

from __future__ import annotations

from typing import Final

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.refusal import Refusal
from kubewire.local.aws.rules import after, before

PAGE: Final = "100"


@before("route53", "DeleteHealthCheck", "GetHealthCheck", "GetHealthCheckStatus", "UpdateHealthCheck")
def check_exists(call: Call) -> None:
    """Refuse a health check that isn't there, deleting it too; one that records name can be deleted.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_DeleteHealthCheck.html
    """
    identity = call.parameters["HealthCheckId"]
    if identity not in call.route53.health_checks:
        raise no_such_check(identity)


@after("route53", "ListHealthChecks")
def checks_from_the_first(call: Call, answer: Answer) -> None:
    """Say where the list begins and that it is whole: moto doesn't page it, and the model requires this."""
    position = {"Marker": call.parameters.get("Marker", ""), "MaxItems": call.parameters.get("MaxItems", PAGE)}
    answer |= {**position, "IsTruncated": False}


def no_such_check(identity: str) -> Refusal:
    """There is none with that id."""
    return Refusal("NoSuchHealthCheck", f"A health check with id {identity} does not exist.", status=404)
