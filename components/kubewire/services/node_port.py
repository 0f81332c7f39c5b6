"""NodePort: a port on every node, for the sources that are written down."""

from __future__ import annotations

from typing import Annotated, Literal

import pulumi
from pydantic import Field

from kubewire.network.cluster_network import ClusterNetwork
from kubewire.network.sources import Source, all_peers
from kubewire.services.common import NodePortedArgs, cluster_ip_of, dns_name, kubernetes_service
from kubewire.services.component import ServiceComponent
from kubewire.services.declaration import declaration
from kubewire.services.dns.declare import RecordsOf
from kubewire.services.dns.description import NodeDns
from kubewire.services.dns.nodes import node_records
from kubewire.services.in_cluster import check_addresses
from kubewire.services.node_access import claim, node_ports, port_rules
from kubewire.services.written import ALWAYS_IN_SPEC


class NodePortServiceArgs(NodePortedArgs):
    """What describes a NodePort Service."""

    type: Annotated[Literal["NodePort"], ALWAYS_IN_SPEC] = "NodePort"
    sources: tuple[Source, ...] = Field(min_length=1)
    """Who may reach the node ports from outside the cluster."""
    dns: tuple[NodeDns, ...] = ()
    """Names in Route53 with the addresses of the nodes."""


class NodePortService(ServiceComponent):
    """A Service that every node answers for, on a port of its own, whichever node is asked.

    Attributes:
        cluster_ip: its address inside the cluster; known after the apply.
        node_ports: port name to node port.
        dns_name: the name that pods find it by.
    """

    def __init__(
        self, args: NodePortServiceArgs, network: ClusterNetwork, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        check_addresses(args, network.args, args.label)
        claim(network, args)
        name = args.name_in(network)
        told = declaration(network, args.sources)
        super().__init__("kubewire:services:NodePortService", name, told, opts, network=network)
        service = kubernetes_service(name, args, self, opts)
        self.node_ports = node_ports(args, service)
        rules = port_rules(args, self.node_ports, all_peers(args.sources, ipv6=network.args.ipv6))
        opened = network.admit(rules, f"{name}.nodes", args.label, self)
        records = node_records(args.dns, network.args, network.nodes, args.label)
        RecordsOf(network, name, args.label, self).declare(records, after=opened)
        self.cluster_ip = cluster_ip_of(service)
        self.dns_name = dns_name(args)
        self.outputs = {"clusterIP": self.cluster_ip, "nodePorts": self.node_ports, "dnsName": self.dns_name}
        self.register_outputs(self.outputs)
