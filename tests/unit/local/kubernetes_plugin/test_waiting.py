"""Waiting for a Service, and for what is to go away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import pytest

from kubewire.errors import KubewireError
from kubewire.local.kubernetes_plugin.cluster import Cluster
from kubewire.local.kubernetes_plugin.kinds import ENDPOINTS, NAMESPACE, SERVICE, Kind
from kubewire.local.kubernetes_plugin.objects import Address, Object
from kubewire.local.kubernetes_plugin.waiting import Patience

SKIP = {"metadata": {"annotations": {"pulumi.com/skipAwait": "true"}}}
BRIEF = {"metadata": {"annotations": {"pulumi.com/timeoutSeconds": "30"}}}


class Clock:
    """Time that passes while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def time(self) -> float:
        return self.now


class Answers:
    """A cluster that answers with one object after the other, and then stays with the last."""

    def __init__(self, objects: dict[Kind, list[Object | None]]) -> None:
        self._objects: dict[Kind, Iterator[Object | None]] = {kind: iter(some) for kind, some in objects.items()}
        self._last: dict[Kind, Object | None] = {}

    def get(self, kind: Kind, _address: Address) -> Object | None:
        self._last[kind] = next(self._objects.get(kind, iter(())), self._last.get(kind))
        return self._last[kind]


def service(spec: dict[str, Any], **status: Any) -> dict[str, Any]:
    return {"metadata": {"name": "web", "namespace": "shop"}, "spec": spec, "status": status}


def wait(live: Object, inputs: Object, objects: dict[Kind, list[Object | None]]) -> tuple[Object, float]:
    clock = Clock()
    patience = Patience(cast("Cluster", Answers(objects)), clock)
    return patience.until_ready(SERVICE, live, inputs), clock.now


PENDING = service({"type": "LoadBalancer"})
SERVING = service({"type": "LoadBalancer"}, loadBalancer={"ingress": [{"hostname": "lb"}]})
SELECTING = service({"type": "ClusterIP", "selector": {"app": "web"}})


def test_a_program_may_wait_for_nothing() -> None:
    assert wait(PENDING, SKIP, {}) == (PENDING, 0.0)


@pytest.mark.parametrize(
    "live",
    [
        service({"type": "ExternalName", "selector": {"app": "web"}}),
        service({"clusterIP": "None", "selector": {"app": "web"}}),
        service({"type": "ClusterIP"}),
    ],
)
def test_what_selects_no_pods_is_ready_at_once(live: Object) -> None:
    assert wait(live, {}, {SERVICE: [live]}) == (live, 0.0)


def test_a_load_balancer_waits_for_its_address_and_gives_it() -> None:
    live, seconds = wait(PENDING, {}, {SERVICE: [PENDING, PENDING, SERVING]})

    assert live == SERVING
    assert 0 < seconds < 1


def test_a_load_balancer_without_address_says_so() -> None:
    with pytest.raises(KubewireError, match="not allocated an IP address") as error:
        wait(PENDING, BRIEF, {SERVICE: [PENDING]})

    assert "pulumi.com/skipAwait" in error.value.detail


def test_endpoints_must_settle() -> None:
    def endpoints(version: str, **subset: Any) -> Object:
        return {"metadata": {"resourceVersion": version}, "subsets": [subset]}

    changing = [None, endpoints("1", notReadyAddresses=[{}]), endpoints("2", addresses=[{}])]
    _, seconds = wait(SELECTING, {}, {SERVICE: [SELECTING], ENDPOINTS: changing})

    assert 10 < seconds < 15


def test_pods_that_never_come_end_the_wait() -> None:
    with pytest.raises(KubewireError, match=r"spec\.selector"):
        wait(SELECTING, BRIEF, {SERVICE: [SELECTING]})


def test_what_does_not_go_away_names_what_holds_it() -> None:
    held = {"metadata": {"name": "shop", "finalizers": ["example.com/mine"]}}
    patience = Patience(cast("Cluster", Answers({NAMESPACE: [held]})), Clock())

    patience.until_gone(NAMESPACE, Address("shop"), SKIP)
    with pytest.raises(KubewireError, match="still there") as error:
        patience.until_gone(NAMESPACE, Address("shop"), {})
    assert "example.com/mine" in error.value.detail
