"""37. Quotas of listeners, targets and rules hold. Those of routes are property 11.

https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-limits.html
https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from kubewire.prover.facts.firewall import Direction, GroupRule, PrefixListPeer, RangePeer
from kubewire.prover.facts.services import LoadBalancer, TargetGroup, TargetType
from kubewire.prover.facts.unknown import Known, Unknown, known
from kubewire.prover.properties.balancing import balancers_of, group_of, targeted
from kubewire.prover.properties.property import Property
from kubewire.prover.reach.endpoints import Endpoint, interface_of, pod_interfaces
from kubewire.prover.reach.network import Network
from kubewire.prover.verdict import Finding
from kubewire.prover.witness import Witness

MOST_RULES_OF_INTERFACE = 1000
"""Rules of all groups of an interface together: no account gets more."""
WHOLE_NUMBER = 2**31


@dataclass(frozen=True)
class Limit:
    """A quota.

    Attributes:
        default: what every account has.
        most: what AWS gives at most.
    """

    default: int
    most: int = WHOLE_NUMBER

    def held(self, quota: Known[int], count: int, what: str) -> Iterator[Finding]:
        """Say whether a number is within it."""
        limit = self.most if isinstance(quota, Unknown) else quota
        if count > limit:
            yield Witness(summary=f"{what}, and AWS takes {limit}")
        elif isinstance(quota, Unknown) and count > self.default:
            yield quota


LISTENERS, BALANCERS = Limit(50), Limit(50)
TARGETS_OF_BALANCER, TARGETS_OF_ZONE, TARGETS_OF_GROUP = Limit(3000), Limit(500), Limit(1000)
RULES, GROUPS = Limit(60, MOST_RULES_OF_INTERFACE), Limit(5, 16)


def _check(network: Network) -> Iterator[Finding]:
    quotas, balancers = network.facts.quotas, list(balancers_of(network))
    yield from BALANCERS.held(quotas.balancers, len(network.facts.load_balancers), _many(network))
    for balancer in balancers:
        count = len(balancer.listeners)
        yield from LISTENERS.held(quotas.listeners_per_balancer, count, f"{balancer.name} has {count} listeners")
        yield from _targets(network, balancer)
    for group in network.facts.target_groups.values():
        number = _number(network, group)
        if isinstance(number, Unknown):
            yield number
        else:
            yield from TARGETS_OF_GROUP.held(quotas.targets_per_group, number, f"{group.name} has {number} targets")
    yield from _rules(network, balancers)


def _many(network: Network) -> str:
    return f"there are {len(network.facts.load_balancers)} load balancers"


def _targets(network: Network, balancer: LoadBalancer) -> Iterator[Finding]:
    """Count a load balancer's targets: one in several groups counts in each."""
    quotas, groups = network.facts.quotas, list[TargetGroup]()
    for listener in balancer.listeners:
        group = group_of(network, listener)
        if isinstance(group, Unknown):
            yield group
        else:
            groups.append(group)
    open_count = next((one for group in groups if isinstance(one := _number(network, group), Unknown)), None)
    if open_count is not None:
        yield open_count
        return
    together = [group for group in groups if _crosses(balancer, group) is not False]
    apart = [group for group in groups if group not in together]
    count = _all(network, groups)
    yield from TARGETS_OF_BALANCER.held(quotas.targets_per_balancer, count, f"{balancer.name} has {count} targets")
    count = _all(network, together)
    of_all = f"{balancer.name} sends to {count} targets from each zone"
    for finding in TARGETS_OF_ZONE.held(quotas.targets_per_zone, count, of_all):
        unsure = (one for group in together if isinstance(one := _crosses(balancer, group), Unknown))
        yield next(unsure, finding)
    zones = Counter(zone for group in apart for zone in _zones(network, group))
    if network.expects_nodes and list(TARGETS_OF_ZONE.held(quotas.targets_per_zone, _all(network, apart), "")):
        yield Unknown(comes_from=f"how many targets of {balancer.name} will be in one zone")
        return
    for zone, number in sorted(zones.items()):
        of_zone = f"{balancer.name} has {number} targets in {zone}"
        yield from TARGETS_OF_ZONE.held(quotas.targets_per_zone, number, of_zone)


