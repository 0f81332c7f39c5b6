"""What load balancers, target groups and listeners have in common: names and protocols."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, TypeVar

from pydantic import AfterValidator

from kubewire.errors import InvalidInputError, RefusedError

KindT = TypeVar("KindT", bound=StrEnum)

LONGEST_NAME = 32
NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?")
RESERVED_PREFIX = "internal-"


class TransportProtocol(StrEnum):
    """What a network load balancer carries."""

    TCP = "TCP"
    UDP = "UDP"
    TCP_UDP = "TCP_UDP"
    TLS = "TLS"


def _checked_name(name: str) -> str:
    if len(name) > LONGEST_NAME or not NAME.fullmatch(name):
        detail = f"Given: {name!r}. AWS takes 1 to {LONGEST_NAME} letters, digits and hyphens, no hyphen first or last."
        raise InvalidInputError("not a name that Elastic Load Balancing takes", detail=detail)
    return name


def _checked_balancer_name(name: str) -> str:
    if _checked_name(name).startswith(RESERVED_PREFIX):
        raise InvalidInputError(f"AWS takes no name that starts with {RESERVED_PREFIX}", detail=f"Given: {name!r}.")
    return name


def _checked_group_name(name: str) -> str:
    if "--" in _checked_name(name):
        raise InvalidInputError("AWS takes no two hyphens in a row here", detail=f"Given: {name!r}.")
    return name


BalancerName = Annotated[str, AfterValidator(_checked_balancer_name)]
"""https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html"""

GroupName = Annotated[str, AfterValidator(_checked_group_name)]
"""https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html, which is silent on
two hyphens in a row; the error that the API answers is not."""


def read_as(kinds: type[KindT], value: str, arn: str) -> KindT:
    """Read one of an object's settings.

    Raises:
        RefusedError: it has one that can't be declared here: it belongs to another kind of load balancer.
    """
    try:
        return kinds(value)
    except ValueError as error:
        message = f"{arn} is nothing that kubewire declares: it has {value}, not one of {', '.join(kinds)}"
        raise RefusedError(message, code="WrongType", operation="elbv2:Describe") from error


def name_in(arn: str) -> str:
    """Read the name in a load balancer's or target group's ARN: `…:loadbalancer/net/shop/50dc6c49`."""
    parts = arn.split("/")
    return parts[-2] if len(parts) > 1 else arn
