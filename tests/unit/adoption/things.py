"""A Service of the AWS Load Balancer Controller's, its load balancer, and the stack that is to have them."""

from __future__ import annotations

import json
from typing import Any

from kubewire.adoption.found import FoundBalancer, FoundGroup
from kubewire.adoption.stack import Stack

Wire = dict[str, Any]
ARN = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/net/k8s-shop-web/1"
GUARD = "sg-0000000000000000a"
MADE = {"elbv2.k8s.aws/cluster": "c", "service.k8s.aws/stack": "shop/web"}
OFFICE = "10.8.0.0/16"


def service(spec: Wire | None = None, **metadata: Any) -> Wire:
    """The Service as the API server gives it."""
    ports = [{"name": "http", "port": 80, "targetPort": 8080, "nodePort": 30080, "protocol": "TCP"}]
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {
            "name": "web",
            "namespace": "shop",
            "uid": "u",
            "resourceVersion": "7",
            "finalizers": ["service.k8s.aws/resources", "example.com/other"],
            **metadata,
        },
        "spec": {
            "type": "LoadBalancer",
            "selector": {"app": "web"},
            "clusterIP": "10.96.0.7",
            "clusterIPs": ["10.96.0.7"],
            "loadBalancerClass": "service.k8s.aws/nlb",
            "loadBalancerSourceRanges": ["10.1.0.0/16"],
            "externalTrafficPolicy": "Cluster",
            "allocateLoadBalancerNodePorts": True,
            "ports": ports,
            **(spec or {}),
        },
    }


def group(port: int = 80, settings: Wire | None = None, **row: Any) -> FoundGroup:
    """The target group of a port."""
    described: Any = {
        "TargetGroupArn": f"tg-{port}",
        "TargetGroupName": f"k8s-{port}",
        "Protocol": "TCP",
        "Port": 30000 + port,
        "TargetType": "instance",
        "HealthCheckProtocol": "TCP",
        "HealthCheckPort": "traffic-port",
        "HealthCheckIntervalSeconds": 10,
        "HealthCheckTimeoutSeconds": 6,
        "HealthyThresholdCount": 3,
        "UnhealthyThresholdCount": 3,
        **row,
    }
    return FoundGroup(described, {"preserve_client_ip.enabled": "true", **(settings or {})})


def listener(port: int = 80, **row: Any) -> Any:
    """The listener of a port."""
    return {"ListenerArn": f"listener-{port}", "Port": port, "Protocol": "TCP", **row}


def admits(*ranges: str, port: int = 80, protocol: str = "tcp", **more: Any) -> Wire:
    """A rule of a security group."""
    four = [{"CidrIp": one} for one in ranges if ":" not in one]
    six = [{"CidrIpv6": one} for one in ranges if ":" in one]
    return {"IpProtocol": protocol, "FromPort": port, "ToPort": port, "IpRanges": four, "Ipv6Ranges": six, **more}


def guard(*rules: Wire, name: str = GUARD, **tags: str) -> Any:
    """The security group that the controller makes for one load balancer."""
    own = {**MADE, "service.k8s.aws/resource": "ManagedLBSecurityGroup", **tags}
    return {
        "GroupId": name,
        "GroupName": f"k8s-{name}",
        "IpPermissions": list(rules) or [admits(OFFICE)],
        "Tags": [{"Key": key, "Value": value} for key, value in own.items()],
    }


def balancer(
    *guards: Any,
    tags: Wire | None = None,
    listeners: tuple[Any, ...] = (),
    groups: tuple[FoundGroup, ...] = (),
    settings: Wire | None = None,
    others: tuple[Any, ...] = (),
    **row: Any,
) -> FoundBalancer:
    """The load balancer, with a listener on port 80 if nothing else is said."""
    described: Any = {
        "LoadBalancerArn": ARN,
        "LoadBalancerName": "k8s-shop-web",
        "DNSName": "k8s-shop-web.elb.eu-west-1.amazonaws.com",
        "Type": "network",
        "Scheme": "internal",
        "VpcId": "vpc-1",
        "SecurityGroups": [one["GroupId"] for one in guards],
        "AvailabilityZones": [{"ZoneName": "eu-west-1a", "SubnetId": "subnet-a"}],
        **row,
    }
    some = listeners or (listener(),)
    behind = {one.arn: one for one in groups or (group(),)}
    return FoundBalancer(
        row=described,
        settings={"load_balancing.cross_zone.enabled": "true", **(settings or {})},
        tags=MADE if tags is None else tags,
        listeners={one["Port"]: one for one in some},
        sent={one["Port"]: [f"tg-{one['Port']}"] for one in some},
        groups=behind,
        security_groups={one["GroupId"]: one for one in (*guards, *others)},
    )


def state(*more: Wire, networks: tuple[str, ...] = ("main",), provider: str = "default") -> str:
    """The state of a stack with networks."""
    start = "urn:pulumi:dev::shop::"
    maker = f"{start}pulumi:providers:kubewire::{provider}"
    rows: list[Wire] = [
        {"urn": maker, "type": "pulumi:providers:kubewire", "id": "p1", "inputs": {"region": "eu-west-1"}}
    ]
    for name in networks:
        urn = f"{start}kubewire:network:ClusterNetwork::{name}"
        outputs = {"vpcId": "vpc-1", "privateSubnetIds": {"eu-west-1a": "subnet-a"}, "publicSubnetIds": {}}
        rows.append({"urn": urn, "type": "kubewire:network:ClusterNetwork", "outputs": outputs})
        part = f"{start}kubewire:network:ClusterNetwork$kubewire:index:Vpc::{name}"
        vpc = {"urn": part, "type": "kubewire:index:Vpc", "id": "vpc-1", "parent": urn, "provider": f"{maker}::p1"}
        rows.append(vpc)
    return json.dumps({"deployment": {"resources": [*rows, *more]}})


def stack(*more: Wire, **how: Any) -> Stack:
    """That stack, read."""
    return Stack.read(state(*more, **how), None)
