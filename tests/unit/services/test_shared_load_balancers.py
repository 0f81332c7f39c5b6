"""What Services behind one load balancer declare, and what becomes of it when one of them changes."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter

from kubewire import (
    ClusterNetwork,
    InvalidInputError,
    LoadBalancer,
    LoadBalancerArgs,
    LoadBalancerService,
    ServiceDescription,
    declare_services,
    fitted,
)
from tests.unit.program import Declarations, Wire, declare, network_args

adapter: TypeAdapter[Any] = TypeAdapter(ServiceDescription)
NODES = "shop-nodes-id"
EDGE = "shop.edge-id"


def web(name: str, port: int, node_port: int, behind: str | None = "edge", **more: Any) -> Wire:
    protocol = more.pop("protocol", "TCP")
    return {
        "type": "LoadBalancer",
        "name": name,
        "namespace": "shop",
        "selector": {"app": name},
        "scheme": "internal",
        "sources": ["10.8.0.0/16"],
        "loadBalancer": {"kind": "shared", "name": behind} if behind else {"kind": "own"},
        "ports": [{"name": "p", "port": port, "nodePort": node_port, "protocol": protocol}],
        **more,
    }


def cluster(*services: Wire, network: Wire | None = None, **edge: Any) -> Declarations:
    def program() -> None:
        described = [adapter.validate_python(item) for item in services]
        shared = [LoadBalancerArgs.model_validate({"name": "edge", "scheme": "internal", **edge})]
        made = ClusterNetwork(fitted(network_args(**(network or {})), described))
        declare_services(described, made, load_balancers=shared)

    return declare(program)


def rules(declared: Declarations, name: str) -> set[tuple[Any, ...]]:
    return {
        (rule["direction"], rule["protocol"], rule["ports"]["first"], rule["peer"].get("cidr") or rule["peer"]["id"])
        for rule in declared.of("SecurityGroupRules")[name]["rules"].values()
        if "ports" in rule
    }


def test_all_of_them_are_behind_one() -> None:
    declared = cluster(web("a", 80, 30080), web("b", 81, 30081))
    assert declared.one("NetworkLoadBalancer")["name"] == "shop-edge"
    found = declared.of("Listener")
    assert {name: item["targetGroup"]["id"] for name, item in found.items()} == {
        "shop.edge.80": "shop.shop.a.p-id",
        "shop.edge.81": "shop.shop.b.p-id",
    }
    assert {item["loadBalancer"]["id"] for item in found.values()} == {EDGE}
    status = declared.of("LoadBalancerStatus")
    assert {name: item["hostnames"] for name, item in status.items()} == {
        name: ["lb.example.com"] for name in ("shop.shop.a", "shop.shop.b")
    }


def test_its_group_admits_the_clients_of_each_at_its_port_alone() -> None:
    declared = cluster(web("a", 80, 30080), web("b", 81, 30081, sources=["10.10.0.0/16"]))
    assert rules(declared, "shop.edge.80") == {("ingress", "tcp", 80, "10.8.0.0/16")}
    assert rules(declared, "shop.edge.81") == {("ingress", "tcp", 81, "10.10.0.0/16")}
    assert rules(declared, "shop.shop.a") == {("egress", "tcp", 30080, NODES)}
    assert rules(declared, "shop.edge") == {("ingress", "icmp", 3, f"10.{number}.0.0/16") for number in (8, 10)}


def test_what_two_services_need_alike_is_there_once() -> None:
    declared = cluster(web("a", 53, 30080, protocol="UDP"), web("b", 54, 30081, protocol="UDP"))
    assert ("egress", "tcp", 10256, NODES) in rules(declared, "shop.edge")
    assert rules(declared, "shop.edge.nodes") == {("ingress", "tcp", 10256, EDGE)}
    assert rules(declared, "shop.shop.a.shop.edge.nodes") == {("ingress", "udp", 30080, EDGE)}
    every = [
        (item["group"]["id"], *rule)
        for name, item in declared.of("SecurityGroupRules").items()
        for rule in rules(declared, name)
    ]
    assert len(set(every)) == len(every)


@pytest.mark.parametrize(("most", "groups"), [(23, 1), (22, 2)])
def test_the_network_is_fitted_to_what_is_declared(most: int, groups: int) -> None:
    # The network's own two rules, one for each Service, and one for the proxies, whom all of them ask.
    services = [web(f"s{n}", 100 + n, 30080 + 2 * n, protocol="UDP") for n in range(20)]
    declared = cluster(*services, network={"quotas": {"live": False, "rules_per_group": most}})
    nodes = [item for item in declared.of("SecurityGroup").values() if item["description"] == "Nodes of shop"]
    assert len(nodes) == groups


def test_a_move_changes_the_names_of_what_must_be_there_twice() -> None:
    """A target group is one load balancer's at a time, and the way from the old one is needed until that is left."""
    own, behind = cluster(web("a", 80, 30080, behind=None)), cluster(web("a", 80, 30080))
    assert own.one("TargetGroup")["name"] != behind.one("TargetGroup")["name"]
    assert "shop.shop.a.nodes" in own.of("SecurityGroupRules")
    assert "shop.shop.a.nodes" not in behind.of("SecurityGroupRules")


