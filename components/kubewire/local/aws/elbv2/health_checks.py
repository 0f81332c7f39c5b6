"""Health checks of the target groups of network load balancers: what they may be, and what they are by default."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from kubewire.local.aws.call import Call
from kubewire.local.aws.elbv2.arns import find_group
from kubewire.local.aws.elbv2.protocols import DATAGRAMS, STREAMS, carried_by_network
from kubewire.local.aws.refusal import Refusal
from kubewire.local.aws.rules import before

_PROTOCOLS: Final = ("HTTP", "HTTPS", "TCP")
_PORTS: Final = range(1, 65536)
_STATUS_CODES: Final = range(200, 600)
# https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html
_TIMEOUTS: Final = {"HTTP": 6, "HTTPS": 10, "TCP": 10}
_ASKS: Final = {"HealthCheckPath": "/", "Matcher": {"HttpCode": "200-399"}}


def filled(given: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of a new group's health check with the defaults of what isn't given.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html
    """
    protocol = given.get("HealthCheckProtocol", "TCP")
    defaults = {
        "HealthCheckProtocol": protocol,
        "HealthCheckPort": "traffic-port",
        "HealthCheckIntervalSeconds": 30,
        "HealthCheckTimeoutSeconds": _TIMEOUTS.get(protocol, 10),
        "HealthyThresholdCount": 5,
        "UnhealthyThresholdCount": 2,
    }
    # TCP asks for nothing that could have a path or a code.
    asks = {} if protocol == "TCP" else _ASKS
    return {**defaults, **asks, **{key: value for key, value in given.items() if key in defaults or key in asks}}


@before("elbv2", "CreateTargetGroup", "ModifyTargetGroup")
def check_is_possible(call: Call) -> None:
    """Refuse ways of checking that network load balancers don't have.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
    """
    given = call.parameters
    if not _of_network(call):
        return
    protocol = given.get("HealthCheckProtocol", "TCP")
    if protocol not in _PROTOCOLS:
        wanted = ", ".join(_PROTOCOLS)
        raise Refusal("ValidationError", f"Health check protocol '{protocol}' must be one of '{wanted}'")
    if given.get("HealthCheckEnabled") is False:
        kind = given.get("TargetType", "instance")
        if call.operation == "ModifyTargetGroup":
            kind = find_group(call, given["TargetGroupArn"]).target_type
        message = f"Health check enabled must be true for target groups with target type '{kind}'"
        raise Refusal("InvalidConfigurationRequest", message)


@before("elbv2", "CreateTargetGroup", "ModifyTargetGroup")
def tcp_asks_nothing(call: Call) -> None:
    """Refuse paths and codes where the check is of TCP.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html (HealthCheckPath)
    """
    if not _of_network(call):
        return
    given, present = call.parameters, "TCP"
    if call.operation == "ModifyTargetGroup":
        present = str(find_group(call, given["TargetGroupArn"]).health_check_protocol)
    if given.get("HealthCheckProtocol", present) != "TCP":
        return
    for parameter, words in (("HealthCheckPath", "paths"), ("Matcher", "matchers")):
        if given.get(parameter):
            raise Refusal(
                "InvalidConfigurationRequest", f"Health check {words} are not supported for TCP health checks"
            )


@before("elbv2", "CreateTargetGroup", "ModifyTargetGroup")
def check_is_well_formed(call: Call) -> None:
    """Refuse ports, paths and codes that are none.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
    """
    if not _of_network(call):
        return
    port, path = call.parameters.get("HealthCheckPort", "traffic-port"), call.parameters.get("HealthCheckPath", "/")
    if port != "traffic-port" and not (port.isdecimal() and int(port) in _PORTS):
        message = f"Health check port '{port}' must be either 'traffic-port' or a number between '1' and '65535'"
        raise Refusal("ValidationError", message)
    if not path.startswith("/"):
        raise Refusal("ValidationError", f"Health check path '{path}' must begin with a '/' character")
    for code in call.parameters.get("Matcher", {}).get("HttpCode", "200").replace("-", ",").split(","):
        if not code.isdecimal() or int(code) not in _STATUS_CODES:
            message = f"Health check matcher HTTP code '{code}' must be within '200-599' inclusive"
            raise Refusal("ValidationError", message)


def must_fit(timeout: int, interval: int) -> None:
    """Make sure that a check is over before the next one begins.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html

    Raises:
        Refusal: it isn't.
    """
    if timeout > interval:
        message = f"Health check timeout '{timeout}' must be smaller than or equal to the interval '{interval}'"
        raise Refusal("ValidationError", message)


def _of_network(call: Call) -> bool:
    if call.operation == "ModifyTargetGroup":
        return carried_by_network(find_group(call, call.parameters["TargetGroupArn"]))
    return call.parameters.get("Protocol") in STREAMS | DATAGRAMS
