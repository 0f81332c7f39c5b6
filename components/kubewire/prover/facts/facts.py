"""Everything that is known of a network, from a plan, a state or an account."""

from __future__ import annotations

from collections.abc import Mapping

from kubewire.model import Model
from kubewire.net.addresses import Range
from kubewire.prover.facts.cluster import Cluster
from kubewire.prover.facts.firewall import Acl, SecurityGroup
from kubewire.prover.facts.network import Interface, RouteTable, Subnet, Vpc
from kubewire.prover.facts.quotas import Quotas
from kubewire.prover.facts.services import LoadBalancer, Service, TargetGroup, Zone
from kubewire.prover.facts.unknown import Known, Unknown


class Facts(Model):
    """A network as it will be, or is. Every mapping's key is the name that references use."""

    vpcs: Mapping[str, Vpc] = {}
    subnets: Mapping[str, Subnet] = {}
    tables: Mapping[str, RouteTable] = {}
    interfaces: Mapping[str, Interface] = {}
    groups: Mapping[str, SecurityGroup] = {}
    acls: Mapping[str, Acl] = {}
    prefix_lists: Mapping[str, tuple[Range, ...]] = {}
    clusters: tuple[Cluster, ...] = ()
    services: tuple[Service, ...] = ()
    load_balancers: tuple[LoadBalancer, ...] = ()
    target_groups: Mapping[str, TargetGroup] = {}
    zones: tuple[Zone, ...] = ()
    routes_per_table: Known[int] = Unknown(comes_from="the account's quota of routes per table")
    quotas: Quotas = Quotas()
    unseen_services: tuple[str, ...] = ()
    """Why there may be Services that aren't listed: with any, nothing holds for all Services."""
    strangers: tuple[str, ...] = ()
    """Objects whose kind the prover doesn't know. They may change anything, so with any of them nothing holds."""

    def subnet(self, name: Known[str]) -> Subnet | None:
        """Give a subnet; None where it isn't known which one it is, or nothing is known of it."""
        return None if isinstance(name, Unknown) else self.subnets.get(name)

    def group(self, name: Known[str]) -> SecurityGroup | None:
        """Give a security group, as `subnet` does."""
        return None if isinstance(name, Unknown) else self.groups.get(name)

    def target_group(self, name: Known[str]) -> TargetGroup | None:
        """Give a target group, as `subnet` does."""
        return None if isinstance(name, Unknown) else self.target_groups.get(name)