@pytest.mark.parametrize("shared", [False, True])
def test_another_scheme_is_another_name_of_load_balancer_and_target_groups(*, shared: bool) -> None:
    kinds = ("internal", "internet-facing")
    behind = "edge" if shared else None
    each = [cluster(web("a", 80, 30080, behind=behind, scheme=scheme), scheme=scheme) for scheme in kinds]
    place = "shop.edge" if shared else "shop.shop.a"
    assert len({declared.of("NetworkLoadBalancer")[place]["name"] for declared in each}) == 2
    assert len({declared.one("TargetGroup")["name"] for declared in each}) == 2
    # It is the same security group all the time: nothing is closed while the new one comes.
    assert len({declared.of("SecurityGroup")[place]["name"] for declared in each}) == 1


def test_a_name_that_is_written_is_its_name() -> None:
    named = {"kind": "own", "name": "front"}
    declared = cluster(web("a", 80, 30080, loadBalancer=named, scheme="internet-facing"))
    assert declared.of("NetworkLoadBalancer")["shop.shop.a"]["name"] == "front"


ELASTIC = {"eu-west-1a": "eipalloc-0123456789abcdef0", "eu-west-1b": "eipalloc-0123456789abcdef1"}
PRIVATE = {"eu-west-1a": "10.0.0.10", "eu-west-1b": "10.0.32.10"}


@pytest.mark.parametrize(
    ("scheme", "addresses", "role", "field", "wanted"),
    [
        ("internet-facing", {"kind": "elastic", "allocationIds": ELASTIC}, "public", "allocationId", ELASTIC),
        ("internal", {"kind": "private", "addresses": PRIVATE}, "private", "privateIpv4", PRIVATE),
    ],
)
def test_row_61_addresses_are_those_of_its_subnets(
    scheme: str, addresses: Wire, role: str, field: str, wanted: dict[str, str]
) -> None:
    options = {"kind": "own", "addresses": addresses, "crossZone": False, "deletionProtection": True}
    declared = cluster(web("a", 80, 30080, loadBalancer=options, scheme=scheme))
    balancer = declared.of("NetworkLoadBalancer")["shop.shop.a"]
    assert {name: address[field] for name, address in balancer["addresses"].items()} == {
        f"shop-{role}-{zone}": value for zone, value in wanted.items()
    }
    assert balancer["crossZone"] is False
    assert balancer["deletionProtection"] is True


def test_row_57_clients_of_ipv6_are_admitted_where_it_is_dual_stack() -> None:
    options = {"kind": "own", "ipAddressType": "dualstack"}
    network = {"vpc": {"kind": "new", "cidr": "10.0.0.0/16", "ipv6": True}}
    declared = cluster(web("a", 80, 30080, loadBalancer=options, sources=["anywhere"]), network=network)
    assert rules(declared, "shop.shop.a") == {
        *[("ingress", "tcp", 80, cidr) for cidr in ("0.0.0.0/0", "::/0")],
        ("ingress", "icmp", 3, "0.0.0.0/0"),
        ("ingress", "icmpv6", 2, "::/0"),
        ("egress", "tcp", 30080, NODES),
    }


def test_a_service_that_its_load_balancer_does_not_know_is_refused() -> None:
    def program() -> None:
        network = ClusterNetwork(network_args())
        shared = LoadBalancer(LoadBalancerArgs.model_validate({"name": "edge", "scheme": "internal"}), network, [])
        service = adapter.validate_python(web("a", 80, 30080))
        LoadBalancerService(service, network, load_balancer=shared)

    with pytest.raises(InvalidInputError, match="doesn't know of it"):
        declare(program)


def test_a_service_without_the_load_balancer_that_it_names_is_refused() -> None:
    def program() -> None:
        LoadBalancerService(adapter.validate_python(web("a", 80, 30080)), ClusterNetwork(network_args()))

    with pytest.raises(InvalidInputError, match="there is no load balancer edge"):
        declare(program)


def test_a_region_has_so_many_load_balancers_as_its_live_quota_says() -> None:
    with pytest.raises(InvalidInputError) as caught:
        cluster(web("a", 80, 30080, behind=None), network={"quotas": {"live": False, "load_balancers": 1}})
    assert caught.value.path == "services[0].loadBalancer"
    assert "2 load balancers are too many" in str(caught.value)
    with pytest.raises(InvalidInputError) as caught:
        cluster(web("a", 80, 30080), web("b", 81, 30081), network={"quotas": {"live": False, "target_groups": 1}})
    assert caught.value.path == "services[1].ports"
