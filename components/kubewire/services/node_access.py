"""Node ports: which ones a Service has, and who may reach them on the nodes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

import pulumi
from pulumi_kubernetes.core.v1 import Service

from kubewire.declared import later
from kubewire.deferred import Later
from kubewire.model import PortNumber
from kubewire.network.budget import Rules
from kubewire.network.cluster_network import ClusterNetwork
from kubewire.network.sources import Peer
from kubewire.resources.traffic import Direction, Ports, Protocol, Rule
from kubewire.services.common import NodePortedArgs
from kubewire.services.load_balancer.args import LoadBalancerServiceArgs
from kubewire.services.naming import shortened
from kubewire.services.ports import NodeServicePort, PortProtocol

SHORTENED = 4
"""As many ports are named by the first and the last of them."""
LONGEST_DESCRIPTION = 255
"""Characters of a rule's description: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpRange.html"""


def claim(network: ClusterNetwork, args: NodePortedArgs) -> None:
    """Take the declared node ports. Raises InvalidInputError for one that can't be had."""
    for _, port in declared_node_ports(args):
        network.claim_node_port(port, args.label)


def declared_node_ports(args: NodePortedArgs) -> Iterator[tuple[str, PortNumber]]:
    """Give the node ports that are written down, each with its path in the description."""
    for index, port in enumerate(args.ports):
        if port.node_port is not None:
            yield f"ports[{index}].nodePort", port.node_port
    if isinstance(args, LoadBalancerServiceArgs) and args.health_check_node_port is not None:
        yield "healthCheckNodePort", args.health_check_node_port


def node_ports(args: NodePortedArgs, service: Service) -> dict[str, Later[PortNumber]]:
    """Give each port's node port, as declared or as the API server will choose it; none where it's told not to."""
    chosen = not isinstance(args, LoadBalancerServiceArgs) or args.allocate_load_balancer_node_ports
    return {
        port.key: port.node_port if port.node_port is not None else later(_chosen(service, index))
        for index, port in enumerate(args.ports)
        if port.node_port is not None or chosen
    }


def _chosen(service: Service, index: int) -> pulumi.Output[PortNumber]:
    # In a preview the API server has chosen nothing yet.
    return service.spec.apply(
        lambda spec: cast("PortNumber", spec.ports[index].node_port if spec.ports else pulumi.UNKNOWN)
    )


def chosen_health_port(service: Service) -> Later[PortNumber]:
    """Give the `healthCheckNodePort` that the API server chooses."""
    return later(service.spec.apply(lambda spec: cast("PortNumber", spec.health_check_node_port or pulumi.UNKNOWN)))


def port_rules(args: NodePortedArgs, on_nodes: Mapping[str, Later[PortNumber]], sources: Mapping[str, Peer]) -> Rules:
    """Give the rules that admit each source at each of a Service's node ports; neighbouring ports are one rule.

    Args:
        args: its ports.
        on_nodes: node port by port key.
        sources: who may connect, by what to call them.
    """
    return {
        shortened(f"{args.label}:{keys} from {who}", LONGEST_DESCRIPTION): Rule(
            direction=Direction.INGRESS, protocol=protocol, ports=ports, peer=peer
        )
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
