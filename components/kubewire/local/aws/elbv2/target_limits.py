"""How many targets a group and a load balancer may have."""

from __future__ import annotations

from collections.abc import Sequence

from moto.elbv2.models import FakeLoadBalancer, FakeTargetGroup

from kubewire.local.aws.call import Call
from kubewire.local.aws.elbv2.attributes import CROSS_ZONE
from kubewire.local.aws.elbv2.limits import TARGETS, TARGETS_IN_A_ZONE, TARGETS_OF_A_GROUP
from kubewire.local.aws.elbv2.registrations import Registration, Stage, registrations
from kubewire.local.aws.refusal import Refusal


def must_have_room(call: Call, group: FakeTargetGroup, new: Sequence[Registration]) -> None:
    """Make sure that a group, and the load balancer that uses it, can have further targets.

    With cross-zone load balancing all targets count in every zone, so that there can be no more than in one.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-limits.html

    Raises:
        Refusal: they can't.
    """
    distinct = {(one.id, one.port) for one in new}
    if _count(group) + len(distinct) > call.limit(TARGETS_OF_A_GROUP):
        raise Refusal("TooManyTargets", "The maximum number of targets has been reached for the target group")
    for arn in group.load_balancer_arns:
        must_carry(call, call.elbv2.load_balancers[arn], [], len(distinct))


def must_carry(call: Call, balancer: FakeLoadBalancer, groups: Sequence[FakeTargetGroup], further: int = 0) -> None:
    """Make sure that a load balancer can send to further groups and targets.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-limits.html

    Raises:
        Refusal: it can't.
    """
    limit = call.limit(TARGETS)
    if balancer.attrs.get(CROSS_ZONE) == "true":
        limit = min(limit, call.limit(TARGETS_IN_A_ZONE))
    present = [one for one in call.elbv2.target_groups.values() if balancer.arn in one.load_balancer_arns]
    new = [one for one in groups if balancer.arn not in one.load_balancer_arns]
    if sum(map(_count, [*present, *new])) + further > limit:
        message = f"The maximum number of targets has been reached for load balancer '{balancer.arn}'"
        raise Refusal("TooManyTargets", message)


def _count(group: FakeTargetGroup) -> int:
    return sum(one.stage is not Stage.DRAINING for one in registrations(group).values())
