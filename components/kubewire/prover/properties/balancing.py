"""What load balancers send to which nodes: questions that several properties ask."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass

from kubewire.net.addresses import Addresses, bounds, point
from kubewire.net.kinds import Kinds
from kubewire.prover.facts.firewall import Direction, GroupPeer, PrefixListPeer, RangePeer
from kubewire.prover.facts.services import Listener, LoadBalancer, Service, Target, TargetGroup, TargetType
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.reach.endpoints import Endpoint
from kubewire.prover.reach.firewall import Peer
from kubewire.prover.reach.gateways import passing
from kubewire.prover.reach.matches import matched
from kubewire.prover.reach.network import Network
from kubewire.prover.reach.paths import Paths
from kubewire.prover.reach.stages import Stage, Way, first_of
from kubewire.prover.verdict import Finding


@dataclass(frozen=True)
class Sending:
    """A listener of a load balancer of the cluster's VPC, and what it sends to."""

    balancer: LoadBalancer
    listener: Listener
    group: TargetGroup
    service: Service | None = None
    """The Service that it is there for; None where nothing says it."""

    def __str__(self) -> str:
        return f"listener {self.listener.port} of load balancer {self.balancer.name}"


def balancers_of(network: Network) -> Iterator[LoadBalancer]:
    """Give the load balancers of the cluster's VPC, but for those that are another cluster's."""
    others = {one.label for one in network.facts.services} - set(network.by_label)
    for balancer in network.facts.load_balancers:
        subnets = [network.facts.subnet(name) for name in balancer.subnets]
        # One whose subnets aren't known may be here: nothing holds without it.
        here = not subnets or any(subnet is None or subnet.vpc == network.cluster.vpc for subnet in subnets)
        served = {balancer.service, *(listener.service for listener in balancer.listeners)} - {None}
        if here and not (served and served <= others):
            yield balancer


def sendings(network: Network) -> Iterator[Sending | Unknown]:
    """Give every listener, or what isn't known of it."""
    for balancer in balancers_of(network):
        for listener in balancer.listeners:
            group = group_of(network, listener)
            if isinstance(group, Unknown):
                yield group
            else:
                label = listener.service or balancer.service
                yield Sending(balancer, listener, group, network.by_label.get(label) if label else None)


def group_of(network: Network, listener: Listener) -> TargetGroup | Unknown:
    """Give what a listener sends to, or what would say it."""
    name = listener.target_group
    if isinstance(name, Unknown):
        return name
    return network.facts.target_groups.get(name) or Unknown(comes_from=f"target group {name}")


def targeted(network: Network, group: TargetGroup) -> Iterator[tuple[Target, Endpoint | Unknown | None]]:
    """Give every target with who it is: a node or pods, by IPv4; None for nobody of the cluster's."""
    for target in group.targets:
        if group.type is TargetType.INSTANCE:
            yield target, network.targets.get(target.name)
        elif isinstance(target.address, Unknown):
            yield target, target.address
        elif target.address is None:
            yield target, Unknown(comes_from=f"the address of target {target.name}")
        else:
            place = point(target.address)
            one = network.at(place)
            yield target, one.only(place) if one else None


def nodes_of(network: Network, group: TargetGroup) -> Iterator[tuple[Target, Endpoint]]:
    """Give one target of each class of nodes or pods: the others are treated alike."""
    return each_class(network, targeted(network, group))


def each_class(
    network: Network, found: Iterable[tuple[Target, Endpoint | Unknown | None]]
) -> Iterator[tuple[Target, Endpoint]]:
    """Give the first of each class and port."""
    seen: set[object] = set()
    for target, one in found:
        if isinstance(one, Endpoint):
            key = (network.class_of(one), target.port)
            if key not in seen:
                seen.add(key)
                yield target, one


def own_peers(network: Network, balancer: LoadBalancer) -> Iterator[Peer | Unknown]:
    """Give the load balancer's own addresses, as rules see them: one in each subnet."""
    for name in balancer.subnets:
        subnet = network.facts.subnet(name)
        item = subnet.ranges[0] if subnet else None
        if subnet is None or isinstance(item, Unknown) or item is None:
            yield (
                item if isinstance(item, Unknown) else Unknown(comes_from=f"a subnet of load balancer {balancer.name}")
            )
            continue
        low, high = network.firewall.atoms.span(*bounds(item))
        yield peer_behind(balancer, low, high, f"the address of load balancer {balancer.name} in {name}")


