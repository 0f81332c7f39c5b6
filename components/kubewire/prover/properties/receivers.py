"""Whom a target group sends to, now or later: its targets, and nodes that others make and that it will get."""

from __future__ import annotations

from collections.abc import Iterator

from kubewire.prover.facts.services import Target, TargetGroup, TargetType
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.properties.balancing import each_class, targeted
from kubewire.prover.reach.endpoints import Endpoint
from kubewire.prover.reach.network import Network


def expected(network: Network, group: TargetGroup) -> Iterator[tuple[Target, Endpoint]]:
    """Give the nodes that others make as the targets that they will be, of whoever registers them.

    Without a port of its own a target gets its group's:
    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetDescription.html
    """
    if group.type is not TargetType.INSTANCE:
        return
    unknown = Unknown(comes_from=f"the port of targets that are registered later in {group.name}")
    for node in network.cluster.nodes:
        one = network.targets.get(node.name) if node.expected else None
        if one is not None:
            yield Target(name=node.name, port=unknown if group.port is None else group.port), one


def targets(network: Network, group: TargetGroup) -> list[Target]:
    """Give all targets, those that are yet to come too."""
    return [*group.targets, *(target for target, _ in expected(network, group))]


def receivers(network: Network, group: TargetGroup) -> Iterator[tuple[Target, Endpoint | Unknown | None]]:
    """Give all of them with who each is; None for nobody of the cluster's."""
    yield from targeted(network, group)
    yield from expected(network, group)


def each_receiver(network: Network, group: TargetGroup) -> Iterator[tuple[Target, Endpoint]]:
    """Give one of each class of nodes or pods: the others are treated alike."""
    return each_class(network, receivers(network, group))
