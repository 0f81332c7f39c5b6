"""Sets of IP addresses, of both versions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, summarize_address_range
from typing import ClassVar, Self

from kubewire.net.points import Points

IPV4_SIZE, IPV6_SIZE = 2**32, 2**128

Range = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Addresses(Points):
    """A set of addresses. IPv4 comes first on the line and IPv6 after it, so that one set can hold both."""

    SIZE: ClassVar[int] = IPV4_SIZE + IPV6_SIZE

    @classmethod
    def of(cls, *ranges: Range) -> Self:
        """Give the addresses of some ranges."""
        return cls.union(cls.span(*bounds(item)) for item in ranges)

    @classmethod
    def one(cls, address: Address) -> Self:
        """Give a set of one address."""
        place = point(address)
        return cls((place, place + 1))

    @classmethod
    def ipv4(cls) -> Self:
        """Give every IPv4 address."""
        return cls((0, IPV4_SIZE))

    @classmethod
    def ipv6(cls) -> Self:
        """Give every IPv6 address."""
        return cls((IPV4_SIZE, cls.SIZE))

    def ranges(self) -> Iterable[Range]:
        """Give the fewest ranges that make it up, ascending, IPv4 first."""
        for first, last in (self & type(self).ipv4()).spans():
            yield from summarize_address_range(IPv4Address(first), IPv4Address(last))
        for first, last in (self & type(self).ipv6()).spans():
            yield from summarize_address_range(IPv6Address(first - IPV4_SIZE), IPv6Address(last - IPV4_SIZE))

    def __str__(self) -> str:
        return ", ".join(str(item.network_address if item.num_addresses == 1 else item) for item in self.ranges())


def point(address: Address) -> int:
    """Give an address's place on the line."""
    return int(address) if isinstance(address, IPv4Address) else IPV4_SIZE + int(address)


def address_at(place: int) -> Address:
    """Give the address at a place on the line."""
    return IPv4Address(place) if place < IPV4_SIZE else IPv6Address(place - IPV4_SIZE)


def bounds(item: Range) -> tuple[int, int]:
    """Give the places of a range's first and last address."""
    first, whole = point(item.network_address), IPV4_SIZE if isinstance(item, IPv4Network) else IPV6_SIZE
    return first, first + (whole >> item.prefixlen) - 1
