"""Further interfaces of nodes: kube-proxy serves node ports on the addresses of all; ways are followed to the first.

https://kubernetes.io/docs/concepts/services-networking/service/#service-nodeport-custom-listen-address
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from kubewire.prover.facts.cluster import Node
from kubewire.prover.facts.facts import Facts
from kubewire.prover.facts.network import Interface
from kubewire.prover.reach.endpoints import interface_of


def further(facts: Facts, nodes: Iterable[Node]) -> Iterator[tuple[Node, Interface, Interface]]:
    """Give every further interface of nodes, each with the node before it and the node's first one."""
    by_machine: defaultdict[str, list[Interface]] = defaultdict(list)
    for one in facts.interfaces.values():
        if isinstance(one.machine, str):
            by_machine[one.machine].append(one)
    for node in nodes:
        first = interface_of(facts, node)
        if first is None or not isinstance(first.machine, str):
            continue
        yield from ((node, first, one) for one in by_machine[first.machine] if one.name != first.name)


def wider(facts: Facts, nodes: Iterable[Node]) -> Iterator[str]:
    """Give the further interfaces of nodes that may let somebody in whom the first one keeps out."""
    for node, first, one in further(facts, nodes):
        if not _is_alike(facts, one, first):
            yield f"who gets to node {node.name} by its further interface {one.name}"


def _is_alike(facts: Facts, one: Interface, first: Interface) -> bool:
    """Whether it has nothing that the first hasn't: a way in, a rule, or a wall less."""
    return (
        one.public is None
        and (one.ipv6 is None or one.subnet == first.subnet)
        and set(one.groups) <= set(first.groups)
        and _wall(facts, one) == _wall(facts, first)
    )


def _wall(facts: Facts, one: Interface) -> str:
    subnet = facts.subnet(one.subnet)
    return str(subnet.acl if subnet else one.subnet)
