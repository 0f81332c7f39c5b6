"""Declared sources of which it isn't known who they are: a rule that names the same peer lets in all of them."""

from __future__ import annotations

from collections.abc import Iterator

from kubewire.net.kinds import Kinds
from kubewire.prover.facts.firewall import Direction
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.properties.declared import Callers, who_is
from kubewire.prover.reach.endpoints import Endpoint
from kubewire.prover.reach.matches import matched
from kubewire.prover.reach.network import Network


def by_name(network: Network, who: Callers, node: Endpoint, needed: Kinds) -> Iterator[Unknown]:
    """Give what would say whether a node takes all that comes from such sources."""
    subnet = network.subnet_of(node.interface)
    guarded = subnet is None or subnet.acl is not None
    for peer in who.unread:
        opened = Kinds.union(
            matched(rule.match).certain
            for group in node.interface.groups
            if not isinstance(group, Unknown) and group in network.facts.groups
            for rule in network.facts.groups[group].rules
            if rule.direction is Direction.INGRESS and rule.peer == peer
        )
        if guarded or not needed <= opened:
            yield who_is(peer)
