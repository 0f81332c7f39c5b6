"""The way to a LoadBalancer Service: sources to the listeners, the load balancer to the nodes, and the nodes to it.

The nodes admit the load balancer by its group, which matches whether or not it keeps clients' addresses:
https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html

A shared load balancer has one group, and EC2 keeps one of each rule on it. So what several Services need alike,
`common_rules` and `way_rules`, is the load balancer's; and what admits clients is its listeners', for a port may go
from a Service to another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kubewire.deferred import Later
from kubewire.model import PortNumber, Ref
from kubewire.network.budget import Rules
from kubewire.network.firewall import TOO_BIG
from kubewire.network.sources import Peer, all_peers
from kubewire.resources.traffic import CidrPeer, Direction, GroupPeer, Ports, Protocol, Rule
from kubewire.services.load_balancer.args import LoadBalancerServiceArgs
from kubewire.services.load_balancer.pods import Found
from kubewire.services.load_balancer.ways import HEALTH_RULES, PROXY_HEALTH_PORT, common_ways
from kubewire.services.naming import shortened
from kubewire.services.node_access import LONGEST_DESCRIPTION, port_rules

OnNodes = Mapping[str, Later[PortNumber]]


def health_port(args: LoadBalancerServiceArgs, chosen: Later[PortNumber]) -> Later[PortNumber] | None:
    """Say which port of a node tells whether it may be sent to; None: whichever the traffic goes to.

    Args:
        args: the Service.
        chosen: what the API server chooses for `healthCheckNodePort`.
    """
    if args.to_pods:
        return None
    if args.is_local:
        return args.health_check_node_port or chosen
    return PROXY_HEALTH_PORT if args.checks_proxies else None


def listener_rules(args: LoadBalancerServiceArgs, *, ipv6: bool = False, shared: bool = False) -> dict[int, Rules]:
    """Give the rules that admit a Service's clients on the group of its load balancer, by the port that they ask for.

    Args:
        args: the Service.
        ipv6: whether clients reach the load balancer by IPv6 too.
        shared: whether other Services have rules there: then the names say whose each is.
    """
    found: dict[int, Rules] = {}
    peers = all_peers(args.sources, ipv6=ipv6)
    for port in args.ports:
        for name, peer in peers.items():
            found.setdefault(port.port, {})[_named(args, f"{port.key} from {name}", shared=shared)] = Rule(
                direction=Direction.INGRESS,
                protocol=Protocol(port.protocol.lower()),
                ports=Ports.one(port.port),
                peer=peer,
            )
    return found


def target_rules(
    args: LoadBalancerServiceArgs,
    on_nodes: OnNodes,
    nodes: Ref,
    health: Later[PortNumber] | None,
    *,
    shared: bool = False,
) -> Rules:
    """Give the rules that let a load balancer reach a Service's node ports, on the group of that.

    Pods are the targets of several Services at the same port: the ways to them are among `common_rules`.

    Args:
        args: the Service.
        on_nodes: node port by port key.
        nodes: the group of the nodes.
        health: the port that tells which nodes may be sent to.
        shared: whether other Services have rules there.
    """
    rules: Rules = {}
    if args.to_pods:
        return rules
    to_nodes = GroupPeer(name=nodes.name, id=nodes.id)
    for port in args.ports:
        protocol = Protocol(port.protocol.lower())
        rules[_named(args, f"{port.key} to nodes", shared=shared)] = Rule(
            direction=Direction.EGRESS, protocol=protocol, ports=Ports.one(on_nodes[port.key]), peer=to_nodes
        )
    if args.is_local and health is not None:
        rules[_named(args, f"{HEALTH_RULES} to nodes", shared=shared)] = _health(Direction.EGRESS, health, to_nodes)
    return rules


def _named(args: LoadBalancerServiceArgs, words: str, *, shared: bool) -> str:
    return shortened(f"{args.label}:{words}", LONGEST_DESCRIPTION) if shared else words


def common_rules(
    services: Iterable[LoadBalancerServiceArgs],
    nodes: Ref,
    *,
    ipv6: bool = False,
    pods: Peer | None = None,
    found: Found | None = None,
) -> Rules:
    """Give the rules that the Services of one load balancer need alike on its group, each once.

    Args:
        services: those behind it.
        nodes: the group of the nodes.
        ipv6: whether clients reach the load balancer by IPv6 too.
        pods: who pods are to a firewall. Default: they are in the nodes' group.
        found: the pods behind the Services, where they are the targets.
    """
    services = list(services)
    rules: Rules = {}
    # Not merged: what one Service's clients are must not change another's rule.
    for name, peer in _every_peer(services, ipv6=ipv6).items():
        if isinstance(peer, CidrPeer):
            icmp, too_big = TOO_BIG[peer.cidr.version]
            # An answer that is too big for the way back: whoever finds out must be heard.
            rules[f"path MTU from {name}"] = Rule(direction=Direction.INGRESS, protocol=icmp, ports=too_big, peer=peer)
    to_nodes = GroupPeer(name=nodes.name, id=nodes.id)
    for way in common_ways(services, found or {}, apart=pods is not None and pods != to_nodes):
        peer = pods if way.to_pods and pods else to_nodes
        rules[f"{way.name} to {way.where}"] = way.rule(Direction.EGRESS, peer)
    return rules


def _every_peer(services: Iterable[LoadBalancerServiceArgs], *, ipv6: bool) -> dict[str, Peer]:
    return {name: peer for args in services for name, peer in all_peers(args.sources, ipv6=ipv6).items()}


def node_rules(
    args: LoadBalancerServiceArgs, on_nodes: OnNodes, balancer: Ref, health: Later[PortNumber] | None
) -> Rules:
    """Give the rules that one Service needs on the nodes' group.

    Args:
        args: the Service.
        on_nodes: node port by port key.
        balancer: the load balancer's group.
        health: the port that tells which nodes may be sent to.
    """
    if args.to_pods:
        return {}
    peer = GroupPeer(name=balancer.name, id=balancer.id)
    rules = port_rules(args, on_nodes, {"load balancer": peer})
    if args.is_local and health is not None:
        rules[f"{args.label}:{HEALTH_RULES} from load balancer"] = _health(Direction.INGRESS, health, peer)
    return rules


def way_rules(
    services: Iterable[LoadBalancerServiceArgs], label: str, balancer: Ref, found: Found | None = None
) -> Rules:
    """Give the rules that the Services of one load balancer need alike on the nodes' group, each once.

    They let it ask the nodes' proxies, if it asks any, and reach pods. A routed pod's packets come in at its node's
    interface, and another pod's interface is in the nodes' group too.

    Args:
        services: those behind it.
        label: whose it is.
        balancer: the load balancer's group.
        found: the pods behind the Services, where they are the targets.
    """
    peer = GroupPeer(name=balancer.name, id=balancer.id)
    ways = common_ways(services, found or {})
    return {f"{label}:{way.name} from load balancer": way.rule(Direction.INGRESS, peer) for way in ways}


def _health(direction: Direction, port: Later[PortNumber], peer: GroupPeer) -> Rule:
    return Rule(direction=direction, protocol=Protocol.TCP, ports=Ports.one(port), peer=peer)
