"""Load balancers that send to pods by their addresses."""

from __future__ import annotations

from typing import Any

import pytest

from kubewire import (
    ClusterNetwork,
    InvalidInputError,
    LoadBalancer,
    LoadBalancerArgs,
    LoadBalancerService,
    LoadBalancerServiceArgs,
    check_together,
)
from kubewire.functions.get_endpoints import GetEndpoints
from kubewire.network.quotas import Limits, Quotas
from kubewire.services.load_balancer.behind import own
from kubewire.services.load_balancer.quotas import hold_targets
from tests.unit.program import Declarations, Wire, declare, network_args

HTTP = {"name": "http", "port": 80, "targetPort": "web"}
HTTPS = {"name": "https", "port": 443, "targetPort": 8443}
BALANCER, NODES, PODS = "shop.default.web-id", "shop-nodes-id", "100.64.0.0/16"
VPC: Wire = {"pods": {"kind": "vpc"}, "nodes": {"kind": "declared", "machines": []}}


def endpoint(address: str, port: int, *, name: str = "http", protocol: str = "TCP", pod: str | None = None) -> Wire:
    return {"address": address, "port": port, "portName": name, "protocol": protocol, "pod": pod or f"pod-{address}"}


def behind(*endpoints: Wire, not_ready: int = 0) -> Wire:
    return {"endpoints": list(endpoints), "notReady": not_ready}


def described(*ports: Wire, **more: Any) -> LoadBalancerServiceArgs:
    usual: Wire = {"name": "web", "selector": {"app": "web"}, "scheme": "internal", "targets": {"kind": "pods"}}
    return LoadBalancerServiceArgs(**{**usual, "sources": ["192.168.0.0/16"], "ports": ports or (HTTP,), **more})


def deployed(found: Wire, *ports: Wire, network: Wire | None = None, **more: Any) -> Declarations:
    args, described_network = described(*ports, **more), network_args(**(network or {}))
    answers = {GetEndpoints.token(): found}
    return declare(lambda: LoadBalancerService(args, ClusterNetwork(described_network)), answers)


def targets(group: Wire) -> dict[str, tuple[str, int, str | None]]:
    rows = group["targets"].items()
    return {name: (row["id"], row["port"], row.get("availabilityZone")) for name, row in rows}


def rules(declared: Declarations, name: str, direction: str) -> set[tuple[str, int, str]]:
    found = declared.of("SecurityGroupRules")[name]["rules"].values()
    return {
        (rule["protocol"], rule["ports"]["first"], rule["peer"].get("cidr") or rule["peer"]["id"])
        for rule in found
        if rule["direction"] == direction
    }


class TestRouted:
    """Pods with ranges that the VPC routes to their nodes."""

    def test_they_are_registered_by_address_and_port_in_every_zone(self) -> None:
        found = behind(endpoint("100.64.0.9", 8080), endpoint("100.64.1.9", 9090))
        group = deployed(found).one("TargetGroup")
        assert group["targetType"] == "ip"
        assert targets(group) == {
            "pod-100.64.0.9": ("100.64.0.9", 8080, "all"),
            "pod-100.64.1.9": ("100.64.1.9", 9090, "all"),
        }
        assert group["preserveClientIp"] is False

    def test_the_way_is_open_at_their_ports_by_their_range(self) -> None:
        found = behind(endpoint("100.64.0.9", 8080), endpoint("100.64.1.9", 9090))
        declared = deployed(found, HTTP, HTTPS)
        ports = (8080, 8443, 9090)
        assert rules(declared, "shop.default.web", "egress") == {("tcp", port, PODS) for port in ports}
        assert rules(declared, "shop.default.web.nodes", "ingress") == {("tcp", port, BALANCER) for port in ports}

    def test_no_node_ports_are_needed(self) -> None:
        declared = deployed(behind(), allocateLoadBalancerNodePorts=False)
        assert "nodePort" not in declared.one("Service")["spec"]["ports"][0]
        assert declared.one("Service")["spec"]["allocateLoadBalancerNodePorts"] is False

    def test_health_checks_with_a_port_of_their_own_are_let_in(self) -> None:
        check = {"protocol": "HTTP", "path": "/ready", "port": 9000}
        declared = deployed(behind(), HTTPS, healthCheck=check)
        assert ("tcp", 9000, PODS) in rules(declared, "shop.default.web", "egress")
        assert declared.one("TargetGroup")["healthCheck"]["port"] == 9000


