"""Every kind of resource that the provider knows, one line each."""

from __future__ import annotations

from typing import Any

from kubewire.resources.base import Resource
from kubewire.resources.hosted_zone import HostedZone
from kubewire.resources.instance import Instance
from kubewire.resources.internet_gateway import InternetGateway
from kubewire.resources.listener import Listener
from kubewire.resources.load_balancer_status import LoadBalancerStatus
from kubewire.resources.nat_gateway import NatGateway
from kubewire.resources.network_interface import NetworkInterface
from kubewire.resources.network_load_balancer import NetworkLoadBalancer
from kubewire.resources.records import Records
from kubewire.resources.route_table import RouteTable
from kubewire.resources.security_group import SecurityGroup
from kubewire.resources.security_group_rules import SecurityGroupRules
from kubewire.resources.subnet import Subnet
from kubewire.resources.target_group import TargetGroup
from kubewire.resources.vpc import Vpc

RESOURCES: tuple[type[Resource[Any, Any]], ...] = (
    Vpc,
    Subnet,
    InternetGateway,
    NatGateway,
    RouteTable,
    SecurityGroup,
    SecurityGroupRules,
    NetworkInterface,
    Instance,
    NetworkLoadBalancer,
    TargetGroup,
    Listener,
    HostedZone,
    Records,
    LoadBalancerStatus,
)
BY_TOKEN = {resource.token(): resource for resource in RESOURCES}
