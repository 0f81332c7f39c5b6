from __future__ import annotations

from ipaddress import IPv4Address

import pytest
from pydantic import ValidationError

from kubewire.functions.get_endpoints import Endpoint, GetEndpoints, GetEndpointsArgs
from kubewire.functions.kubernetes_endpoints import KubernetesEndpoint
from tests.unit.functions.account import Account

SHOP = GetEndpointsArgs(namespace="shop", service="web")


def behind(address: str, port: int = 8080, *, name: str = "http", ready: bool = True) -> KubernetesEndpoint:
    return KubernetesEndpoint(address, name, "TCP", port, f"pod-{address}", ready)


def test_what_is_ready_is_listed_in_order_and_once(account: Account) -> None:
    rows = [behind("10.0.0.10"), behind("10.0.0.9"), behind("10.0.0.9", 8443, name="https"), behind("10.0.0.9")]
    account.endpoints.behind["shop", "web"] = rows
    found = GetEndpoints(account).run(SHOP)
    assert [(str(one.address), one.port) for one in found.endpoints] == [
        ("10.0.0.9", 8080),
        ("10.0.0.9", 8443),
        ("10.0.0.10", 8080),
    ]
    assert found.endpoints[0] == Endpoint(
        address=IPv4Address("10.0.0.9"), port=8080, port_name="http", protocol="TCP", pod="pod-10.0.0.9"
    )
    assert found.not_ready == 0


def test_what_is_not_ready_is_counted_and_other_families_are_not(account: Account) -> None:
    rows = [behind("10.0.0.9", ready=False), behind("fd00::9"), behind("db.example.com")]
    account.endpoints.behind["shop", "web"] = rows
    found = GetEndpoints(account).run(SHOP)
    assert (found.endpoints, found.not_ready) == ((), 1)


def test_nothing_is_behind_a_service_that_is_not_there_yet(account: Account) -> None:
    assert GetEndpoints(account).run(SHOP).endpoints == ()


def test_only_names_of_services_are_asked_about() -> None:
    with pytest.raises(ValidationError, match="service"):
        GetEndpointsArgs(namespace="shop", service="web,other")