class TestOfTheVpc:
    """Pods with addresses of the VPC's own."""

    def test_aws_tells_their_zone_and_their_group_is_the_nodes(self) -> None:
        found = behind(endpoint("10.0.0.9", 8080))
        declared = deployed(found, network=VPC)
        assert targets(declared.one("TargetGroup")) == {"pod-10.0.0.9": ("10.0.0.9", 8080, None)}
        assert rules(declared, "shop.default.web", "egress") == {("tcp", 8080, NODES)}

    def test_udp_keeps_clients_addresses(self) -> None:
        dns = {"name": "dns", "port": 53, "protocol": "UDP"}
        declared = deployed(
            behind(endpoint("10.0.0.9", 53, name="dns", protocol="UDP")),
            dns,
            network=VPC,
            healthCheck={"protocol": "TCP", "port": 8080},
        )
        group = declared.one("TargetGroup")
        assert (group["preserveClientIp"], group["healthCheck"]["port"]) == (True, 8080)
        assert rules(declared, "shop.default.web", "egress") == {("udp", 53, NODES), ("tcp", 8080, NODES)}

    def test_both_protocols_go_to_one_port_of_a_pod(self) -> None:
        tcp = {"name": "tcp", "port": 53, "targetPort": "dns"}
        udp = {**tcp, "name": "udp", "protocol": "UDP"}
        check = {"protocol": "TCP", "port": 8080}
        pod = [endpoint("10.0.0.9", 5353, name="tcp"), endpoint("10.0.0.9", 5353, name="udp", protocol="UDP")]
        group = deployed(behind(*pod), tcp, udp, network=VPC, healthCheck=check).one("TargetGroup")
        assert (group["protocol"], targets(group)) == ("TCP_UDP", {"pod-10.0.0.9": ("10.0.0.9", 5353, None)})
        pod[1]["port"] = 5354
        with pytest.raises(InvalidInputError, match=r"UDP of 53 is answered on 10.0.0.9:5354, and TCP isn't"):
            deployed(behind(*pod), tcp, udp, network=VPC, healthCheck=check)

    def test_what_is_not_of_this_network_is_refused(self) -> None:
        with pytest.raises(InvalidInputError, match=r"10.99.0.9 is behind it"):
            deployed(behind(endpoint("10.99.0.9", 8080)), network=VPC)


def test_a_service_without_pods_is_made_and_told_of(caplog: pytest.LogCaptureFixture) -> None:
    declared = deployed(behind(not_ready=2))
    assert declared.one("TargetGroup").get("targets", {}) == {}
    assert declared.one("Listener")["port"] == 80
    assert "No pods are ready behind default/web, 2 are not ready" in caplog.text


def test_pods_that_share_a_name_and_those_without_one_are_called_by_their_address() -> None:
    twice = [endpoint("100.64.0.9", 8080, pod="a"), endpoint("100.64.0.10", 8080, pod="a")]
    nameless = {**endpoint("100.64.0.11", 8080), "pod": None}
    group = deployed(behind(*twice, nameless)).one("TargetGroup")
    assert set(group["targets"]) == {"100.64.0.9:8080", "100.64.0.10:8080", "100.64.0.11:8080"}


def test_other_ports_of_the_same_pods_are_not_targets() -> None:
    group = deployed(behind(endpoint("100.64.0.9", 9, name="metrics"))).one("TargetGroup")
    assert group.get("targets", {}) == {}


