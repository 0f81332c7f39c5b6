"""What AWS allows an account of, as far as a cluster network meets it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from pydantic import Field

from kubewire.errors import InvalidInputError
from kubewire.functions import quota_codes as codes
from kubewire.model import Described

if TYPE_CHECKING:
    from kubewire.functions.get_quotas import GetQuotasResult

# https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html: 500 routes since June 2025, 1,000 on request.
# Rules count in each direction; on request as many as leave 1,000 for all groups of an interface together.
MOST_ROUTES_PER_TABLE = 1000
MOST_RULES_PER_INTERFACE = 1000
MOST_GROUPS = 5
MOST_RULES_PER_ACL = 40

LIVE_NAMES = {
    "elastic_addresses": "elastic_ips_per_region",
    "rules_per_acl": "rules_per_network_acl",
    "load_balancers": "network_load_balancers_per_region",
    "target_groups": "target_groups_per_region",
}
"""What Service Quotas' result calls a quota, where it has another name here."""


class Quotas(Described):
    """The account's quotas, where AWS raised them: a plan beyond them is refused before anything is made."""

    live: bool = True
    """Whether those that aren't written here are asked of AWS when the plan is made; if not, AWS's defaults hold."""
    routes_per_table: int | None = Field(default=None, ge=1, le=MOST_ROUTES_PER_TABLE)
    """Routes in one route table, of each address family."""
    rules_per_group: int | None = Field(default=None, ge=1, le=MOST_RULES_PER_INTERFACE)
    """Rules on one security group, in each direction."""
    rules_per_acl: int | None = Field(default=None, ge=1, le=MOST_RULES_PER_ACL)
    """Rules of one network ACL, of each address family in each direction; AWS's own last one is one of them."""
    elastic_addresses: int | None = Field(default=None, ge=0)
    """Elastic IP addresses in the region."""
    subnets_per_vpc: int | None = Field(default=None, ge=1)
    """Subnets of one VPC."""
    load_balancers: int | None = Field(default=None, ge=0)
    """Network load balancers in the region."""
    listeners_per_load_balancer: int | None = Field(default=None, ge=1)
    """Listeners of one network load balancer."""
    targets_per_load_balancer: int | None = Field(default=None, ge=1)
    """Targets of one network load balancer; one in two target groups counts twice."""
    targets_per_zone_of_load_balancer: int | None = Field(default=None, ge=1)
    """The same in one availability zone. With cross-zone load balancing each zone has them all."""
    targets_per_group: int | None = Field(default=None, ge=1)
    """Targets in one target group."""
    target_groups: int | None = Field(default=None, ge=0)
    """Target groups in the region, those of application load balancers included."""


class Origin(StrEnum):
    """Who says what a quota is."""

    DECLARED = "declared"
    LIVE = "live"
    DEFAULT = "default"


@dataclass(frozen=True)
class Limit:
    """A quota that holds, and who says so."""

    value: int
    origin: Origin = Origin.DEFAULT


