"""Whatever Services are behind whatever load balancers: what AWS has one of, nobody declares twice."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from kubewire import ClusterNetwork, LoadBalancerArgs, ServiceDescription, check_together, declare_services, fitted
from tests.unit.program import Declarations, Wire, declare, network_args

adapter: TypeAdapter[Any] = TypeAdapter(ServiceDescription)
SHARED = ("edge", "inner")
SOURCES = ("10.8.0.0/16", "10.9.0.0/16", "10.8.0.0/17")


@st.composite
def services(draw: st.DrawFn) -> list[Wire]:
    """Give Services, each behind its own load balancer or one of two, with ports that nobody else has there."""
    made = []
    for number in range(draw(st.integers(0, 6))):
        behind = draw(st.sampled_from((None, *SHARED)))
        ports: list[Wire] = [
            {
                "name": f"p{place}",
                "port": 100 + 10 * number + place,
                "nodePort": 30000 + 10 * number + place,
                "protocol": draw(st.sampled_from(("TCP", "UDP"))),
            }
            for place in range(draw(st.integers(1, 3)))
        ]
        local = draw(st.booleans())
        made.append(
            {
                "type": "LoadBalancer",
                "name": f"s{number}",
                "selector": {"app": "any"},
                "scheme": "internal",
                "sources": draw(st.lists(st.sampled_from(SOURCES), min_size=1, max_size=3)),
                "loadBalancer": {"kind": "shared", "name": behind} if behind else {"kind": "own"},
                "externalTrafficPolicy": "Local" if local else "Cluster",
                "healthCheckNodePort": 30009 + 10 * number if local else None,
                "ports": ports,
            }
        )
    return made


def cluster(listed: list[Wire]) -> Declarations:
    described = [adapter.validate_python(item) for item in listed]
    shared = [LoadBalancerArgs.model_validate({"name": name, "scheme": "internal"}) for name in SHARED]

    def program() -> None:
        check_together(described, network_args(), shared)
        declare_services(described, ClusterNetwork(fitted(network_args(), described)), load_balancers=shared)

    return declare(program)


def identity(group: str, rule: Wire) -> tuple[Any, ...]:
    ports = tuple(sorted(rule.get("ports", {}).items()))
    return group, rule["direction"], rule["protocol"], ports, rule["peer"].get("cidr") or rule["peer"]["id"]


@settings(max_examples=12, deadline=None)
@given(listed=services())
def test_no_rule_no_name_and_no_port_is_there_twice(listed: list[Wire]) -> None:
    declared = cluster(listed)
    rules = Counter(
        identity(rules["group"]["id"], rule)
        for rules in declared.of("SecurityGroupRules").values()
        for rule in rules["rules"].values()
    )
    assert [rule for rule, times in rules.items() if times > 1] == []
    for kind in ("NetworkLoadBalancer", "TargetGroup", "SecurityGroup"):
        names = [item["name"] for item in declared.of(kind).values()]
        assert len(set(names)) == len(names)
    listeners = [(item["loadBalancer"]["id"], item["port"]) for item in declared.of("Listener").values()]
    assert len(set(listeners)) == len(listeners) == sum(len(item["ports"]) for item in listed)
    groups = Counter(item["targetGroup"]["id"] for item in declared.of("Listener").values())
    assert set(groups.values()) <= {1}
