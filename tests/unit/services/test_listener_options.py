"""What a Service's own options make of its listeners, target groups and firewall."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import Any

import pytest

from kubewire import (
    ClusterNetwork,
    InvalidInputError,
    LoadBalancerService,
    LoadBalancerServiceArgs,
    LoadBalancerServicePort,
    NodeServicePort,
    Scheme,
)
from kubewire.network.args import ClusterNetworkArgs
from kubewire.services.hairpin import hairpin
from kubewire.services.written import spec_of
from tests.unit.program import Declarations, declare, network_args

HTTP = {"name": "http", "port": 80, "targetPort": 8080, "nodePort": 30080}
UDP = {"name": "udp", "port": 53, "nodePort": 30053, "protocol": "UDP"}
TCP = {**UDP, "name": "tcp", "protocol": "TCP"}
CERTIFICATE = "arn:aws:acm:eu-west-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
HTTPS = {"name": "https", "port": 443, "nodePort": 30443, "tls": {"certificate": CERTIFICATE}}
BALANCER, NODES = "shop.default.web-id", "shop-nodes-id"


def described(*ports: dict[str, Any], **more: Any) -> LoadBalancerServiceArgs:
    usual: dict[str, Any] = {"name": "web", "selector": {"app": "web"}, "scheme": "internal"}
    given = {**usual, "sources": ["192.168.0.0/16"], "ports": ports or (HTTP,), **more}
    return LoadBalancerServiceArgs.model_validate(given)


def deployed(*ports: dict[str, Any], **more: Any) -> Declarations:
    args = described(*ports, **more)
    return declare(lambda: LoadBalancerService(args, ClusterNetwork(network_args())))


def opened(declared: Declarations, name: str, direction: str = "ingress") -> set[tuple[str, int]]:
    """Protocol and port of what a resource's rules open between the load balancer and the nodes."""
    found = declared.of("SecurityGroupRules")[name]["rules"].values()
    return {
        (rule["protocol"], rule["ports"]["first"])
        for rule in found
        if rule["direction"] == direction and rule["peer"].get("id") in (BALANCER, NODES)
    }


class TestBothProtocols:
    def test_tcp_and_udp_of_one_number_are_one_listener_with_one_group(self) -> None:
        declared = deployed(UDP, TCP)
        listener, group = declared.one("Listener"), declared.one("TargetGroup")
        assert (listener["port"], listener["protocol"]) == (53, "TCP_UDP")
        assert (group["protocol"], group["port"]) == ("TCP_UDP", 30053)
        assert {target["port"] for target in group["targets"].values()} == {30053}
        assert group["preserveClientIp"] is True

    def test_its_tcp_answers_the_health_check(self) -> None:
        declared = deployed(TCP, UDP)
        assert declared.one("TargetGroup")["healthCheck"]["protocol"] == "TCP"
        assert opened(declared, "shop.default.web.nodes") == {("tcp", 30053), ("udp", 30053)}

    def test_udp_that_comes_to_tcp_changes_the_listener_that_is_there(self) -> None:
        before, after = deployed(TCP), deployed(TCP, UDP)
        assert before.of("Listener").keys() == after.of("Listener").keys()
        assert before.of("TargetGroup").keys() == after.of("TargetGroup").keys()

    def test_both_are_in_the_spec(self) -> None:
        ports = spec_of(described(UDP, TCP))["ports"]
        assert [(port["protocol"], port["nodePort"]) for port in ports] == [("UDP", 30053), ("TCP", 30053)]


class TestTls:
    def test_it_ends_at_the_listener(self) -> None:
        declared = deployed(HTTPS)
        listener = declared.one("Listener")
        assert (listener["protocol"], listener["certificate"]) == ("TLS", CERTIFICATE)
        assert listener["tlsPolicy"] == "ELBSecurityPolicy-TLS13-1-2-2021-06"
        assert "alpn" not in listener
        assert declared.one("TargetGroup")["protocol"] == "TCP"

    def test_it_goes_on_to_targets_where_that_is_written(self) -> None:
        again = {**HTTPS, "tls": {**HTTPS["tls"], "backend": "tls", "alpn": "HTTP2Only"}}  # type: ignore[dict-item]
        declared = deployed(again)
        assert (declared.one("Listener")["alpn"], declared.one("TargetGroup")["protocol"]) == ("HTTP2Only", "TLS")

    def test_kubernetes_is_told_nothing_of_it(self) -> None:
        (port,) = spec_of(described(HTTPS))["ports"]
        assert port == {"name": "https", "port": 443, "targetPort": 443, "protocol": "TCP", "nodePort": 30443}


