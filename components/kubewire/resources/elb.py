"""What load balancers, target groups and listeners have in common: names and protocols."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator

from kubewire.errors import InvalidInputError

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


def name_in(arn: str) -> str:
    """Read the name in a load balancer's or target group's ARN: `…:loadbalancer/net/shop/50dc6c49`."""
    parts = arn.split("/")
    return parts[-2] if len(parts) > 1 else arn
