"""Node ports: which ones a Service has, and who may reach them on the nodes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import pulumi
from pulumi_kubernetes.core.v1 import Service

from kubewire.declared import Declared, later
from kubewire.deferred import Later
from kubewire.model import PortNumber
from kubewire.network.cluster_network import ClusterNetwork
from kubewire.resources.security_group_rules import SecurityGroupRules, SecurityGroupRulesArgs
from kubewire.resources.traffic import CidrPeer, Direction, GroupPeer, Ports, Protocol, Rule
from kubewire.services.common import NodePortedArgs

Peer = CidrPeer | GroupPeer
Rules = dict[str, Rule]


def claim(network: ClusterNetwork, args: NodePortedArgs) -> None:
    """Take the declared node ports. Raises InvalidInputError for one that can't be had."""
    for port in args.ports:
        if port.node_port is not None:
            network.claim_node_port(port.node_port, args.label)


def node_ports(args: NodePortedArgs, service: Service) -> dict[str, Later[PortNumber]]:
    """Give each port's node port: as declared, or as the API server will choose it."""
    return {
        port.key: port.node_port if port.node_port is not None else later(_chosen(service, index))
        for index, port in enumerate(args.ports)
    }


def _chosen(service: Service, index: int) -> pulumi.Output[PortNumber]:
    # In a preview the API server has chosen nothing yet.
    return service.spec.apply(
        lambda spec: cast("PortNumber", spec.ports[index].node_port if spec.ports else pulumi.UNKNOWN)
    )


def port_rules(args: NodePortedArgs, on_nodes: Mapping[str, Later[PortNumber]], sources: Mapping[str, Peer]) -> Rules:
    """Give the rules that admit each source at each of a Service's node ports.

    Args:
        args: its ports.
        on_nodes: node port by port key.
        sources: who may connect, by what to call them.
    """
    return {
        f"{args.label}:{port.key} from {who}": Rule(
            direction=Direction.INGRESS,
            protocol=Protocol(port.protocol.lower()),
            ports=Ports.one(on_nodes[port.key]),
            peer=peer,
        )
        for port in args.ports
        for who, peer in sources.items()
    }


def admit(network: ClusterNetwork, args: NodePortedArgs, rules: Rules, opts: pulumi.ResourceOptions) -> Declared:
    """Put a Service's rules on the nodes' group. Raises InvalidInputError if the group can't hold them."""
    network.claim_rules(len(rules), args.label)
    own = SecurityGroupRulesArgs(group=network.node_group, rules=rules)
    return Declared(SecurityGroupRules, f"{args.name_in(network)}.nodes", own, opts)
