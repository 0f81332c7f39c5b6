"""What others own of the network, as it was found: a part of the plan, for whoever reads that."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network
from typing import Any

import pulumi

from kubewire.functions.get_subnets import ExistingTable, GetSubnetsResult
from kubewire.functions.get_vpc import GetVpcResult
from kubewire.network.parts.subnets import SubnetsPart
from kubewire.network.parts.vpc import VpcPart

Wire = dict[str, Any]
Range = IPv4Network | IPv6Network


class ExistingNetwork(pulumi.ComponentResource):
    """Registers what was found of a VPC of others. There is nothing to make or change of it.

    A network that is partly theirs can be proved only with theirs; and when they change it, the next plan shows it.

    Attributes:
        inputs: what it registers.
    """

    def __init__(
        self, name: str, vpc: GetVpcResult, subnets: SubnetsPart, own: Iterable[Range], network: pulumi.Resource
    ) -> None:
        ours = {str(cidr) for cidr in own}
        self.inputs: Wire = {"vpc": _vpc(vpc, ours), **_subnets(subnets.existing, ours)}
        super().__init__("kubewire:network:ExistingNetwork", name, self.inputs, pulumi.ResourceOptions(parent=network))
        self.register_outputs({})


def existing_network(
    name: str, vpc: VpcPart, subnets: SubnetsPart, own: Iterable[Range], network: pulumi.Resource
) -> ExistingNetwork | None:
    """Register what was found, if anything was.

    Args:
        name: the network's.
        vpc: where it is.
        subnets: those of others.
        own: the VPC's ranges and destinations of routes that are ours: once they are there, they are found too.
        network: the component.
    """
    return ExistingNetwork(name, vpc.existing, subnets, own, network) if vpc.existing else None


def _vpc(vpc: GetVpcResult, own: set[str]) -> Wire:
    cidrs = [cidr for cidr in map(str, (*vpc.cidrs, *vpc.ipv6_cidrs)) if cidr not in own]
    return {"id": vpc.id, "name": vpc.name or vpc.id, "cidrs": cidrs}


def _subnets(found: list[GetSubnetsResult], own: set[str]) -> Wire:
    """Write subnets, tables and ACLs by their ids, each under the name that references use."""
    subnets = {row.id: row for one in found for row in one.subnets}
    tables = {row.id: row for one in found for row in one.route_tables}
    acls = {row.id: row for one in found for row in one.network_acls}
    return {
        "subnets": {
            row.id: {
                "name": row.name or row.id,
                "zone": row.zone,
                "cidr": str(row.cidr),
                **({"ipv6Cidr": str(row.ipv6_cidr)} if row.ipv6_cidr else {}),
                "routeTable": row.route_table,
                "networkAcl": row.network_acl,
            }
            for row in subnets.values()
        },
        "routeTables": {key: {"name": row.name or key, "routes": _theirs(row, own)} for key, row in tables.items()},
        "networkAcls": {
            key: {"name": row.name or key, "entries": row.to_wire().get("entries", {})} for key, row in acls.items()
        },
    }


def _theirs(table: ExistingTable, own: set[str]) -> Wire:
    routes: Wire = table.to_wire().get("routes", {})
    return {destination: route for destination, route in routes.items() if destination not in own}
