"""How Route53 chooses among several records of one name and type.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy.html
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from kubewire.deferred import Later
from kubewire.model import Described

if TYPE_CHECKING:
    from types_boto3_route53.type_defs import ResourceRecordSetOutputTypeDef, ResourceRecordSetTypeDef

MOST_WEIGHT = 255
SetIdentifier = Annotated[str, Field(min_length=1, max_length=128)]
"""What tells a record from the others of its name and type.
https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html"""


class FailoverRole(StrEnum):
    """Which of the two a record is."""

    PRIMARY = "PRIMARY"
    """The answer while it is healthy."""
    SECONDARY = "SECONDARY"
    """The answer while the primary isn't."""


class SimpleRouting(Described):
    """The record is the only one of its name and type."""

    kind: Literal["simple"] = "simple"


class ChosenRouting(Described):
    """The record is one of several."""

    set_identifier: SetIdentifier
    """What tells it from the others."""
    health_check_id: Later[str] | None = None
    """A health check of Route53's; while it fails, the record is no answer."""


class WeightedRouting(ChosenRouting):
    """Answers are shared out by weight."""

    kind: Literal["weighted"] = "weighted"
    weight: int = Field(ge=0, le=MOST_WEIGHT)
    """Its part of the sum of all weights; 0 for none, unless all are 0."""


class FailoverRouting(ChosenRouting):
    """One answers while it is healthy, and another one otherwise."""

    kind: Literal["failover"] = "failover"
    role: FailoverRole
    """Which one it is."""


AmongOthers = Annotated[WeightedRouting | FailoverRouting, Field(discriminator="kind")]


def routing_of(written: ResourceRecordSetOutputTypeDef) -> WeightedRouting | FailoverRouting | None:
    """Read how a record is chosen, None for the only one of its name and type.

    Raises:
        LookupError: by a policy that can't be declared here.
    """
    if "SetIdentifier" not in written:
        return None
    identifier, check = written["SetIdentifier"], written.get("HealthCheckId")
    if "Weight" in written:
        return WeightedRouting(set_identifier=identifier, health_check_id=check, weight=written["Weight"])
    if "Failover" in written:
        role = FailoverRole(written["Failover"])
        return FailoverRouting(set_identifier=identifier, health_check_id=check, role=role)
    raise LookupError(written["SetIdentifier"])


def write_routing(routing: WeightedRouting | FailoverRouting | None, written: ResourceRecordSetTypeDef) -> None:
    """Add to a record how it is chosen, as ChangeResourceRecordSets takes it."""
    if routing is None:
        return
    written["SetIdentifier"] = routing.set_identifier
    if routing.health_check_id is not None:
        written["HealthCheckId"] = routing.health_check_id
    match routing:
        case WeightedRouting():
            written["Weight"] = routing.weight
        case FailoverRouting():
            written["Failover"] = routing.role.value
