"""Every annotation of the two controllers: what becomes of it, and that none is dropped in silence."""

from __future__ import annotations

from typing import Any

import pytest

from kubewire.manifests.annotations import aws_table
from kubewire.manifests.annotations.rows import Row, Said, find
from tests.unit.manifests.reading import AWS, Wire, mistakes, one, read, service
from tests.unit.program import network_args

CERTIFICATE = "arn:aws:acm:eu-west-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
LB = "aws-load-balancer-"
PORTS = [{"name": "http", "port": 80, "nodePort": 30080}, {"name": "https", "port": 443, "nodePort": 30443}]

# Annotation and value (others that it needs besides), to the wire fields that follow.
MAPPED: list[tuple[str, str, Wire, Wire]] = [
    ("load-balancer-source-ranges", "10.9.0.0/16, 0.0.0.0/0", {}, {"sources": ["10.9.0.0/16", "anywhere"]}),
    (f"{LB}type", "nlb", {}, {"scheme": "internet-facing"}),
    (f"{LB}type", "external", {}, {"scheme": "internal"}),
    (f"{LB}type", "nlb-ip", {}, {"scheme": "internal", "targets": {"kind": "pods"}}),
    (f"{LB}nlb-target-type", "ip", {}, {"targets": {"kind": "pods"}}),
    (f"{LB}nlb-target-type", "instance", {f"{LB}type": "external"}, {"targets": {"kind": "nodes"}}),
    (f"{LB}name", "shop-front", {}, {"loadBalancer.name": "shop-front"}),
    (f"{LB}scheme", "internet-facing", {f"{LB}internal": "true"}, {"scheme": "internet-facing"}),
    (f"{LB}internal", "true", {f"{LB}type": "nlb"}, {"scheme": "internal"}),
    (f"{LB}internal", "0.0.0.0/0", {f"{LB}type": "nlb"}, {"scheme": "internal"}),
    (f"{LB}internal", "false", {f"{LB}type": "external"}, {"scheme": "internet-facing"}),
    (f"{LB}proxy-protocol", "*", {}, {"proxyProtocol": True}),
    (f"{LB}proxy-protocol-per-target-group", "80, 443", {}, {"proxyProtocol": True}),
    (f"{LB}proxy-protocol-per-target-group", "8080", {}, {"proxyProtocol": False}),
    (f"{LB}ip-address-type", "dualstack", {}, {"loadBalancer.ipAddressType": "dualstack"}),
    (f"{LB}cross-zone-load-balancing-enabled", "false", {}, {"loadBalancer.crossZone": False}),
    (f"{LB}ssl-cert", CERTIFICATE, {}, {"ports.0.tls.certificate": CERTIFICATE, "ports.1.tls.backend": "tcp"}),
    (f"{LB}ssl-ports", "https", {f"{LB}ssl-cert": CERTIFICATE}, {"ports.0.tls": None, "ports.1.tls.backend": "tcp"}),
    (f"{LB}ssl-ports", "443", {f"{LB}ssl-cert": CERTIFICATE}, {"ports.0.tls": None, "ports.1.tls.backend": "tcp"}),
    (
        f"{LB}ssl-ports",
        "*",
        {f"{LB}ssl-cert": CERTIFICATE, f"{LB}type": "nlb"},
        {"ports.0.tls.certificate": CERTIFICATE, "ports.1.tls.certificate": CERTIFICATE},
    ),
    (
        f"{LB}ssl-negotiation-policy",
        "ELBSecurityPolicy-TLS13-1-3-2021-06",
        {f"{LB}ssl-cert": CERTIFICATE},
        {"ports.1.tls.policy": "ELBSecurityPolicy-TLS13-1-3-2021-06"},
    ),
    (f"{LB}backend-protocol", "ssl", {f"{LB}ssl-cert": CERTIFICATE}, {"ports.1.tls.backend": "tls"}),
    (f"{LB}backend-protocol", "tcp", {f"{LB}ssl-cert": CERTIFICATE}, {"ports.1.tls.backend": "tcp"}),
    (f"{LB}alpn-policy", "HTTP2Preferred", {f"{LB}ssl-cert": CERTIFICATE}, {"ports.0.tls.alpn": "HTTP2Preferred"}),
    (f"{LB}alpn-policy", "None", {f"{LB}ssl-cert": CERTIFICATE}, {"ports.0.tls.alpn": None}),
    (f"{LB}healthcheck-protocol", "http", {}, {"healthCheck.protocol": "HTTP", "healthCheck.path": "/"}),
    (f"{LB}healthcheck-port", "8081", {}, {"healthCheck.protocol": "TCP", "healthCheck.port": 8081}),
    (f"{LB}healthcheck-port", "https", {}, {"healthCheck.port": 30443}),
    (f"{LB}healthcheck-port", "traffic-port", {}, {"healthCheck.port": None}),
    (f"{LB}healthcheck-path", "/well", {f"{LB}healthcheck-protocol": "https"}, {"healthCheck.path": "/well"}),
    (f"{LB}healthcheck-healthy-threshold", "4", {}, {"healthCheck.healthyThreshold": 4}),
    (f"{LB}healthcheck-unhealthy-threshold", "5", {}, {"healthCheck.unhealthyThreshold": 5}),
    (f"{LB}healthcheck-interval", "30", {}, {"healthCheck.intervalSeconds": 30}),
    (f"{LB}healthcheck-timeout", "8", {}, {"healthCheck.timeoutSeconds": 8}),
    (
        f"{LB}healthcheck-success-codes",
        "200-204",
        {f"{LB}healthcheck-protocol": "HTTP"},
        {"healthCheck.matcher": "200-204"},
    ),
    (
        f"{LB}eip-allocations",
        "eipalloc-00000001, eipalloc-00000002",
        {f"{LB}scheme": "internet-facing"},
        {
            "loadBalancer.addresses.allocationIds": {
                "eu-west-1a": "eipalloc-00000001",
                "eu-west-1b": "eipalloc-00000002",
            }
        },
    ),
    (
        f"{LB}private-ipv4-addresses",
        "10.0.0.9,10.0.64.9",
        {},
        {"loadBalancer.addresses.addresses": {"eu-west-1a": "10.0.0.9", "eu-west-1b": "10.0.64.9"}},
    ),
    (f"{LB}target-group-attributes", "deregistration_delay.timeout_seconds=12", {}, {"deregistrationDelaySeconds": 12}),
    (f"{LB}target-group-attributes", "preserve_client_ip.enabled=false", {}, {"preserveClientIp": False}),
    (f"{LB}target-group-attributes", "proxy_protocol_v2.enabled=true", {}, {"proxyProtocol": True}),
    (
        f"{LB}target-group-attributes",
        "stickiness.enabled=true,stickiness.type=source_ip",
        {},
        {"sessionAffinity.kind": "ClientIP"},
    ),
    (
        f"{LB}target-group-attributes.80",
        "deregistration_delay.timeout_seconds=9",
        {f"{LB}target-group-attributes.443": "deregistration_delay.timeout_seconds=9"},
        {"deregistrationDelaySeconds": 9},
    ),
    (f"{LB}attributes", "deletion_protection.enabled=true", {}, {"loadBalancer.deletionProtection": True}),
    (
        f"{LB}attributes",
        "load_balancing.cross_zone.enabled=false",
        {f"{LB}cross-zone-load-balancing-enabled": "true"},
        {"loadBalancer.crossZone": True},
    ),
    (f"{LB}listener-attributes.TCP-80", "tcp.idle_timeout.seconds=350", {}, {}),
    (f"{LB}connection-draining-enabled", "false", {}, {"deregistrationDelaySeconds": 0}),
    (f"{LB}connection-draining-enabled", "true", {}, {"deregistrationDelaySeconds": 300}),
    (f"{LB}connection-draining-timeout", "60", {}, {"deregistrationDelaySeconds": 60}),
]
IMPLIED = {
    f"{LB}enable-icmp-for-path-mtu-discovery": "on",
    f"{LB}enable-tcp-udp-listener": "true",
}
WARNED = {
    f"{LB}access-log-enabled": "true",
    f"{LB}access-log-emit-interval": "5",
    f"{LB}access-log-s3-bucket-name": "logs",
    f"{LB}access-log-s3-bucket-prefix": "shop",
    f"{LB}additional-resource-tags": "a=b",
    f"{LB}subnets": "subnet-1,subnet-2",
    f"{LB}target-node-labels": "a=b",
    f"{LB}minimum-load-balancer-capacity": "CapacityUnits=3000",
    f"{LB}connection-idle-timeout": "60",
}
REFUSED = {
    f"{LB}security-group-prefix-lists": "pl-1",
    f"{LB}ipv6-addresses": "2600::1",
    f"{LB}security-groups": "sg-1",
    f"{LB}extra-security-groups": "sg-1",
    f"{LB}manage-backend-security-group-rules": "false",
    f"{LB}inbound-sg-rules-on-private-link-traffic": "off",
    f"{LB}multi-cluster-target-group": "true",
    f"{LB}enable-prefix-for-ipv6-source-nat": "on",
    f"{LB}source-nat-ipv6-prefixes": "auto_assigned",
    f"{LB}disable-nlb-sg": "true",
    f"{LB}quic-enabled-ports": "443",
    "actions.TCP-80": '{"type": "forward"}',
}
ATTRIBUTES = {
    f"{LB}attributes": {
        "access_logs.s3.enabled": "true",
        "access_logs.s3.bucket": "logs",
        "access_logs.s3.prefix": "shop",
        "dns_record.client_routing_policy": "availability_zone_affinity",
        "ipv6.deny_all_igw_traffic": "true",
        "zonal_shift.config.enabled": "true",
        "secondary_ips.auto_assigned.per_subnet": "2",
    },
    f"{LB}target-group-attributes": {
        "deregistration_delay.connection_termination.enabled": "true",
        "load_balancing.cross_zone.enabled": "true",
        "target_health_state.unhealthy.connection_termination.enabled": "false",
        "target_health_state.unhealthy.draining_interval_seconds": "30",
        "target_group_health.dns_failover.minimum_healthy_targets.count": "2",
        "proxy_protocol_v2.client_to_server.header_placement": "on_first_ack",
    },
    f"{LB}listener-attributes.TCP-80": {"tcp.idle_timeout.seconds": "400"},
}
"""Those that are warned of."""


