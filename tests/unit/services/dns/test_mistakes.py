"""What of Services' names can't be, each with its path, before anything is declared."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from kubewire import InvalidInputError, ServiceDescription, check_together
from kubewire.faults import faults
from tests.unit.program import declared, network_args, node

adapter: TypeAdapter[Any] = TypeAdapter(ServiceDescription)
Wire = dict[str, Any]
SHOP = {"domain": "shop.internal"}
ZONE = {"domain": "example.com", "id": "Z1"}


def web(name: str, *dns: Wire, **more: Any) -> Wire:
    described = {"scheme": "internal", "sources": ["10.8.0.0/16"], "ports": [{"port": 80}], "selector": {"app": name}}
    return {"type": "LoadBalancer", "namespace": "shop", "name": name, **described, "dns": list(dns), **more}


def admin(name: str, *dns: Wire) -> Wire:
    described = {"sources": ["10.8.0.0/16"], "ports": [{"port": 80}], "selector": {"app": name}}
    named = [{"addresses": "private", **item} for item in dns]
    return {"type": "NodePort", "namespace": "shop", "name": name, **described, "dns": named}


def bank(record: str, target: str = "pay.example.net", **more: Any) -> Wire:
    cname = {"name": record, **more}
    return {"type": "ExternalName", "namespace": "shop", "name": "bank", "externalName": target, "cname": cname}


def alias(name: str = "www", **more: Any) -> Wire:
    return {"kind": "alias", "name": name, **more}


def weighted(identifier: str, **more: Any) -> Wire:
    return {"routing": {"kind": "weighted", "setIdentifier": identifier, "weight": 1}, **more}


def failover(identifier: str, role: str, **more: Any) -> Wire:
    return {"routing": {"kind": "failover", "setIdentifier": identifier, "role": role, **more}}


def crowd(number: int) -> Wire:
    machines = [
        {**node(n % 256, "a"), "name": f"n{n}", "pod_cidr": f"100.{64 + n // 256}.{n % 256}.0/24"}
        for n in range(number)
    ]
    return {
        "nodes": declared(*machines),
        "pods": {"kind": "routed", "cidr": "100.64.0.0/12"},
        "quotas": {"live": False, "routesPerTable": 1000},
    }


ALONE: dict[str, tuple[Wire, str, str]] = {
    "a CNAME at the apex": (web("a", {"kind": "cname", "name": "@"}), "dns[0].name", "no CNAME at a zone's apex"),
    "no kind": (web("a", {"name": "www"}), "dns[0].kind", "required"),
    "a kind that there isn't": (web("a", {"kind": "mx", "name": "www"}), "dns[0].kind", "'mx' is no kind"),
    "no name in a zone": (web("a", alias("w w")), "dns[0].name", "is no name in a zone"),
    "an asterisk in the middle": (web("a", alias("a.*")), "dns[0].name", "is no name in a zone"),
    "a TTL of an alias": (web("a", alias(ttl=60)), "dns[0].ttl", "unknown key"),
    "a negative TTL": (web("a", {"kind": "cname", "name": "www", "ttl": -1}), "dns[0].ttl", "greater than or equal"),
    "too much weight": (
        web("a", alias(routing={"kind": "weighted", "setIdentifier": "a", "weight": 256})),
        "dns[0].routing.weight",
        "less than or equal to 255",
    ),
    "weighted without an identifier": (
        web("a", alias(routing={"kind": "weighted", "weight": 1})),
        "dns[0].routing.setIdentifier",
        "required",
    ),
    "a primary that nobody watches": (
        web("a", {"kind": "cname", "name": "www", **failover("a", "PRIMARY")}),
        "dns[0].routing",
        "nobody watches",
    ),
    "an alias as a primary that nobody watches": (
        web("a", alias(evaluateTargetHealth=False, **failover("a", "PRIMARY"))),
        "dns[0].evaluateTargetHealth",
        "nobody watches",
    ),
    "no addresses": (
        {**admin("a"), "dns": [{"name": "www"}]},
        "dns[0].addresses",
        "required",
    ),
    "a mark's prefix": (
        web("a", alias(zone={**ZONE, "marks": {"prefix": "a b"}})),
        "dns[0].zone.marks.prefix",
        "can't stand in a DNS name",
    ),
}


@pytest.mark.parametrize("case", ALONE)
def test_a_mistake_in_one_description_is_named_with_its_path(case: str) -> None:
    service, path, words = ALONE[case]
    with pytest.raises(ValidationError) as caught:
        adapter.validate_python(service)
    (fault,) = faults(caught.value, service)
    assert fault.path == path
    assert words in str(fault)


TOGETHER: dict[str, tuple[list[Wire], Wire, str, str]] = {
    "no zone": ([web("a", alias())], {}, "services[0].dns[0].zone", "no zone for the record"),
    "no zone for nodes' addresses": ([admin("a", {"name": "www"})], {}, "services[0].dns[0].zone", "no zone"),
    "too long": (
        [web("a", alias(".".join(["a" * 63] * 3), zone={"domain": ".".join(["b" * 60] * 2), "id": "Z1"}))],
        SHOP,
        "services[0].dns[0].name",
        "is too long",
    ),
    "one name of two Services": (
        [web("a", alias()), admin("b", {"name": "www"})],
        SHOP,
        "services[1].dns[0].name",
        "www.shop.internal A belongs to shop/a already",
    ),
    "one name twice": ([web("a", alias(), alias())], SHOP, "services[0].dns[1].name", "belongs to shop/a already"),
    "a CNAME beside an alias": (
        [web("a", alias()), bank("www")],
        SHOP,
        "services[1].cname.name",
        "can't stand beside www.shop.internal A of shop/a",
    ),
    "an alias beside a CNAME": (
        [bank("www"), web("a", alias())],
        SHOP,
        "services[1].dns[0].name",
        "can't stand beside www.shop.internal CNAME of shop/bank",
    ),
    "weighted beside simple": (
        [web("a", alias()), web("b", alias(**weighted("blue")))],
        SHOP,
        "services[1].dns[0].routing",
        "www.shop.internal A is chosen in another way",
    ),
    "failover beside weighted": (
        [web("a", alias(**weighted("blue"))), web("b", alias(**failover("green", "PRIMARY")))],
        SHOP,
        "services[1].dns[0].routing",
        "is chosen in another way",
    ),
    "two primaries": (
        [web("a", alias(**failover("a", "PRIMARY"))), web("b", alias(**failover("b", "PRIMARY")))],
        SHOP,
        "services[1].dns[0].routing",
        "is the primary already",
    ),
    "one identifier twice": (
        [web("a", alias(**weighted("blue"))), web("b", alias(**weighted("blue")))],
        SHOP,
        "services[1].dns[0].name",
        "www.shop.internal A blue belongs to shop/a already",
    ),
    "weighted with two TTLs": (
        [
            web("a", {"kind": "cname", "name": "www", **weighted("blue")}),
            web("b", {"kind": "cname", "name": "www", "ttl": 60, **weighted("green")}),
        ],
        SHOP,
        "services[1].dns[0].routing",
        "has a TTL of 300",
    ),
    "public addresses of the stack's own nodes": (
        [admin("a", {"name": "www", "addresses": "public"})],
        SHOP,
        "services[0].dns[0].addresses",
        "no public addresses",
    ),
    "IPv6 that the network hasn't": (
        [admin("a", {"name": "www", "ipFamilies": ["IPv4", "IPv6"]})],
        SHOP,
        "services[0].dns[0].ipFamilies[1]",
        "the network has no IPv6",
    ),
    "no nodes": ([admin("a", {"name": "www"})], {**SHOP, "nodes": declared()}, "services[0].dns[0]", "no nodes"),
    "more nodes than a record has values": (
        [admin("a", {"name": "www"})],
        {**SHOP, **crowd(401)},
        "services[0].dns[0]",
        "401 nodes",
    ),
    "an ExternalName at the apex that AWS has no alias for": (
        [bank("@")],
        SHOP,
        "services[0].cname.name",
        "AWS has no alias for pay.example.net",
    ),
    "an ExternalName at the apex of a name of the stack's own": (
        [web("a", alias()), bank("@", "www.shop.internal")],
        SHOP,
        "services[1].cname.name",
        "www.shop.internal is the stack's own",
    ),
    "an ExternalName that leads to itself": (
        [bank("@", "shop.internal")],
        SHOP,
        "services[0].cname.name",
        "would lead to itself",
    ),
}


def check(services: list[Wire], network: Wire) -> None:
    check_together([adapter.validate_python(item) for item in services], network_args(**network))


@pytest.mark.parametrize("case", TOGETHER)
def test_row_69_what_names_cannot_be_together_is_named_with_its_path(case: str) -> None:
    services, network, path, words = TOGETHER[case]
    with pytest.raises(InvalidInputError) as caught:
        check(services, network)
    assert caught.value.path == path
    assert words in str(caught.value)
    assert caught.value.detail


TAKEN: dict[str, list[Wire]] = {
    "one name in a private zone and in a public one of its domain": [
        web("a", alias()),
        web("b", alias(zone={"domain": "shop.internal", "id": "Z1"})),
    ],
    "weighted beside weighted": [web("a", alias(**weighted("blue"))), web("b", alias(**weighted("green")))],
    "a primary and its secondary": [
        web("a", alias(**failover("a", "PRIMARY"))),
        admin("b", {"name": "www", **failover("b", "SECONDARY")}),
    ],
    "the apex and a wildcard": [web("a", alias("@"), alias("*"), alias("*.deep.er"))],
    "a CNAME that others are chosen beside": [
        web("a", {"kind": "cname", "name": "www", **weighted("blue")}),
        web("b", {"kind": "cname", "name": "www", **weighted("green")}),
    ],
    "an ExternalName at the apex of a name that is there": [bank("@", "old.shop.internal")],
}


@pytest.mark.parametrize("case", TAKEN)
def test_is_taken(case: str) -> None:
    check(TAKEN[case], SHOP)
