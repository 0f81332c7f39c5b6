from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from kubewire.cloud.kubernetes_endpoints import Endpoints
from kubewire.cloud.kubernetes_nodes import PAGE
from kubewire.errors import RefusedError
from kubewire.functions.kubernetes_endpoints import KubernetesEndpoint
from tests.unit.cloud.api_server import ApiServer, PatientClock, kubeconfig, refusal


@pytest.fixture
def endpoints(server: ApiServer, tmp_path: Path, clock: PatientClock) -> Endpoints:
    return Endpoints(kubeconfig(tmp_path, server.server_address[1]), None, clock)


def page(*items: dict[str, Any], after: str = "") -> tuple[int, dict[str, Any]]:
    metadata = {"continue": after} if after else {}
    kind = {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSliceList"}
    return 200, {**kind, "metadata": metadata, "items": list(items)}


def part(*behind: dict[str, Any], ports: Any) -> dict[str, Any]:
    return {"metadata": {"name": "web-1"}, "addressType": "IPv4", "endpoints": list(behind), "ports": ports}


def pod(name: str, address: str, **conditions: bool) -> dict[str, Any]:
    return {"addresses": [address], "targetRef": {"kind": "Pod", "name": name}, "conditions": conditions}


HTTP = {"name": "http", "port": 8080, "protocol": "TCP"}


def test_every_slice_of_a_service_is_read_page_by_page(server: ApiServer, endpoints: Endpoints) -> None:
    server.answers = [
        page(part(pod("a", "10.0.0.9", ready=True), pod("b", "10.0.0.10", ready=False), ports=[HTTP]), after="more"),
        page(part({"addresses": ["10.9.0.1"]}, ports=[{"name": "", "port": 53, "protocol": "UDP"}])),
    ]
    assert endpoints.list_endpoints("shop", "web") == (
        KubernetesEndpoint("10.0.0.9", "http", "TCP", 8080, "a", True),  # noqa: FBT003 - the rows of a slice
        KubernetesEndpoint("10.0.0.10", "http", "TCP", 8080, "b", False),  # noqa: FBT003 - as above
        KubernetesEndpoint("10.9.0.1", "", "UDP", 53, None, True),  # noqa: FBT003 - as above
    )
    asked = urlsplit(server.asked[0][1])
    assert asked.path == "/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices"
    assert parse_qs(asked.query) == {"limit": [str(PAGE)], "labelSelector": ["kubernetes.io/service-name=web"]}


def test_slices_without_ports_or_endpoints_are_empty(server: ApiServer, endpoints: Endpoints) -> None:
    server.answers = [page(part(pod("a", "10.0.0.9"), ports=None), part(ports=[HTTP]))]
    assert endpoints.list_endpoints("shop", "web") == ()


def test_who_may_not_list_slices_is_told(server: ApiServer, endpoints: Endpoints) -> None:
    server.answers = [refusal(403, "Forbidden")]
    with pytest.raises(RefusedError, match="kubernetes:ListEndpointSlice was refused"):
        endpoints.list_endpoints("shop", "web")