def annotated(values: Wire, **spec: Any) -> Wire:
    return service(
        "LoadBalancer", {f"{AWS}{name}": value for name, value in values.items()}, **{"ports": PORTS, **spec}
    )


def row(name: str) -> Row:
    found = find(aws_table.ANNOTATIONS, name)
    assert found is not None, name
    return found


def at(wire: Any, path: str) -> Any:
    for part in path.split("."):
        wire = wire[int(part)] if isinstance(wire, list) else (wire or {}).get(part)
    return wire


@pytest.mark.parametrize(("name", "value", "others", "fields"), MAPPED, ids=lambda item: str(item)[:60])
def test_an_annotation_becomes_a_field(name: str, value: str, others: Wire, fields: Wire) -> None:
    said: Wire = {} if name == "load-balancer-source-ranges" else {"sources": ["10.8.0.0/16"]}
    scheme = None if name in (f"{LB}type", f"{LB}internal", f"{LB}scheme") else "internal"
    overrides = {**said, "scheme": scheme}
    found = one(annotated({name: value, **others}), overrides=overrides, network=network_args())
    assert row(name).said is Said.MAPPED
    assert {path: at(found.to_wire(), path) for path in fields} == fields
    assert found.annotations == {}


@pytest.mark.parametrize(("name", "value"), IMPLIED.items())
def test_an_annotation_says_what_is_so_anyway(name: str, value: str) -> None:
    assert row(name).said is Said.IMPLIED
    assert one(annotated({name: value})) == one(annotated({}))


