"""What others own, as the network found and registered it: read as if it were declared.

{"vpc": {"id", "name", "cidrs"},
 "subnets": {ID: {"name", "zone", "cidr", "ipv6Cidr", "routeTable", "networkAcl"}},
 "routeTables": {ID: {"name", "routes"}}, "networkAcls": {ID: {"name", "entries"}}}
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kubewire.prover.from_plan.document import Listed
from kubewire.prover.from_plan.values import Values

KIND = "kubewire:network:ExistingNetwork"
OURS = "kubewire:index:"
Wire = Mapping[str, Any]


def with_existing(resources: Iterable[Listed]) -> list[Listed]:
    """Give resources, and what was found beside them."""
    given = list(resources)
    return [*given, *(found for listed in given if listed.kind == KIND for found in _found(listed))]


def _found(listed: Listed) -> Iterator[Listed]:
    inputs = listed.inputs
    vpc, subnets = inputs["vpc"], inputs.get("subnets", {})
    pointer = {"name": vpc["name"], "id": vpc["id"]}
    first, *more = vpc["cidrs"]
    yield _as(listed, "Vpc", vpc["id"], {"name": vpc["name"], "cidr": first, "found": True})
    yield _as(listed, "VpcCidrBlocks", vpc["id"], {"vpc": pointer, "cidrs": more})
    for key, row in subnets.items():
        yield _as(listed, "Subnet", key, {**row, "vpc": pointer})
    for kind, rows, user in (("RouteTable", "routeTables", "routeTable"), ("NetworkAcl", "networkAcls", "networkAcl")):
        for key, row in inputs.get(rows, {}).items():
            users = {one["name"]: subnet for subnet, one in subnets.items() if one[user] == key}
            yield _as(listed, kind, key, {**row, "vpc": pointer, "subnets": users})


def _as(listed: Listed, kind: str, object_id: str, inputs: Wire) -> Listed:
    return Listed(
        urn=f"{listed.urn}::{kind}::{object_id}",
        kind=f"{OURS}{kind}",
        name=str(inputs.get("name") or object_id),
        id=object_id,
        inputs=inputs,
        parent=listed.parent,
    )


def is_found(values: Values) -> bool:
    """Whether a VPC is one of others, of which not all is known."""
    return values.flag("found") is True
