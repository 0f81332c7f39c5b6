"""What becomes of a registered target over time.

It is registered with the load balancer's nodes, checked so often as it takes, and then healthy or not; deregistered,
it drains, and is gone. A target of a group that nothing uses waits.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Any, Final

from moto.elbv2.models import FakeTargetGroup

from kubewire.local.aws.call import Call
from kubewire.local.aws.durations import Duration, duration
from kubewire.local.aws.elbv2.target_group_attributes import DELAY

_CHECKS: Final = "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html"
_TARGETS: Final = "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-register-targets.html"
_GROUPS: Final = "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html"
REGISTERED: Final = duration("target.registered", aws=120.0, page=_TARGETS)
# As long as the group's own settings say: interval times threshold, and the delay of its attribute.
CHECKED: Final = duration("target.checked", aws=150.0, page=_CHECKS)
DRAINED: Final = duration("target.drained", aws=300.0, page=f"{_GROUPS}#deregistration-delay")


class Stage(Enum):
    """How far a target has come."""

    WAITING = auto()
    REGISTERING = auto()
    CHECKING = auto()
    CHECKED = auto()
    DRAINING = auto()


@dataclass
class Registration:
    """A target's place in its group.

    Attributes:
        id: the instance's id, or the address.
        port: where it answers.
        zone: the availability zone that was named; None for the target's own.
        stage: how far it has come.
        step: how often it has changed its stage: what was to happen to it in another one doesn't.
    """

    id: str
    port: int
    zone: str | None = None
    stage: Stage = Stage.WAITING
    step: int = 0

    def enter(self, stage: Stage) -> int:
        """Come to another stage."""
        self.stage = stage
        self.step += 1
        return self.step


def registrations(group: FakeTargetGroup) -> dict[tuple[str, int], Registration]:
    """A group's targets, those that drain among them, by id and port.

    moto keys them by id alone, and so forgets all ports but one. What moto itself has registered is taken over.
    """
    targets: Any = group.targets
    for key, target in list(targets.items()):
        if not isinstance(target, Registration):
            del targets[key]
            taken_over = Registration(target["Id"], int(target["Port"]))
            targets.setdefault((taken_over.id, taken_over.port), taken_over)
    found: dict[tuple[str, int], Registration] = targets
    return found


def follow(call: Call, group: FakeTargetGroup) -> None:
    """Let targets go on, or wait, as their group is used by a load balancer or by none."""
    for one in registrations(group).values():
        if one.stage is Stage.WAITING and group.load_balancer_arns:
            _begin(call, group, one)
        elif one.stage not in (Stage.WAITING, Stage.DRAINING) and not group.load_balancer_arns:
            one.enter(Stage.WAITING)


def drain(call: Call, group: FakeTargetGroup, one: Registration) -> None:
    """Let a target finish its connections, and then go.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html#deregistration-delay
    """
    if one.stage is Stage.DRAINING:
        return
    step = one.enter(Stage.DRAINING)

    def gone() -> None:
        # It may have been registered again meanwhile, as another one.
        if one.step == step and registrations(group).get((one.id, one.port)) is one:
            del registrations(group)[one.id, one.port]

    call.later(_as_set(DRAINED, float(str(group.attributes[DELAY]))), gone)


def _begin(call: Call, group: FakeTargetGroup, one: Registration) -> None:
    step = one.enter(Stage.REGISTERING)

    def registered() -> None:
        if one.step == step:
            checking = one.enter(Stage.CHECKING)
            seconds = float(group.health_check_interval_seconds) * int(group.healthy_threshold_count)
            call.later(_as_set(CHECKED, seconds), lambda: checked(checking))

    def checked(checking: int) -> None:
        if one.step == checking:
            one.enter(Stage.CHECKED)

    call.later(REGISTERED, registered)


def _as_set(known: Duration, seconds: float) -> Duration:
    return replace(known, aws=seconds)
