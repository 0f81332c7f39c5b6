"""AWS and the cluster, as far as a verb can tell."""

from __future__ import annotations

from typing import Any

import pytest

from kubewire.resources.base import Owner
from kubewire.resources.zone_records import ZoneLists


class Api:
    """Answers each operation as a test says, and remembers what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {}
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def __getattr__(self, operation: str) -> Any:
        def call(**parameters: Any) -> Any:
            self.asked.append((operation, parameters))
            answer = self.answers.get(operation, {})
            if isinstance(answer, Exception):
                raise answer
            return answer(**parameters) if callable(answer) else answer

        return call

    @property
    def operations(self) -> list[str]:
        """What it was asked, in order."""
        return [operation for operation, _ in self.asked]


class PatientClock:
    """Time that passes when somebody waits."""

    def __init__(self) -> None:
        self.now = 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def time(self) -> float:
        return self.now


class FakeCloud:
    """A `kubewire.resources.base.Cloud`."""

    def __init__(self) -> None:
        self.ec2, self.elbv2, self.route53, self.services = Api(), Api(), Api(), Api()
        self.autoscaling = Api()
        self.clock = PatientClock()
        self.zones = ZoneLists()

    def region(self) -> str | None:
        return "eu-west-1"


@pytest.fixture
def cloud() -> FakeCloud:
    return FakeCloud()


@pytest.fixture
def owner() -> Owner:
    return Owner(stack="shop/dev", resource="kubewire:index:Thing/main")
