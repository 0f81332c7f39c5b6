"""Node ports: which ones a Service has, and who may reach them on the nodes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

import pulumi
from pulumi_kubernetes.core.v1 import Service

from kubewire.declared import later
from kubewire.deferred import Later
from kubewire.model import PortNumber
from kubewire.network.cluster_network import ClusterNetwork
from kubewire.network.sources import Peer
from kubewire.resources.traffic import Direction, Ports, Protocol, Rule
from kubewire.services.common import NodePortedArgs, NodeServicePort, PortProtocol

Rules = dict[str, Rule]
SHORTENED = 4
"""As many ports are named by the first and the last of them: a rule's description has 255 characters."""


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
    """Give the rules that admit each source at each of a Service's node ports; neighbouring ports are one rule.

    Args:
        args: its ports.
        on_nodes: node port by port key.
        sources: who may connect, by what to call them.
    """
    return {
        f"{args.label}:{keys} from {who}": Rule(direction=Direction.INGRESS, protocol=protocol, ports=ports, peer=peer)
        for keys, protocol, ports in _merged(args, on_nodes)
        for who, peer in sources.items()
    }


def _merged(args: NodePortedArgs, on_nodes: Mapping[str, Later[PortNumber]]) -> Iterator[tuple[str, Protocol, Ports]]:
    """Give ranges of node ports, each with the keys of its ports. What the API server will choose stands alone."""
    known = [port for port in args.ports if port.node_port is not None]
    for protocol in PortProtocol:
        run: list[NodeServicePort] = []
        for port in sorted((port for port in known if port.protocol is protocol), key=lambda port: port.node_port or 0):
            if run and port.node_port != (run[-1].node_port or 0) + 1:
                yield _range(run, on_nodes)
                run = []
            run.append(port)
        if run:
            yield _range(run, on_nodes)
    for port in args.ports:
        if port.node_port is None:
            yield _range([port], on_nodes)


def _range(run: Sequence[NodeServicePort], on_nodes: Mapping[str, Later[PortNumber]]) -> tuple[str, Protocol, Ports]:
    ports = Ports(first=on_nodes[run[0].key], last=on_nodes[run[-1].key])
    keys = [port.key for port in run]
    name = ",".join(keys) if len(keys) < SHORTENED else f"{keys[0]}..{keys[-1]}"
    return name, Protocol(run[0].protocol.lower()), ports
