"""Which quotas Service Quotas lists of the strict services, under which codes.

The codes of VPC are moto's own list; those of the others are in AWS's tables:
https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-limits.html links each quota to its code.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from moto.servicequotas.resources.default_quotas.vpc import VPC_DEFAULT_QUOTAS

from kubewire.local.aws.quotas import QUOTAS, Quota

SERVICES: Final = {
    "vpc": "Amazon Virtual Private Cloud (Amazon VPC)",
    "ec2": "Amazon Elastic Compute Cloud (Amazon EC2)",
    "elasticloadbalancing": "Elastic Load Balancing (ELB)",
}
HELD: Final = {
    "L-93826ACB": "routes-per-route-table",
    "L-0EA8095F": "rules-per-security-group",
    "L-2AFB9258": "security-groups-per-interface",
    "L-E79EC296": "security-groups-per-region",
    "L-407747CB": "subnets-per-vpc",
    "L-589F43AA": "route-tables-per-vpc",
    "L-F678F1CE": "vpcs-per-region",
    "L-A4707A72": "internet-gateways-per-region",
    "L-FE5A380F": "nat-gateways-per-zone",
    "L-1B52E74A": "gateway-endpoints-per-region",
    "L-29B6F2EB": "interface-endpoints-per-vpc",
    "L-83CA0A9D": "ipv4-cidr-blocks-per-vpc",
    "L-B4A6D682": "network-acls-per-vpc",
    "L-2AEEBF1A": "rules-per-network-acl",
    "L-0263D0A3": "elastic-ips-per-region",
    "L-53DA6B97": "application-load-balancers",
    "L-69A177A2": "network-load-balancers",
    "L-57A373D6": "listeners-per-network-load-balancer",
    "L-EEF1AD04": "targets-per-network-load-balancer",
    "L-B211E961": "targets-per-availability-zone-per-network-load-balancer",
    "L-A0D0B863": "targets-per-target-group",
    "L-B22855CB": "target-groups",
}
"""Which quota of the strict services a code is."""
NAMES: Final = {
    "ec2": {"L-0263D0A3": "EC2-VPC Elastic IPs"},
    "elasticloadbalancing": {
        "L-53DA6B97": "Application Load Balancers per Region",
        "L-69A177A2": "Network Load Balancers per Region",
        "L-57A373D6": "Listeners per Network Load Balancer",
        "L-EEF1AD04": "Targets per Network Load Balancer",
        "L-B211E961": "Targets per Availability Zone per Network Load Balancer",
        "L-A0D0B863": "Targets per Target Group per Region",
        "L-B22855CB": "Target Groups per Region",
    },
}
"""Service Quotas' names for the quotas of the services that moto has no list of."""


@dataclass(frozen=True)
class Listed:
    """A quota as Service Quotas knows it.

    Attributes:
        service: its service's code.
        code: its own.
        name: Service Quotas' name for it.
        default: AWS's default.
        held: what the strict services hold an account to; None where they don't.
    """

    service: str
    code: str
    name: str
    default: float
    held: Quota | None

    def shown(self, region: str, account: str, value: float) -> dict[str, Any]:
        """Write it as Service Quotas does; AWS's defaults belong to no account."""
        return {
            "ServiceCode": self.service,
            "ServiceName": SERVICES[self.service],
            "QuotaArn": f"arn:aws:servicequotas:{region}:{account}:{self.service}/{self.code}",
            "QuotaCode": self.code,
            "QuotaName": self.name,
            "Value": float(value),
            "Unit": "None",
            "Adjustable": True,
            "GlobalQuota": False,
            "QuotaAppliedAtLevel": "ACCOUNT",
        }

    def applied(self, limit: Callable[[Quota], int]) -> float | None:
        """Give what is applied to the account; None where it is nothing but the default, unlisted."""
        return float(limit(self.held)) if self.held else None


def listed(service: str) -> tuple[Listed, ...]:
    """Give a service's quotas in the order of their names; none of a service that isn't there."""
    rows: list[tuple[str, str, float]]
    table: list[dict[str, Any]] = VPC_DEFAULT_QUOTAS if service == "vpc" else []
    rows = [(row["QuotaCode"], row["QuotaName"], row["Value"]) for row in table]
    rows += [(code, name, 0.0) for code, name in NAMES.get(service, {}).items()]
    return tuple(_listed(service, *row) for row in sorted(rows, key=lambda row: row[1]))


def _listed(service: str, code: str, name: str, default: float) -> Listed:
    held = QUOTAS.get(HELD.get(code, ""))
    return Listed(service, code, name, float(held.default) if held else default, held)
