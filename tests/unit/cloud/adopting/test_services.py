from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kubewire.cloud.adopting.services import AdoptedServices
from kubewire.errors import NotFoundError, RefusedError
from tests.unit.cloud.api_server import ApiServer, PatientClock, kubeconfig, refusal

Connect = Callable[[], AdoptedServices]
BINDING = {"metadata": {"name": "b", "namespace": "shop", "finalizers": ["elbv2.k8s.aws/resources", "other"]}}


@pytest.fixture
def connect(server: ApiServer, tmp_path: Path, clock: PatientClock) -> Connect:
    return lambda: AdoptedServices(kubeconfig(tmp_path, server.server_address[1]), None, clock)


def test_a_service_is_read_whole(server: ApiServer, connect: Connect) -> None:
    server.answers = [(200, {"metadata": {"name": "web"}, "spec": {"fromTheFuture": 1}})]
    assert connect().read("shop", "web")["spec"] == {"fromTheFuture": 1}
    server.answers = [refusal(404, "NotFound")]
    with pytest.raises(NotFoundError):
        connect().read("shop", "web")


def test_a_patch_is_a_merge_patch_and_a_conflict_is_said(server: ApiServer, connect: Connect) -> None:
    server.answers = [(200, {"metadata": {"name": "web"}}), refusal(409, "Conflict")]
    api = connect()
    api.patch("shop", "web", {"metadata": {"finalizers": None}})
    assert server.asked == [
        (
            "PATCH",
            "/api/v1/namespaces/shop/services/web?fieldManager=pulumi-kubernetes",
            {"metadata": {"finalizers": None}},
        ),
    ]
    with pytest.raises(RefusedError) as caught:
        api.patch("shop", "web", {})
    assert caught.value.code == "Conflict"


def test_bindings_are_those_of_the_target_groups(server: ApiServer, connect: Connect) -> None:
    items: list[dict[str, Any]] = [{"metadata": {"name": arn}, "spec": {"targetGroupARN": arn}} for arn in ("a", "b")]
    server.answers = [(200, {"kind": "TargetGroupBindingList", "metadata": {}, "items": items})]
    assert [one["metadata"]["name"] for one in connect().bindings("shop", {"b", "c"})] == ["b"]


def test_a_cluster_without_the_kind_has_no_bindings(server: ApiServer, connect: Connect) -> None:
    server.answers = [refusal(404, "NotFound")]
    assert connect().bindings("shop", {"a"}) == []


def test_a_binding_loses_its_finalizer_before_it_is_deleted(server: ApiServer, connect: Connect) -> None:
    server.answers = [(200, BINDING), (200, BINDING)]
    connect().release(BINDING, "elbv2.k8s.aws/resources")
    path = "/apis/elbv2.k8s.aws/v1beta1/namespaces/shop/targetgroupbindings/b"
    assert [(verb, where.partition("?")[0]) for verb, where, _ in server.asked] == [("PATCH", path), ("DELETE", path)]
    assert server.asked[0][2] == {"metadata": {"finalizers": ["other"]}}


def test_a_binding_that_is_gone_is_let_go_of(server: ApiServer, connect: Connect) -> None:
    server.answers = [refusal(404, "NotFound")]
    connect().release(BINDING, "elbv2.k8s.aws/resources")
