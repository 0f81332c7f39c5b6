from __future__ import annotations

from typing import Any

import pytest

from kubewire.cloud.aws import AwsCloud
from kubewire.provider.kubewire import KubewireProvider
from kubewire.provider.protocol import Subject
from tests.unit.provider.boxes import FakeClock
from tests.unit.resources.memory import TableMemory

PODS, OTHER = "100.64.1.0/24", "100.64.2.0/24"
BASE = "urn:pulumi:dev::shop::kubewire:index"
TO_NODE = {"NetworkInterfaceId": "eni-1"}
TO_OTHER = {"GatewayId": "igw-9"}


def declared(**more: str) -> dict[str, Any]:
    node = {"name": "node-1", "id": "eni-1", "via": "network-interface", **more}
    return {"table": {"name": "theirs", "id": "rtb-a"}, "routes": {PODS: node}}


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> TableMemory:
    memory = TableMemory("rtb-a")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setattr(AwsCloud, "ec2", memory)
    return memory


def engine() -> KubewireProvider:
    """Give the provider of one run."""
    return KubewireProvider(clock=FakeClock())


def made(memory: TableMemory) -> tuple[Subject, dict[str, Any]]:
    subject = Subject(f"{BASE}:Routes::pods")
    inputs, failures = engine().check(subject, {}, declared())
    assert failures == []
    object_id, state = engine().create(subject, inputs, preview=False)
    assert memory.routes["rtb-a"] == {PODS: TO_NODE}
    return Subject(subject.urn, object_id), state


def refreshed(subject: Subject, state: dict[str, Any], inputs: dict[str, Any]) -> Any:
    found = engine().read(subject, state, inputs)
    assert found
    return found


def test_a_black_hole_is_found_again_and_again_and_then_put_right(memory: TableMemory) -> None:
    subject, state = made(memory)
    memory.dead = {"eni-1"}
    first = refreshed(subject, state, declared())
    assert first.inputs["routes"][PODS]["via"] == "blackhole"
    second = refreshed(subject, dict(first.state), dict(first.inputs))
    assert second == first
    inputs, failures = engine().check(subject, dict(second.inputs), declared())
    assert failures == []
    shown = engine().diff(subject, dict(second.state), inputs)
    assert shown.changes.keys() == {f'routes["{PODS}"].via'}
    before = memory.changes
    engine().update(subject, dict(second.state), inputs, preview=False)
    assert memory.changes == before + 1


@pytest.mark.parametrize("token", ["Routes", "RouteTable"])
def test_nobody_declares_a_black_hole(token: str) -> None:
    given = declared(via="blackhole")
    if token == "RouteTable":  # noqa: S105 - a type's, no secret
        given = {"name": "main", "vpc": given["table"], "routes": given["routes"]}
    _, failures = engine().check(Subject(f"{BASE}:{token}::pods"), {}, given)
    assert [failure.path for failure in failures] == [f'routes["{PODS}"]']


@pytest.mark.parametrize("refreshes", range(3))
def test_a_refresh_doesnt_forget_whose_a_route_is(refreshes: int, memory: TableMemory) -> None:
    subject, state = made(memory)
    memory.routes["rtb-a"] = {PODS: TO_OTHER, OTHER: TO_OTHER}
    inputs = declared()
    for _ in range(refreshes):
        found = refreshed(subject, state, inputs)
        state, inputs = dict(found.state), dict(found.inputs)
    engine().update(subject, state, declared(), preview=False)
    assert memory.routes["rtb-a"] == {PODS: TO_NODE, OTHER: TO_OTHER}


@pytest.mark.parametrize("refreshes", range(3))
def test_a_route_that_somebody_moved_is_never_deleted(refreshes: int, memory: TableMemory) -> None:
    subject, state = made(memory)
    memory.routes["rtb-a"] = {PODS: TO_OTHER}
    inputs = declared()
    for _ in range(refreshes):
        found = refreshed(subject, state, inputs)
        state, inputs = dict(found.state), dict(found.inputs)
    engine().delete(subject, state)
    assert memory.routes["rtb-a"] == {PODS: TO_OTHER}
