"""How descriptions become specs of Kubernetes', and what is said of them that Kubernetes has no field for."""

from __future__ import annotations

import re
from ipaddress import IPv4Address
from typing import Any

import pytest
from pydantic import TypeAdapter

from kubewire import (
    AUTO,
    HEADLESS,
    NO_SELECTOR,
    ClientIPAffinity,
    ClusterIPServiceArgs,
    ClusterNetwork,
    InvalidInputError,
    IPFamily,
    IPFamilyPolicy,
    LoadBalancerServiceArgs,
    NodePortServiceArgs,
    ServiceDescription,
    ServicePort,
    TrafficDistribution,
    TrafficPolicy,
    check_together,
    declare_services,
)
from kubewire.services.written import spec_of
from tests.unit.program import declare, network_args

adapter: TypeAdapter[Any] = TypeAdapter(ServiceDescription)
PORT = {"port": 80, "targetPort": 80, "protocol": "TCP"}
PLAIN = {"type": "ClusterIP", "selector": {"app": "web"}, "ports": [PORT]}


def web(**more: Any) -> ClusterIPServiceArgs:
    return ClusterIPServiceArgs(**{"name": "web", "selector": {"app": "web"}, "ports": [{"port": 80}], **more})


def balanced(**more: Any) -> LoadBalancerServiceArgs:
    described = {"name": "web", "selector": {"app": "web"}, "ports": [{"port": 80}], "scheme": "internal"}
    return LoadBalancerServiceArgs(**{**described, "sources": ["10.8.0.0/16"], **more})


def test_what_nobody_says_is_not_written() -> None:
    assert spec_of(web()) == PLAIN
    said = web(cluster_ip=AUTO, internal_traffic_policy=TrafficPolicy.CLUSTER, publish_not_ready_addresses=False)
    assert spec_of(said) == PLAIN


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ({"cluster_ip": HEADLESS}, {"clusterIP": "None"}),
        ({"cluster_ip": IPv4Address("10.96.0.9")}, {"clusterIP": "10.96.0.9"}),
        (
            {"cluster_ip": ("10.96.0.9", "fd00::9"), "ip_family_policy": IPFamilyPolicy.REQUIRE_DUAL_STACK},
            {
                "clusterIP": "10.96.0.9",
                "clusterIPs": ["10.96.0.9", "fd00::9"],
                "ipFamilyPolicy": "RequireDualStack",
            },
        ),
        ({"ip_families": (IPFamily.IPV6,)}, {"ipFamilies": ["IPv6"]}),
        (
            {"session_affinity": ClientIPAffinity(timeout_seconds=60)},
            {"sessionAffinity": "ClientIP", "sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 60}}},
        ),
        ({"internal_traffic_policy": TrafficPolicy.LOCAL}, {"internalTrafficPolicy": "Local"}),
        ({"traffic_distribution": TrafficDistribution.PREFER_CLOSE}, {"trafficDistribution": "PreferClose"}),
        ({"publish_not_ready_addresses": True}, {"publishNotReadyAddresses": True}),
        (
            {"ports": (ServicePort(port=80, target_port="http", app_protocol="kubernetes.io/h2c"),)},
            {"ports": [{**PORT, "targetPort": "http", "appProtocol": "kubernetes.io/h2c"}]},
        ),
    ],
)
def test_what_is_said_is_written_in_kubernetes_names(said: dict[str, Any], written: dict[str, Any]) -> None:
    assert spec_of(web(**said)) == {**PLAIN, **written}


def test_a_service_without_a_selector_says_so() -> None:
    assert "selector" not in spec_of(web(selector=NO_SELECTOR))
    assert web(selector="none") == web(selector=NO_SELECTOR)
    with pytest.raises(InvalidInputError, match="at least 1"):
        web(selector={})


