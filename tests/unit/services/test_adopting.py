"""Services that are there already: what is imported, and what of it is passed over."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter

from kubewire import ClusterNetwork, ServiceDescription, declare_services
from kubewire.services.adopting import FILLED_IN, KUBERNETES_SERVICE, unsaid
from tests.unit.program import declare, network_args

adapter: TypeAdapter[Any] = TypeAdapter(ServiceDescription)
WEB: dict[str, Any] = {"name": "web", "namespace": "shop", "selector": {"app": "web"}, "ports": [{"port": 80}]}
AWAIT = 'metadata.annotations["pulumi.com/skipAwait"]'


@pytest.mark.parametrize(
    ("described", "passed"),
    [
        ({"type": "ClusterIP", **WEB}, {AWAIT, *(f"spec.{field}" for field in FILLED_IN)}),
        (
            {"type": "ClusterIP", **WEB, "clusterIP": "10.96.0.7", "sessionAffinity": "ClientIP"},
            {AWAIT, *(f"spec.{field}" for field in FILLED_IN)}
            - {"spec.clusterIP", "spec.sessionAffinity", "spec.sessionAffinityConfig"},
        ),
        (
            {
                "type": "NodePort",
                **WEB,
                "sources": ["10.8.0.0/16"],
                "ports": [{"name": "a", "port": 80}, {"name": "b", "port": 81, "nodePort": 30081}],
            },
            {AWAIT, "spec.ports[0].nodePort", *(f"spec.{field}" for field in FILLED_IN)},
        ),
        (
            {"type": "ExternalName", "name": "bank", "externalName": "pay.example.com"},
            {AWAIT, "spec.ports", "spec.selector", *(f"spec.{field}" for field in FILLED_IN)},
        ),
    ],
)
def test_what_the_api_server_filled_in_is_passed_over(described: dict[str, Any], passed: set[str]) -> None:
    assert set(unsaid(adapter.validate_python(described))) == passed


def test_declared_services_are_imported_only_if_they_are_taken_over() -> None:
    services = [adapter.validate_python({"type": "NodePort", **WEB, "sources": ["10.8.0.0/16"]})]

    def program(*, adopt: bool) -> None:
        declare_services(services, ClusterNetwork(network_args()), adopt=adopt)

    for adopt, expected in ((True, {(KUBERNETES_SERVICE, "shop/web")}), (False, set[tuple[str, str]]())):
        found = declare(lambda adopt=adopt: program(adopt=adopt))  # type: ignore[misc]
        assert {(item.typ, item.resource_id) for item in found.resources if item.resource_id} == expected
