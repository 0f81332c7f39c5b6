from __future__ import annotations

from typing import Any

import pytest

from kubewire import ExternalNameServiceArgs, InvalidInputError


def described(**changed: Any) -> ExternalNameServiceArgs:
    return ExternalNameServiceArgs(**{"name": "bank", "external_name": "pay.example.com", **changed})


@pytest.mark.parametrize(
    "name", ["pay.example.com", "pay", "pay.example.com.", "1.example.com", "xn--bcher-kva.example"]
)
def test_a_dns_name_is_taken(name: str) -> None:
    assert described(external_name=name).external_name == name


@pytest.mark.parametrize(
    "name", ["203.0.113.7", "203.0.113.7.", "2001:db8::1", "::1", "203.0.113.256", "pay.example.1", "1"]
)
def test_38_an_address_is_no_name(name: str) -> None:
    with pytest.raises(InvalidInputError, match=r"is an IP address|is no DNS name"):
        described(external_name=name)


@pytest.mark.parametrize(
    "name", ["", ".", "pay..example", "Pay.example.com", "pay_1.example", "pay.example.com:443", "a" * 64]
)
def test_what_the_api_server_refuses_is_refused(name: str) -> None:
    with pytest.raises(InvalidInputError):
        described(external_name=name)


@pytest.mark.parametrize(
    "extra", [{"ports": [{"port": 443}]}, {"selector": {"app": "bank"}}, {"cluster_ip": "10.96.0.9"}]
)
def test_38_it_has_no_port_no_pods_and_no_address(extra: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError, match=r"unknown key|has no ports"):
        described(**extra)


def test_a_record_is_in_the_networks_zone_or_its_own() -> None:
    assert described().record_name("shop.internal", "x") is None
    assert described(cname={"name": "bank"}).record_name("shop.internal", "x") == "bank.shop.internal"
    zone = {"domain": "example.org.", "id": "Z1"}
    assert described(cname={"name": "bank", "zone": zone}).record_name("shop.internal", "x") == "bank.example.org"


@pytest.mark.parametrize(
    ("changed", "domain", "path", "words"),
    [
        ({"cname": {"name": "bank"}}, None, "x.cname.zone", "no zone for the record"),
        ({"cname": {"name": "pay"}}, "example.com", "x.cname.name", "would lead to itself"),
        ({"cname": {"name": "b" * 63}}, ".".join(["a" * 63] * 3), "x.cname.name", "is too long"),
    ],
    ids=["no zone", "itself", "too long"],
)
def test_39_a_record_that_would_lead_nowhere_is_refused(
    changed: dict[str, Any], domain: str | None, path: str, words: str
) -> None:
    with pytest.raises(InvalidInputError, match=words) as caught:
        described(**changed).record_name(domain, "x")
    assert caught.value.path == path