@pytest.mark.parametrize(("name", "value"), WARNED.items())
def test_an_annotation_is_warned_of(name: str, value: str) -> None:
    assert row(name).said is Said.WARNED
    found = read(annotated({name: value}))
    (warning,) = found.warnings
    assert warning.startswith("shop.yaml:")
    assert f'shop/web: metadata.annotations["{AWS}{name}"]: ' in warning
    assert row(name).text in warning
    assert found.services == read(annotated({})).services


@pytest.mark.parametrize(("name", "value"), REFUSED.items())
def test_an_annotation_is_refused_and_can_be_passed_over(name: str, value: str) -> None:
    assert row(name).said is Said.REFUSED
    (fault,) = mistakes(annotated({name: value}))
    assert f'metadata.annotations["{AWS}{name}"]' in fault.path
    assert row(name).text in fault.summary
    assert fault.detail == row(name).instead != ""
    assert one(annotated({name: value}), overrides={"without": [f"{AWS}{name}"]}) == one(annotated({}))
    service_alone = {"services": {"shop/web": {"without": [f"{AWS}{name}"]}}}
    assert one(annotated({name: value}), overrides=service_alone) == one(annotated({}))


def test_every_annotation_of_the_table_has_a_case() -> None:
    cases = {name for name, *_ in MAPPED} | IMPLIED.keys() | WARNED.keys() | REFUSED.keys() | ATTRIBUTES.keys()
    without_case = [
        item.name
        for item in aws_table.ANNOTATIONS
        if not any(item is find(aws_table.ANNOTATIONS, case) for case in cases)
    ]
    assert without_case == []


