from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from kubewire.services.kubernetes_names import Labels, NamespaceName, PortName, ServiceName

service: TypeAdapter[Any] = TypeAdapter(ServiceName)
namespace: TypeAdapter[Any] = TypeAdapter(NamespaceName)
port: TypeAdapter[Any] = TypeAdapter(PortName)
labels: TypeAdapter[Any] = TypeAdapter(Labels)

TAKEN: list[tuple[TypeAdapter[Any], Any]] = [
    (service, "a"),
    (service, "a-1"),
    (service, "a" * 63),
    (namespace, "1-team"),
    (namespace, "9"),
    (port, "http"),
    (port, "8080-tcp"),
    (port, "a" * 15),
    (labels, {"app": "shop"}),
    (labels, {"app.kubernetes.io/name": "shop", "App_2": "A.b_c-1", "x": ""}),
    (labels, {"a" * 63: "b" * 63}),
]
REFUSED: list[tuple[TypeAdapter[Any], Any]] = [
    (service, ""),
    (service, "1a"),
    (service, "A"),
    (service, "a-"),
    (service, "a.b"),
    (service, "a" * 64),
    (namespace, "-a"),
    (namespace, "a_b"),
    (namespace, "a" * 64),
    (port, "8080"),
    (port, "a--b"),
    (port, "-a"),
    (port, "HTTP"),
    (port, "a" * 16),
    (labels, {"": "x"}),
    (labels, {"-app": "x"}),
    (labels, {"app/": "x"}),
    (labels, {"/app": "x"}),
    (labels, {"Example.com/app": "x"}),
    (labels, {"a/b/c": "x"}),
    (labels, {"a" * 64: "x"}),
    (labels, {"app": "b" * 64}),
    (labels, {"app": "two words"}),
    (labels, {"app": "shop-"}),
]


@pytest.mark.parametrize(("kind", "value"), TAKEN, ids=[str(value) for _, value in TAKEN])
def test_is_taken(kind: TypeAdapter[Any], value: Any) -> None:
    assert kind.validate_python(value) == value


@pytest.mark.parametrize(("kind", "value"), REFUSED, ids=[str(value) for _, value in REFUSED])
def test_is_refused(kind: TypeAdapter[Any], value: Any) -> None:
    with pytest.raises(ValidationError):
        kind.validate_python(value)
