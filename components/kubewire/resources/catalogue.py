"""Every kind of resource that the provider knows, one line each."""

from __future__ import annotations

from typing import Any

from kubewire.resources.auto_scaling_attachment import AutoScalingAttachment
from kubewire.resources.base import Resource
from kubewire.resources.egress_only_internet_gateway import EgressOnlyInternetGateway
from kubewire.resources.flow_log import FlowLog
from kubewire.resources.gateway_endpoint import GatewayEndpoint
from kubewire.resources.healthy_targets import HealthyTargets
from kubewire.resources.hosted_zone import HostedZone
from kubewire.resources.instances import Instances
from kubewire.resources.interface_endpoint import InterfaceEndpoint
from kubewire.resources.internet_gateway import InternetGateway
from kubewire.resources.listener import Listener
from kubewire.resources.load_balancer_status import LoadBalancerStatus
from kubewire.resources.nat_gateway import NatGateway
from kubewire.resources.network_acl import NetworkAcl
from kubewire.resources.network_interfaces import NetworkInterfaces
from kubewire.resources.network_load_balancer import NetworkLoadBalancer
from kubewire.resources.records import Records
from kubewire.resources.route_table import RouteTable
from kubewire.resources.routes import Routes
from kubewire.resources.security_group import SecurityGroup
from kubewire.resources.security_group_rules import SecurityGroupRules
from kubewire.resources.source_dest_checks import SourceDestChecks
from kubewire.resources.subnet import Subnet
from kubewire.resources.target_group import TargetGroup
from kubewire.resources.vpc import Vpc
from kubewire.resources.vpc_cidr_blocks import VpcCidrBlocks

RESOURCES: tuple[type[Resource[Any, Any]], ...] = (
    Vpc,
    VpcCidrBlocks,
    Subnet,
    InternetGateway,
    EgressOnlyInternetGateway,
    NatGateway,
    RouteTable,
    Routes,
    SecurityGroup,
    SecurityGroupRules,
    NetworkInterfaces,
    Instances,
    SourceDestChecks,
    NetworkAcl,
    GatewayEndpoint,
    InterfaceEndpoint,
    FlowLog,
    NetworkLoadBalancer,
    TargetGroup,
    AutoScalingAttachment,
    Listener,
    HealthyTargets,
    HostedZone,
    Records,
    LoadBalancerStatus,
)
BY_TOKEN = {resource.token(): resource for resource in RESOURCES}