@pytest.mark.parametrize(
    ("name", "value"), [(item.name, value) for item in aws_table.ANNOTATIONS for value in sorted(item.fine)]
)
def test_a_value_that_says_what_is_so_anyway_is_no_matter(name: str, value: str) -> None:
    assert one(annotated({name: value})) == one(annotated({}))


@pytest.mark.parametrize(
    ("name", "key", "value"), [(name, key, value) for name, some in ATTRIBUTES.items() for key, value in some.items()]
)
def test_an_attribute_is_warned_of(name: str, key: str, value: str) -> None:
    (warning,) = read(annotated({name: f"{key}={value}"})).warnings
    assert f"{key}={value} has no equivalent" in warning


def test_every_attribute_of_the_tables_has_a_case() -> None:
    values = [f"{value}," for _, value, *_ in MAPPED]
    warned = {key for some in ATTRIBUTES.values() for key in some}
    tables = (aws_table.BALANCER_ATTRIBUTES, aws_table.TARGET_ATTRIBUTES, aws_table.LISTENER_ATTRIBUTES)
    for table in tables:
        for item in table:
            assert any(item.covers(key) for key in warned) or any(f"{item.name}=" in value for value in values), item


@pytest.mark.parametrize(
    ("values", "spec", "summary"),
    [
        ({f"{LB}whatever": "1"}, {}, "unknown annotation"),
        ({f"{LB}attributes": "no.such=1"}, {}, "unknown attribute no.such"),
        ({f"{LB}attributes": "no"}, {}, "'no' is no `key=value`"),
        ({f"{LB}scheme": "public"}, {}, "'public' is none of its values"),
        ({f"{LB}type": "clb"}, {}, "'clb' is none of its values"),
        ({f"{LB}cross-zone-load-balancing-enabled": "yes"}, {}, "'yes' is neither true nor false"),
        ({f"{LB}healthcheck-interval": "10s"}, {}, "'10s' is no number"),
        ({f"{LB}healthcheck-port": "admin"}, {}, "'admin' is no port whose `nodePort` is written"),
        ({f"{LB}ssl-cert": f"{CERTIFICATE},{CERTIFICATE}"}, {}, "a listener has one certificate"),
        ({f"{LB}ssl-cert": CERTIFICATE, f"{LB}ssl-ports": "8443"}, {}, "the Service has no port 8443"),
        ({f"{LB}ssl-cert": CERTIFICATE, f"{LB}ssl-ports": "*"}, {}, "it isn't clear which ports are meant"),
        ({f"{LB}ssl-cert": CERTIFICATE, f"{LB}backend-protocol": "https"}, {}, "reads no HTTP"),
        ({f"{LB}eip-allocations": "eipalloc-00000001"}, {}, "1 addresses for 2 zones"),
        ({f"{LB}private-ipv4-addresses": "10.0.0.9,ten"}, {}, "'ten' is no address"),
        ({f"{LB}proxy-protocol-per-target-group": "80"}, {}, "the ports of a Service are alike"),
        ({f"{LB}target-group-attributes.80": "proxy_protocol_v2.enabled=true"}, {}, "the ports of a Service are alike"),
        ({}, {"loadBalancerClass": "tailscale"}, "its load balancer is made by who serves tailscale"),
    ],
    ids=lambda item: str(item)[:50],
)
def test_a_value_that_means_nothing_is_refused(values: Wire, spec: Wire, summary: str) -> None:
    (fault,) = mistakes(annotated(values, **spec), network=network_args())
    assert summary in fault.summary


