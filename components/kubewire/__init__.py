"""A Kubernetes cluster's network and its Services, declared in typed Python.

    from kubewire import ClusterNetwork, ClusterNetworkArgs, LoadBalancerService, LoadBalancerServiceArgs

A name is imported when it's first used: the provider and the command line load no Pulumi program's parts.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kubewire.errors import InvalidInputError
    from kubewire.model import Model
    from kubewire.network.acls import AclRule, SubnetAcl
    from kubewire.network.args import ClusterNetworkArgs
    from kubewire.network.cluster_network import ClusterNetwork
    from kubewire.network.control_plane import ControlPlaneGroup, ControlPlaneRanges
    from kubewire.network.description import Nat
    from kubewire.network.endpoints import (
        BucketFlowLog,
        GatewayEndpoints,
        GatewayService,
        InterfaceEndpoints,
        LogGroupFlowLog,
    )
    from kubewire.network.layout import Role, Slot
    from kubewire.network.links import PeeringLink, TransitGatewayLink
    from kubewire.network.node_ports import NodePortRange
    from kubewire.network.nodes import AutoScalingGroupNodes, ClusterNodes, DeclaredNodes, Node, NodeSlots
    from kubewire.network.pods import Encapsulation, OverlayPods, RoutedPods, VpcPods
    from kubewire.network.quotas import Quotas
    from kubewire.network.sources import ANYWHERE, GroupSource, PrefixListSource
    from kubewire.network.subnets import CarvedSubnets, ExistingSubnets, SubnetsByIds, SubnetsByTags
    from kubewire.network.vpcs import NewVpc, SecondaryCidr, VpcById, VpcByTags
    from kubewire.resources.network_load_balancer import Scheme
    from kubewire.services.cluster_ip import ClusterIPService, ClusterIPServiceArgs
    from kubewire.services.common import NO_SELECTOR
    from kubewire.services.external_name import Cname, ExternalNameService, ExternalNameServiceArgs, HostedZoneRef
    from kubewire.services.families import AUTO, HEADLESS, IPFamily, IPFamilyPolicy
    from kubewire.services.fitting import fitted
    from kubewire.services.load_balancer import LoadBalancerService
    from kubewire.services.load_balancer_args import LoadBalancerServiceArgs
    from kubewire.services.namespaces import OwnNamespaces
    from kubewire.services.node_port import NodePortService, NodePortServiceArgs
    from kubewire.services.policies import ClientIPAffinity, TrafficDistribution, TrafficPolicy
    from kubewire.services.ports import NodeServicePort, PortProtocol, ServicePort
    from kubewire.services.together import ServiceDescription, check_together, declare_services

_HOMES = {
    "ANYWHERE": "network.sources",
    "AUTO": "services.families",
    "AclRule": "network.acls",
    "AutoScalingGroupNodes": "network.nodes",
    "BucketFlowLog": "network.endpoints",
    "CarvedSubnets": "network.subnets",
    "ClientIPAffinity": "services.policies",
    "ClusterIPService": "services.cluster_ip",
    "ClusterIPServiceArgs": "services.cluster_ip",
    "ClusterNetwork": "network.cluster_network",
    "ClusterNetworkArgs": "network.args",
    "ClusterNodes": "network.nodes",
    "Cname": "services.external_name",
    "ControlPlaneGroup": "network.control_plane",
    "ControlPlaneRanges": "network.control_plane",
    "DeclaredNodes": "network.nodes",
    "Encapsulation": "network.pods",
    "ExistingSubnets": "network.subnets",
    "ExternalNameService": "services.external_name",
    "ExternalNameServiceArgs": "services.external_name",
    "GatewayEndpoints": "network.endpoints",
    "GatewayService": "network.endpoints",
    "GroupSource": "network.sources",
    "HEADLESS": "services.families",
    "HostedZoneRef": "services.external_name",
    "IPFamily": "services.families",
    "IPFamilyPolicy": "services.families",
    "InterfaceEndpoints": "network.endpoints",
    "InvalidInputError": "errors",
    "LoadBalancerService": "services.load_balancer",
    "LoadBalancerServiceArgs": "services.load_balancer_args",
    "LogGroupFlowLog": "network.endpoints",
    "Model": "model",
    "NO_SELECTOR": "services.common",
    "Nat": "network.description",
    "NewVpc": "network.vpcs",
    "Node": "network.nodes",
    "NodePortRange": "network.node_ports",
    "NodePortService": "services.node_port",
    "NodePortServiceArgs": "services.node_port",
    "NodeServicePort": "services.ports",
    "NodeSlots": "network.nodes",
    "OverlayPods": "network.pods",
    "OwnNamespaces": "services.namespaces",
    "PeeringLink": "network.links",
    "PortProtocol": "services.ports",
    "PrefixListSource": "network.sources",
    "Quotas": "network.quotas",
    "Role": "network.layout",
    "RoutedPods": "network.pods",
    "Scheme": "resources.network_load_balancer",
    "SecondaryCidr": "network.vpcs",
    "ServiceDescription": "services.together",
    "ServicePort": "services.ports",
    "Slot": "network.layout",
    "SubnetAcl": "network.acls",
    "SubnetsByIds": "network.subnets",
    "SubnetsByTags": "network.subnets",
    "TrafficDistribution": "services.policies",
    "TrafficPolicy": "services.policies",
    "TransitGatewayLink": "network.links",
    "VpcById": "network.vpcs",
    "VpcByTags": "network.vpcs",
    "VpcPods": "network.pods",
    "check_together": "services.together",
    "declare_services": "services.together",
    "fitted": "services.fitting",
}

__all__ = [
    "ANYWHERE",
    "AUTO",
    "HEADLESS",
    "NO_SELECTOR",
    "AclRule",
    "AutoScalingGroupNodes",
    "BucketFlowLog",
    "CarvedSubnets",
    "ClientIPAffinity",
    "ClusterIPService",
    "ClusterIPServiceArgs",
    "ClusterNetwork",
    "ClusterNetworkArgs",
    "ClusterNodes",
    "Cname",
    "ControlPlaneGroup",
    "ControlPlaneRanges",
    "DeclaredNodes",
    "Encapsulation",
    "ExistingSubnets",
    "ExternalNameService",
    "ExternalNameServiceArgs",
    "GatewayEndpoints",
    "GatewayService",
    "GroupSource",
    "HostedZoneRef",
    "IPFamily",
    "IPFamilyPolicy",
    "InterfaceEndpoints",
    "InvalidInputError",
    "LoadBalancerService",
    "LoadBalancerServiceArgs",
    "LogGroupFlowLog",
    "Model",
    "Nat",
    "NewVpc",
    "Node",
    "NodePortRange",
    "NodePortService",
    "NodePortServiceArgs",
    "NodeServicePort",
    "NodeSlots",
    "OverlayPods",
    "OwnNamespaces",
    "PeeringLink",
    "PortProtocol",
    "PrefixListSource",
    "Quotas",
    "Role",
    "RoutedPods",
    "Scheme",
    "SecondaryCidr",
    "ServiceDescription",
    "ServicePort",
    "Slot",
    "SubnetAcl",
    "SubnetsByIds",
    "SubnetsByTags",
    "TrafficDistribution",
    "TrafficPolicy",
    "TransitGatewayLink",
    "VpcById",
    "VpcByTags",
    "VpcPods",
    "check_together",
    "declare_services",
    "fitted",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
