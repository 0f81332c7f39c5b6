"""What a cluster network is described by."""

from __future__ import annotations

from pydantic import model_validator

from kubewire.network import node_checks, range_checks, way_checks
from kubewire.network.description import NetworkDescription


class ClusterNetworkArgs(NetworkDescription):
    """A VPC, subnets in its zones, and nodes whose pods reach each other without NAT."""

    @model_validator(mode="after")
    def _fits_together(self) -> ClusterNetworkArgs:
        range_checks.zones(self.region, self.zones)
        range_checks.subnets(self)
        range_checks.disjoint(range_checks.declared_ranges(self))
        range_checks.families(self)
        node_checks.nodes(self)
        way_checks.ways_out(self)
        way_checks.groups(self)
        way_checks.acls(self)
        way_checks.zone_tags(self)
        return self
