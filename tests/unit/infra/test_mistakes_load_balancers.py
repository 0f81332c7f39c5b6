"""Mistakes in load balancers, shared ones and a Service's own."""

from __future__ import annotations

import pytest

from tests.unit.infra.mistakes import Mistake, both, check, environment, key, network, read, service

EDGE = {"name": "edge", "scheme": "internet-facing"}
BEHIND = {"kind": "shared", "name": "edge"}


MISTAKES: dict[str, Mistake] = {
    "one that is not there": (
        service("frontend", loadBalancer=BEHIND),
        "services[0].loadBalancer.name",
        "Describe it in `loadBalancers`",
    ),
    "another scheme": (
        both(key("cluster:loadBalancers", [{**EDGE, "scheme": "internal"}]), service("frontend", loadBalancer=BEHIND)),
        "services[0].scheme",
        "load balancer edge is internal",
    ),
    "more listeners than the account may have": (
        both(
            network(quotas={"listenersPerLoadBalancer": 1}),
            service("frontend", ports=[{"name": name, "port": ord(name)} for name in "ab"]),
        ),
        "services[0].ports",
        "2 listeners are too many",
    ),
    "neither own nor shared": (
        service("frontend", loadBalancer={"kind": "common"}),
        "services[0].loadBalancer.kind",
        "Write own or shared",
    ),
    "shared without a name": (
        service("frontend", loadBalancer={"kind": "shared"}),
        "services[0].loadBalancer.name",
        "required",
    ),
    "shared with what is its own": (
        service("frontend", loadBalancer={**BEHIND, "crossZone": False}),
        "services[0].loadBalancer.crossZone",
        "unknown key",
    ),
    "without a scheme": (key("cluster:loadBalancers", [{"name": "edge"}]), "loadBalancers[0].scheme", "required"),
    "a name that Services can't have": (
        key("cluster:loadBalancers", [{**EDGE, "name": "Edge"}]),
        "loadBalancers[0].name",
        "pattern",
    ),
    "a name that AWS doesn't take": (
        service("frontend", loadBalancer={"kind": "own", "name": "internal-shop"}),
        "services[0].loadBalancer.name",
        "internal-",
    ),
    "addresses of no kind": (
        key("cluster:loadBalancers", [{**EDGE, "addresses": {}}]),
        "loadBalancers[0].addresses.kind",
        "chosen, elastic or private",
    ),
    "an address that is none": (
        key(
            "cluster:loadBalancers", [{**EDGE, "addresses": {"kind": "elastic", "allocationIds": {"eu-west-1a": "1"}}}]
        ),
        "loadBalancers[0].addresses.allocationIds.eu-west-1a",
        "eipalloc",
    ),
    "dual stack in a network without IPv6": (
        key("cluster:loadBalancers", [{**EDGE, "ipAddressType": "dualstack"}]),
        "loadBalancers[0].ipAddressType",
        "the network has no IPv6",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistake_is_named_with_its_path(mistake: str, monkeypatch: pytest.MonkeyPatch) -> None:
    check(MISTAKES[mistake], monkeypatch)


def test_a_shared_load_balancer_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    config = environment("dev")
    both(key("cluster:loadBalancers", [EDGE]), service("frontend", loadBalancer=BEHIND))(config)
    settings = read(config, monkeypatch)
    assert [args.name for args in settings.load_balancers] == ["edge"]
