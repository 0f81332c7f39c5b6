"""What a controller in the cluster makes of a Service, made by plain boto3 and lightkube: names, tags, finalizers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import lightkube
from lightkube.generic_resource import GenericNamespacedResource, create_namespaced_resource
from lightkube.models.core_v1 import ServicePort, ServiceSpec
from lightkube.models.meta_v1 import ObjectMeta
from lightkube.resources.core_v1 import Service, ServiceStatus
from lightkube.types import PatchType

from tests.e2e.aws import Aws, named

Binding: type[GenericNamespacedResource] = create_namespaced_resource(
    "elbv2.k8s.aws", "v1beta1", "TargetGroupBinding", "targetgroupbindings"
)
BINDINGS = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": "targetgroupbindings.elbv2.k8s.aws"},
    "spec": {
        "group": "elbv2.k8s.aws",
        "names": {"kind": "TargetGroupBinding", "plural": "targetgroupbindings", "singular": "targetgroupbinding"},
        "scope": "Namespaced",
        "versions": [
            {
                "name": "v1beta1",
                "served": True,
                "storage": True,
                "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}},
            }
        ],
    },
}
"""The kind, without its schema."""


@dataclass(frozen=True)
class Controller:
    """How one controller does it.

    Attributes:
        tags: on everything of a Service's.
        roles: the key of a tag that says what each thing is for; empty: none.
        finalizer: on the Service.
        spec: of the Service, beside what all have.
        notes: the Service's annotations.
        has_group: whether it makes a security group for the load balancer.
    """

    tags: Mapping[str, str]
    roles: str
    finalizer: str
    spec: Mapping[str, Any]
    notes: Mapping[str, str]
    has_group: bool


@dataclass(frozen=True)
class Made:
    """What there is then."""

    arn: str
    dns_name: str
    listeners: Mapping[int, str]
    groups: Mapping[int, str]
    security_group: str | None
    service: Service


def make(  # noqa: PLR0913 - all that it says of it
    controller: Controller,
    aws: Aws,
    kubernetes: lightkube.Client,
    stack: str,
    *,
    name: str,
    ports: Sequence[int],
    source: str,
) -> Made:
    """Make a Service in namespace shop of one of a stack's clusters, and its load balancer before all of the nodes."""
    spec = ServiceSpec(
        type="LoadBalancer",
        selector={"app": name},
        ports=[ServicePort(name=f"port-{port}", port=port, targetPort=8000 + port) for port in ports],
        **controller.spec,
    )
    notes = {**controller.notes, "example.com/team": name}
    metadata = ObjectMeta(name=name, namespace="shop", annotations=notes, finalizers=[controller.finalizer])
    service = kubernetes.create(Service(metadata=metadata, spec=spec))
    node_ports = {port.port: port.nodePort for port in (service.spec and service.spec.ports) or ()}
    (vpc,) = named(aws, stack, "vpc").values()
    subnets = [subnet for key, subnet in named(aws, stack, "subnet").items() if "private" in key]
    guard = _group(controller, aws, vpc, name, ports, source) if controller.has_group else None
    balancer = aws.elbv2.create_load_balancer(
        Name=f"k8s-shop-{name}-f00ba47f00",
        Type="network",
        Scheme="internal",
        Subnets=subnets,
        SecurityGroups=[guard] if guard else [],
        Tags=_tags(controller, "LoadBalancer"),
    )["LoadBalancers"][0]
    groups, listeners = {}, {}
    for port in ports:
        group = aws.elbv2.create_target_group(
            Name=f"k8s-shop-{name}-{port}00ba47",
            Protocol="TCP",
            Port=node_ports[port] or 0,
            VpcId=vpc,
            TargetType="instance",
            HealthCheckIntervalSeconds=15,
            HealthCheckTimeoutSeconds=10,
            Tags=_tags(controller, f"shop/{name}:{port}"),
        )["TargetGroups"][0]["TargetGroupArn"]
        targets: Any = [{"Id": node, "Port": node_ports[port]} for node in named(aws, stack, "instance").values()]
        aws.elbv2.register_targets(TargetGroupArn=group, Targets=targets)
        groups[port] = group
        listeners[port] = aws.elbv2.create_listener(
            LoadBalancerArn=balancer["LoadBalancerArn"],
            Port=port,
            Protocol="TCP",
            DefaultActions=[{"Type": "forward", "TargetGroupArn": group}],
            Tags=_tags(controller, str(port)),
        )["Listeners"][0]["ListenerArn"]
    status = {"status": {"loadBalancer": {"ingress": [{"hostname": balancer["DNSName"]}]}}}
    kubernetes.patch(ServiceStatus, name, status, namespace="shop", patch_type=PatchType.MERGE)
    return Made(balancer["LoadBalancerArn"], balancer["DNSName"], listeners, groups, guard, service)


def bind(kubernetes: lightkube.Client, name: str, group: str) -> None:
    """Bind a target group to a Service, as the AWS Load Balancer Controller does."""
    metadata = ObjectMeta(name=f"k8s-shop-{name}", namespace="shop", finalizers=["elbv2.k8s.aws/resources"])
    kubernetes.create(Binding(metadata=metadata, spec={"targetGroupARN": group, "serviceRef": {"name": name}}))


def _group(controller: Controller, aws: Aws, vpc: str, name: str, ports: Sequence[int], source: str) -> str:
    tags: Any = [{"ResourceType": "security-group", "Tags": _tags(controller, "ManagedLBSecurityGroup")}]
    made = aws.ec2.create_security_group(
        GroupName=f"k8s-shop-{name}-1a2b3c4d5e",
        Description="[k8s] Managed SecurityGroup for LoadBalancer",
        VpcId=vpc,
        TagSpecifications=tags,
    )["GroupId"]
    rules: Any = [
        {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": [{"CidrIp": source}]} for port in ports
    ]
    aws.ec2.authorize_security_group_ingress(GroupId=made, IpPermissions=rules)
    return made


def _tags(controller: Controller, role: str) -> Any:
    tags = {**controller.tags, **({controller.roles: role} if controller.roles else {})}
    return [{"Key": key, "Value": value} for key, value in tags.items()]
