from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from kubewire.cloud.service_objects import ServiceObjects
from kubewire.errors import InvalidInputError, RefusedError
from tests.unit.cloud.api_server import ApiServer, PatientClock, kubeconfig, refusal


@pytest.fixture
def connect(server: ApiServer, tmp_path: Path, clock: PatientClock) -> Callable[[], ServiceObjects]:
    return lambda: ServiceObjects(kubeconfig(tmp_path, server.server_address[1]), None, clock)


def page(*names: str, more: str = "") -> tuple[int, dict[str, Any]]:
    items = [{"metadata": {"name": name}, "spec": {"fromTheFuture": {"a": [1]}}} for name in names]
    metadata = {"continue": more} if more else {}
    return 200, {"kind": "ServiceList", "apiVersion": "v1", "metadata": metadata, "items": items}


def test_every_field_is_read_page_by_page(server: ApiServer, connect: Callable[[], ServiceObjects]) -> None:
    server.answers = [page("a", "b", more="next"), page("c")]
    counted: list[int] = []
    found = connect().list_objects(None, None, counted.append)
    assert [item["metadata"]["name"] for item in found] == ["a", "b", "c"]
    assert found[0] == {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "a"},
        "spec": {"fromTheFuture": {"a": [1]}},
    }
    assert counted == [1, 2, 3]
    assert [(verb, urlsplit(path).path) for verb, path, _ in server.asked] == [("GET", "/api/v1/services")] * 2
    assert parse_qs(urlsplit(server.asked[1][1]).query)["continue"] == ["next"]


@pytest.mark.parametrize(
    ("selector", "asked"),
    [
        ("app=web", "app=web"),
        ("app==web, tier!=test", "app=web,tier!=test"),
        ("owner,!old", "owner,!old"),
        ("example.com/team=a", "example.com/team=a"),
    ],
)
def test_labels_select(server: ApiServer, connect: Callable[[], ServiceObjects], selector: str, asked: str) -> None:
    server.answers = [page("a")]
    connect().list_objects("shop", selector, lambda _: None)
    ((_, path, _),) = server.asked
    assert urlsplit(path).path == "/api/v1/namespaces/shop/services"
    assert parse_qs(urlsplit(path).query)["labelSelector"] == [asked]


@pytest.mark.parametrize("selector", ["app in (web)", "", "=web", "!"])
def test_what_selects_nothing_is_told(connect: Callable[[], ServiceObjects], selector: str) -> None:
    if not selector:
        selector = ","
    with pytest.raises(InvalidInputError, match="selects no labels"):
        connect().list_objects(None, selector, lambda _: None)


def test_a_refusal_says_why(server: ApiServer, connect: Callable[[], ServiceObjects]) -> None:
    server.answers = [refusal(403, "Forbidden", "services is forbidden")]
    with pytest.raises(RefusedError, match="services is forbidden"):
        connect().list_objects(None, None, lambda _: None)
