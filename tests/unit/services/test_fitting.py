"""What a network must have from the start for its Services."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from kubewire import (
    ClusterNetwork,
    ClusterNetworkArgs,
    InvalidInputError,
    ServiceDescription,
    check_together,
    declare_services,
    fitted,
)
from tests.unit.program import declare, network_args

adapter: TypeAdapter[Any] = TypeAdapter(ServiceDescription)
Wire = dict[str, Any]
FIRST = 30000


def ranges(number: int, first: int = 0) -> list[str]:
    """Give ranges that can't be merged."""
    return [f"10.{n // 100 + 128}.{2 * (n % 100)}.0/24" for n in range(first, first + number)]


def node_port(name: str, sources: list[str], *ports: int) -> Any:
    rows = [{"name": f"p{n}", "port": n + 1, "nodePort": port} for n, port in enumerate(ports)]
    return adapter.validate_python(
        {"type": "NodePort", "name": name, "selector": {"app": name}, "sources": sources, "ports": rows}
    )


def network(*services: Any, **changed: Any) -> ClusterNetworkArgs:
    return fitted(network_args(**changed), services)


def test_a_network_without_services_stays_as_it_is() -> None:
    assert network() == network_args()


def test_clients_of_node_ports_may_say_that_packets_are_too_big() -> None:
    services = [node_port("a", ["10.8.0.0/16"], FIRST), node_port("b", ["10.8.0.0/16", "10.10.0.0/16"], FIRST + 5)]
    found = network(*services, path_mtu=["192.168.0.0/16"])
    wanted = ["192.168.0.0/16", "10.8.0.0/16", "10.10.0.0/16"]
    assert found.path_mtu == tuple(ip_network(cidr) for cidr in wanted)


# Of 60 rules of a group, each source takes one at the port, and one for the path MTU.
@pytest.mark.parametrize(
    ("sources", "groups"), [(29, 1), (30, 2), (59, 2), (60, 3), (89, 3), (90, 4), (148, 5), (149, 5)]
)
def test_it_has_as_many_groups_as_the_rules_need(sources: int, groups: int) -> None:
    assert network(node_port("a", ranges(sources), FIRST)).node_groups == groups


def test_groups_that_are_declared_stay() -> None:
    assert network(node_port("a", ranges(1), FIRST), node_groups=4).node_groups == 4


def test_more_than_five_groups_hold_is_refused_with_the_service_that_asks() -> None:
    services = [node_port("a", ranges(80), FIRST), node_port("b", ranges(80, 80), FIRST + 5)]
    with pytest.raises(InvalidInputError, match="80 more rules are too many") as caught:
        network(*services)
    assert caught.value.path == "services[1]"


def test_with_a_high_quota_there_are_as_many_groups_as_an_interface_takes_rules() -> None:
    quotas = {"live": False, "rules_per_group": 300}
    assert network(node_port("a", ranges(440), FIRST), quotas=quotas).node_groups == 3
    with pytest.raises(InvalidInputError, match="more rules are too many for the security group of the nodes"):
        network(node_port("a", ranges(460), FIRST), quotas=quotas)


def test_rules_for_endpoints_are_counted() -> None:
    endpoints = [{"kind": "gateway", "service": "s3"}, {"kind": "interface", "service": "sts"}]
    quotas = {"live": False, "rules_per_group": 3}
    assert network(quotas=quotas).node_groups == 1
    assert network(quotas=quotas, endpoints=endpoints).node_groups == 2


@pytest.mark.parametrize("number", [1, 3, 4, 40])
def test_neighbouring_ports_are_one_rule_whose_description_aws_takes(number: int) -> None:
    service = node_port("a" * 63, ["10.8.0.0/16"], *range(FIRST, FIRST + number))
    args = network(service)
    found = declare(lambda: declare_services([service], ClusterNetwork(args)))
    (rows,) = [it["rules"] for name, it in found.of("SecurityGroupRules").items() if name.endswith(".nodes")]
    ((name, rule),) = rows.items()
    assert (rule["ports"]["first"], rule["ports"]["last"]) == (FIRST, FIRST + number - 1)
    assert len(name) <= 255


services = st.lists(
    st.tuples(st.integers(1, 40), st.lists(st.integers(0, 9), min_size=1, max_size=3, unique=True)), max_size=4
)


@given(described=services)
def test_what_fits_in_the_plan_fits_when_it_is_declared(described: list[tuple[int, list[int]]]) -> None:
    items = [
        node_port(f"s{number}", ranges(sources, 40 * number), *[FIRST + 20 * number + port for port in ports])
        for number, (sources, ports) in enumerate(described)
    ]
    check_together(items, network_args())
    try:
        args = network(*items)
    except InvalidInputError:
        return
    found = declare(lambda: declare_services(items, ClusterNetwork(args)))
    assert len(found.of("SecurityGroup")) == args.node_groups
