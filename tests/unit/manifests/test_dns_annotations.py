from __future__ import annotations

from typing import Any

import pytest

from kubewire.manifests.annotations import dns_table
from kubewire.manifests.annotations.rows import Said, find
from tests.unit.manifests.reading import Wire, mistakes, one, read, service
from tests.unit.program import network_args

OLD, NEW = dns_table.PREFIXES
ZONE = {"domain": "example.com", "id": "Z1"}
DEEPER = {"domain": "shop.example.com", "id": "Z2"}
SAID = {"zones": [ZONE, DEEPER]}


def annotated(values: Wire, kind: str = "LoadBalancer", prefix: str = OLD, **spec: Any) -> Wire:
    return service(kind, {f"{prefix}{name}": value for name, value in values.items()}, **spec)


def records(values: Wire, kind: str = "LoadBalancer", prefix: str = OLD) -> list[Wire]:
    found = one(annotated(values, kind, prefix), overrides=SAID, network=network_args(domain="shop.internal"))
    listed: list[Wire] = found.to_wire()["dns"]
    assert found.annotations == {}
    return listed


NAME = {"hostname": "www.example.com"}
# Annotations beside the name, type, and what of the record follows.
MAPPED: list[tuple[str, Wire, str, Wire]] = [
    ("hostname", {}, "LoadBalancer", {"name": "www", "kind": "alias", "routing": {"kind": "simple"}}),
    ("alias", {"alias": "false"}, "LoadBalancer", {"kind": "cname", "ttl": 300}),
    ("alias", {"alias": "true"}, "LoadBalancer", {"kind": "alias"}),
    ("ttl", {"ttl": "60", "alias": "false"}, "LoadBalancer", {"kind": "cname", "ttl": 60}),
    ("ttl", {"ttl": "1h30m", "alias": "false"}, "LoadBalancer", {"ttl": 5400}),
    ("access", {"access": "private", "ttl": "5m"}, "NodePort", {"addresses": "private", "ttl": 300}),
    (
        "aws-evaluate-target-health",
        {"aws-evaluate-target-health": "false"},
        "LoadBalancer",
        {"evaluateTargetHealth": False},
    ),
    (
        "aws-weight",
        {"aws-weight": "10", "set-identifier": "green"},
        "LoadBalancer",
        {"routing": {"kind": "weighted", "setIdentifier": "green", "weight": 10}},
    ),
    (
        "aws-failover",
        {"aws-failover": "SECONDARY", "set-identifier": "west"},
        "LoadBalancer",
        {"routing": {"kind": "failover", "setIdentifier": "west", "role": "SECONDARY"}},
    ),
    (
        "aws-health-check-id",
        {"aws-weight": "1", "set-identifier": "a", "aws-health-check-id": "abc"},
        "LoadBalancer",
        {"routing": {"kind": "weighted", "setIdentifier": "a", "weight": 1, "healthCheckId": "abc"}},
    ),
    ("set-identifier", {"aws-weight": "0", "set-identifier": "b"}, "LoadBalancer", {"name": "www"}),
    ("controller", {"controller": "dns-controller"}, "LoadBalancer", {"name": "www"}),
]
WARNED = {
    "record-type": "ptr",
    "ingress": "shop/front",
    "ingress-hostname-source": "annotation-only",
    "gateway-hostname-source": "annotation-only",
    "azure-tags": "a",
    "cloudflare-proxied": "true",
    "coredns-group": "a",
    "scw-weight": "1",
    "webhook-own": "1",
}
REFUSED = {
    "internal-hostname": "in.example.com",
    "target": "other.example.com",
    "aws-region": "eu-west-1",
    "aws-geolocation-country-code": "FR",
    "aws-geoproximity-bias": "1",
    "aws-multi-value-answer": "true",
    "aws-target-hosted-zone": "Z3",
    "aws-hosted-zone-id": "Z3",
    "endpoints-type": "HostIP",
}


@pytest.mark.parametrize(("name", "others", "kind", "fields"), MAPPED, ids=lambda item: str(item)[:60])
@pytest.mark.parametrize("prefix", dns_table.PREFIXES)
def test_an_annotation_becomes_a_record(name: str, others: Wire, kind: str, fields: Wire, prefix: str) -> None:
    row = find(dns_table.ANNOTATIONS, name)
    assert row is not None
    assert row.said is Said.MAPPED
    (record,) = records({**NAME, **others}, kind, prefix)
    assert {key: record.get(key) for key in fields} == fields


