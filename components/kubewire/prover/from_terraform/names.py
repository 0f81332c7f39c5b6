"""Hosted zones and their records."""

from __future__ import annotations

from collections.abc import Iterator

from kubewire.prover.facts.services import (
    FailoverPolicy,
    LoadBalancer,
    OtherPolicy,
    Record,
    RoutingPolicy,
    SimplePolicy,
    WeightedPolicy,
    Zone,
)
from kubewire.prover.facts.unknown import Known, Unknown
from kubewire.prover.from_terraform.index import Index
from kubewire.prover.from_terraform.kinds import Sort
from kubewire.prover.from_terraform.owners import owner
from kubewire.prover.from_terraform.values import Block

POLICIES = ("weighted_routing_policy", "failover_routing_policy")


def zones(index: Index, balancers: tuple[LoadBalancer, ...]) -> Iterator[Zone]:
    """Give the zones, with everybody's records."""
    names = {one.dns_name.lower(): one.name for one in balancers if isinstance(one.dns_name, str)}
    records = [(owner(index, one, "zone_id", Sort.ZONE), one) for one in index.parts("aws_route53_record")]
    links = [(owner(index, one, "zone_id", Sort.ZONE), one) for one in index.parts("aws_route53_zone_association")]
    for key, block in index.of(Sort.ZONE):
        open_ends = [str(whose.unknown) for whose, _ in (*records, *links) if whose.may_be(key)]
        if block.resource.is_data:
            open_ends.append(f"the records of {key}")
        rows = block.blocks("vpc")
        vpcs: list[Known[str] | None] = (
            [rows] if isinstance(rows, Unknown) else [index.key(one, "vpc_id", Sort.VPC) for one in rows]
        )
        vpcs += [index.key(one, "vpc_id", Sort.VPC) for whose, one in links if whose.key == key]
        found: list[Record] = []
        for whose, one in records:
            if whose.key == key:
                made = _record(index, one, names)
                found += [] if isinstance(made, Unknown) else [made]
                open_ends += [made.comes_from] if isinstance(made, Unknown) else []
        domain = block.text("name")
        yield Zone(
            domain=_plain(domain) if isinstance(domain, str) else key,
            vpcs=tuple(dict.fromkeys(item for item in vpcs if item is not None)),
            records=tuple(found),
            open_ends=tuple(dict.fromkeys(open_ends)),
        )


def _record(index: Index, block: Block, names: dict[str, str]) -> Known[Record]:
    kind, name = block.text("type"), block.chosen("fqdn") or block.text("name")
    if isinstance(name, Unknown):
        name = block.text("name")
    if not isinstance(kind, str) or not isinstance(name, str):
        return Unknown(comes_from=block.says("name"))
    values = tuple(value if isinstance(value, Unknown) else _value(value, kind) for value in block.texts("records"))
    aliases = block.blocks("alias")
    if isinstance(aliases, Unknown):
        return aliases
    alias: Known[str] | None = None
    balancer: str | None = None
    for one in aliases:
        alias = one.text("name") or Unknown(comes_from=one.says("name"))
        balancer = _balancer(index, one, "name", alias, names)
    if balancer is None and values:
        balancer = _balancer(index, block, "records", values[0], names)
    policy = _policy(block)
    if isinstance(policy, Unknown):
        return policy
    return Record(
        name=_plain(name),
        type=kind,
        values=values,
        alias=_plain(alias) if isinstance(alias, str) else alias,
        balancer=balancer,
        policy=policy,
    )


def _balancer(index: Index, block: Block, attribute: str, value: Known[str], names: dict[str, str]) -> str | None:
    """Give the load balancer whose DNS name a value is."""
    if isinstance(value, str):
        return names.get(_plain(value).removeprefix("dualstack.").lower())
    able = index.candidates(block, attribute, Sort.BALANCER, ("dns_name",))
    return able[0] if able is not None and len(able) == 1 else None


def _policy(block: Block) -> Known[RoutingPolicy]:
    which = block.text("set_identifier")
    if which is None:
        return SimplePolicy()
    weighted, failover = (block.blocks(name) for name in POLICIES)
    for found in (which, weighted, failover):
        if isinstance(found, Unknown):
            return found
    for one in [] if isinstance(weighted, Unknown) else weighted:
        weight = one.number("weight")
        return weight if isinstance(weight, Unknown) else WeightedPolicy(set_identifier=str(which), weight=weight or 0)
    for one in [] if isinstance(failover, Unknown) else failover:
        kind = one.text("type")
        return (
            kind if isinstance(kind, Unknown) else FailoverPolicy(set_identifier=str(which), primary=kind == "PRIMARY")
        )
    return OtherPolicy(set_identifier=str(which))


def _value(value: str, kind: str) -> str:
    return _plain(value) if kind == "CNAME" else value


def _plain(name: str) -> str:
    return name.removesuffix(".")
