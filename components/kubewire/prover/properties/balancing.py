"""What load balancers send to which nodes: questions that several properties ask."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kubewire.net.addresses import Addresses, bounds
from kubewire.net.kinds import Kinds
from kubewire.prover.facts.firewall import Direction, RangePeer
from kubewire.prover.facts.services import Listener, LoadBalancer, Target, TargetGroup
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.reach.endpoints import Endpoint, Role
from kubewire.prover.reach.firewall import Peer
from kubewire.prover.reach.matches import matched
from kubewire.prover.reach.network import Network
from kubewire.prover.reach.paths import Paths
from kubewire.prover.reach.stages import Way, first_of
from kubewire.prover.verdict import Finding


@dataclass(frozen=True)
class Sending:
    """A listener of a load balancer of the cluster's VPC, and what it sends to."""

    balancer: LoadBalancer
    listener: Listener
    group: TargetGroup

    def __str__(self) -> str:
        return f"listener {self.listener.port} of load balancer {self.balancer.name}"


def sendings(network: Network) -> Iterator[Sending | Unknown]:
    """Give every listener, or what isn't known of it."""
    for balancer in network.facts.load_balancers:
        subnets = [None if isinstance(name, Unknown) else network.facts.subnets.get(name) for name in balancer.subnets]
        if not any(subnet is not None and subnet.vpc == network.cluster.vpc for subnet in subnets):
            continue
        for listener in balancer.listeners:
            name = listener.target_group
            group = None if isinstance(name, Unknown) else network.facts.target_groups.get(name)
            if group is None:
                yield name if isinstance(name, Unknown) else Unknown(comes_from=f"target group {name}")
            else:
                yield Sending(balancer, listener, group)


def nodes_of(network: Network, group: TargetGroup) -> Iterator[tuple[Target, Endpoint]]:
    """Give one target of each class of nodes: the others are treated alike."""
    targets = {target.name: target for target in group.targets}
    seen: set[object] = set()
    for one in network.classes:
        for endpoint in one:
            target = targets.get(endpoint.node) if endpoint.role is Role.NODE and endpoint.version == 4 else None  # noqa: PLR2004 - IP's version
            key = (id(one), target.port) if target else None
            if target is not None and key not in seen:
                seen.add(key)
                yield target, endpoint


def own_peers(network: Network, balancer: LoadBalancer) -> Iterator[Peer | Unknown]:
    """Give the load balancer's own addresses, as rules see them: one in each subnet."""
    for name in balancer.subnets:
        subnet = None if isinstance(name, Unknown) else network.facts.subnets.get(name)
        item = subnet.ranges[0] if subnet else None
        if subnet is None or isinstance(item, Unknown) or item is None:
            yield (
                item if isinstance(item, Unknown) else Unknown(comes_from=f"a subnet of load balancer {balancer.name}")
            )
            continue
        low, high = network.firewall.atoms.span(*bounds(item))
        yield peer_behind(balancer, low, high, f"the address of load balancer {balancer.name} in {name}")


def clients(network: Network, sending: Sending) -> Iterator[Peer]:
    """Give everybody whom the load balancer's own groups admit by range, cut wherever a rule cuts."""
    balancer = sending.balancer
    wanted = Kinds.union(Kinds.ports(protocol, sending.listener.port) for protocol in sending.listener.protocols)
    found = Addresses.nothing() if balancer.groups else Addresses.ipv4()
    for name in balancer.groups:
        group = None if isinstance(name, Unknown) else network.facts.groups.get(name)
        for rule in group.rules if group else ():
            is_range = isinstance(rule.peer, RangePeer) and not isinstance(rule.peer.range, Unknown)
            if is_range and rule.direction is Direction.INGRESS and matched(rule.match).certain & wanted:
                found |= Addresses.of(rule.peer.range)  # type: ignore[union-attr, arg-type]  # as was just asked
    pieces = {
        piece
        for first, last in found.spans()
        for piece in range(network.firewall.atoms.span(first, last)[0], network.firewall.atoms.span(first, last)[1] + 1)
    }
    return (peer_behind(balancer, piece, piece, None) for piece in sorted(pieces))


def admitted(
    network: Network, sending: Sending, peer: Peer, node: Endpoint, needed: Kinds, who: str
) -> Iterator[Finding]:
    """Follow what a load balancer sends to a node: out of its own groups, and into the node."""
    into = Paths(network).into(who, peer, node)
    out = Paths(network).out_of(sending.balancer, node)
    way = Way(who, node.label, (*out, *into.stages))
    passes = way.passes
    if needed - passes.possible:
        stopped = needed - passes.possible
        yield way.witness(first_of(stopped), f"{who} don't get {stopped} to {node.label}")
    elif not needed <= passes.certain:
        yield from (Unknown(comes_from=unknown) for unknown in sorted(passes.unknowns))


def peer_behind(balancer: LoadBalancer, low: int, high: int, unknown: str | None) -> Peer:
    """Rules that name a load balancer's group match what it sends, whether or not it keeps the clients' addresses.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html
    """
    named = frozenset(group for group in balancer.groups if not isinstance(group, Unknown))
    open_ones = tuple(group.comes_from for group in balancer.groups if isinstance(group, Unknown))
    return Peer(low, high, unknown if low < high else None, named, open_ones)
