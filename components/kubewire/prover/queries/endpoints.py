"""Ways to and from nodes and pods."""

from __future__ import annotations

from collections.abc import Iterator

from kubewire.net.addresses import Addresses
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.queries.legs import Leg, Trial
from kubewire.prover.reach.endpoints import Endpoint, Role
from kubewire.prover.reach.entering import entering, family, outsider, public_address
from kubewire.prover.reach.gateways import outward, passing, unsure
from kubewire.prover.reach.network import Network
from kubewire.prover.reach.paths import Paths
from kubewire.prover.reach.stages import Stage
from kubewire.prover.reach.world import example, pieces


def within(network: Network, source: Endpoint, destination: Endpoint) -> tuple[Stage, ...]:
    """Give the way between two endpoints of one IP version."""
    if source.node == destination.node:
        return (passing(source.host, "both are on it, so nothing of AWS's is between them"),)
    return Paths(network).way(source, destination).stages


def from_outside(network: Network, addresses: Addresses, destination: Endpoint, kind: int) -> Iterator[Trial]:
    """Follow what addresses outside the cluster send to an endpoint, all that are treated alike at once."""
    for start, end, stages in entering(network, addresses, destination):
        sent = Addresses.span(start, end)
        yield Trial(example(sent), sent, destination.label, kind, ((Leg(stages, kind),),))


def to_outside(network: Network, source: Endpoint, addresses: Addresses, kind: int) -> Iterator[Trial]:
    """Follow what an endpoint sends to addresses outside the cluster."""
    for first, last, stages in departing(network, source, addresses):
        sent = Addresses.span(first, last)
        yield Trial(source.label, sent, example(sent), kind, ((Leg(stages, kind),),))


def departing(network: Network, source: Endpoint, addresses: Addresses) -> Iterator[tuple[int, int, tuple[Stage, ...]]]:
    """Give the ways out of an endpoint, with what its node makes of its address first."""
    for part, sender, before in _senders(network, source, addresses & family(source.version)):
        subnet, public = network.subnet_of(sender.interface), public_address(sender)
        for first, last in pieces(network, part):
            for start, end, gate in outward(network, subnet, first, last, public):
                there = Paths(network).leaving(sender, outsider(network, start, end))
                yield start, end, (*before, *there, gate)


def _senders(
    network: Network, source: Endpoint, addresses: Addresses
) -> Iterator[tuple[Addresses, Endpoint, tuple[Stage, ...]]]:
    """Say as whom it sends: to most addresses, pods send with their node's."""
    if source.role is Role.NODE:
        yield addresses, source, ()
        return
    unmasqueraded = network.cluster.unmasqueraded
    as_node = next((one for one in network.endpoints if _is_node_of(one, source)), None)
    if isinstance(unmasqueraded, Unknown) or as_node is None:
        unknown = unmasqueraded.comes_from if isinstance(unmasqueraded, Unknown) else f"the address of {source.node}"
        yield addresses, source, (unsure(source.host, unknown),)
        return
    kept = addresses & Addresses.of(*unmasqueraded)
    yield kept, source, ()
    masquerades = passing(source.host, "the pod's address becomes the node's")
    yield addresses - kept, as_node, (masquerades,)


def _is_node_of(one: Endpoint, pod: Endpoint) -> bool:
    return one.role is Role.NODE and one.node == pod.node and one.version == pod.version
