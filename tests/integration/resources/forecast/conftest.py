"""AWS is the embedded one, and every changing call of a verb is heard."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from kubewire.cloud.aws import AwsCloud
from kubewire.provider.lifecycle import Lifecycle
from kubewire.resources.base import Owner, Resource
from tests.integration.resources.ec2.conftest import ec2, endpoint, world

__all__ = ["ec2", "endpoint", "world"]

READS = ("Describe", "Get", "List")


class Heard:
    """Runs verbs and gives the changing calls that they made."""

    def __init__(self, cloud: AwsCloud, owner: Owner) -> None:
        self._cloud = cloud
        self._owner = owner
        self._calls: Counter[str] = Counter()
        for client in (cloud.ec2, cloud.elbv2, cloud.route53, cloud.autoscaling):
            wrapped: Any = client
            wrapped._client.meta.events.register("before-call", self._hear)  # noqa: SLF001 - nobody else hears it

    def create(self, kind: type[Resource[Any, Any]], args: Any) -> tuple[str, Any, Counter[str]]:
        self._calls.clear()
        object_id, state = Lifecycle(kind(self._cloud, self._owner)).create(args, frozenset())
        return object_id, state, Counter(self._calls)

    def update(self, kind: type[Resource[Any, Any]], object_id: str, old: Any, new: Any) -> Counter[str]:
        self._calls.clear()
        Lifecycle(kind(self._cloud, self._owner)).update(object_id, old, new)
        return Counter(self._calls)

    def _hear(self, model: Any, **_rest: Any) -> None:
        if not model.name.startswith(READS):
            self._calls[f"{model.service_model.service_name}:{model.name}"] += 1


@pytest.fixture
def heard(cloud: AwsCloud, owner: Owner) -> Heard:
    return Heard(cloud, owner)
