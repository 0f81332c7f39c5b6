"""Which interfaces are machines', and which ranges routes lead to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from kubewire.net.addresses import Range
from kubewire.prover.facts.network import Interface, RangeDestination, RouteTable, Subnet, Via
from kubewire.prover.facts.unknown import Known, Unknown


def routed_ranges(tables: Iterable[RouteTable]) -> dict[str, tuple[Range, ...]]:
    """Give the ranges that routes lead to each interface, in order.

    A default route isn't to pods: the interface is that of an appliance, one that translates addresses say.
    """
    found: defaultdict[str, dict[Range, None]] = defaultdict(dict)
    for table in tables:
        for route in table.routes:
            if not isinstance(route.destination, RangeDestination) or isinstance(route.target, Unknown):
                continue
            if route.via is Via.INTERFACE and route.destination.range.prefixlen:
                found[route.target][route.destination.range] = None
    return {name: tuple(ranges) for name, ranges in found.items()}


def machines_of(vpc: Known[str], interfaces: Mapping[str, Interface], subnets: Mapping[str, Subnet]) -> Iterator[str]:
    """Give the interfaces of a VPC that machines have."""
    for name, interface in interfaces.items():
        subnet = None if isinstance(interface.subnet, Unknown) else subnets.get(interface.subnet)
        if interface.machine is not None and subnet is not None and subnet.vpc == vpc:
            yield name
