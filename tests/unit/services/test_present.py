from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter

from kubewire import ClusterNetwork, InvalidInputError, ServiceDescription, declare_services
from kubewire.functions.get_namespaces import GetNamespaces
from kubewire.functions.get_services import GetServices
from kubewire.invoked import UnansweredError
from kubewire.services import present
from tests.unit.program import Declarations, declare, network_args

Wire = dict[str, Any]
adapter: TypeAdapter[Any] = TypeAdapter(ServiceDescription)
WEB: Wire = {
    "type": "NodePort",
    "name": "web",
    "namespace": "shop",
    "selector": {"app": "web"},
    "ports": [{"name": "http", "port": 80}, {"name": "admin", "port": 81, "nodePort": 30081}],
    "sources": ["10.8.0.0/16"],
}
INSIDE: Wire = {
    "type": "ClusterIP",
    "name": "db",
    "namespace": "shop",
    "selector": {"app": "db"},
    "ports": [{"port": 5432}],
    "clusterIP": "10.96.7.7",
}
LOCAL = WEB | {
    "type": "LoadBalancer",
    "scheme": "internal",
    "externalTrafficPolicy": "Local",
    "healthCheckNodePort": 30999,
}


def deployed(services: list[Wire], *there: Wire) -> Declarations:
    def program() -> None:
        declare_services([adapter.validate_python(item) for item in services], ClusterNetwork(network_args()))

    return declare(program, {GetServices.token(): {"services": list(there)}})


def holder(name: str, *node_ports: int, address: str = "10.96.0.9", namespace: str = "shop") -> Wire:
    return {"namespace": namespace, "name": name, "nodePorts": list(node_ports), "addresses": [address]}


@pytest.mark.parametrize(
    ("service", "taken", "path", "there"),
    [
        (WEB, "30081", "services[1].ports[1].nodePort", holder("old", 30080, 30081)),
        (INSIDE, "10.96.7.7", "services[1].clusterIP", holder("old", address="10.96.7.7")),
        (LOCAL, "30999", "services[1].healthCheckNodePort", holder("old", 30999, namespace="other")),
    ],
)
def test_what_another_service_of_the_cluster_has_is_refused(service: Wire, taken: str, path: str, there: Wire) -> None:
    first = INSIDE | {"name": "first", "clusterIP": "10.96.7.8"}
    with pytest.raises(InvalidInputError) as caught:
        deployed([first, service], there)
    assert caught.value.path == path
    label = f"{there['namespace']}/old"
    assert caught.value.summary == f"{taken} belongs to {label} in the cluster"
    assert f"removes {label}" in caught.value.detail


def test_a_service_keeps_what_it_has() -> None:
    made = deployed([WEB, INSIDE], holder("web", 30081), holder("db", address="10.96.7.7"), holder("other", 30082))
    assert len(made.of("Service")) == 2


def test_what_another_declared_service_has_still_is_refused() -> None:
    moved = WEB | {"name": "moved", "ports": [{"port": 80, "nodePort": 30090}]}
    with pytest.raises(InvalidInputError, match="30081 belongs to shop/moved in the cluster"):
        deployed([WEB, moved], holder("moved", 30081))


def test_a_cluster_that_cannot_be_asked_is_a_warning(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def unreachable(*_asked: Any) -> Any:
        raise UnansweredError("the cluster's API server can't be reached")

    monkeypatch.setattr(present, "invoke", unreachable)
    assert len(deployed([WEB]).of("Service")) == 1
    assert "weren't compared with the cluster's: the cluster's API server can't be reached" in caplog.text


def test_nothing_is_asked_where_nothing_is_written_down() -> None:
    def never(_args: Any) -> Any:
        raise AssertionError

    free = WEB | {"namespace": "default", "ports": [{"port": 80}]}

    owned = free | {"namespace": "shop"}

    def program() -> None:
        services = [adapter.validate_python(item) for item in (free, owned)]
        declare_services(services, ClusterNetwork(network_args()), namespaces=["shop"])

    assert len(declare(program, {GetServices.token(): never, GetNamespaces.token(): never}).of("Service")) == 2