@pytest.mark.parametrize(
    ("sources", "shown"),
    [
        (["10.8.0.0/16", "10.10.0.0/16"], ["10.8.0.0/16", "10.10.0.0/16"]),
        (["10.8.0.0/17", "10.8.128.0/17"], ["10.8.0.0/16"]),
        (["anywhere"], None),
        (["10.8.0.0/16", "anywhere"], None),
        (["10.8.0.0/16", {"group": "sg-0123456789abcdef0"}], None),
        ([{"prefixList": "pl-0123456789abcdef0", "entries": 3}], None),
    ],
)
def test_row_52_sources_that_are_ranges_are_shown_in_the_spec(sources: list[Any], shown: list[str] | None) -> None:
    assert spec_of(balanced(sources=sources)).get("loadBalancerSourceRanges") == shown


def test_row_55_no_controller_takes_a_load_balancer_unless_its_class_is_written() -> None:
    assert spec_of(balanced())["loadBalancerClass"] == "kubewire.dev/nlb"
    assert spec_of(balanced(loadBalancerClass="example.com/own"))["loadBalancerClass"] == "example.com/own"


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ({"externalIPs": ["80.11.12.10"]}, r"externalIPs: .*\n.*CVE-2020-8554"),
        ({"external_ips": ["80.11.12.10"]}, r"external_ips: .*\n.*CVE-2020-8554"),
        ({"loadBalancerSourceRanges": ["10.0.0.0/8"]}, r"loadBalancerSourceRanges: it follows from `sources`"),
        ({"loadBalancerIP": "10.0.0.1"}, r"loadBalancerIP: Kubernetes has given it up"),
        ({"clusterIPs": ["10.96.0.9"]}, r"clusterIPs: it follows from `clusterIP`"),
        ({"sessionAffinityConfig": {}}, r"sessionAffinityConfig: it is part of `sessionAffinity`"),
    ],
)
@pytest.mark.parametrize("describe", [web, balanced])
def test_fields_that_are_refused_are_refused_with_the_reason(describe: Any, field: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        describe(**field)
    assert re.search(words, str(caught.value))


def test_a_health_check_port_is_no_other_services_node_port() -> None:
    local = balanced(external_traffic_policy=TrafficPolicy.LOCAL, health_check_node_port=30090)
    other = NodePortServiceArgs(
        name="other", selector={"app": "web"}, ports=[{"port": 80, "node_port": 30090}], sources=["10.8.0.0/16"]
    )
    with pytest.raises(InvalidInputError, match="30090 belongs to default/web already") as caught:
        check_together([local, other], network_args())
    assert caught.value.path == "services[1].ports[0].nodePort"
    with pytest.raises(InvalidInputError, match="30090 belongs to default/other already") as caught:
        check_together([other, local], network_args())
    assert caught.value.path == "services[1].healthCheckNodePort"


def test_annotations_of_the_user_are_beside_ours() -> None:
    described = [web(annotations={"example.com/team": "shop"}, labels={"app": "web"})]
    declared = declare(lambda: declare_services(described, ClusterNetwork(network_args())))
    metadata = declared.one("Service")["metadata"]
    assert metadata["annotations"] == {"example.com/team": "shop", "pulumi.com/skipAwait": "true"}
    assert metadata["labels"] == {"app": "web"}


def test_row_42_a_headless_service_may_have_no_ports() -> None:
    described = [web(cluster_ip=HEADLESS, ports=())]
    declared = declare(lambda: declare_services(described, ClusterNetwork(network_args())))
    assert declared.one("Service")["spec"] == {"type": "ClusterIP", "clusterIP": "None", "selector": {"app": "web"}}
    with pytest.raises(InvalidInputError, match="at least 1 port"):
        web(ports=())


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("ClusterIP", {}),
        ("NodePort", {"sources": ["10.8.0.0/16"]}),
        ("LoadBalancer", {"sources": ["10.8.0.0/16"], "scheme": "internal"}),
    ],
)
def test_row_43_an_address_of_another_range_is_refused_without_check_together_too(
    kind: str, more: dict[str, Any]
) -> None:
    service = {"type": kind, "name": "web", "selector": {"app": "web"}, "ports": [{"port": 80}], **more}
    described = adapter.validate_python({**service, "clusterIP": "10.97.0.1"})
    with pytest.raises(InvalidInputError, match=r"10\.97\.0\.1 is no address for a Service"):
        declare(lambda: declare_services([described], ClusterNetwork(network_args())))
