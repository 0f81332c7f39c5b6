"""A Kubernetes cluster's network and its Services, declared in typed Python.

    from kubewire import ClusterNetwork, ClusterNetworkArgs, LoadBalancerService, LoadBalancerServiceArgs

A name is imported when it's first used: the provider and the command line load no Pulumi program's parts.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

from kubewire.uncollected import uncollected

if TYPE_CHECKING:
    from kubewire.errors import InvalidInputError
    from kubewire.manifests.declaring import services_from_manifests
    from kubewire.manifests.overrides import Overrides, PortOverride, ServiceOverride
    from kubewire.manifests.reading import read_manifests
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
    from kubewire.resources.balancer_addresses import IpAddressType
    from kubewire.resources.network_load_balancer import Scheme
    from kubewire.resources.record_marker import MarkNames
    from kubewire.resources.record_routing import FailoverRole, FailoverRouting, SimpleRouting, WeightedRouting
    from kubewire.resources.tls import AlpnPolicy
    from kubewire.services.cluster_ip import ClusterIPService, ClusterIPServiceArgs
    from kubewire.services.common import NO_SELECTOR
    from kubewire.services.dns.description import DnsAlias, DnsCname, NodeAddresses, NodeDns
    from kubewire.services.dns.zones import HostedZoneRef
    from kubewire.services.external_name import Cname, ExternalNameService, ExternalNameServiceArgs
    from kubewire.services.families import AUTO, HEADLESS, IPFamily, IPFamilyPolicy
    from kubewire.services.fitting import fitted
    from kubewire.services.load_balancer.addresses import ChosenAddresses, ElasticAddresses, PrivateAddresses
    from kubewire.services.load_balancer.args import LoadBalancerServiceArgs
    from kubewire.services.load_balancer.component import LoadBalancerService
    from kubewire.services.load_balancer.health import HttpHealthCheck, HttpsHealthCheck, TcpHealthCheck
    from kubewire.services.load_balancer.listened import LoadBalancerServicePort, Tls, TlsBackend
    from kubewire.services.load_balancer.options import OwnLoadBalancer, SharedLoadBalancer
    from kubewire.services.load_balancer.shared import LoadBalancer
    from kubewire.services.load_balancer.shared_args import LoadBalancerArgs
    from kubewire.services.load_balancer.targets import NodeTargets, PodTargets
    from kubewire.services.namespaces import OwnNamespaces
    from kubewire.services.node_port import NodePortService, NodePortServiceArgs
    from kubewire.services.policies import ClientIPAffinity, TrafficDistribution, TrafficPolicy
    from kubewire.services.ports import NodeServicePort, PortProtocol, ServicePort
    from kubewire.services.together import ServiceDescription, check_together, declare_services

_HOMES = {
    "ANYWHERE": "network.sources",
    "AUTO": "services.families",
    "AclRule": "network.acls",
    "AlpnPolicy": "resources.tls",
    "AutoScalingGroupNodes": "network.nodes",
    "BucketFlowLog": "network.endpoints",
    "CarvedSubnets": "network.subnets",
    "ChosenAddresses": "services.load_balancer.addresses",
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
    "DnsAlias": "services.dns.description",
    "DnsCname": "services.dns.description",
    "ElasticAddresses": "services.load_balancer.addresses",
    "Encapsulation": "network.pods",
    "ExistingSubnets": "network.subnets",
    "ExternalNameService": "services.external_name",
    "ExternalNameServiceArgs": "services.external_name",
    "FailoverRole": "resources.record_routing",
    "FailoverRouting": "resources.record_routing",
    "GatewayEndpoints": "network.endpoints",
    "GatewayService": "network.endpoints",
    "GroupSource": "network.sources",
    "HEADLESS": "services.families",
    "HostedZoneRef": "services.dns.zones",
    "HttpHealthCheck": "services.load_balancer.health",
    "HttpsHealthCheck": "services.load_balancer.health",
    "IPFamily": "services.families",
    "IPFamilyPolicy": "services.families",
    "InterfaceEndpoints": "network.endpoints",
    "InvalidInputError": "errors",
    "IpAddressType": "resources.balancer_addresses",
    "LoadBalancer": "services.load_balancer.shared",
    "LoadBalancerArgs": "services.load_balancer.shared_args",
    "LoadBalancerService": "services.load_balancer.component",
    "LoadBalancerServiceArgs": "services.load_balancer.args",
    "LoadBalancerServicePort": "services.load_balancer.listened",
    "LogGroupFlowLog": "network.endpoints",
    "MarkNames": "resources.record_marker",
    "Model": "model",
    "NO_SELECTOR": "services.common",
    "Nat": "network.description",
    "NewVpc": "network.vpcs",
    "Node": "network.nodes",
    "NodeAddresses": "services.dns.description",
    "NodeDns": "services.dns.description",
    "NodePortRange": "network.node_ports",
    "NodePortService": "services.node_port",
    "NodePortServiceArgs": "services.node_port",
    "NodeServicePort": "services.ports",
    "NodeSlots": "network.nodes",
    "NodeTargets": "services.load_balancer.targets",
    "OverlayPods": "network.pods",
    "Overrides": "manifests.overrides",
    "OwnLoadBalancer": "services.load_balancer.options",
    "OwnNamespaces": "services.namespaces",
    "PeeringLink": "network.links",
    "PodTargets": "services.load_balancer.targets",
    "PortOverride": "manifests.overrides",
    "PortProtocol": "services.ports",
    "PrefixListSource": "network.sources",
    "PrivateAddresses": "services.load_balancer.addresses",
    "Quotas": "network.quotas",
    "Role": "network.layout",
    "RoutedPods": "network.pods",
    "Scheme": "resources.network_load_balancer",
    "SecondaryCidr": "network.vpcs",
    "ServiceDescription": "services.together",
    "ServiceOverride": "manifests.overrides",
    "ServicePort": "services.ports",
    "SharedLoadBalancer": "services.load_balancer.options",
    "SimpleRouting": "resources.record_routing",
    "Slot": "network.layout",
    "SubnetAcl": "network.acls",
    "SubnetsByIds": "network.subnets",
    "SubnetsByTags": "network.subnets",
    "TcpHealthCheck": "services.load_balancer.health",
    "Tls": "services.load_balancer.listened",
    "TlsBackend": "services.load_balancer.listened",
    "TrafficDistribution": "services.policies",
    "TrafficPolicy": "services.policies",
    "TransitGatewayLink": "network.links",
    "VpcById": "network.vpcs",
    "VpcByTags": "network.vpcs",
    "VpcPods": "network.pods",
    "WeightedRouting": "resources.record_routing",
    "check_together": "services.together",
    "declare_services": "services.together",
    "fitted": "services.fitting",
    "read_manifests": "manifests.reading",
    "services_from_manifests": "manifests.declaring",
}

__all__ = [
    "ANYWHERE",
    "AUTO",
    "HEADLESS",
    "NO_SELECTOR",
    "AclRule",
    "AlpnPolicy",
    "AutoScalingGroupNodes",
    "BucketFlowLog",
    "CarvedSubnets",
    "ChosenAddresses",
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
    "DnsAlias",
    "DnsCname",
    "ElasticAddresses",
    "Encapsulation",
    "ExistingSubnets",
    "ExternalNameService",
    "ExternalNameServiceArgs",
    "FailoverRole",
    "FailoverRouting",
    "GatewayEndpoints",
    "GatewayService",
    "GroupSource",
    "HostedZoneRef",
    "HttpHealthCheck",
    "HttpsHealthCheck",
    "IPFamily",
    "IPFamilyPolicy",
    "InterfaceEndpoints",
    "InvalidInputError",
    "IpAddressType",
    "LoadBalancer",
    "LoadBalancerArgs",
    "LoadBalancerService",
    "LoadBalancerServiceArgs",
    "LoadBalancerServicePort",
    "LogGroupFlowLog",
    "MarkNames",
    "Model",
    "Nat",
    "NewVpc",
    "Node",
    "NodeAddresses",
    "NodeDns",
    "NodePortRange",
    "NodePortService",
    "NodePortServiceArgs",
    "NodeServicePort",
    "NodeSlots",
    "NodeTargets",
    "OverlayPods",
    "Overrides",
    "OwnLoadBalancer",
    "OwnNamespaces",
    "PeeringLink",
    "PodTargets",
    "PortOverride",
    "PortProtocol",
    "PrefixListSource",
    "PrivateAddresses",
    "Quotas",
    "Role",
    "RoutedPods",
    "Scheme",
    "SecondaryCidr",
    "ServiceDescription",
    "ServiceOverride",
    "ServicePort",
    "SharedLoadBalancer",
    "SimpleRouting",
    "Slot",
    "SubnetAcl",
    "SubnetsByIds",
    "SubnetsByTags",
    "TcpHealthCheck",
    "Tls",
    "TlsBackend",
    "TrafficDistribution",
    "TrafficPolicy",
    "TransitGatewayLink",
    "VpcById",
    "VpcByTags",
    "VpcPods",
    "WeightedRouting",
    "check_together",
    "declare_services",
    "fitted",
    "read_manifests",
    "services_from_manifests",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = f"{__name__}.{_HOMES[name]}"
    if home not in sys.modules:
        with uncollected():
            import_module(home)
    # It waits where another thread is just importing it.
    return getattr(import_module(home), name)
