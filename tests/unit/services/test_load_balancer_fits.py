"""What is wrong with a load balancer and the Services behind it: each has one error, with its path and the way out."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter

from kubewire import InvalidInputError, LoadBalancerArgs, ServiceDescription, check_together
from tests.unit.program import Wire, declared, network_args, node

adapter: TypeAdapter[Any] = TypeAdapter(ServiceDescription)
ZONES = ("eu-west-1a", "eu-west-1b")
IDS = [f"eipalloc-0123456789abcdef{number}" for number in range(3)]
TWO_ZONES = {"a": IDS[:2], "b": IDS[1:]}
ELSEWHERE = "arn:aws:acm:us-east-1:123456789012:certificate/0"


def web(label: str, /, *ports: int, protocol: str = "TCP", scheme: str = "internal", **balancer: Any) -> Wire:
    sources = balancer.pop("sources", ["10.8.0.0/16"])
    return {
        "type": "LoadBalancer",
        "name": label,
        "selector": {"app": label},
        "scheme": scheme,
        "sources": sources,
        "loadBalancer": {"kind": "own", **balancer},
        "ports": [{"name": f"p{port}", "port": port, "protocol": protocol} for port in ports or (80,)],
    }


def on(label: str, /, *ports: int, behind: str = "edge", **more: Any) -> Wire:
    return {**web(label, *ports, **more), "loadBalancer": {"kind": "shared", "name": behind}}


def edge(**more: Any) -> Wire:
    return {"name": "edge", "scheme": "internal", **more}


def elastic(*zones: str, ids: list[str] | None = None) -> Wire:
    return {"kind": "elastic", "allocationIds": dict(zip(zones, ids or IDS, strict=False))}


def private(*addresses: str) -> Wire:
    return {"kind": "private", "addresses": dict(zip(ZONES, addresses, strict=False))}


def crowd(number: int, zones: str = "a") -> Wire:
    return declared(*[{**node(n, zones[n % len(zones)]), "name": f"n{n}"} for n in range(number)])


def ranges(first: int, end: int) -> list[str]:
    return [f"10.{number}.8.0/24" for number in range(first, end)]


def check(services: list[Wire], balancers: list[Wire], network: Wire) -> None:
    described = [adapter.validate_python(item) for item in services]
    shared = [LoadBalancerArgs.model_validate(item) for item in balancers]
    check_together(described, network_args(**network), shared)


PRIVATE_ONLY: Wire = {
    "vpc": {"kind": "new", "cidr": "10.0.0.0/16"},
    "subnets": {"kind": "carved", "layout": [{"role": "private", "prefix": 20}]},
    "nat": "none",
}
IPV6: Wire = {"vpc": {"kind": "new", "cidr": "10.0.0.0/16", "ipv6": True}}
OWN = "services[0].loadBalancer"
ADDRESSES = f"{OWN}.addresses"

Case = tuple[list[Wire], list[Wire], Wire, str, str]
REFUSED: dict[str, Case] = {
    "a shared one that is not there": (
        [on("a", behind="egde")],
        [edge()],
        {},
        f"{OWN}.name",
        "there is no load balancer egde",
    ),
    "a shared one where there is none": ([on("a")], [], {}, f"{OWN}.name", "There is none."),
    "another scheme": ([on("a", scheme="internet-facing")], [edge()], {}, "services[0].scheme", "edge is internal"),
    "two of one name": ([], [edge(), edge()], {}, "loadBalancers[1].name", "two load balancers edge"),
    "a name that another has": (
        [web("a", name="front"), web("b", name="front")],
        [],
        {},
        "services[1].loadBalancer.name",
        "front is what that of services[0].loadBalancer is called",
    ),
    "a name that a shared one has": (
        [web("a", name="shop-edge")],
        [edge()],
        {},
        f"{OWN}.name",
        "what that of loadBalancers[0] is called",
    ),
    "an elastic address that another has": (
        [web(name, scheme="internet-facing", addresses=elastic(*ZONES, ids=ids)) for name, ids in TWO_ZONES.items()],
        [],
        {},
        'services[1].loadBalancer.addresses.allocationIds["eu-west-1a"]',
        f"that of services[0].loadBalancer has {IDS[1]}",
    ),
    "a private address that a shared one has": (
        [web("a", addresses=private("10.0.0.10", "10.0.32.10"))],
        [edge(addresses=private("10.0.0.11", "10.0.32.10"))],
        {},
        f'{ADDRESSES}.addresses["eu-west-1b"]',
        "that of loadBalancers[0] has 10.0.32.10",
    ),
    "an address that a node slot has": (
        [web("a", addresses=private("10.0.0.11", "10.0.32.9"))],
        [],
        {"nodes": {"kind": "slots", "zones": dict.fromkeys(ZONES, 2)}},
        f'{ADDRESSES}.addresses["eu-west-1a"]',
        "slot-eu-west-1a-1 has 10.0.0.11",
    ),
    "a certificate of another region": (
        [{**web("a"), "ports": [{"name": "p", "port": 443, "tls": {"certificate": ELSEWHERE}}]}],
        [],
        {},
        "services[0].ports[0].tls.certificate",
        "the certificate is in us-east-1",
    ),
    "one port of two Services": (
        [on("a", 80, 81), on("b", 82, 81)],
        [edge()],
        {},
        "services[1].ports[1].port",
        "81 of load balancer edge belongs to default/a already",
    ),
    "TCP and UDP on one port of two Services": (
        [on("a", 53), on("b", 53, protocol="UDP")],
        [edge()],
        {},
        "services[1].ports[0].port",
        "belongs to default/a already",
    ),
    "more listeners than it has": (
        [on("a", *range(1, 31)), on("b", *range(31, 52))],
        [edge()],
        {},
        "services[1].ports",
        "51 listeners are too many for load balancer edge",
    ),
    "more targets than it has": (
        [on("a", 80, 81), on("b", 82, 83)],
        [edge()],
        {"nodes": crowd(126)},
        "services[1].ports",
        "504 targets",
    ),
    "more targets in a zone than it has": (
        [on("a", 80, 81), on("b", 82)],
        [edge(crossZone=False)],
        {"nodes": crowd(18, "ab"), "quotas": {"live": False, "targets_per_zone_of_load_balancer": 26}},
        "services[1].ports",
        "27 targets in eu-west-1a",
    ),
    "more targets in all than it has": (
        [on("a", 80, 81)],
        [edge(crossZone=False)],
        {"nodes": crowd(12, "ab"), "quotas": {"live": False, "targets_per_load_balancer": 23}},
        "services[0].ports",
        "24 targets",
    ),
    "more rules than its group holds": (
        [on("a", 80, sources=ranges(0, 20)), on("b", 81, sources=ranges(20, 30)), on("c", 82, sources=ranges(30, 31))],
        [edge()],
        {},
        "services[2].sources",
        "62 rules are too many for the security group of load balancer edge",
    ),
    "no public subnets": (
        [on("a", scheme="internet-facing")],
        [edge(scheme="internet-facing")],
        PRIVATE_ONLY,
        "loadBalancers[0].scheme",
        "no public subnets",
    ),
    "elastic and internal": ([web("a", addresses=elastic(*ZONES))], [], {}, f"{ADDRESSES}.kind", "internal one has"),
    "private and internet-facing": (
        [web("a", scheme="internet-facing", addresses=private("10.0.0.10", "10.0.32.10"))],
        [],
        {},
        f"{ADDRESSES}.kind",
        "internet-facing one has none",
    ),
    "an address for a zone that is not there": (
        [web("a", scheme="internet-facing", addresses=elastic(*ZONES, "eu-west-1c"))],
        [],
        {},
        f'{ADDRESSES}.allocationIds["eu-west-1c"]',
        "no zone eu-west-1c",
    ),
    "no address for a zone": (
        [web("a", scheme="internet-facing", addresses=elastic("eu-west-1a"))],
        [],
        {},
        f"{ADDRESSES}.allocationIds",
        "none for eu-west-1b",
    ),
    "one address for two zones": (
        [web("a", scheme="internet-facing", addresses=elastic(*ZONES, ids=[IDS[0], IDS[0]]))],
        [],
        {},
        f'{ADDRESSES}.allocationIds["eu-west-1b"]',
        "eu-west-1a has it",
    ),
    "an address of another subnet": (
        [web("a", addresses=private("10.0.32.10", "10.0.32.11"))],
        [],
        {},
        f'{ADDRESSES}.addresses["eu-west-1a"]',
        "10.0.32.10 is not in it",
    ),
    "an address that AWS keeps at the start": (
        [web("a", addresses=private("10.0.0.3", "10.0.32.10"))],
        [],
        {},
        f'{ADDRESSES}.addresses["eu-west-1a"]',
        "AWS keeps 10.0.0.3 for itself",
    ),
    "an address that AWS keeps at the end": (
        [web("a", addresses=private("10.0.0.4", "10.0.47.255"))],
        [],
        {},
        f'{ADDRESSES}.addresses["eu-west-1b"]',
        "AWS keeps 10.0.47.255 for itself",
    ),
    "dual stack without IPv6": (
        [web("a", ipAddressType="dualstack")],
        [],
        {},
        f"{OWN}.ipAddressType",
        "the network has no IPv6",
    ),
    "dual stack with UDP": (
        [on("a", 53, protocol="UDP")],
        [edge(ipAddressType="dualstack")],
        IPV6,
        "services[0].ports[0].protocol",
        "no UDP with dualstack",
    ),
    "clients of IPv6 with IPv4 alone": (
        [on("a", sources=["2001:db8::/32"])],
        [edge()],
        IPV6,
        "services[0].sources[0]",
        "2001:db8::/32 can't reach it",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_mistake_is_named_with_its_path(case: str) -> None:
    services, balancers, network, path, words = REFUSED[case]
    with pytest.raises(InvalidInputError) as caught:
        check(services, balancers, network)
    assert caught.value.path == path
    assert words in str(caught.value)
    assert caught.value.detail


TAKEN: dict[str, tuple[list[Wire], list[Wire], Wire]] = {
    "as many listeners as it has": ([on("a", *range(1, 31)), on("b", *range(31, 51))], [edge()], {}),
    "as many targets as it has": ([on("a", 80, 81), on("b", 82, 83)], [edge()], {"nodes": crowd(125)}),
    "more targets where each zone has its own": (
        [on("a", 80, 81), on("b", 82, 83)],
        [edge(crossZone=False)],
        {"nodes": crowd(250, "ab")},
    ),
    "the same port behind two": ([on("a"), web("b")], [edge()], {}),
    "nobody behind it yet": ([], [edge()], {}),
    "the first and the last address that are free": (
        [web("a", addresses=private("10.0.0.4", "10.0.47.254"))],
        [],
        {},
    ),
    "clients of IPv6 with dual stack": ([web("a", ipAddressType="dualstack", sources=["2001:db8::/32"])], [], IPV6),
}


@pytest.mark.parametrize("case", TAKEN)
def test_is_taken(case: str) -> None:
    check(*TAKEN[case])


@pytest.mark.parametrize(
    ("addresses", "path"),
    [
        ({"kind": "fixed"}, "kind"),
        ({"kind": "elastic", "allocationIds": {"eu-west-1a": "10.0.0.1"}}, "allocationIds"),
        ({"kind": "private", "addresses": {"eu-west-1a": "2001:db8::1"}}, "addresses"),
    ],
)
def test_forms_are_checked_before(addresses: Wire, path: str) -> None:
    with pytest.raises(ValueError, match=path):
        adapter.validate_python(web("a", addresses=addresses))
