"""Ways to a load balancer, and on from it to nodes."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace

from kubewire.net.addresses import IPV4_SIZE, Addresses
from kubewire.net.kinds import Kinds, kind_name, kind_of
from kubewire.prover.facts.network import Subnet
from kubewire.prover.facts.services import Listener, LoadBalancer
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.properties.across import across
from kubewire.prover.properties.balancing import nodes_of, own_peers, sort_of
from kubewire.prover.queries.endpoints import departing
from kubewire.prover.queries.legs import Leg, Legs, Trial
from kubewire.prover.reach.endpoints import Endpoint
from kubewire.prover.reach.entering import outsider
from kubewire.prover.reach.firewall import Answers, Peer
from kubewire.prover.reach.gateways import inward, passing, unsure
from kubewire.prover.reach.network import Network
from kubewire.prover.reach.paths import Paths
from kubewire.prover.reach.stages import Stage, stop
from kubewire.prover.reach.world import example, internet, pieces

Stages = tuple[Stage, ...]


@dataclass(frozen=True)
class Client:
    """Who sends to a load balancer.

    Attributes:
        label: its name, or address.
        peer: what rules see of it.
        version: of its address.
        answers: which of the answers must get back to it.
    """

    label: str
    peer: Peer
    version: int = 4
    answers: Answers = Answers.EVERY


def from_outside(network: Network, addresses: Addresses, balancer: LoadBalancer, kind: int) -> Iterator[Trial]:
    """Follow what addresses outside the cluster send to a load balancer, and what becomes of it there."""
    to, listener = f"load balancer {balancer.name}", _listener(balancer, kind)
    # Network load balancers have IPv4 addresses unless somebody asks for both.
    asked = addresses if balancer.dual_stack else addresses & Addresses.ipv4()
    for first, last in pieces(network, asked):
        for start, end, gates in _gates(network, balancer, first, last):
            peer, sent = outsider(network, start, end), Addresses.span(start, end)
            fronts = [
                (gate, *Paths(network).into_balancer(balancer, subnet, peer, Answers.SOME)) for subnet, gate in gates
            ]  # fmt: skip
            client = Client(example(sent), peer, 4 if start < IPV4_SIZE else 6, Answers.SOME)
            onwards = _onwards(network, balancer, listener, client, kind)
            yield Trial(example(sent), sent, to, kind, _ways(fronts, onwards, kind))


def from_inside(network: Network, source: Endpoint, balancer: LoadBalancer, kind: int) -> Trial:
    """Follow what a node or pod sends to a load balancer."""
    listener, subnets = _listener(balancer, kind), _subnets(network, balancer)
    if balancer.internet_facing:
        # Its names lead to public addresses, and it sees the address that the way out gives.
        seen = network.firewall.peer(0, IPV4_SIZE - 1, f"the public address that {source.label} gets", None)
        doors = [Paths(network).into_balancer(balancer, subnet, seen) for subnet in subnets]
        onwards = _onwards(network, balancer, listener, Client(source.label, seen), kind)
        ways_out = [there for _, _, there in departing(network, source, internet() & Addresses.ipv4())]
        fronts = [(*there, *door) for there in ways_out for door in doors]
    else:
        peer = network.peer(source)
        onwards = [
            *_onwards(network, balancer, listener, Client(source.label, peer), kind),
            *_to_itself(network, source, listener),
        ]
        fronts = [across(network, source, balancer, subnet) for subnet in subnets]
    ways = _ways(fronts, onwards, kind)
    return Trial(source.label, Addresses.nothing(), f"load balancer {balancer.name}", kind, ways)


def sort_of_listener(network: Network, balancer: LoadBalancer, kind: int) -> Hashable:
    """Give all of a load balancer that decides what becomes of one kind: those of a sort differ by names alone."""
    place = (balancer.internet_facing, balancer.dual_stack, balancer.subnets, balancer.groups)
    listener = _listener(balancer, kind)
    group = network.facts.target_group(listener.target_group) if listener else None
    if group is None:
        return (*place, listener is None)
    behind = frozenset((one.port, node.version, sort_of(network, node)) for one, node in nodes_of(network, group))
    # Of an internal one the names of nodes count, too: none is sent back to itself.
    names = set() if balancer.internet_facing else {target.name for target in group.targets}
    return (*place, group.preserves_client, behind, frozenset(names & network.nodes.keys()))


def _ways(fronts: list[Stages], onwards: list[tuple[Stages, int]], kind: int) -> tuple[Legs, ...]:
    return tuple((Leg(front, kind), Leg(stages, inner)) for front in fronts for stages, inner in onwards)


def _listener(balancer: LoadBalancer, kind: int) -> Listener | None:
    for listener in balancer.listeners:
        if kind in Kinds.union(Kinds.ports(protocol, listener.port) for protocol in listener.protocols):
            return listener
    return None


def _subnets(network: Network, balancer: LoadBalancer) -> list[Subnet | None]:
    found = [network.facts.subnet(name) for name in balancer.subnets]
    return list(found) or [None]


def _gates(
    network: Network, balancer: LoadBalancer, first: int, last: int
) -> Iterator[tuple[int, int, list[tuple[Subnet | None, Stage]]]]:
    """Cut addresses by the routes of all of its subnets: each part with what each of their tables makes of it."""
    public = "its public addresses" if balancer.internet_facing else None
    by_subnet = [(subnet, list(inward(network, subnet, first, last, public))) for subnet in _subnets(network, balancer)]
    starts = sorted({start for _, parts in by_subnet for start, _, _ in parts})
    for start, after in zip(starts, [*starts[1:], last + 1], strict=True):
        yield (
            start,
            after - 1,
            [(subnet, gate) for subnet, parts in by_subnet for low, high, gate in parts if low <= start <= high],
        )


def _to_itself(network: Network, source: Endpoint, listener: Listener | None) -> list[tuple[Stages, int]]:
    """Give the way on to the client's own node, which drops what it gets there with its client's address.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-troubleshooting.html
    """
    name = listener.target_group if listener else None
    group = network.facts.target_groups.get(name) if isinstance(name, str) else None
    if group is None or not group.preserves_client or source.node not in {target.name for target in group.targets}:
        return []
    why = "it is the client's own node, and gets its client's address: the answer bypasses the load balancer"
    return [((stop(source.host, why),), 0)]


def _onwards(
    network: Network, balancer: LoadBalancer, listener: Listener | None, client: Client, kind: int
) -> list[tuple[Stages, int]]:
    """Give the ways on from a load balancer, one for each sort of node that it may choose, with what goes by them."""
    place = f"load balancer {balancer.name}"
    if listener is None:
        has = ", ".join(f"{kind_name(kind_of(p, one.port))}" for one in balancer.listeners for p in one.protocols)
        return [((stop(place, f"no listener takes {kind_name(kind)}: it has {has or 'none'}"),), kind)]
    name = listener.target_group
    group = network.facts.target_group(name)
    if group is None:
        return [((unsure(f"listener {listener.port}", f"target group {name}"),), kind)]
    groups = client.peer.groups | {item for item in balancer.groups if not isinstance(item, Unknown)}
    kept, own_ones = [replace(client.peer, groups=groups)], list(own_peers(network, balancer))
    found: list[tuple[Stages, int]] = []
    for target, node in nodes_of(network, group):
        # A target can't be told an address of the other IP version.
        keeps = group.preserves_client and node.version == client.version
        for peer in kept if keeps else own_ones:
            unknown = next((item for item in (peer, target.port) if isinstance(item, Unknown)), None)
            if isinstance(peer, Unknown) or isinstance(target.port, Unknown):
                found.append(((unsure(f"listener {listener.port}", str(unknown)),), kind))
                continue
            inner = kind_of(kind >> 16, target.port)
            shown = client.label if keeps else place
            passes = passing(f"listener {listener.port} of {balancer.name}", f"to port {target.port} of {node.node}")
            paths = Paths(network)
            there, into = (
                paths.out_of(balancer, node, client.answers),
                paths.into(shown, peer, node, client.answers).stages,
            )
            found.append(((passes, *there, *into), inner))
    return found or [((unsure(f"target group {group.name}", "the nodes that it sends to"),), kind)]
