"""Mistakes in the fields that Kubernetes has for Services, and in the namespaces that they are in."""

from __future__ import annotations

import pytest

from tests.unit.infra.mistakes import Mistake, check, key, service

MISTAKES: dict[str, Mistake] = {
    "a namespace that every cluster has": (
        key("cluster:namespaces", ["shop", "default"]),
        "namespaces[1]",
        "the cluster's own",
    ),
    "a namespace twice": (key("cluster:namespaces", ["shop", "shop"]), "namespaces[1]", "there twice"),
    "a namespace that is no name": (key("cluster:namespaces", ["Shop"]), "namespaces[0]", "pattern"),
    "external addresses": (
        service("adservice", externalIPs=["80.11.12.10"]),
        "services[2].externalIPs",
        "CVE-2020-8554",
    ),
    "an address outside the range": (
        service("adservice", clusterIP="10.97.0.1"),
        "services[2].clusterIP",
        "The API server gives out 10.96.0.0/16",
    ),
    "the API server's address": (service("adservice", clusterIP="10.96.0.1"), "services[2].clusterIP", "own"),
    "an address that is none": (service("adservice", clusterIP="ten"), "services[2].clusterIP", "no address"),
    "addresses, one that is none": (service("adservice", clusterIP=[True]), "services[2].clusterIP", "no address"),
    "a number for an address": (service("adservice", clusterIP=7), "services[2].clusterIP", "no address"),
    "headless with node ports": (service("frontend", clusterIP="None"), "services[0].clusterIP", "only a ClusterIP"),
    "a family that the cluster doesn't have": (
        service("adservice", ipFamilies=["IPv6"]),
        "services[2].ipFamilies[0]",
        "no IPv6 addresses",
    ),
    "both families where there is one": (
        service("adservice", ipFamilyPolicy="RequireDualStack"),
        "services[2].ipFamilyPolicy",
        "of one family",
    ),
    "an affinity of a day and more": (
        service("adservice", sessionAffinity={"kind": "ClientIP", "timeoutSeconds": 90000}),
        "services[2].sessionAffinity.timeoutSeconds",
        "less than or equal to 86400",
    ),
    "an unknown policy": (
        service("frontend", externalTrafficPolicy="local"),
        "services[0].externalTrafficPolicy",
        "'Cluster' or 'Local'",
    ),
    "a health check port without Local": (
        service("frontend", healthCheckNodePort=30090),
        "services[0].healthCheckNodePort",
        "every node has endpoints",
    ),
    "a health check port outside the range": (
        service("frontend", externalTrafficPolicy="Local", healthCheckNodePort=90),
        "services[0].healthCheckNodePort",
        "30000 to 32767",
    ),
    "a health check port that another Service has": (
        service("frontend", externalTrafficPolicy="Local", healthCheckNodePort=30081),
        "services[1].ports[0].nodePort",
        "belongs to shop/frontend already",
    ),
    "a load balancer for SCTP": (
        service("frontend", ports=[{"port": 80, "nodePort": 30080, "protocol": "SCTP"}]),
        "services[0].ports[0].protocol",
        "no ports of SCTP",
    ),
    "a class that is none": (
        service("frontend", loadBalancerClass="-own"),
        "services[0].loadBalancerClass",
        "no qualified name",
    ),
    "an annotation that is none": (
        service("adservice", annotations={"-a": "x"}),
        "services[2].annotations.-a",
        "no key of an annotation",
    ),
    "a selector that is a word": (service("adservice", selector="all"), "services[2].selector", "'none'"),
    "an application protocol that is none": (
        service("adservice", ports=[{"port": 80, "appProtocol": "my own"}]),
        "services[2].ports[0].appProtocol",
        "no qualified name",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_is_named_with_its_path(mistake: str, monkeypatch: pytest.MonkeyPatch) -> None:
    check(MISTAKES[mistake], monkeypatch)
