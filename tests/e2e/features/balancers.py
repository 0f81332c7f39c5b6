"""Load balancer Services with options of their own, and what AWS and the cluster have of them."""

from __future__ import annotations

from typing import Any

import lightkube
from lightkube.models.core_v1 import ObjectReference
from lightkube.models.discovery_v1 import Endpoint, EndpointConditions, EndpointPort
from lightkube.models.meta_v1 import ObjectMeta
from lightkube.resources.core_v1 import Service
from lightkube.resources.discovery_v1 import EndpointSlice

from tests.e2e.aws import Aws, made_by
from tests.e2e.projects import Config

REGION = "eu-west-2"
SPACE = "balancers"
STACK = f"{SPACE}/dev"
# Node ports belong to the whole cluster; no other test has these.
HTTPS, HTTP, DNS, SYSLOG = 31480, 31481, 31482, 31483
POLICY = "ELBSecurityPolicy-TLS13-1-3-2021-06"
CLIENTS = "10.8.0.0/16"
PRIVATE = {f"{REGION}a": "10.50.1.200", f"{REGION}b": "10.50.33.200"}


def balanced(name: str, *ports: Config, **more: Any) -> Config:
    return {
        "type": "LoadBalancer",
        "namespace": SPACE,
        "name": name,
        "selector": {"app": name},
        "scheme": "internal",
        "sources": [CLIENTS],
        "ports": list(ports),
        **more,
    }


def services(certificate: str, allocations: list[str]) -> list[Config]:
    tls = {"certificate": certificate, "policy": POLICY, "alpn": "HTTP2Preferred"}
    return [
        balanced(
            "edge",
            {"name": "https", "port": 443, "targetPort": 8080, "nodePort": HTTPS, "tls": tls},
            {"name": "http", "port": 80, "targetPort": 8080, "nodePort": HTTP},
            scheme="internet-facing",
            sources=[CLIENTS, "10.12.0.0/16", "2001:db8:8::/48"],
            loadBalancer={
                "kind": "own",
                "ipAddressType": "dualstack",
                "deletionProtection": True,
                "addresses": {
                    "kind": "elastic",
                    "allocationIds": {f"{REGION}{zone}": one for zone, one in zip("ab", allocations, strict=True)},
                },
            },
            deregistrationDelaySeconds=30,
        ),
        balanced(
            "dns",
            {"name": "dns-udp", "port": 53, "nodePort": DNS, "protocol": "UDP"},
            {"name": "dns", "port": 53, "nodePort": DNS},
            {"name": "syslog", "port": 514, "nodePort": SYSLOG, "protocol": "UDP"},
            externalTrafficPolicy="Local",
            sessionAffinity="ClientIP",
            loadBalancer={
                "kind": "own",
                "crossZone": False,
                "addresses": {"kind": "private", "addresses": PRIVATE},
            },
        ),
        balanced(
            "api",
            {"name": "http", "port": 80, "targetPort": "web"},
            targets={"kind": "pods"},
            allocateLoadBalancerNodePorts=False,
            proxyProtocol=True,
            waitForHealthyTargets=60,
            healthCheck={"protocol": "HTTP", "path": "/ready", "port": 8081, "intervalSeconds": 15},
        ),
    ]


def sliced(name: str, addresses: list[str], *, port: int, ready: bool = True) -> EndpointSlice:
    """A part of what is behind the Service `api`, as Kubernetes' controller writes it."""
    return EndpointSlice(
        metadata=ObjectMeta(name=name, namespace=SPACE, labels={"kubernetes.io/service-name": "api"}),
        addressType="IPv4",
        ports=[EndpointPort(name="http", port=port, protocol="TCP")],
        endpoints=[
            Endpoint(
                addresses=[address],
                conditions=EndpointConditions(ready=ready),
                targetRef=ObjectReference(kind="Pod", name=f"{name}-pod", namespace=SPACE),
            )
            for address in addresses
        ],
    )


def balancer(aws: Aws, name: str) -> Any:
    """A Service's load balancer as AWS describes it, with its attributes and its listeners by port."""
    made = [thing for thing in made_by(aws, STACK) if thing.kind == "load-balancer"]
    (arn,) = (thing.id for thing in made if thing.tags["kubewire:resource"].endswith(f".{name}"))
    found: Any = aws.elbv2.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"][0]
    attributes = aws.elbv2.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]
    listeners = aws.elbv2.describe_listeners(LoadBalancerArn=arn)["Listeners"]
    return {
        **found,
        "Attributes": {item["Key"]: item["Value"] for item in attributes},
        "Listeners": {item["Port"]: item for item in listeners},
    }


def group(aws: Aws, name: str, port: int) -> Any:
    """The target group behind a listener, with its attributes and its targets' states by address and port."""
    arn = balancer(aws, name)["Listeners"][port]["DefaultActions"][0]["TargetGroupArn"]
    found: Any = aws.elbv2.describe_target_groups(TargetGroupArns=[arn])["TargetGroups"][0]
    attributes = aws.elbv2.describe_target_group_attributes(TargetGroupArn=arn)["Attributes"]
    health: Any = aws.elbv2.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
    return {
        **found,
        "Attributes": {item["Key"]: item["Value"] for item in attributes},
        "Targets": {(row["Target"]["Id"], row["Target"]["Port"]): row["TargetHealth"]["State"] for row in health},
    }


def status(kubernetes: lightkube.Client, name: str) -> list[str | None]:
    found = kubernetes.get(Service, name, namespace=SPACE).status
    ingress = found.loadBalancer.ingress if found and found.loadBalancer else None
    return [item.hostname for item in ingress or []]
