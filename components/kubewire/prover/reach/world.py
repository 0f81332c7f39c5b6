"""Addresses outside the VPC: those that the internet has, and private ones that other networks have."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from ipaddress import ip_network
from itertools import islice
from weakref import WeakKeyDictionary

from kubewire.net.addresses import Addresses, Range
from kubewire.prover.facts.network import Vpc
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.reach.network import Network

PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
NOBODY = ("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3")
"""No sender has one: https://www.iana.org/assignments/iana-ipv4-special-registry/."""
GLOBAL6 = "2000::/3"
"""https://www.iana.org/assignments/ipv6-address-space/"""


@cache
def internet() -> Addresses:
    """Give every public address."""
    without = Addresses.of(*(ip_network(item) for item in (*PRIVATE, *NOBODY) if ":" not in item))
    return (Addresses.ipv4() - without) | Addresses.of(ip_network(GLOBAL6))


def vpc_of(network: Network) -> Vpc | None:
    """Give the cluster's VPC, None where it isn't known."""
    vpc = network.cluster.vpc
    return None if isinstance(vpc, Unknown) else network.facts.vpcs.get(vpc)


def vpc_ranges(network: Network) -> Iterator[Range | Unknown]:
    """Give the ranges of the cluster's VPC, or what would say them."""
    vpc = vpc_of(network)
    if vpc is None:
        cluster = network.cluster
        yield (
            cluster.vpc if isinstance(cluster.vpc, Unknown) else Unknown(comes_from=f"the ranges of VPC {cluster.vpc}")
        )
    else:
        yield from vpc.ranges


def own(network: Network) -> Addresses:
    """Give the addresses of the VPC and of the cluster's pods."""
    if network not in _OWN:
        known = [item for item in vpc_ranges(network) if not isinstance(item, Unknown)]
        pods = [item for node in network.cluster.nodes for item in node.pod_ranges]
        _OWN[network] = Addresses.of(*known, *network.cluster.pod_ranges, *pods)
    return _OWN[network]


_OWN: WeakKeyDictionary[Network, Addresses] = WeakKeyDictionary()
"""Asked for over and over, and long to tell where there are thousands of nodes."""


def private_outside(network: Network) -> Addresses:
    """Give the private addresses that networks beside the VPC may have."""
    return Addresses.of(*(ip_network(item) for item in PRIVATE)) - own(network)


def pieces(network: Network, addresses: Addresses) -> Iterator[tuple[int, int]]:
    """Cut addresses wherever a rule does."""
    for first, last in addresses.spans():
        yield from network.firewall.atoms.split(first, last)


def named(addresses: Addresses, network: Network) -> str:
    """Say who has them."""
    world, beside = internet() - own(network), private_outside(network)
    public, rest = addresses & world, addresses - world
    for whole, word in ((world, "the internet"), (world & Addresses.ipv4(), "the internet (IPv4)")):
        if public == whole and not rest:
            return word
        if public == whole and rest == beside & (Addresses.ipv4() if "IPv4" in word else Addresses.everything()):
            return f"{word} and other networks"
    if not public and rest in (beside, beside & Addresses.ipv4()):
        return "other networks"
    return _few(addresses)


def example(addresses: Addresses) -> str:
    """Write addresses as the sender of one packet."""
    first, *more = islice(addresses.ranges(), 2)
    return f"{first.network_address} and others" if more else _short(first)


def _few(addresses: Addresses) -> str:
    found: list[Range] = []
    for item in addresses.ranges():
        found.append(item)
        if len(found) > FEW:
            return f"{', '.join(_short(one) for one in found[:FEW])} and others"
    return ", ".join(_short(item) for item in found)


FEW = 6


def _short(item: Range) -> str:
    return str(item.network_address if item.num_addresses == 1 else item)
