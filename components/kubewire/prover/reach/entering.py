"""Ways in to nodes and pods for others: through the gateways, then through ACLs and groups."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from kubewire.net.addresses import Addresses
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.reach.endpoints import Endpoint, Role
from kubewire.prover.reach.firewall import Answers, Peer
from kubewire.prover.reach.gateways import Public, inward
from kubewire.prover.reach.network import Network
from kubewire.prover.reach.paths import Paths
from kubewire.prover.reach.stages import Stage
from kubewire.prover.reach.world import example, internet, own, pieces

IPV6 = 6
SeenAs = Callable[[Network, int, int], Peer]
"""What rules see of some addresses."""


def family(version: int) -> Addresses:
    """Give all addresses of an IP version."""
    return Addresses.ipv6() if version == IPV6 else Addresses.ipv4()


def entering(
    network: Network,
    addresses: Addresses,
    destination: Endpoint,
    seen_as: SeenAs | None = None,
    answers: Answers = Answers.SOME,
) -> Iterator[tuple[int, int, tuple[Stage, ...]]]:
    """Give the ways in to an endpoint: first what its route table makes of the answers, then the firewall.

    Args:
        network: where it is.
        addresses: who sends.
        destination: to whom.
        seen_as: what rules see of them; by default, strangers in the VPC may be in any group.
        answers: which of the answers must get back to them.
    """
    subnet, public = network.subnet_of(destination.interface), public_address(destination)
    known = [item for item in subnet.ranges if not isinstance(item, Unknown)] if subnet else []
    neighbours, sent = Addresses.of(*known), addresses & family(destination.version)
    # What a gateway makes of a packet depends on whether its sender has a public address.
    beyond = sent - neighbours
    for part, crosses in ((beyond & internet(), True), (beyond - internet(), True), (sent & neighbours, False)):
        for first, last in pieces(network, part):
            for start, end, gate in inward(network, subnet, first, last, public):
                peer = (seen_as or outsider)(network, start, end)
                way = Paths(network).into("outside", peer, destination, answers)
                # An ACL is before the subnet: neighbours don't pass it.
                yield start, end, (gate, *(way.stages if crosses else way.stages[1:-1]))


def public_address(endpoint: Endpoint) -> Public:
    """Give the address by which the internet knows an endpoint: an IPv6 address of the VPC's is its own."""
    if endpoint.version == IPV6:
        return "its own" if endpoint.own else None
    return endpoint.interface.public if endpoint.role is Role.NODE else None


def outsider(network: Network, first: int, last: int) -> Peer:
    """Describe somebody who is neither node nor pod: it may be in any security group of the network that it is in."""
    peer = network.firewall.peer(first, last, None, None)
    inside = first in own(network)
    groups = (f"the security groups of {example(Addresses.span(first, last))}",) if inside else ()
    return replace(peer, unknown_groups=groups, foreign=not inside and first not in internet())