@dataclass(frozen=True)
class Limits:
    """The quotas that hold for a network."""

    routes_per_table: Limit = Limit(codes.ROUTES_PER_TABLE.default)
    rules_per_group: Limit = Limit(codes.RULES_PER_GROUP.default)
    rules_per_acl: Limit = Limit(codes.RULES_PER_NETWORK_ACL.default)
    elastic_addresses: Limit = Limit(codes.ELASTIC_IPS_PER_REGION.default)
    subnets_per_vpc: Limit = Limit(codes.SUBNETS_PER_VPC.default)
    load_balancers: Limit = Limit(codes.NLBS_PER_REGION.default)
    listeners_per_load_balancer: Limit = Limit(codes.LISTENERS_PER_NLB.default)
    targets_per_load_balancer: Limit = Limit(codes.TARGETS_PER_NLB.default)
    targets_per_zone_of_load_balancer: Limit = Limit(codes.TARGETS_PER_ZONE_OF_NLB.default)
    targets_per_group: Limit = Limit(codes.TARGETS_PER_GROUP.default)
    target_groups: Limit = Limit(codes.TARGET_GROUPS_PER_REGION.default)

    @classmethod
    def of(cls, declared: Quotas, live: GetQuotasResult | None = None) -> Limits:
        """Put together what is declared, what AWS says, and its defaults, in this order."""
        limits = cls()
        for name in limits.__dataclass_fields__:
            written = getattr(declared, name)
            asked = getattr(live, LIVE_NAMES.get(name, name)) if live else None
            if written is not None:
                limits = replace(limits, **{name: Limit(written, Origin.DECLARED)})
            elif asked is not None:
                limits = replace(limits, **{name: Limit(asked.value, Origin(asked.source))})
        return limits

    def hold_routes(self, number: int, path: str) -> None:
        """Refuse more routes than a table holds. Raises InvalidInputError."""
        most = self.routes_per_table.value
        if number > most:
            raise InvalidInputError(
                f"{number} routes are too many for one table",
                detail=f"A table holds {most}: one for each node, and the ways out. Declare fewer, or ask AWS for a "
                "higher quota and write it into `quotas.routesPerTable` of the network.",
                path=path,
            )

    def hold_rules(self, number: int, group: str, path: str) -> None:
        """Refuse more rules than a group holds in one direction. Raises InvalidInputError.

        Args:
            number: how many there would be.
            group: whose they are, as the user should read it.
            path: what asks for them.
        """
        most = self.rules_per_group.value
        if number > most:
            raise InvalidInputError(
                f"{number} rules are too many for the security group of {group}",
                detail=f"It holds {most}. Put neighbouring ranges into one, "
                "or ask AWS for a higher quota and write it into `quotas.rulesPerGroup` of the network.",
                path=path,
            )

    def hold_entries(self, number: int, path: str) -> None:
        """Refuse more rules than a network ACL holds in one direction, with AWS's own. Raises InvalidInputError."""
        most = self.rules_per_acl.value
        if number + 1 > most:
            raise InvalidInputError(
                f"{number} rules are too many for one ACL",
                detail=f"It holds {most} of a family, with AWS's last one and one for each range of the network. Put "
                "neighbouring ranges into one, or ask AWS for a higher quota and write it into `quotas.rulesPerAcl`.",
                path=path,
            )

    def hold_addresses(self, number: int, path: str) -> None:
        """Refuse more NAT gateways than the account has addresses for. Raises InvalidInputError."""
        most = self.elastic_addresses.value
        if number > most:
            raise InvalidInputError(
                f"{number} NAT gateways need {number} elastic addresses",
                detail=f"The region has {most} for this account, if nothing else uses them. Choose `single`, or ask "
                "AWS for a higher quota and write it into `quotas.elasticAddresses` of the network.",
                path=path,
            )

    def hold_subnets(self, number: int, path: str) -> None:
        """Refuse more subnets than a VPC has. Raises InvalidInputError."""
        most = self.subnets_per_vpc.value
        if number > most:
            detail = f"A VPC has {most}. Declare fewer zones or slots, or raise `quotas.subnetsPerVpc`."
            raise InvalidInputError(f"{number} subnets are too many", detail=detail, path=path)


MOST_ATTACHED = 50
"""Target groups of an Auto Scaling group; AWS gives nobody more.
https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-quotas.html"""


def hold_attached(number: int, group: str, path: str) -> None:
    """Refuse more target groups than can be attached to an Auto Scaling group. Raises InvalidInputError."""
    if number > MOST_ATTACHED:
        detail = (
            f"It takes {MOST_ATTACHED}, one for each listener that sends to nodes, and both while one takes another's "
            "place. Send to pods (`targets: {kind: pods}`), put a proxy behind fewer ports, or take `attach` from the "
            "network's `nodes`."
        )
        raise InvalidInputError(f"{number} target groups are too many for {group}", detail=detail, path=path)
