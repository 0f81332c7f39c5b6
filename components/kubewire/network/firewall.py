"""The node firewall that the network model asks for: every node and pod reaches every other, on everything."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network

from kubewire.model import Ref
from kubewire.network.budget import Rules
from kubewire.network.control_plane import KUBELET_PORT, ControlPlaneDescription, ControlPlaneGroup
from kubewire.network.description import NetworkDescription
from kubewire.network.endpoints import GatewayService
from kubewire.network.pods import BGP_PORT, CARRIED_BY, OverlayPods, RoutedPods
from kubewire.network.sources import Peer, all_peers
from kubewire.resources.traffic import CidrPeer, Direction, GroupPeer, Ports, PrefixListPeer, Protocol, Rule

HTTPS = 443
GATEWAY_LIST_WEIGHT = 1
"""What the prefix list of a gateway endpoint counts for in rules.
https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html"""
TOO_BIG = {
    # Destination unreachable, fragmentation needed (RFC 1191); packet too big (RFC 8201).
    4: (Protocol.ICMP, Ports(first=3, last=4)),
    6: (Protocol.ICMPV6, Ports(first=2, last=0)),
}
WORDS = {Direction.INGRESS: "from", Direction.EGRESS: "to"}


def node_rules(args: NetworkDescription, group: Ref) -> Rules:
    """Give the network's own rules for the nodes' group; Services put theirs beside them.

    Nodes are named by their group; so are pods with addresses of the VPC, whose interfaces are in it, and those of an
    overlay, whose packets travel between nodes. Routed pods are named by their range: their packets bear an address of
    no interface, so no group matches them.
    """
    rules: Rules = {}
    for direction, word in WORDS.items():
        nodes = GroupPeer(name=group.name, id=group.id)
        rules[f"all {word} nodes"] = Rule(direction=direction, protocol=Protocol.ALL, peer=nodes)
        for name, cidr in zip(("pods", "pods IPv6"), pod_ranges(args), strict=False):
            rules[f"all {word} {name}"] = Rule(direction=direction, protocol=Protocol.ALL, peer=CidrPeer(cidr=cidr))
    for name, peer in all_peers(args.egress, ipv6=args.ipv6).items():
        if isinstance(peer, CidrPeer) and peer.cidr in pod_ranges(args):
            # Open already, and EC2 keeps one of each rule.
            continue
        rules[f"all to {name}"] = Rule(direction=Direction.EGRESS, protocol=Protocol.ALL, peer=peer)
    rules |= _node_ports(args) | _path_mtu(args)
    if args.control_plane:
        rules |= _control_plane(args.control_plane, args)
    return rules


def pod_ranges(args: NetworkDescription) -> tuple[IPv4Network | IPv6Network, ...]:
    """Give the ranges of routed pods: what packets in the VPC bear though no interface has it."""
    if not isinstance(args.pods, RoutedPods):
        return ()
    return (args.pods.cidr, args.pods.cidr6) if args.pods.cidr6 else (args.pods.cidr,)


def _node_ports(args: NetworkDescription) -> Rules:
    """Open the whole range of node ports to whom the network names for that."""
    ports = Ports(first=args.node_ports.first, last=args.node_ports.last)
    return {
        f"node ports {protocol} from {name}": Rule(
            direction=Direction.INGRESS, protocol=protocol, ports=ports, peer=peer
        )
        for name, peer in all_peers(args.node_ports.sources, ipv6=args.ipv6).items()
        for protocol in (Protocol.TCP, Protocol.UDP)
    }


def _path_mtu(args: NetworkDescription) -> Rules:
    """Let packets in that say how large others may be: without them, connections hang as soon as much is sent.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/path_mtu_discovery.html
    """
    rules: Rules = {}
    for name, peer in all_peers((*args.egress, *args.path_mtu, *args.node_ports.sources), ipv6=args.ipv6).items():
        inside = isinstance(peer, CidrPeer) and peer.cidr in pod_ranges(args)
        families = (peer.cidr.version,) if isinstance(peer, CidrPeer) else (4, 6) if args.ipv6 else (4,)
        for family in () if inside else families:
            protocol, ports = TOO_BIG[family]
            word = "path MTU" if family == min(families) else "IPv6 path MTU"
            rules[f"{word} from {name}"] = Rule(direction=Direction.INGRESS, protocol=protocol, ports=ports, peer=peer)
    return rules


def ways_to_endpoints(group: Ref | None, lists: Mapping[GatewayService, Ref]) -> Rules:
    """Give the rules of the nodes' group for endpoints.

    Args:
        group: of the interface endpoints, if there are any.
        lists: of gateway endpoints: the prefix lists of their services.
    """
    peers: dict[str, Peer] = {
        service: PrefixListPeer(name=ref.name, id=ref.id, max_entries=GATEWAY_LIST_WEIGHT)
        for service, ref in lists.items()
    }
    if group:
        peers["endpoints"] = GroupPeer(name=group.name, id=group.id)
    return {f"HTTPS to {name}": _tcp(Direction.EGRESS, HTTPS, peer) for name, peer in peers.items()}


def endpoint_rules(args: NetworkDescription, nodes: Ref) -> Rules:
    """Give the rules of interface endpoints: nodes and pods may ask them."""
    asking: dict[str, Peer] = {"nodes": GroupPeer(name=nodes.name, id=nodes.id)}
    asking |= {f"pods {cidr}": CidrPeer(cidr=cidr) for cidr in pod_ranges(args)}
    return {f"HTTPS from {name}": _tcp(Direction.INGRESS, HTTPS, peer) for name, peer in asking.items()}


def _control_plane(plane: ControlPlaneDescription, args: NetworkDescription) -> Rules:
    """Let the control plane reach kubelets and webhooks, nodes its API server, and both the overlay."""
    if isinstance(plane, ControlPlaneGroup):
        peers: dict[str, Peer] = {plane.name: GroupPeer(name=plane.name, id=plane.id)}
    else:
        peers = {f"control plane {cidr}": CidrPeer(cidr=cidr) for cidr in plane.cidrs}
    rules: Rules = {}
    for name, peer in peers.items():
        rules[f"kubelet from {name}"] = _tcp(Direction.INGRESS, KUBELET_PORT, peer)
        for port in sorted(set(plane.webhooks) - {KUBELET_PORT}):
            rules[f"webhook {port} from {name}"] = _tcp(Direction.INGRESS, port, peer)
        rules[f"API server to {name}"] = _tcp(Direction.EGRESS, plane.api_port, peer)
        for direction, word in WORDS.items():
            if isinstance(args.pods, OverlayPods):
                rules |= {f"{key} {word} {name}": rule for key, rule in _overlay(args.pods, direction, peer).items()}
    return rules


def _overlay(pods: OverlayPods, direction: Direction, peer: Peer) -> Rules:
    protocol, port = CARRIED_BY[pods.encapsulation]
    ports = Ports.one(port) if port else None
    rules = {pods.encapsulation.value: Rule(direction=direction, protocol=protocol, ports=ports, peer=peer)}
    if pods.bgp:
        rules["BGP"] = _tcp(direction, BGP_PORT, peer)
    return rules


def _tcp(direction: Direction, port: int, peer: Peer) -> Rule:
    return Rule(direction=direction, protocol=Protocol.TCP, ports=Ports.one(port), peer=peer)
