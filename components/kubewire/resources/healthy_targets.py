"""Targets that are waited for until their load balancer finds them healthy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from kubewire.errors import NotFoundError, RefusedError
from kubewire.model import REPLACE, Model, Ref
from kubewire.resources.auto_scaling_groups import AutoScalingGroupName
from kubewire.resources.base import Resource
from kubewire.resources.calls import Calls
from kubewire.resources.target_group import MOST_AT_ONCE, Target, described, staying
from kubewire.resources.waiting import PATIENCE_SECONDS

if TYPE_CHECKING:
    from types_boto3_elbv2.type_defs import TargetHealthDescriptionTypeDef, TargetHealthTypeDef

PAUSE_SECONDS = 2.0
HEALTHY = "healthy"
SHOWN = 3
"""So many of the targets that aren't healthy are told, with AWS's reasons."""


class HealthyTargetsArgs(Model):
    """Inputs of what is waited for."""

    target_group: Annotated[Ref, REPLACE]
    """Where the targets are registered; its id is its ARN. A listener has to use it: others aren't checked."""
    targets: dict[str, Target] = {}
    """The targets, as they are registered. With others, it's waited anew."""
    auto_scaling_group: AutoScalingGroupName | None = None
    """The Auto Scaling group that registers its machines there: it's waited for those that are registered by then."""
    timeout_seconds: int = Field(default=300, ge=1, le=int(PATIENCE_SECONDS))
    """How long is waited; then the update fails, and the next one waits again."""


class HealthyTargetsState(HealthyTargetsArgs):
    """What was waited for."""


class HealthyTargets(Resource[HealthyTargetsArgs, HealthyTargetsState]):
    """Ends when every target is healthy, and so lets what depends on it wait. Its id is its target group's ARN.

    It makes nothing. What becomes of targets later is nothing that it shows.
    """

    Args, State = HealthyTargetsArgs, HealthyTargetsState

    @classmethod
    def calls(cls, old: HealthyTargetsState | None, new: HealthyTargetsArgs) -> Calls:
        # It only looks.
        return Counter()

    def create(self, args: HealthyTargetsArgs) -> str:
        return args.target_group.id

    def read(self, object_id: str, known: HealthyTargetsArgs | None) -> HealthyTargetsState | None:
        found = self.cloud.elbv2.describe_target_groups(TargetGroupArns=[object_id])["TargetGroups"]
        if not found or known is None:
            # Nobody can tell what an import is to wait for.
            return None
        return HealthyTargetsState(**dict(known))

    def converge(self, object_id: str, old: HealthyTargetsState, new: HealthyTargetsArgs) -> HealthyTargetsState:
        clock = self.cloud.clock
        deadline = clock.time() + new.timeout_seconds
        while waiting := self._unhealthy(object_id, new):
            if clock.time() > deadline:
                of_all = f" of {len(new.targets)}" if not new.auto_scaling_group else ""
                raise RefusedError(
                    f"{len(waiting)}{of_all} targets of {new.target_group.name} are not healthy after "
                    f"{new.timeout_seconds} seconds: {_told(waiting)}",
                    code="Unhealthy",
                    operation="elbv2:DescribeTargetHealth",
                    detail="They are registered. Look why they don't answer; the next run goes on waiting.",
                )
            clock.sleep(PAUSE_SECONDS)
        return old.model_copy(update=dict(new))

    def delete(self, object_id: str, state: HealthyTargetsState) -> None:
        message = f"{object_id} was only looked at"
        raise NotFoundError(message, code="NotFound", operation="elbv2:DescribeTargetHealth")

    def _unhealthy(self, arn: str, args: HealthyTargetsArgs) -> list[TargetHealthDescriptionTypeDef]:
        if args.auto_scaling_group:
            found = staying(self.cloud, arn)
        else:
            wanted = list(args.targets.values())
            found = [row for some in _batches(wanted) for row in self._looked_at(arn, some)]
        return [row for row in found if row["TargetHealth"]["State"] != HEALTHY]

    def _looked_at(self, arn: str, targets: Sequence[Target]) -> list[TargetHealthDescriptionTypeDef]:
        rows = [described(target) for target in targets]
        return self.cloud.elbv2.describe_target_health(TargetGroupArn=arn, Targets=rows)["TargetHealthDescriptions"]


def _batches(targets: Sequence[Target]) -> list[Sequence[Target]]:
    return [targets[start : start + MOST_AT_ONCE] for start in range(0, len(targets), MOST_AT_ONCE)]


def _told(waiting: Sequence[TargetHealthDescriptionTypeDef]) -> str:
    told = [f"{row['Target']['Id']} is {_state(row['TargetHealth'])}" for row in waiting[:SHOWN]]
    return "; ".join([*told, *([f"{len(waiting) - SHOWN} more"] if len(waiting) > SHOWN else [])])


def _state(health: TargetHealthTypeDef) -> str:
    return f"{health['State']} ({health.get('Description', 'AWS gives no reason')})"
