"""Mistakes in what a LoadBalancer Service says of its listeners, targets and health checks."""

from __future__ import annotations

import pytest

from tests.unit.infra.mistakes import Mistake, check, service

CERTIFICATE = "arn:aws:acm:eu-west-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
TLS = {"certificate": CERTIFICATE}
DNS = {"name": "udp", "port": 53, "nodePort": 30053, "protocol": "UDP"}

MISTAKES: dict[str, Mistake] = {
    "a certificate that is a file": (
        service("frontend", ports=[{"port": 443, "tls": {"certificate": "shop.pem"}}]),
        "services[0].ports[0].tls.certificate",
        "ARN of a certificate",
    ),
    "a policy of another cloud": (
        service("frontend", ports=[{"port": 443, "tls": {**TLS, "policy": "modern"}}]),
        "services[0].ports[0].tls.policy",
        "no security policy",
    ),
    "an ALPN policy that AWS doesn't have": (
        service("frontend", ports=[{"port": 443, "tls": {**TLS, "alpn": "HTTP3Only"}}]),
        "services[0].ports[0].tls.alpn",
        "'HTTP1Only'",
    ),
    "TLS of UDP": (service("frontend", ports=[{**DNS, "tls": TLS}]), "services[0].ports[0].tls", "TLS is of TCP"),
    "two node ports of one listener": (
        service("frontend", ports=[DNS, {**DNS, "name": "tcp", "protocol": "TCP", "nodePort": 30054}]),
        "services[0].ports[1].nodePort",
        "the same `nodePort`",
    ),
    "targets that are neither": (service("frontend", targets={"kind": "vms"}), "services[0].targets.kind", "nodes or"),
    "routed pods that see clients": (
        service("frontend", targets={"kind": "pods"}, preserveClientIp=True),
        "services[0].preserveClientIp",
        "not with routed pods",
    ),
    "routed pods with UDP": (
        service("frontend", ports=[DNS], targets={"kind": "pods"}, healthCheck={"protocol": "TCP", "port": 8080}),
        "services[0].ports[0].protocol",
        "Send to `nodes`",
    ),
    "targets without IPv4": (
        service("frontend", ipFamilies=["IPv6"]),
        "services[0].ipFamilies[0]",
        "no IPv6 addresses",
    ),
    "a proxy protocol that kube-proxy would have to read": (
        service("frontend", proxyProtocol=True, externalTrafficPolicy="Local"),
        "services[0].proxyProtocol",
        "Send to `pods`",
    ),
    "a health check of no protocol": (
        service("frontend", healthCheck={"protocol": "GRPC"}),
        "services[0].healthCheck.protocol",
        "TCP, HTTP or HTTPS",
    ),
    "a health check that never ends": (
        service("frontend", healthCheck={"protocol": "TCP", "timeoutSeconds": 60}),
        "services[0].healthCheck.timeoutSeconds",
        "longer than the interval",
    ),
    "a wait of an hour": (service("frontend", waitForHealthyTargets=3600), "services[0].waitForHealthyTargets", "900"),
    "a delay that is none": (
        service("frontend", deregistrationDelaySeconds=-1),
        "services[0].deregistrationDelaySeconds",
        "greater than or equal to 0",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_is_named_with_its_path(mistake: str, monkeypatch: pytest.MonkeyPatch) -> None:
    check(MISTAKES[mistake], monkeypatch)