def clients(network: Network, sending: Sending) -> Iterator[Peer | Unknown]:
    """Give everybody whom nodes see behind a load balancer that keeps clients' addresses.

    Those are whom its own groups admit, cut wherever a rule cuts; and itself, for IPv6 clients, whose addresses IPv4
    targets can't be told.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html#client-ip-preservation
    """
    balancer = sending.balancer
    wanted = Kinds.union(Kinds.ports(protocol, sending.listener.port) for protocol in sending.listener.protocols)
    found = [Addresses.nothing() if balancer.groups else Addresses.ipv4()]
    last = len(network.firewall.atoms.starts) - 1
    for name in balancer.groups:
        group = network.facts.group(name)
        for rule in group.rules if group else ():
            if rule.direction is not Direction.INGRESS or not matched(rule.match).certain & wanted:
                continue
            who = _who(network, rule.peer)
            if who is None:
                # Anybody: what admits the load balancer by its group admits all of them.
                yield peer_behind(balancer, 0, last, f"who {rule.peer} is")
            else:
                found.append(who)
    whole = Addresses.union(found) & Addresses.ipv4()
    spans = [network.firewall.atoms.span(first, end) for first, end in whole.spans()]
    pieces = {piece for first, end in spans for piece in range(first, end + 1)}
    yield from (peer_behind(balancer, piece, piece, None) for piece in sorted(pieces))
    if balancer.dual_stack:
        yield from own_peers(network, balancer)


def _who(network: Network, peer: RangePeer | GroupPeer | PrefixListPeer) -> Addresses | None:
    """Give the addresses of a peer, None where they aren't known."""
    match peer:
        case RangePeer(range=item) if not isinstance(item, Unknown):
            return Addresses.of(item)
        case PrefixListPeer(prefix_list=name) if name in network.facts.prefix_lists:
            return Addresses.of(*network.facts.prefix_lists[name])
        case _:
            return None


def passed_on(sending: Sending, target: Target) -> Stage:
    """Make the stage at which a load balancer puts a target in its own place, and maybe itself in a client's."""
    source = "the source stays the client" if sending.group.preserves_client else "the source becomes its own"
    return passing(str(sending), f"the destination becomes {target.name}, port {target.port}; {source}")


def sort_of(network: Network, node: Endpoint) -> Hashable:
    """Give all of a node, or a pod, that decides what gets to it from others than nodes and pods."""
    interface = node.interface
    return (interface.subnet, interface.groups, interface.checks, node.own, network.peer(node))


class Admission:
    """Follows what load balancers send to nodes: out of their own groups, and into the node.

    Where everything surely arrives, it does so whatever the names are, so that each sort is followed once.
    """

    def __init__(self, network: Network) -> None:
        self._network, self._paths = network, Paths(network)
        self._open: set[Hashable] = set()

    def findings(
        self, who: str, sending: Sending, peer: Peer, target: Target | None, node: Endpoint, needed: Kinds
    ) -> Iterator[Finding]:
        """Say what doesn't arrive.

        Args:
            who: sends, in words.
            sending: the listener.
            peer: whom rules see.
            target: what a client's packet is passed on to; None for what the load balancer sends of its own accord.
            node: who that is.
            needed: what must get there.
        """
        balancer = sending.balancer
        sort = (balancer.subnets, balancer.groups, peer, sort_of(self._network, node), needed)
        if sort in self._open:
            return
        front = () if target is None else (passed_on(sending, target),)
        into = self._paths.into(who, peer, node)
        way = Way(who, node.label, (*front, *self._paths.out_of(balancer, node), *into.stages))
        passes = way.passes
        if needed - passes.possible:
            stopped = needed - passes.possible
            yield way.witness(first_of(stopped), f"{who} don't get {stopped} to {node.label}")
        elif not needed <= passes.certain:
            yield from (Unknown(comes_from=unknown) for unknown in sorted(passes.unknowns))
        else:
            self._open.add(sort)


def peer_behind(balancer: LoadBalancer, low: int, high: int, unknown: str | None) -> Peer:
    """Rules that name a load balancer's group match what it sends, whether or not it keeps the clients' addresses.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html
    """
    named = frozenset(group for group in balancer.groups if not isinstance(group, Unknown))
    open_ones = tuple(group.comes_from for group in balancer.groups if isinstance(group, Unknown))
    return Peer(low, high, unknown if low < high else None, named, open_ones)
