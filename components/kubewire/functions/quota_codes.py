"""The quotas that a cluster network meets: AWS's codes for them, and what an account has that asked for nothing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

VPC_PAGE: Final = "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html"
NLB_PAGE: Final = "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-limits.html"
TARGETS_PAGE: Final = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html"


class Service(StrEnum):
    """Services as Service Quotas names them."""

    VPC = "vpc"
    EC2 = "ec2"
    ELB = "elasticloadbalancing"


@dataclass(frozen=True)
class QuotaCode:
    """One quota.

    Attributes:
        service: whose it is.
        code: Service Quotas' name for it, the same in every region: https://docs.aws.amazon.com/general/latest/gr/.
        default: what AWS's documentation gives an account.
        page: where it does.
    """

    service: Service
    code: str
    default: int
    page: str


ROUTES_PER_TABLE: Final = QuotaCode(Service.VPC, "L-93826ACB", 500, VPC_PAGE)
RULES_PER_GROUP: Final = QuotaCode(Service.VPC, "L-0EA8095F", 60, VPC_PAGE)
GROUPS_PER_INTERFACE: Final = QuotaCode(Service.VPC, "L-2AFB9258", 5, VPC_PAGE)
SUBNETS_PER_VPC: Final = QuotaCode(Service.VPC, "L-407747CB", 200, VPC_PAGE)
VPCS_PER_REGION: Final = QuotaCode(Service.VPC, "L-F678F1CE", 5, VPC_PAGE)
CIDRS_PER_VPC: Final = QuotaCode(Service.VPC, "L-83CA0A9D", 5, VPC_PAGE)
NAT_GATEWAYS_PER_ZONE: Final = QuotaCode(Service.VPC, "L-FE5A380F", 5, VPC_PAGE)
RULES_PER_NETWORK_ACL: Final = QuotaCode(Service.VPC, "L-2AEEBF1A", 20, VPC_PAGE)
INTERFACE_ENDPOINTS_PER_VPC: Final = QuotaCode(Service.VPC, "L-29B6F2EB", 50, VPC_PAGE)
GATEWAY_ENDPOINTS_PER_REGION: Final = QuotaCode(Service.VPC, "L-1B52E74A", 20, VPC_PAGE)
ELASTIC_IPS_PER_REGION: Final = QuotaCode(Service.EC2, "L-0263D0A3", 5, VPC_PAGE)
NLBS_PER_REGION: Final = QuotaCode(Service.ELB, "L-69A177A2", 50, NLB_PAGE)
LISTENERS_PER_NLB: Final = QuotaCode(Service.ELB, "L-57A373D6", 50, NLB_PAGE)
TARGETS_PER_NLB: Final = QuotaCode(Service.ELB, "L-EEF1AD04", 3000, NLB_PAGE)
TARGETS_PER_ZONE_OF_NLB: Final = QuotaCode(Service.ELB, "L-B211E961", 500, NLB_PAGE)
TARGETS_PER_GROUP: Final = QuotaCode(Service.ELB, "L-A0D0B863", 1000, TARGETS_PAGE)
TARGET_GROUPS_PER_REGION: Final = QuotaCode(Service.ELB, "L-B22855CB", 3000, NLB_PAGE)