def test_a_class_of_the_controllers_is_kubewires_here() -> None:
    found = one(annotated({}, loadBalancerClass="service.k8s.aws/nlb"), overrides={"scheme": None})
    assert (found.load_balancer_class, found.scheme) == ("kubewire.dev/nlb", "internal")
    assert one(annotated({}, loadBalancerClass="eks.amazonaws.com/nlb")).load_balancer_class == "kubewire.dev/nlb"


def test_without_a_word_nobody_knows_who_reaches_it() -> None:
    (fault,) = mistakes(annotated({}), overrides={"scheme": None})
    assert "isn't said who reaches the load balancer" in fault.summary


def test_a_default_goes_before_what_a_controller_would_do_and_after_what_is_written() -> None:
    assert one(annotated({f"{LB}type": "nlb"})).scheme == "internal"
    assert one(annotated({f"{LB}type": "nlb", f"{LB}internal": "false"})).scheme == "internet-facing"


def test_ranges_of_the_spec_go_before_those_of_the_annotation() -> None:
    values = {"load-balancer-source-ranges": "10.9.0.0/16"}
    found = one(annotated(values, loadBalancerSourceRanges=["10.7.0.0/16"]))
    assert found.to_wire()["sources"] == ["10.7.0.0/16"]


def test_tls_needs_a_certificate() -> None:
    (warning,) = read(annotated({f"{LB}ssl-ports": "443"})).warnings
    assert "means nothing without" in warning


def test_a_check_by_tcp_has_no_path() -> None:
    (warning,) = read(annotated({f"{LB}healthcheck-path": "/well"})).warnings
    assert "asks for a connection alone" in warning


def test_on_other_services_they_mean_nothing_and_that_is_told() -> None:
    (warning,) = read(service("ClusterIP", {f"{AWS}{LB}name": "x"})).warnings
    assert "it means nothing on a ClusterIP Service" in warning


def test_annotations_of_others_stay() -> None:
    notes = {"prometheus.io/scrape": "true", "alb.ingress.kubernetes.io/healthcheck-path": "/", "a.example/b": "c"}
    assert one(service("ClusterIP", {**notes, "pulumi.com/skipAwait": "true"})).annotations == notes
