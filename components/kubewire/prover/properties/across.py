"""The way from a node or pod to an internal load balancer."""

from __future__ import annotations

from kubewire.net.addresses import bounds
from kubewire.prover.facts.network import Subnet
from kubewire.prover.facts.services import LoadBalancer
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.properties.balancing import peer_behind
from kubewire.prover.reach.endpoints import Endpoint
from kubewire.prover.reach.gateways import passing, unsure
from kubewire.prover.reach.network import Network
from kubewire.prover.reach.paths import Paths
from kubewire.prover.reach.stages import Stage


def across(network: Network, source: Endpoint, balancer: LoadBalancer, subnet: Subnet | None) -> tuple[Stage, ...]:
    """Give the way from an endpoint to an internal load balancer in one of its subnets."""
    place, item = f"load balancer {balancer.name}", subnet.ranges[0] if subnet else None
    if subnet is None or item is None or isinstance(item, Unknown):
        return (unsure(place, f"the subnets of {balancer.name}"),)
    low, high = bounds(item)
    address = f"the address of load balancer {balancer.name} in {subnet.name}"
    low_piece, high_piece = network.firewall.atoms.span(low, high)
    sees = peer_behind(balancer, low_piece, high_piece, address)
    mine = network.subnet_of(source.interface)
    ways = network.ways_of(mine) if mine else None
    crosses = mine is None or mine.name != subnet.name
    if ways is None or ways.unknowns or any(row is None or row.route is not None for row in ways.over(low, high)):
        route = unsure("route table", f"how {source.label} reaches {item}")
    else:
        route = passing(f"route table {ways.table.name}", f"{item} -> local")
    paths = Paths(network)
    there = paths.leaving(source, sees, crosses=crosses)
    return (*there, route, *paths.into_balancer(balancer, subnet, network.peer(source), crosses=crosses))
