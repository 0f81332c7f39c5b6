"""The typed Service says what AWS has, so that nothing of it changes."""

from __future__ import annotations

from typing import Any

import pytest

from kubewire.adoption.described import Wishes, described
from kubewire.adoption.found import FoundBalancer
from kubewire.errors import InvalidInputError
from kubewire.manifests.printing.terse import terse
from tests.unit.adoption.things import OFFICE, admits, balancer, group, guard, listener, service

Wire = dict[str, Any]


def wire(found: FoundBalancer, spec: Wire | None = None, wishes: Wishes | None = None) -> Wire:
    args, _ = described(service(spec), found, wishes or Wishes())
    return terse(args)


def test_name_addresses_and_ports_are_those_that_there_are() -> None:
    assert wire(balancer(guard())) == {
        "type": "LoadBalancer",
        "namespace": "shop",
        "name": "web",
        "selector": {"app": "web"},
        "clusterIP": "10.96.0.7",
        "scheme": "internal",
        "sources": [OFFICE],
        "preserveClientIp": True,
        "healthCheck": {"protocol": "TCP"},
        "loadBalancer": {"kind": "own", "name": "k8s-shop-web"},
        "ports": [{"name": "http", "port": 80, "targetPort": 8080, "nodePort": 30080}],
    }


def test_what_aws_has_goes_before_annotations() -> None:
    start = "service.beta.kubernetes.io/aws-load-balancer"
    notes = {f"{start}-scheme": "internet-facing", f"{start}-nlb-target-type": "ip", f"{start}-name": "other"}
    settings = {"proxy_protocol_v2.enabled": "true", "deregistration_delay.timeout_seconds": "30"}
    found = balancer(
        guard(),
        groups=(group(settings=settings, HealthCheckIntervalSeconds=30),),
        settings={"load_balancing.cross_zone.enabled": "false", "deletion_protection.enabled": "true"},
    )
    args, _ = described(service(annotations=notes), found, Wishes())
    said = terse(args)
    assert said["scheme"] == "internal"
    assert said["loadBalancer"] == {
        "kind": "own",
        "name": "k8s-shop-web",
        "crossZone": False,
        "deletionProtection": True,
    }
    assert (said["proxyProtocol"], said["deregistrationDelaySeconds"]) == (True, 30)
    assert said["healthCheck"]["intervalSeconds"] == 30
    assert "targets" not in said, "nodes are the default"


def test_tls_ends_where_it_ends_now() -> None:
    arn = "arn:aws:acm:eu-west-1:123456789012:certificate/00000000-0000-0000-0000-000000000000"
    policy = "ELBSecurityPolicy-TLS13-1-2-2021-06"
    secure = listener(
        Protocol="TLS", Certificates=[{"CertificateArn": arn}], SslPolicy=policy, AlpnPolicy=["HTTP2Preferred"]
    )
    (port,) = wire(balancer(guard(), listeners=(secure,), groups=(group(Protocol="TLS"),)))["ports"]
    assert port["tls"]["certificate"] == arn
    assert (port["tls"]["backend"], port["tls"]["alpn"]) == ("tls", "HTTP2Preferred")


@pytest.mark.parametrize(
    ("address", "scheme", "said"),
    [
        (
            {"AllocationId": "eipalloc-0123456789abcdef0", "IpAddress": "198.51.100.1"},
            "internet-facing",
            {"kind": "elastic", "allocationIds": {"eu-west-1a": "eipalloc-0123456789abcdef0"}},
        ),
        ({"PrivateIPv4Address": "10.0.0.9"}, "internal", {"kind": "private", "addresses": {"eu-west-1a": "10.0.0.9"}}),
    ],
)
def test_addresses_that_somebody_chose_stay(address: Wire, scheme: str, said: Wire) -> None:
    zones = [{"ZoneName": "eu-west-1a", "SubnetId": "subnet-a", "LoadBalancerAddresses": [address]}]
    found = balancer(guard(), Scheme=scheme, AvailabilityZones=zones)
    assert wire(found)["loadBalancer"]["addresses"] == said