def _number(network: Network, group: TargetGroup) -> Known[int]:
    """Give how many targets a group has at most: nodes that others make are targets, too, once they are registered."""
    if group.type is not TargetType.INSTANCE or not network.expects_nodes:
        return len(group.targets)
    most = network.cluster.most_nodes
    if most is None or isinstance(most, Unknown):
        return most or Unknown(comes_from=f"how many nodes there will be at most in target group {group.name}")
    return max(most, len(group.targets))


def _all(network: Network, groups: list[TargetGroup]) -> int:
    return sum(known(_number(network, group)) or 0 for group in groups)


def _crosses(balancer: LoadBalancer, group: TargetGroup) -> Known[bool]:
    return balancer.cross_zone if group.cross_zone is None else group.cross_zone


def _zones(network: Network, group: TargetGroup) -> Iterator[str]:
    for _, one in targeted(network, group):
        subnet = network.subnet_of(one.interface) if isinstance(one, Endpoint) else None
        if subnet is not None and not isinstance(subnet.zone, Unknown):
            yield subnet.zone


def _rules(network: Network, balancers: list[LoadBalancer]) -> Iterator[Finding]:
    """Count the rules of groups that nodes and load balancers are in, and the groups of nodes."""
    quotas, sets = network.facts.quotas, dict[tuple[Known[str], ...], str]()
    for node in network.cluster.nodes:
        interface = interface_of(network.facts, node)
        if interface is not None:
            sets.setdefault(interface.groups, f"interface {interface.name}")
        for one in pod_interfaces(node):
            sets.setdefault(one.groups, f"interface {one.name}")
    for balancer in balancers:
        sets.setdefault(balancer.groups, f"load balancer {balancer.name}")
    for name in dict.fromkeys(name for names in sets for name in names):
        group = network.facts.group(name)
        for (way, version), count in sorted(_weights(network, group.rules).items()) if group else ():
            what = f"security group {name} has {count} {way} rules of IPv{version}"
            yield from RULES.held(quotas.rules_per_group, count, what)
    for names, holder in sets.items():
        yield from GROUPS.held(quotas.groups_per_interface, len(names), f"{holder} is in {len(names)} groups")
        rules = [rule for name in names if isinstance(name, str) for rule in _of(network, name)]
        for (way, version), count in sorted(_weights(network, rules).items()):
            if count > MOST_RULES_OF_INTERFACE:
                what = f"the groups of {holder} have {count} {way} rules of IPv{version}"
                yield Witness(summary=f"{what}, and AWS takes {MOST_RULES_OF_INTERFACE}")


def _of(network: Network, name: str) -> tuple[GroupRule, ...]:
    group = network.facts.groups.get(name)
    return group.rules if group else ()


def _weights(network: Network, rules: tuple[GroupRule, ...] | list[GroupRule]) -> Counter[tuple[Direction, int]]:
    """Count rules by way and IP's version. A group counts with both, a prefix list as its ranges, or as one."""
    found: Counter[tuple[Direction, int]] = Counter()
    for rule in rules:
        match rule.peer:
            case RangePeer(range=item) if not isinstance(item, Unknown):
                found[rule.direction, item.version] += 1
            case PrefixListPeer(prefix_list=name):
                for item in network.facts.prefix_lists.get(name, ()):
                    found[rule.direction, item.version] += 1
            case _:
                found[rule.direction, 4] += 1
                found[rule.direction, 6] += 1
    return found


PROPERTY = Property(37, "Quotas of listeners, targets and rules hold", "the apply stops half-way", _check)
