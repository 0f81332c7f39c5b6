from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from kubewire.cloud.kubernetes_nodes import PAGE
from kubewire.cloud.kubernetes_services import Services
from kubewire.errors import RefusedError
from kubewire.functions.kubernetes_services import OWNER, KubernetesNamespace, KubernetesService
from tests.unit.cloud.api_server import ApiServer, PatientClock, kubeconfig, refusal


@pytest.fixture
def services(server: ApiServer, tmp_path: Path, clock: PatientClock) -> Services:
    return Services(kubeconfig(tmp_path, server.server_address[1]), None, clock)


def page(*items: dict[str, Any], after: str = "") -> tuple[int, dict[str, Any]]:
    metadata = {"continue": after} if after else {}
    return 200, {"apiVersion": "v1", "kind": "ServiceList", "metadata": metadata, "items": list(items)}


def service(name: str, **spec: Any) -> dict[str, Any]:
    metadata = {"name": name, "namespace": "shop"}
    return {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": spec}


def test_all_of_every_namespace_are_read_page_by_page(server: ApiServer, services: Services) -> None:
    local = service(
        "web",
        clusterIP="10.96.0.9",
        clusterIPs=["10.96.0.9", "fd00::9"],
        ports=[{"port": 80, "nodePort": 30080}, {"port": 81}],
        healthCheckNodePort=30999,
    )
    headless = service("db", clusterIP="None", clusterIPs=["None"], ports=[{"port": 5432}])
    server.answers = [
        page(local, headless, after="more"),
        page(service("old", clusterIP="10.96.0.8"), service("name", externalName="db.example.com")),
    ]
    assert services.present_services() == (
        KubernetesService("shop", "web", (30080, 30999), ("10.96.0.9", "fd00::9")),
        KubernetesService("shop", "db", (), ()),
        KubernetesService("shop", "old", (), ("10.96.0.8",)),
        KubernetesService("shop", "name", (), ()),
    )
    assert {urlsplit(path).path for _, path, _ in server.asked} == {"/api/v1/services"}
    assert parse_qs(urlsplit(server.asked[0][1]).query)["limit"] == [str(PAGE)]


def test_who_may_not_list_services_is_told(server: ApiServer, services: Services) -> None:
    server.answers = [refusal(403, "Forbidden")]
    with pytest.raises(RefusedError, match="kubernetes:ListService was refused"):
        services.present_services()


def test_namespaces_are_read_with_whose_they_are_and_whether_they_go(server: ApiServer, services: Services) -> None:
    def namespace(name: str, phase: str, **notes: str) -> dict[str, Any]:
        return {"metadata": {"name": name, "annotations": notes}, "status": {"phase": phase}}

    found = [namespace("shop", "Active", **{OWNER: "web/dev/shop"}), namespace("old", "Terminating", who="them")]
    server.answers = [(200, {"apiVersion": "v1", "kind": "NamespaceList", "metadata": {}, "items": found})]
    assert services.present_namespaces() == (
        KubernetesNamespace("shop", owner="web/dev/shop"),
        KubernetesNamespace("old", terminating=True),
    )
    assert [urlsplit(path).path for _, path, _ in server.asked] == ["/api/v1/namespaces"]


def test_who_may_not_list_namespaces_is_told(server: ApiServer, services: Services) -> None:
    server.answers = [refusal(403, "Forbidden")]
    with pytest.raises(RefusedError, match="kubernetes:ListNamespace was refused"):
        services.present_namespaces()
