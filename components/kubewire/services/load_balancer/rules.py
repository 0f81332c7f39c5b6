"""The way to a LoadBalancer Service: sources to the listeners, the load balancer to the nodes, and the nodes to it.

The nodes admit the load balancer by its group, which matches whether or not it keeps clients' addresses:
https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html
"""

from __future__ import annotations

from collections.abc import Mapping

from kubewire.deferred import Later
from kubewire.model import PortNumber, Ref
from kubewire.network.budget import Rules
from kubewire.network.firewall import TOO_BIG
from kubewire.network.sources import all_peers
from kubewire.resources.traffic import CidrPeer, Direction, GroupPeer, Ports, Protocol, Rule
from kubewire.services.load_balancer_args import LoadBalancerServiceArgs
from kubewire.services.node_access import port_rules

# https://kubernetes.io/docs/reference/command-line-tools-reference/kube-proxy/ (--healthz-bind-address)
PROXY_HEALTH_PORT = 10256
HEALTH_RULES = "health checks"

OnNodes = Mapping[str, Later[PortNumber]]


def health_port(args: LoadBalancerServiceArgs, chosen: Later[PortNumber]) -> Later[PortNumber] | None:
    """Say which port of a node tells whether it may be sent to; None: whichever the traffic goes to.

    Args:
        args: the Service.
        chosen: what the API server chooses for `healthCheckNodePort`.
    """
    if args.is_local:
        return args.health_check_node_port or chosen
    return PROXY_HEALTH_PORT if args.checks_proxies else None


def balancer_rules(
    args: LoadBalancerServiceArgs, on_nodes: OnNodes, nodes: Ref, health: Later[PortNumber] | None
) -> Rules:
    """Give the rules of the load balancer's group.

    Args:
        args: the Service.
        on_nodes: node port by port key.
        nodes: the group of the nodes.
        health: the port that tells which nodes may be sent to.
    """
    rules: Rules = {}
    to_nodes = GroupPeer(name=nodes.name, id=nodes.id)
    peers = all_peers(args.sources)
    for port in args.ports:
        protocol = Protocol(port.protocol.lower())
        for name, peer in peers.items():
            rules[f"{port.key} from {name}"] = Rule(
                direction=Direction.INGRESS, protocol=protocol, ports=Ports.one(port.port), peer=peer
            )
        rules[f"{port.key} to nodes"] = Rule(
            direction=Direction.EGRESS, protocol=protocol, ports=Ports.one(on_nodes[port.key]), peer=to_nodes
        )
    icmp, too_big = TOO_BIG[4]
    for name, peer in peers.items():
        if isinstance(peer, CidrPeer):
            # An answer that is too big for the way back: whoever finds out must be heard.
            rules[f"path MTU from {name}"] = Rule(direction=Direction.INGRESS, protocol=icmp, ports=too_big, peer=peer)
    if health is not None:
        rules[f"{HEALTH_RULES} to nodes"] = _health(Direction.EGRESS, health, to_nodes)
    return rules


def node_rules(
    args: LoadBalancerServiceArgs, on_nodes: OnNodes, balancer: Ref, health: Later[PortNumber] | None
) -> Rules:
    """Give the rules of the nodes' group.

    Args:
        args: the Service.
        on_nodes: node port by port key.
        balancer: the load balancer's group.
        health: the port that tells which nodes may be sent to.
    """
    peer = GroupPeer(name=balancer.name, id=balancer.id)
    rules = port_rules(args, on_nodes, {"load balancer": peer})
    if health is not None:
        rules[f"{args.label}:{HEALTH_RULES} from load balancer"] = _health(Direction.INGRESS, health, peer)
    return rules


def _health(direction: Direction, port: Later[PortNumber], peer: GroupPeer) -> Rule:
    return Rule(direction=direction, protocol=Protocol.TCP, ports=Ports.one(port), peer=peer)
