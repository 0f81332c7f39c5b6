"""20. Nothing makes the Service range reachable from outside the nodes."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address

from kubewire.net.addresses import Address, Range
from kubewire.prover.facts.network import PrefixListDestination, Via
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.properties.property import Property
from kubewire.prover.properties.ranges import inside, tables_of_vpc
from kubewire.prover.reach.network import Network
from kubewire.prover.reach.routes import written
from kubewire.prover.verdict import Finding
from kubewire.prover.witness import Witness


def _check(network: Network) -> Iterator[Finding]:
    ranges = network.cluster.service_ranges
    if isinstance(ranges, Unknown):
        yield ranges
        return
    yield from _routed(network, ranges)
    for group in network.facts.target_groups.values():
        for target in group.targets:
            if isinstance(target.address, Unknown):
                yield target.address
                continue
            address = _named(target.name) if target.address is None else target.address
            if address is not None and any(address in item for item in ranges):
                named = target.name if target.address is None else target.address
                yield Witness(summary=f"target group {group.name} sends to {named}, a Service's address")


def _routed(network: Network, ranges: tuple[Range, ...]) -> Iterator[Finding]:
    """Give the rows that lead packets for Services to a node, which would answer them."""
    for table in tables_of_vpc(network):
        yield from (Unknown(comes_from=unknown) for unknown in table.open_ends)
        for route in table.routes:
            if isinstance(route.destination, PrefixListDestination):
                known = network.facts.prefix_lists.get(route.destination.prefix_list)
                if known is None and route.via is not Via.ENDPOINT:
                    yield Unknown(comes_from=f"the ranges of {route.destination}")
                named = known or ()
            else:
                named = (route.destination.range,)
            for item in named:
                # A way out that is wider, the default route say, leads to nobody who has a Service's address.
                wider = any(inside(whole, item) for whole in ranges) and route.via is Via.INTERFACE
                if wider or any(inside(item, whole) for whole in ranges):
                    yield Witness(
                        summary=f"table {table.name} has {item} -> {written(route)}, which are Services' addresses"
                    )


def _named(name: str) -> Address | None:
    """Give the address that is a name, None for any other name."""
    try:
        return ip_address(name)
    except ValueError:
        return None


PROPERTY = Property(
    20, "No route or load balancer reaches the Service range from outside", "an internal service is exposed", _check
)