class TestHealthChecks:
    def test_a_port_of_its_own_is_open_on_both_sides(self) -> None:
        check = {"protocol": "HTTP", "path": "/ready", "port": 9000, "matcher": "200"}
        declared = deployed(healthCheck=check)
        written = declared.one("TargetGroup")["healthCheck"]
        assert {key: written[key] for key in check} == check
        assert opened(declared, "shop.default.web.nodes") == {("tcp", 30080), ("tcp", 9000)}
        assert opened(declared, "shop.default.web", "egress") == {("tcp", 30080), ("tcp", 9000)}

    def test_a_node_port_that_is_asked_has_its_rule_already(self) -> None:
        declared = deployed(HTTP, UDP, healthCheck={"protocol": "TCP", "port": 30080})
        assert opened(declared, "shop.default.web.nodes") == {("tcp", 30080), ("udp", 30053)}
        groups = declared.of("TargetGroup").values()
        assert [group["healthCheck"]["port"] for group in groups] == [30080, 30080]

    def test_the_proxy_is_asked_for_udp_in_the_time_that_is_written(self) -> None:
        declared = deployed(UDP, healthCheck={"protocol": "TCP", "intervalSeconds": 5, "timeoutSeconds": 2})
        check = declared.one("TargetGroup")["healthCheck"]
        assert (check["protocol"], check["port"], check["intervalSeconds"]) == ("HTTP", 10256, 5)

    def test_with_local_nodes_are_asked_whatever_the_listener(self) -> None:
        declared = deployed(HTTPS, UDP, TCP, externalTrafficPolicy="Local", healthCheckNodePort=30090)
        checks = [group["healthCheck"] for group in declared.of("TargetGroup").values()]
        assert [(check["port"], check["path"]) for check in checks] == [(30090, "/healthz")] * 2


class TestGroups:
    def test_options_are_passed_on(self) -> None:
        group = deployed(proxyProtocol=True, deregistrationDelaySeconds=15).one("TargetGroup")
        assert (group["proxyProtocol"], group["deregistrationDelaySeconds"]) == (True, 15)

    def test_it_is_waited_for_healthy_targets_before_the_name_is_shown(self) -> None:
        assert "HealthyTargets" not in {item.typ.rpartition(":")[2] for item in deployed().resources}
        declared = deployed(HTTP, UDP, waitForHealthyTargets=120)
        waits, groups = declared.of("HealthyTargets"), declared.of("TargetGroup")
        assert waits.keys() == groups.keys()
        for name, wait in waits.items():
            assert (wait["targets"], wait["timeoutSeconds"]) == (groups[name]["targets"], 120)


class TestHairpin:
    INSIDE = ("10.0.0.0/16",)

    def trap(self, *ports: dict[str, Any], **more: Any) -> str | None:
        network: ClusterNetworkArgs = network_args()
        return hairpin(described(*ports, sources=self.INSIDE, **more), network)

    @pytest.mark.parametrize("ports", [(HTTP,), (HTTPS,), (TCP, UDP), (UDP,)])
    def test_it_is_told_where_addresses_are_kept(self, ports: tuple[dict[str, Any], ...]) -> None:
        trap = self.trap(*ports)
        assert trap
        assert ("preserveClientIp: false" in trap) == (UDP not in ports)

    def test_it_is_none_where_they_are_not(self) -> None:
        assert self.trap(HTTP, preserveClientIp=False) is None
        assert self.trap(HTTP, targets={"kind": "pods"}) is None
        assert self.trap(HTTP, targets={"kind": "pods"}, preserveClientIp=True)