@pytest.mark.parametrize(
    ("rules", "sources"),
    [
        ([admits("10.9.0.0/16", OFFICE)], [OFFICE, "10.9.0.0/16"]),
        ([admits("0.0.0.0/0", "::/0")], ["anywhere"]),
        ([admits(OFFICE, FromPort=1, ToPort=1024)], [OFFICE]),
        ([admits(OFFICE, protocol="-1")], [OFFICE]),
        ([admits(OFFICE), admits("10.7.0.0/16", port=81), admits("10.6.0.0/16", protocol="udp")], [OFFICE]),
    ],
)
def test_those_may_connect_whom_the_load_balancer_admits(rules: list[Wire], sources: list[str]) -> None:
    assert wire(balancer(guard(*rules)))["sources"] == sources


def test_others_may_connect_if_that_is_said() -> None:
    rule = admits(PrefixListIds=[{"PrefixListId": "pl-0123456789abcdef0"}])
    assert wire(balancer(guard(rule)), wishes=Wishes(sources=["anywhere"]))["sources"] == ["anywhere"]


TWO = {
    "ports": [
        {"name": "a", "port": 80, "nodePort": 30080, "protocol": "TCP"},
        {"name": "b", "port": 81, "nodePort": 30081, "protocol": "TCP"},
    ]
}


@pytest.mark.parametrize(
    ("rules", "spec", "said"),
    [
        ([admits(OFFICE), admits("10.9.0.0/16", port=81)], TWO, "its load balancer admits others at other ports"),
        ([admits(OFFICE, port=79)], None, "its load balancer admits nobody"),
        ([admits(PrefixListIds=[{"PrefixListId": "pl-1"}])], None, "pl-1 may connect"),
        ([admits(UserIdGroupPairs=[{"GroupId": "sg-1"}])], None, "sg-1 may connect"),
        ([admits("::/0")], None, "everybody"),
    ],
)
def test_sources_that_a_service_cannot_say_are_asked_for(rules: list[Wire], spec: Wire | None, said: str) -> None:
    with pytest.raises(InvalidInputError, match=said):
        wire(balancer(guard(*rules)), spec)


def test_a_wrong_source_is_an_error_with_its_place() -> None:
    with pytest.raises(InvalidInputError, match=r"services.shop/web.sources\[0\]: 10.0.0.1/8 has host bits set"):
        wire(balancer(guard()), wishes=Wishes(sources=["10.0.0.1/8"]))


def test_the_nodes_own_word_is_asked_for_where_a_node_may_have_no_endpoints() -> None:
    asked = group(
        HealthCheckProtocol="HTTP", HealthCheckPort="31000", HealthCheckPath="/healthz", HealthyThresholdCount=2
    )
    local = {"externalTrafficPolicy": "Local", "healthCheckNodePort": 31000}
    said = wire(balancer(guard(), groups=(asked,)), local)
    assert said["healthCheck"] == {"protocol": "TCP", "healthyThreshold": 2}
    assert said["healthCheckNodePort"] == 31000
    assert wire(balancer(guard(), groups=(asked,)))["healthCheck"] == {
        "protocol": "HTTP",
        "path": "/healthz",
        "port": 31000,
        "healthyThreshold": 2,
    }


def test_pods_stay_targets_and_ports_that_differ_are_told_of() -> None:
    pods = group(TargetType="ip", settings={"preserve_client_ip.enabled": "false"})
    other = group(81, TargetType="ip", settings={"preserve_client_ip.enabled": "true"})
    found = balancer(guard(admits(OFFICE, ToPort=81)), listeners=(listener(), listener(81)), groups=(pods, other))
    args, warnings = described(service(TWO), found, Wishes())
    assert (args.to_pods, args.preserve_client_ip) == (True, False)
    assert [text for text in warnings if text.startswith("preserveClientIp: port 81")]


def test_another_load_balancer_gets_another_name() -> None:
    assert "name" not in wire(balancer(guard()), wishes=Wishes(replace=True)).get("loadBalancer", {})
