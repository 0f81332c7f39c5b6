"""How many listeners, targets and target groups there may be: of one load balancer, and in the region.

https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-limits.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kubewire.errors import InvalidInputError
from kubewire.network.quotas import Limits
from kubewire.services.load_balancer.args import LoadBalancerServiceArgs
from kubewire.services.load_balancer.behind import Behind


def listeners_of(args: LoadBalancerServiceArgs) -> int:
    """Say how many listeners a Service needs, and as many target groups: one for each port number."""
    return len(args.listened)


def hold_listeners(behind: Behind, limits: Limits) -> None:
    """Refuse more listeners than a load balancer has. Raises InvalidInputError."""
    most, number = limits.listeners_per_load_balancer.value, 0
    for path, args in behind.services.items():
        number += listeners_of(args)
        if number > most:
            detail = f"A load balancer has {most}: one for each port. {_way_out(behind, 'listenersPerLoadBalancer')}"
            message = f"{number} listeners are too many for {behind.label}"
            raise InvalidInputError(message, detail=detail, path=f"{path}.ports")


def hold_targets(
    behind: Behind,
    nodes: int,
    limits: Limits,
    by_zone: Mapping[str, int] | None = None,
    pods: Mapping[str, Sequence[int]] | None = None,
) -> None:
    """Refuse more targets than a load balancer has, or one target group.

    A node or a pod counts once for each target group that it is in.

    Args:
        behind: the load balancer, and what is behind it.
        nodes: how many nodes there are.
        limits: the quotas that hold.
        by_zone: zone to its nodes, where that is known.
        pods: a Service's label to how many pods are behind each of its listeners, where pods are the targets and
            the cluster has been asked for them.

    Raises:
        InvalidInputError: there would be more.
    """
    in_zone = _Quota(limits.targets_per_zone_of_load_balancer.value, "targetsPerZoneOfLoadBalancer")
    in_all = _Quota(limits.targets_per_load_balancer.value, "targetsPerLoadBalancer")
    groups = alone = 0
    for path, args in behind.services.items():
        in_each = list((pods or {}).get(args.label, ())) if args.to_pods else [nodes]
        _hold_group(max(in_each, default=0), limits, path)
        if args.to_pods:
            alone += sum(in_each)
        else:
            groups += listeners_of(args)
        if behind.options.cross_zone:
            # Every zone has all of them as targets.
            _hold(groups * nodes + alone, min(in_zone, in_all), "", behind, path)
            continue
        _hold(groups * nodes + alone, in_all, "", behind, path)
        for zone, number in (by_zone or {}).items():
            _hold(groups * number, in_zone, f" in {zone}", behind, path)


def _hold_group(number: int, limits: Limits, path: str) -> None:
    most = limits.targets_per_group.value
    if number > most:
        detail = f"A target group has {most} at most. Send to fewer nodes or pods, or ask AWS for a higher quota and "
        detail += "write it into `quotas.targetsPerGroup` of the network."
        raise InvalidInputError(f"{number} targets for one port", detail=detail, path=f"{path}.ports")


class _Quota(NamedTuple):
    """A quota, and what the network's description calls it."""

    most: int
    name: str


def _hold(number: int, quota: _Quota, where: str, behind: Behind, path: str) -> None:
    if number > quota.most:
        detail = f"{behind.label.capitalize()} has {quota.most} at most{where}: one for each node, or pod, and port. "
        detail += _way_out(behind, quota.name)
        raise InvalidInputError(f"{number} targets{where}", detail=detail, path=f"{path}.ports")


def _way_out(behind: Behind, quota: str) -> str:
    first = "Put the Service behind another one" if behind.is_shared else "Split the Service"
    return f"{first}, or ask AWS for a higher quota and write it into `quotas.{quota}` of the network."


def hold_region(found: Sequence[Behind], limits: Limits) -> dict[str, int]:
    """Refuse more load balancers and target groups than the account may have in the region; give how many there are.

    Args:
        found: all load balancers of the stack.
        limits: the quotas that hold.

    Raises:
        InvalidInputError: there are more.
    """
    groups = 0
    for number, behind in enumerate(found, start=1):
        if number > limits.load_balancers.value:
            detail = f"The account may have {limits.load_balancers.value}, if nothing else uses them. Let Services "
            detail += (
                "share one, or ask AWS for a higher quota and write it into `quotas.loadBalancers` of the network."
            )
            raise InvalidInputError(f"{number} load balancers are too many", detail=detail, path=behind.path)
        for path, args in behind.services.items():
            groups += listeners_of(args)
            if groups > limits.target_groups.value:
                detail = f"The account may have {limits.target_groups.value}: one for each port of each Service. "
                detail += "Ask AWS for a higher quota and write it into `quotas.targetGroups` of the network."
                raise InvalidInputError(f"{groups} target groups are too many", detail=detail, path=f"{path}.ports")
    return {"load_balancers": len(found), "target_groups": groups}
