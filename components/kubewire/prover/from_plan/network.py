"""VPCs, subnets, route tables and network ACLs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from kubewire.net.addresses import Range
from kubewire.prover.facts.network import (
    PrefixListDestination,
    RangeDestination,
    Route,
    RouteTable,
    Subnet,
    Via,
    Vpc,
)
from kubewire.prover.facts.unknown import Known, Unknown
from kubewire.prover.from_plan.document import Listed
from kubewire.prover.from_plan.existing import is_found
from kubewire.prover.from_plan.index import Index, Sort
from kubewire.prover.from_plan.values import Values

VIAS = {
    "internet-gateway": Via.INTERNET_GATEWAY,
    "egress-only-internet-gateway": Via.EGRESS_ONLY_GATEWAY,
    "nat-gateway": Via.NAT_GATEWAY,
    "network-interface": Via.INTERFACE,
    "transit-gateway": Via.TRANSIT_GATEWAY,
    "peering-connection": Via.PEERING_CONNECTION,
}
BLACK_HOLE = "blackhole"


def vpcs(index: Index, blocks: Iterable[Listed]) -> dict[str, Vpc]:
    """Give the VPCs, with the ranges that others add to them."""
    more: defaultdict[str, list[Known[Range]]] = defaultdict(list)
    amazons: dict[str, Unknown] = {}
    for listed in blocks:
        values = Values(str(listed), listed.inputs)
        vpc = index.key(Sort.VPC, values.pointer("vpc"), listed)
        if isinstance(vpc, Unknown):
            continue
        added = values.optional_ranges("cidrs")
        more[vpc] += [added] if isinstance(added, Unknown) else added
        if values.flag("ipv6"):
            seen = Values(str(listed), listed.outputs)
            chosen = seen.range("ipv6Cidr") if listed.outputs else Unknown(comes_from=f"ipv6Cidr of {listed}")
            more[vpc].append(chosen)
            if isinstance(chosen, Unknown):
                amazons[vpc] = chosen
    return {
        key: Vpc(
            name=key,
            ranges=(entry.values.range("cidr"), *more[key]),
            main_table=main_table(key),
            ipv6_from_amazon=amazons.get(key),
        )
        for key, entry in index.of(Sort.VPC)
    }


def main_table(vpc: str) -> str:
    """Name the table that AWS makes with a VPC, which no resource declares: it has the local routes alone."""
    return f"main table of {vpc}"


def subnets(index: Index) -> dict[str, Subnet]:
    """Give the subnets, each with the table and the ACL that say that they are its."""
    tables, acls = _users(index, Sort.TABLE), _users(index, Sort.ACL)
    theirs = {key for key, entry in index.of(Sort.VPC) if is_found(entry.values)}
    found = {}
    for key, entry in index.of(Sort.SUBNET):
        values = entry.values
        vpc = index.key(Sort.VPC, values.pointer("vpc"), entry.listed)
        ranges = [values.range("cidr")]
        if values.fields.get("ipv6Cidr") is not None:
            ranges.append(values.range("ipv6Cidr"))
        of_others = isinstance(vpc, Unknown) or vpc in theirs
        unclaimed = Unknown(comes_from=f"the main route table of {vpc}") if of_others else main_table(str(vpc))
        found[key] = Subnet(
            name=key,
            vpc=vpc,
            zone=values.text("zone"),
            ranges=tuple(ranges),
            table=tables.get(key, unclaimed),
            acl=acls.get(key, Unknown(comes_from=f"the ACL of {key}") if of_others else None),
        )
    return found


def tables(index: Index, added: Iterable[Listed], vpcs: Mapping[str, Vpc]) -> dict[str, RouteTable]:
    """Give the route tables, with the routes that others put into them, and the VPCs' main ones."""
    more: defaultdict[str, list[Route]] = defaultdict(list)
    unsure: defaultdict[str, list[str]] = defaultdict(list)
    for listed in added:
        values = Values(str(listed), listed.inputs)
        table = index.key(Sort.TABLE, values.pointer("table"), listed)
        if not isinstance(table, Unknown):
            routes, open_ends = _routes(index, values, listed)
            more[table] += routes
            unsure[table] += open_ends
    found = {}
    for key, entry in index.of(Sort.TABLE):
        routes, open_ends = _routes(index, entry.values, entry.listed)
        vpc = index.key(Sort.VPC, entry.values.pointer("vpc"), entry.listed)
        own = vpcs[vpc].ranges if isinstance(vpc, str) else ()
        # What a set of ours puts into a table of others may be there already.
        rows = {route.destination: route for route in (*routes, *more[key])}
        bent = [
            f"{destination} in {key}, which leads to {route.via} in the place of local"
            for destination, route in rows.items()
            if isinstance(destination, RangeDestination) and destination.range in own
        ]
        found[key] = RouteTable(
            name=key, vpc=vpc, routes=tuple(rows.values()), open_ends=(*open_ends, *unsure[key], *bent)
        )
    main = {main_table(key): RouteTable(name=main_table(key), vpc=key) for key, _ in index.of(Sort.VPC)}
    return {**main, **found}


def _routes(index: Index, values: Values, listed: Listed) -> tuple[list[Route], list[str]]:
    parts = values.parts("routes")
    if isinstance(parts, Unknown):
        return [], [parts.comes_from]
    return [_route(index, destination, part, listed) for destination, part in parts], []


def _route(index: Index, destination: str, values: Values, listed: Listed) -> Route:
    kind = values.text("via")
    via = Via.OTHER if isinstance(kind, Unknown) else VIAS.get(kind, Via.OTHER)
    pointer = Values(values.where, {"target": values.fields}).pointer("target")
    target: Known[str] = pointer if isinstance(pointer, Unknown) else pointer.name
    if via is Via.INTERFACE:
        target = index.key(Sort.INTERFACE, pointer, listed)
    return Route(
        destination=PrefixListDestination(prefix_list=destination)
        if destination.startswith("pl-")
        else RangeDestination.model_validate({"range": destination}),
        via=via,
        target=target,
        black_hole=kind == BLACK_HOLE,
    )


def _users(index: Index, sort: Sort) -> Mapping[str, str]:
    """Give each subnet's table or ACL, by what those say of their subnets."""
    return {
        subnet: key
        for key, entry in index.of(sort)
        for pointer in entry.values.pointers("subnets")
        if not isinstance(subnet := index.key(Sort.SUBNET, pointer, entry.listed), Unknown)
    }
