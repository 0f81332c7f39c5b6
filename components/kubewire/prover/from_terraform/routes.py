"""Route tables: with the rows that they list, and those that others put into them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from kubewire.net.addresses import Range
from kubewire.prover.facts.network import PrefixListDestination, RangeDestination, Route, RouteTable, Via
from kubewire.prover.facts.unknown import Known, Unknown
from kubewire.prover.from_terraform.index import Index, main_table
from kubewire.prover.from_terraform.kinds import Sort
from kubewire.prover.from_terraform.owners import owner
from kubewire.prover.from_terraform.values import Block

TARGETS: Final = {
    "nat_gateway_id": (Via.NAT_GATEWAY, Sort.NAT),
    "network_interface_id": (Via.INTERFACE, Sort.INTERFACE),
    "egress_only_gateway_id": (Via.EGRESS_ONLY_GATEWAY, Sort.OUTWARD),
    "gateway_id": (Via.INTERNET_GATEWAY, Sort.GATEWAY),
    "transit_gateway_id": (Via.TRANSIT_GATEWAY, None),
    "vpc_peering_connection_id": (Via.PEERING_CONNECTION, None),
    "vpc_endpoint_id": (Via.OTHER, None),
    "local_gateway_id": (Via.OTHER, None),
    "carrier_gateway_id": (Via.OTHER, None),
    "core_network_arn": (Via.OTHER, None),
    "odb_network_arn": (Via.OTHER, None),
    "instance_id": (Via.OTHER, None),
}
"""What a row may lead to. A looked-up row has the instance beside the interface, so that comes first."""
LOCAL: Final = "local"

Destination = RangeDestination | PrefixListDestination


def tables(index: Index, own: dict[str, tuple[Known[Range], ...]]) -> Iterator[RouteTable]:
    """Give the route tables.

    Args:
        index: all resources.
        own: VPCs to their ranges, which AWS routes locally.
    """
    added = _Added(index)
    for key, block in index.of(Sort.TABLE):
        vpc = index.key(block, "vpc_id", Sort.VPC)
        if not isinstance(vpc, str):
            vpc = next((name for name in own if index.adopted(main_table(name)) == key), vpc)
        yield _table(index, key, vpc or Unknown(comes_from=block.says("vpc_id")), block, added, own)
    for vpc in own:
        made = main_table(vpc)
        if index.adopted(made) == made:
            table = _table(index, made, vpc, None, added, own)
            found = any(key == vpc and one.resource.is_found for key, one in index.of(Sort.VPC))
            unseen = (f"the routes of the {made}",) if found else ()
            yield table.model_copy(update={"open_ends": (*table.open_ends, *unseen)})


class _Added:
    """Rows that are resources of their own, as they will be and as they were."""

    def __init__(self, index: Index) -> None:
        self.rows = [(owner(index, one, "route_table_id", Sort.TABLE), one) for one in index.parts("aws_route")]
        self.were = [(one.fields.get("route_table_id"), _destination(index, one)) for one in index.gone("aws_route")]
        self.propagating = [
            (owner(index, one, "route_table_id", Sort.TABLE), one)
            for one in index.parts("aws_vpn_gateway_route_propagation")
        ]


def _table(
    index: Index,
    key: str,
    vpc: Known[str],
    block: Block | None,
    added: _Added,
    own: dict[str, tuple[Known[Range], ...]],
) -> RouteTable:
    open_ends: list[str] = []
    mine = [one for whose, one in added.rows if whose.key == key]
    open_ends += [str(whose.unknown) for whose, _ in added.rows if whose.may_be(key)]
    open_ends += [f"the routes of {one}" for whose, one in added.propagating if whose.key == key or whose.may_be(key)]
    routes: dict[Destination, Route] = {}
    for row in (*_listed(index, block, added, open_ends), *mine):
        destination = _destination(index, row)
        if isinstance(destination, Unknown):
            open_ends.append(destination.comes_from)
        elif (route := _route(index, row, destination)) is not None:
            routes[destination] = route
    ranges = own.get(vpc, ()) if isinstance(vpc, str) else ()
    open_ends += [
        f"{destination} in {key}, which leads to {route.via} in the place of local"
        for destination, route in routes.items()
        if isinstance(destination, RangeDestination) and destination.range in ranges
    ]
    return RouteTable(name=key, vpc=vpc, routes=tuple(routes.values()), open_ends=tuple(dict.fromkeys(open_ends)))


def _listed(index: Index, block: Block | None, added: _Added, open_ends: list[str]) -> Sequence[Block]:
    """Give the rows that a table itself lists.

    Where its configuration lists none, the provider shows those that AWS has, of resources that go away, too.
    """
    if block is None:
        return []
    if block.texts("propagating_vgws"):
        open_ends.append(f"the routes that gateways propagate to {block}")
    rows = block.blocks("routes" if block.resource.is_data else "route")
    if isinstance(rows, Unknown):
        open_ends.append(rows.comes_from)
        return []
    if block.resource.expressions is not None and not block.is_set("route"):
        stale = [destination for table, destination in added.were if table == block.fields.get("id")]
        return [row for row in rows if _destination(index, row) not in stale]
    return rows


def _destination(index: Index, row: Block) -> Destination | Unknown:
    prefix = "destination_" if row.resource.kind == "aws_route" else ""
    for name in (f"{prefix}cidr_block", f"{prefix}ipv6_cidr_block"):
        found = row.range(name)
        if isinstance(found, Unknown):
            return found
        if found is not None:
            return RangeDestination(range=found)
    key = index.key(row, "destination_prefix_list_id", Sort.LIST)
    known = row.text("destination_prefix_list_id")
    if isinstance(key, str) or isinstance(known, str):
        return PrefixListDestination(prefix_list=str(key if isinstance(key, str) else known))
    return Unknown(comes_from=f"the destination of a route of {row}")


def _route(index: Index, row: Block, destination: Destination) -> Route | None:
    gone = row.text("state") == "blackhole"
    for name, (via, sort) in TARGETS.items():
        value = row.text(name)
        if value is None:
            continue
        if value == LOCAL:
            return None
        key = index.told(row, name, sort, value) if sort else value
        target: Known[str] = key if isinstance(key, str) else value
        if name == "gateway_id":
            return Route(destination=destination, via=_gateway(index, row, target), target=target, black_hole=gone)
        if sort is Sort.INTERFACE and key is not None:
            target = key
        return Route(destination=destination, via=via, target=target, black_hole=gone)
    unknown = Unknown(comes_from=f"what {destination} of {row} leads to")
    return Route(destination=destination, via=Via.OTHER, target=unknown, black_hole=gone)


def _gateway(index: Index, row: Block, target: Known[str]) -> Via:
    """Tell an internet gateway from a VPN's."""
    if isinstance(target, Unknown):
        able = index.candidates(row, "gateway_id", Sort.GATEWAY)
        kinds = {block.resource.kind for key, block in index.of(Sort.GATEWAY) if able and key in able}
        return Via.INTERNET_GATEWAY if kinds == {"aws_internet_gateway"} else Via.OTHER
    kind = next((block.resource.kind for key, block in index.of(Sort.GATEWAY) if key == target), "")
    is_internet = kind == "aws_internet_gateway" or target.startswith("igw-")
    return Via.INTERNET_GATEWAY if is_internet else Via.OTHER
