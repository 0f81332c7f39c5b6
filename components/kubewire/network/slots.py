"""What a node slot is: name, address and pod ranges follow from its zone and its number, so that more move nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Network

from kubewire.network.layout import ZONE_BITS
from kubewire.network.pods import RoutedPods

ZONES = 1 << ZONE_BITS
FIRST_ADDRESS = 10
"""A slot's address in its subnet, counted from here: AWS keeps the first four, load balancers take some."""
LAST_KEPT = 1
"""AWS keeps the last one too. https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html"""


@dataclass(frozen=True)
class Slot:
    """An interface to be made ahead.

    Attributes:
        name: of the interface.
        zone: where it is.
        address: its private address.
        pods: the ranges of its pods, with routed pods.
    """

    name: str
    zone: str
    address: IPv4Address
    pods: tuple[IPv4Network | IPv6Network, ...]


def most_slots(pods: RoutedPods) -> int:
    """Say how many slots of a zone have pod ranges."""
    parts = 1 << (pods.node_prefix - pods.cidr.prefixlen)
    if pods.cidr6:
        parts = min(parts, 1 << (pods.node_prefix6 - pods.cidr6.prefixlen))
    return parts // ZONES


def slots(
    zones: Sequence[str], numbers: dict[str, int], subnets: dict[str, IPv4Network], pods: RoutedPods | None
) -> Iterator[Slot]:
    """Give every slot.

    Args:
        zones: the network's zones in their order.
        numbers: how many slots each has.
        subnets: where each zone's nodes are.
        pods: routed pods, if these are what the network has.
    """
    for place, zone in enumerate(zones):
        for number in range(numbers.get(zone, 0)):
            # The zones take turns, so that each can grow.
            part = number * ZONES + place
            address = subnets[zone].network_address + FIRST_ADDRESS + number
            yield Slot(f"slot-{zone}-{number}", zone, address, _ranges(pods, part) if pods else ())


def _ranges(pods: RoutedPods, part: int) -> tuple[IPv4Network | IPv6Network, ...]:
    own: list[IPv4Network | IPv6Network] = [
        IPv4Network(
            (int(pods.cidr.network_address) + (part << (pods.cidr.max_prefixlen - pods.node_prefix)), pods.node_prefix)
        )
    ]
    if pods.cidr6:
        first = int(pods.cidr6.network_address) + (part << (pods.cidr6.max_prefixlen - pods.node_prefix6))
        own.append(IPv6Network((first, pods.node_prefix6)))
    return tuple(own)
