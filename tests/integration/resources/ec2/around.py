"""One of each resource that stands around a network, described: endpoints, a flow log, a network ACL."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from kubewire.resources.base import Resource
from kubewire.resources.flow_log import FlowLog, FlowLogArgs, Interval, Traffic
from kubewire.resources.gateway_endpoint import GatewayEndpoint, GatewayEndpointArgs
from kubewire.resources.interface_endpoint import InterfaceEndpoint, InterfaceEndpointArgs
from kubewire.resources.network_acl import AclEntry, NetworkAcl, NetworkAclArgs

if TYPE_CHECKING:
    from tests.integration.resources.ec2.described import World

S3 = "com.amazonaws.eu-west-1.s3"
STS = "com.amazonaws.eu-west-1.sts"
ROLE = "arn:aws:iam::123456789012:role/flow-logs"
LOG_GROUP = "arn:aws:logs:eu-west-1:123456789012:log-group:flows"


def gateway_endpoint(world: World) -> GatewayEndpointArgs:
    return GatewayEndpointArgs(name="main", vpc=world.vpc, service=S3, route_tables={"private": world.table().id})


def interface_endpoint(world: World) -> InterfaceEndpointArgs:
    return InterfaceEndpointArgs(
        name="main",
        vpc=world.vpc,
        service=STS,
        subnets={world.subnet.name: world.subnet.id},
        security_groups={world.group.name: world.group.id},
        private_dns=False,
    )


def flow_log(world: World) -> FlowLogArgs:
    return FlowLogArgs(
        name="main",
        vpc=world.vpc,
        destination=LOG_GROUP,
        role=ROLE,
        traffic=Traffic.REJECT,
        interval=Interval.MINUTE,
    )


def entries(*described: dict[str, Any]) -> dict[str, AclEntry]:
    found = [AclEntry.model_validate({"direction": "ingress", "action": "allow", **one}) for one in described]
    return {one.key: one for one in found}


def network_acl(world: World) -> NetworkAclArgs:
    return NetworkAclArgs(
        name="main",
        vpc=world.vpc,
        entries=entries(
            {"number": 100, "protocol": "tcp", "cidr": "0.0.0.0/0", "ports": {"first": 443, "last": 443}},
            {"number": 101, "protocol": "icmp", "cidr": "10.0.0.0/8"},
            {"number": 102, "protocol": "icmpv6", "cidr": "::/0", "ports": {"first": 128, "last": 0}},
            {"number": 103, "protocol": 47, "cidr": "10.0.0.0/8", "action": "deny"},
            {"number": 100, "cidr": "0.0.0.0/0", "direction": "egress"},
        ),
        subnets={world.subnet.name: world.subnet.id},
    )


AROUND: dict[str, tuple[type[Resource[Any, Any]], Callable[[World], Any]]] = {
    "GatewayEndpoint": (GatewayEndpoint, gateway_endpoint),
    "InterfaceEndpoint": (InterfaceEndpoint, interface_endpoint),
    "FlowLog": (FlowLog, flow_log),
    "NetworkAcl": (NetworkAcl, network_acl),
}


def made_around(ec2: Any) -> dict[str, set[str]]:
    """Give those of them that there are, and who uses which ACL."""
    acls = ec2.describe_network_acls()["NetworkAcls"]
    return {
        "endpoints": {item["VpcEndpointId"] for item in ec2.describe_vpc_endpoints()["VpcEndpoints"]},
        "flow logs": {item["FlowLogId"] for item in ec2.describe_flow_logs()["FlowLogs"]},
        "acls": {item["NetworkAclId"] for item in acls},
        "users": {f"{item['NetworkAclId']} {user['SubnetId']}" for item in acls for user in item["Associations"]},
    }