@pytest.mark.parametrize(("name", "value"), WARNED.items())
def test_an_annotation_is_warned_of(name: str, value: str) -> None:
    found = read(annotated({name: value, **NAME}), overrides=SAID)
    (warning,) = found.warnings
    row = find(dns_table.ANNOTATIONS, name)
    assert row is not None
    assert f'metadata.annotations["{OLD}{name}"]' in warning
    assert row.text in warning


@pytest.mark.parametrize(("name", "value"), REFUSED.items())
def test_an_annotation_is_refused(name: str, value: str) -> None:
    (fault,) = mistakes(annotated({name: value, **NAME}), overrides=SAID)
    row = find(dns_table.ANNOTATIONS, name)
    assert row is not None
    assert row.said is Said.REFUSED
    assert f'metadata.annotations["{OLD}{name}"]' in fault.path
    assert row.text in fault.summary
    assert fault.detail == row.instead != ""


def test_every_annotation_of_the_table_has_a_case() -> None:
    cases = {name for name, *_ in MAPPED} | WARNED.keys() | REFUSED.keys()
    covered = {id(find(dns_table.ANNOTATIONS, case)) for case in cases}
    assert [item.name for item in dns_table.ANNOTATIONS if id(item) not in covered] == []


def test_a_name_is_in_the_zone_with_the_longest_domain() -> None:
    hostname = "a.b.shop.example.com, shop.example.com., www.EXAMPLE.com, x.shop.internal"
    found = [(item["name"], item.get("zone", {}).get("id")) for item in records({"hostname": hostname})]
    assert found == [("a.b", "Z2"), ("@", "Z2"), ("www", "Z1"), ("x", None)]


def test_an_external_name_has_a_cname() -> None:
    named = annotated({**NAME, "ttl": "60"}, "ExternalName", externalName="pay.example.org")
    del named["spec"]["selector"], named["spec"]["ports"]
    found = one(named, overrides=SAID)
    assert found.to_wire()["cname"] == {
        "name": "www",
        "zone": {**found.to_wire()["cname"]["zone"], **ZONE},
        "ttl": 60,
        "adopt": False,
    }


@pytest.mark.parametrize(
    ("values", "kind", "summary"),
    [
        ({"hostname": "www.example.org"}, "LoadBalancer", "www.example.org is in no zone that is known"),
        ({"hostname": "a..b"}, "LoadBalancer", "a..b"),
        ({**NAME}, "NodePort", "it isn't said which addresses of nodes"),
        ({**NAME}, "ClusterIP", "a ClusterIP Service has no record"),
        ({**NAME, "aws-weight": "1"}, "LoadBalancer", "it isn't said which of the records this is"),
        ({**NAME, "set-identifier": "a"}, "LoadBalancer", "it isn't said how the record is chosen"),
        ({**NAME, "ttl": "soon", "alias": "false"}, "LoadBalancer", "'soon' is no number of seconds"),
        ({**NAME, "ttl": "5", "access": "none"}, "NodePort", "'none' is none of its values"),
        ({"no-such": "1"}, "LoadBalancer", "unknown annotation"),
    ],
    ids=lambda item: str(item)[:50],
)
def test_a_value_that_means_nothing_is_refused(values: Wire, kind: str, summary: str) -> None:
    assert any(summary in fault.summary for fault in mistakes(annotated(values, kind), overrides=SAID))


def test_a_ttl_of_an_alias_is_told_of() -> None:
    (warning,) = read(annotated({**NAME, "ttl": "60"}), overrides=SAID).warnings
    assert "an alias has the load balancer's own" in warning


def test_another_controllers_records_are_left_to_it() -> None:
    found = read(annotated({**NAME, "controller": "other"}), overrides=SAID)
    assert found.services[0].to_wire()["dns"] == []
    assert "another controller's records" in found.warnings[0]


def test_where_services_are_taken_over_external_dns_goes_on() -> None:
    found = read(annotated(NAME), overrides=SAID, adopt=True).services[0]
    assert found.annotations == {f"{OLD}hostname": "www.example.com"}
