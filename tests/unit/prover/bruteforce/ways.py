"""What a mutation is, and the changes that they are made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_network
from random import Random
from typing import Any

from kubewire.prover.facts.cluster import Cluster
from kubewire.prover.facts.facts import Facts
from kubewire.prover.facts.firewall import (
    Acl,
    AclRow,
    AnyTraffic,
    Direction,
    GroupRule,
    WholeProtocol,
)
from kubewire.prover.facts.services import Record, Service, Zone
from tests.unit.prover.bruteforce.towns import replaced, with_rules

Change = Callable[[Facts, Random], Facts | None]
"""Makes one thing wrong; None where there is no such thing."""


@dataclass(frozen=True)
class Mutation:
    """A way to be wrong.

    Attributes:
        name: what it is.
        number: the property that it is about.
        change: does it.
    """

    name: str
    number: int
    change: Change


FOUND: list[Mutation] = []


def about(number: int) -> Callable[[Change], Change]:
    """Count a change in."""

    def count(change: Change) -> Change:
        FOUND.append(Mutation(change.__name__, number, change))
        return change

    return count


def of_cluster(made: Facts, **changes: Any) -> Facts:
    """Change what the cluster says of itself."""
    return made.model_copy(update={"clusters": (made.clusters[0].model_copy(update=changes),)})


def of_node(made: Facts, name: str, **changes: Any) -> Facts:
    """Change a node."""
    own: Cluster = made.clusters[0]
    nodes = tuple(one.model_copy(update=changes) if one.name == name else one for one in own.nodes)
    return of_cluster(made, nodes=nodes)


def of_table(made: Facts, name: str, *extra: object, without: str = "") -> Facts:
    """Change a route table."""
    table = made.tables[name]
    kept = [one for one in table.routes if str(one.destination) != without]
    return made.model_copy(
        update={"tables": {**made.tables, name: table.model_copy(update={"routes": (*kept, *extra)})}}
    )


def of_interface(made: Facts, name: str, **changes: Any) -> Facts:
    """Change an interface."""
    changed = made.interfaces[name].model_copy(update=changes)
    return made.model_copy(update={"interfaces": {**made.interfaces, name: changed}})


def without(made: Facts, group: str, *names: str) -> Facts:
    """Take rules out of a group."""
    return with_rules(made, group, [one for one in made.groups[group].rules if one.name not in names])


def beside(made: Facts, group: str, *rules: GroupRule) -> Facts:
    """Put rules into a group."""
    return with_rules(made, group, [*made.groups[group].rules, *rules])


def walled(made: Facts, *rows: AclRow) -> Facts:
    """Put rows before what an ACL of the first nodes' subnet passes."""
    passes = [
        AclRow(number=900, direction=way, allows=True, match=AnyTraffic(), range=ip_network("0.0.0.0/0"))
        for way in Direction
    ]
    one = made.subnets["one"].model_copy(update={"acl": "wall"})
    acls = {"wall": Acl(name="wall", rows=(*rows, *passes))}
    return made.model_copy(update={"subnets": {**made.subnets, "one": one}, "acls": acls})


def row(number: int, way: Direction, cidr: str, protocol: int) -> AclRow:
    """Write a row that denies."""
    match = WholeProtocol(protocol=protocol)
    return AclRow(number=number, direction=way, allows=False, match=match, range=ip_network(cidr))


def service(made: Facts, name: str) -> Service | None:
    """Give a Service."""
    return next((one for one in made.services if one.name == name), None)


def having(name: str, made: Facts, **changes: Any) -> Facts | None:
    """Change a Service, if it is there."""
    return replaced(made, name, **changes) if service(made, name) else None


def balanced(made: Facts, **changes: Any) -> Facts | None:
    """Change the load balancer, if there is one."""
    if not made.load_balancers:
        return None
    return made.model_copy(update={"load_balancers": (made.load_balancers[0].model_copy(update=changes),)})


def targeted(made: Facts, **changes: Any) -> Facts | None:
    """Change the target group, if there is one."""
    if not made.target_groups:
        return None
    return made.model_copy(update={"target_groups": {"web": made.target_groups["web"].model_copy(update=changes)}})


def recorded(made: Facts, *records: Record, gone: str = "") -> Facts:
    """Change the zone's records."""
    kept = tuple(one for one in made.zones[0].records if one.name != gone)
    return made.model_copy(update={"zones": (Zone(domain="shop.internal", vpcs=("net",), records=(*kept, *records)),)})
