"""What AWS allows an account of, as far as it was asked."""

from __future__ import annotations

from kubewire.model import Model
from kubewire.prover.facts.unknown import Known, Unknown


def _account(what: str) -> Unknown:
    return Unknown(comes_from=f"the account's quota of {what}")


class Quotas(Model):
    """The account's quotas. One that isn't known is AWS's default or more."""

    rules_per_group: Known[int] = _account("rules per security group")
    """In each direction, and of IPv4 and IPv6 apart."""
    groups_per_interface: Known[int] = _account("security groups per interface")
    listeners_per_balancer: Known[int] = _account("listeners per Network Load Balancer")
    targets_per_balancer: Known[int] = _account("targets per Network Load Balancer")
    targets_per_zone: Known[int] = _account("targets per zone and Network Load Balancer")
    """With cross-zone load balancing, of all zones together."""
    targets_per_group: Known[int] = _account("targets per target group")
    balancers: Known[int] = _account("Network Load Balancers per region")