def test_the_pods_of_two_services_behind_one_load_balancer_have_one_rule() -> None:
    ports = [{"name": "http", "port": port, "targetPort": 8080} for port in (80, 81)]
    shared = {"kind": "shared", "name": "edge"}
    both = [described(port, name=name, loadBalancer=shared) for port, name in zip(ports, "ab", strict=True)]

    def program() -> None:
        network = ClusterNetwork(network_args())
        balancer = LoadBalancer(LoadBalancerArgs(name="edge", scheme="internal"), network, both)
        for service in both:
            LoadBalancerService(service, network, load_balancer=balancer)

    declared = declare(program, {GetEndpoints.token(): behind(endpoint("100.64.0.9", 8080))})
    written = [
        (rule["direction"], rule["peer"].get("cidr") or rule["peer"]["id"])
        for item in declared.of("SecurityGroupRules").values()
        for rule in item["rules"].values()
        if rule.get("ports", {}).get("first") == 8080
    ]
    assert sorted(written) == [("egress", PODS), ("ingress", "shop.edge-id")]
    assert {len(group["targets"]) for group in declared.of("TargetGroup").values()} == {1}


REFUSED: dict[str, tuple[LoadBalancerServiceArgs, Wire, str, str]] = {
    "pods of an overlay": (
        described(),
        {"pods": {"kind": "overlay", "cidr": "100.64.0.0/16", "encapsulation": "vxlan"}, "nodes": VPC["nodes"]},
        "services[0].targets",
        "nodes alone know",
    ),
    "routed pods of public addresses": (
        described(),
        {"pods": {"kind": "routed", "cidr": "198.18.0.0/16"}, "nodes": VPC["nodes"]},
        "services[0].targets",
        "10.0.0.0/8, 100.64.0.0/10",
    ),
    "routed pods with UDP": (
        described({"name": "dns", "port": 53, "protocol": "UDP"}, healthCheck={"protocol": "TCP", "port": 8080}),
        {},
        "services[0].ports[0].protocol",
        "no UDP to routed pods",
    ),
    "routed pods with clients' addresses": (
        described(preserveClientIp=True),
        {},
        "services[0].preserveClientIp",
        "`proxyProtocol` tells them",
    ),
    "nodes of IPv6 alone": (
        described(ipFamilies=["IPv6"], targets={"kind": "nodes"}),
        {
            "vpc": {"kind": "new", "cidr": "10.0.0.0/16", "ipv6": True},
            "pods": {"kind": "vpc"},
            "service_cidr6": "fd00:10:96::/112",
            "nodes": VPC["nodes"],
        },
        "services[0].ipFamilies",
        "no IPv4",
    ),
    "pods of IPv6 alone": (
        described(ipFamilies=["IPv6"]),
        {
            "vpc": {"kind": "new", "cidr": "10.0.0.0/16", "ipv6": True},
            "pods": {"kind": "vpc"},
            "service_cidr6": "fd00:10:96::/112",
            "nodes": VPC["nodes"],
        },
        "services[0].ipFamilies",
        "no IPv4",
    ),
}


@pytest.mark.parametrize("mistake", REFUSED)
def test_what_a_load_balancer_cannot_reach_is_refused(mistake: str) -> None:
    args, network, path, words = REFUSED[mistake]
    with pytest.raises(InvalidInputError) as caught:
        check_together([args], network_args(**network))
    assert caught.value.path == path
    assert words in str(caught.value)


class TestQuotas:
    """A pod counts once for each target group that it is in."""

    def hold(self, pods: list[int], *, cross_zone: bool = True, **quotas: int) -> None:
        args = described(HTTP, HTTPS, loadBalancer={"kind": "own", "crossZone": cross_zone})
        limits = Limits.of(Quotas(live=False, **quotas))
        hold_targets(own(args, network_args(), "default/web"), 3, limits, pods={"default/web": pods})

    def test_as_many_as_a_zone_has_with_cross_zone(self) -> None:
        self.hold([250, 250])
        with pytest.raises(InvalidInputError, match="501 targets"):
            self.hold([250, 251])

    def test_as_many_as_a_load_balancer_has_without(self) -> None:
        self.hold([1000, 1000], cross_zone=False)
        with pytest.raises(InvalidInputError, match="21 targets"):
            self.hold([20, 1], cross_zone=False, targets_per_load_balancer=20)

    def test_as_many_as_a_group_has(self) -> None:
        with pytest.raises(InvalidInputError, match="1001 targets for one port"):
            self.hold([1001, 0], cross_zone=False)
        self.hold([1001, 0], cross_zone=False, targets_per_group=2000)
