"""Ways to a load balancer from outside the cluster: through the gateways, then past its subnet's ACL and its groups."""

from __future__ import annotations

from collections.abc import Iterator

from kubewire.net.addresses import Addresses
from kubewire.prover.facts.network import Interface, Subnet
from kubewire.prover.facts.services import LoadBalancer
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.reach.firewall import Answers, Peer
from kubewire.prover.reach.gateways import inward
from kubewire.prover.reach.network import Network
from kubewire.prover.reach.paths import Paths
from kubewire.prover.reach.stages import Stage
from kubewire.prover.reach.world import example, internet, pieces

Approach = tuple[str, Peer, tuple[Stage, ...]]
"""Who comes, as people and as rules see it, and the way to the load balancer."""


def approaches(network: Network, balancer: LoadBalancer, who: Addresses | Interface) -> Iterator[Approach]:
    """Give the ways of somebody outside to each of its subnets, all addresses that are treated alike at once."""
    for name in balancer.subnets:
        subnet = network.facts.subnet(name)
        if isinstance(who, Interface):
            yield from _of_interface(network, balancer, subnet, who)
        else:
            yield from _of_addresses(network, balancer, subnet, who)


def _of_addresses(
    network: Network, balancer: LoadBalancer, subnet: Subnet | None, who: Addresses
) -> Iterator[Approach]:
    sent = who if balancer.dual_stack else who & Addresses.ipv4()
    known = [item for item in subnet.ranges if not isinstance(item, Unknown)] if subnet else []
    neighbours = Addresses.of(*known)
    # What a gateway makes of a packet depends on whether its sender has a public address.
    beyond = sent - neighbours
    for part, crosses in ((beyond & internet(), True), (beyond - internet(), True), (sent & neighbours, False)):
        for low, high in pieces(network, part):
            for first, last, gate in inward(network, subnet, low, high, _public(balancer)):
                peer = network.firewall.peer(first, last, None, None)
                inner = Paths(network).into_balancer(balancer, subnet, peer, Answers.SOME, crosses=crosses)
                yield example(Addresses.span(first, last)), peer, (gate, *inner)


def _of_interface(
    network: Network, balancer: LoadBalancer, subnet: Subnet | None, who: Interface
) -> Iterator[Approach]:
    for address in (who.address, who.ipv6 if balancer.dual_stack else None):
        if address is None or isinstance(address, Unknown):
            continue
        crosses = subnet is None or who.subnet != subnet.name
        for first, last in Addresses.one(address).spans():
            peer = network.firewall.peer(first, last, None, who)
            for _, _, gate in inward(network, subnet, first, last, _public(balancer)):
                inner = Paths(network).into_balancer(balancer, subnet, peer, Answers.SOME, crosses=crosses)
                yield f"{who.name} ({address})", peer, (gate, *inner)


def _public(balancer: LoadBalancer) -> str | None:
    """Say by which address the internet finds it; AWS lets none find an internal one, by IPv6 either.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html#load-balancer-attributes
    """
    return "its public addresses" if balancer.internet_facing else None