REFUSED: dict[str, tuple[tuple[dict[str, Any], ...], dict[str, Any], str, str]] = {
    "TLS of UDP": (({**UDP, "tls": HTTPS["tls"]},), {}, "ports[0].tls", "TLS is of TCP"),
    "UDP beside TLS": ((HTTPS, {**UDP, "port": 443, "nodePort": 30443}), {}, "ports[1].port", "UDP is there too"),
    "two node ports": ((TCP, {**UDP, "nodePort": 30054}), {}, "ports[1].nodePort", "the same `nodePort`"),
    "chosen node ports": (
        ({"name": "a", "port": 53}, {"name": "b", "port": 53, "protocol": "UDP"}),
        {},
        "ports[1].nodePort",
        "the same `nodePort`",
    ),
    "two ports of pods": (
        ({**TCP, "targetPort": 5353}, UDP),
        {"targets": {"kind": "pods"}, "healthCheck": {"protocol": "TCP", "port": 8080}},
        "ports[1].targetPort",
        "TCP goes to 5353",
    ),
    "no certificate": (({**HTTPS, "tls": {"certificate": "shop.pem"}},), {}, "ports[0].tls.certificate", "no cert"),
    "no policy": (
        ({**HTTPS, "tls": {"certificate": CERTIFICATE, "policy": "modern"}},),
        {},
        "ports[0].tls.policy",
        "no security policy",
    ),
    "no ALPN": (
        ({**HTTPS, "tls": {"certificate": CERTIFICATE, "alpn": "h2"}},),
        {},
        "ports[0].tls.alpn",
        "HTTP2Preferred",
    ),
    "UDP without addresses": ((UDP,), {"preserveClientIp": False}, "preserveClientIp", "always preserves it"),
    "proxy protocol of UDP": ((UDP,), {"proxyProtocol": True}, "proxyProtocol", "not with UDP"),
    "proxy protocol with Local": (
        (HTTP,),
        {"proxyProtocol": True, "externalTrafficPolicy": "Local"},
        "proxyProtocol",
        "kube-proxy's `healthCheckNodePort` fails of it",
    ),
    "a wait for nodes without endpoints": (
        (HTTP,),
        {"waitForHealthyTargets": 60, "externalTrafficPolicy": "Local"},
        "waitForHealthyTargets",
        "A node without endpoints is never healthy",
    ),
    "stickiness with TLS behind": (
        ({**HTTPS, "tls": {"certificate": CERTIFICATE, "backend": "tls"}},),
        {"sessionAffinity": "ClientIP"},
        "sessionAffinity",
        "no stickiness",
    ),
    "a delay of more than an hour": (
        (HTTP,),
        {"deregistrationDelaySeconds": 3601},
        "deregistrationDelaySeconds",
        "3600",
    ),
    "a check longer than its interval": (
        (HTTP,),
        {"healthCheck": {"protocol": "TCP", "intervalSeconds": 5, "timeoutSeconds": 6}},
        "healthCheck.timeoutSeconds",
        "longer than the interval",
    ),
    "a check without a protocol": ((HTTP,), {"healthCheck": {"path": "/"}}, "healthCheck.protocol", "TCP, HTTP or"),
    "a path of TCP": ((HTTP,), {"healthCheck": {"protocol": "TCP", "path": "/"}}, "healthCheck.path", "unknown key"),
    "a check of others with Local": (
        (HTTP,),
        {"externalTrafficPolicy": "Local", "healthCheck": {"protocol": "HTTP"}},
        "healthCheck",
        "nodes say it themselves",
    ),
    "HTTP of UDP": ((UDP,), {"healthCheck": {"protocol": "HTTP"}}, "healthCheck.protocol", "HTTP of UDP"),
    "no check for pods with UDP": (
        (UDP,),
        {"targets": {"kind": "pods"}},
        "healthCheck.port",
        "required for pods with UDP",
    ),
    "no node port that anybody chooses": (
        ({"port": 80},),
        {"allocateLoadBalancerNodePorts": False},
        "ports[0].nodePort",
        "nobody chooses it",
    ),
}


@pytest.mark.parametrize("mistake", REFUSED)
def test_mistake_is_named_with_its_path(mistake: str) -> None:
    ports, more, path, words = REFUSED[mistake]
    usual: dict[str, Any] = {"name": "web", "selector": {"app": "web"}, "scheme": "internal"}
    with pytest.raises(InvalidInputError) as caught:
        LoadBalancerServiceArgs(**{**usual, "sources": ["192.168.0.0/16"], "ports": ports, **more})
    lines = str(caught.value).splitlines()
    assert any(line.startswith(f"{path}: ") for line in lines), lines
    assert words in str(caught.value)


def test_a_plain_port_with_a_node_port_says_all_that_is_needed() -> None:
    plain = NodeServicePort(name="http", port=80, node_port=30080)
    args = LoadBalancerServiceArgs(
        name="web",
        selector={"app": "web"},
        scheme=Scheme.INTERNAL,
        sources=(IPv4Network("192.168.0.0/16"),),
        ports=(plain,),
    )
    assert args.ports == (LoadBalancerServicePort(name="http", port=80, node_port=30080),)
