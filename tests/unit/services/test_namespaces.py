"""Which namespaces a stack makes, and so deletes."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter

from kubewire import ClusterNetwork, InvalidInputError, ServiceDescription, declare_services
from kubewire.functions.get_namespaces import GetNamespaces
from tests.unit.program import Declarations, declare, network_args

adapter: TypeAdapter[Any] = TypeAdapter(ServiceDescription)


def declared(*namespaces: str, services: tuple[str, ...] = ("shop",)) -> Declarations:
    described = [
        adapter.validate_python(
            {"type": "ClusterIP", "name": "web", "namespace": name, "selector": {"app": "web"}, "ports": [{"port": 80}]}
        )
        for name in services
    ]
    there = {GetNamespaces.token(): {"namespaces": [{"name": name} for name in services]}}
    return declare(lambda: declare_services(described, ClusterNetwork(network_args()), namespaces=namespaces), there)


def made(declarations: Declarations) -> set[str]:
    return {item["metadata"]["name"] for item in declarations.of("Namespace").values()}


def test_a_namespace_that_a_service_is_in_belongs_to_others() -> None:
    assert made(declared(services=("shop", "default"))) == set()


def test_a_namespace_that_is_named_belongs_to_the_stack() -> None:
    assert made(declared("shop", services=("shop", "team"))) == {"shop"}


def test_it_stays_when_its_last_service_goes() -> None:
    assert made(declared("shop", services=())) == {"shop"}


@pytest.mark.parametrize(
    ("namespaces", "words"),
    [
        (("default",), r"\[0\]: default is the cluster's own"),
        (("shop", "kube-system"), r"\[1\]: kube-system is the cluster's own"),
        (("shop", "shop"), r"\[1\]: shop is there twice"),
        (("Shop",), r"\[0\]: .*pattern"),
    ],
)
def test_a_namespace_that_no_stack_can_own_is_refused(namespaces: tuple[str, ...], words: str) -> None:
    with pytest.raises(InvalidInputError, match=words):
        declared(*namespaces)
