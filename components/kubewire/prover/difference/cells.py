"""Addresses outside, cut wherever something that decides changes: each cell is treated alike by both networks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import ip_network

from kubewire.net.addresses import Addresses, Range, bounds
from kubewire.prover.facts.firewall import PrefixListPeer, RangePeer
from kubewire.prover.facts.network import Subnet
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.reach.firewall import Groups
from kubewire.prover.reach.network import Network
from kubewire.prover.reach.world import PRIVATE, internet, own

Cell = tuple[int, int]
"""The places of its first and last address."""


def outsiders(networks: Iterable[Network]) -> Addresses:
    """Give all addresses that somebody has who is no pod: of the internet, of other networks, and of the VPCs."""
    pods = [
        item
        for network in networks
        for item in (*network.cluster.pod_ranges, *(item for node in network.cluster.nodes for item in node.pod_ranges))
    ]
    return (internet() | Addresses.of(*(ip_network(item) for item in PRIVATE))) - Addresses.of(*pods)


def cells(outside: Addresses, borders: Iterable[int]) -> list[Cell]:
    """Cut addresses at places."""
    places = sorted(set(borders))
    found: list[Cell] = []
    at = 0
    for first, last in outside.spans():
        start = first
        while at < len(places) and places[at] <= start:
            at += 1
        while at < len(places) and places[at] <= last:
            found.append((start, places[at] - 1))
            start = places[at]
            at += 1
        found.append((start, last))
    return found


def borders(network: Network, groups: Groups, subnets: Iterable[Subnet | None], outside: Addresses) -> Iterator[int]:
    """Give the places where what decides on a way in or out changes.

    Args:
        network: whose.
        groups: the security groups that guard it.
        subnets: where it is: their ACLs and route tables count, and who is in them passes no ACL.
        outside: the addresses that are asked about; what lies elsewhere cuts nothing.
    """
    yield from _ends(_said(network, groups, subnets))
    yield from own(network).cuts
    yield from internet().cuts
    kept = network.cluster.unmasqueraded
    yield from _ends(() if isinstance(kept, Unknown) else kept)
    spans = list(outside.spans())
    for table in {subnet.table for subnet in subnets if subnet and isinstance(subnet.table, str)}:
        ways = network.ways_by(table)
        for first, last in spans:
            yield from (start for start, _, _ in (ways.within(first, last) if ways else ()))


def _said(network: Network, groups: Groups, subnets: Iterable[Subnet | None]) -> Iterator[Range]:
    """Give the ranges that rules and rows name, and the subnets' own."""
    lists = network.facts.prefix_lists
    for group in groups:
        found = network.facts.group(group)
        for peer in (rule.peer for rule in (found.rules if found else ())):
            if isinstance(peer, RangePeer) and not isinstance(peer.range, Unknown):
                yield peer.range
            elif isinstance(peer, PrefixListPeer):
                yield from lists.get(peer.prefix_list, ())
    for subnet in subnets:
        if subnet is not None:
            yield from (item for item in subnet.ranges if not isinstance(item, Unknown))
            acl = network.facts.acls.get(subnet.acl) if isinstance(subnet.acl, str) else None
            yield from (row.range for row in (acl.rows if acl else ()))


def _ends(ranges: Iterable[Range]) -> Iterator[int]:
    for item in ranges:
        first, last = bounds(item)
        yield from (first, last + 1)
