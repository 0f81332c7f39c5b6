"""What the account may have, as Service Quotas says: a plan beyond it is refused before anything is made."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from kubewire.errors import CloudError, KubewireError, RefusedError
from kubewire.functions import quota_codes as codes
from kubewire.functions.base import Function
from kubewire.functions.quota_codes import QuotaCode, Service
from kubewire.model import Model

if TYPE_CHECKING:
    from types_boto3_service_quotas.type_defs import ServiceQuotaTypeDef

NOT_LISTED: Final = "NoSuchResourceException"
"""What GetServiceQuota says where an account has nothing applied, and any call where it doesn't know a code:
https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_GetServiceQuota.html."""


class QuotaSource(StrEnum):
    """Where a quota's value is from."""

    LIVE = "live"
    """Service Quotas has it applied to this account and region."""
    DEFAULT = "default"
    """AWS's default: nothing else is applied, or Service Quotas could not be asked."""


class QuotaValue(Model):
    """How many there may be."""

    value: int
    """The number."""
    source: QuotaSource
    """Whether it is this account's own."""


class GetQuotasArgs(Model):
    """None: the account and the region are the provider's."""


class GetQuotasResult(Model):
    """What the account may have in the region."""

    routes_per_table: QuotaValue
    """Routes in one route table, IPv4 and IPv6 each."""
    rules_per_group: QuotaValue
    """Rules on one security group, in each direction, IPv4 and IPv6 each."""
    groups_per_interface: QuotaValue
    """Security groups on one network interface."""
    subnets_per_vpc: QuotaValue
    """Subnets in one VPC."""
    vpcs_per_region: QuotaValue
    """VPCs."""
    cidrs_per_vpc: QuotaValue
    """IPv4 ranges of one VPC, the primary one included."""
    nat_gateways_per_zone: QuotaValue
    """NAT gateways in one availability zone."""
    rules_per_network_acl: QuotaValue
    """Rules of one network ACL, in each direction, IPv4 and IPv6 each."""
    interface_endpoints_per_vpc: QuotaValue
    """Interface endpoints, and those of Gateway Load Balancers, in one VPC."""
    gateway_endpoints_per_region: QuotaValue
    """Gateway endpoints."""
    elastic_ips_per_region: QuotaValue
    """Elastic IP addresses."""
    network_load_balancers_per_region: QuotaValue
    """Network Load Balancers."""
    listeners_per_load_balancer: QuotaValue
    """Listeners of one Network Load Balancer."""
    targets_per_load_balancer: QuotaValue
    """Targets of one Network Load Balancer, of all of its target groups together."""
    targets_per_zone_of_load_balancer: QuotaValue
    """The same in one availability zone."""
    targets_per_group: QuotaValue
    """Targets in one target group."""
    target_groups_per_region: QuotaValue
    """Target groups."""
    reason: str = ""
    """Why some values are defaults that AWS's documentation gives; empty where Service Quotas told them all."""


CODES: Final = {
    "routes_per_table": codes.ROUTES_PER_TABLE,
    "rules_per_group": codes.RULES_PER_GROUP,
    "groups_per_interface": codes.GROUPS_PER_INTERFACE,
    "subnets_per_vpc": codes.SUBNETS_PER_VPC,
    "vpcs_per_region": codes.VPCS_PER_REGION,
    "cidrs_per_vpc": codes.CIDRS_PER_VPC,
    "nat_gateways_per_zone": codes.NAT_GATEWAYS_PER_ZONE,
    "rules_per_network_acl": codes.RULES_PER_NETWORK_ACL,
    "interface_endpoints_per_vpc": codes.INTERFACE_ENDPOINTS_PER_VPC,
    "gateway_endpoints_per_region": codes.GATEWAY_ENDPOINTS_PER_REGION,
    "elastic_ips_per_region": codes.ELASTIC_IPS_PER_REGION,
    "network_load_balancers_per_region": codes.NLBS_PER_REGION,
    "listeners_per_load_balancer": codes.LISTENERS_PER_NLB,
    "targets_per_load_balancer": codes.TARGETS_PER_NLB,
    "targets_per_zone_of_load_balancer": codes.TARGETS_PER_ZONE_OF_NLB,
    "targets_per_group": codes.TARGETS_PER_GROUP,
    "target_groups_per_region": codes.TARGET_GROUPS_PER_REGION,
}
"""Which quota each field of the result is."""


class GetQuotas(Function[GetQuotasArgs, GetQuotasResult]):
    """Looks up the account's quotas. It never fails: what can't be asked is AWS's default, and the reason is told."""

    Args, Result = GetQuotasArgs, GetQuotasResult

    def run(self, args: GetQuotasArgs) -> GetQuotasResult:
        del args
        values = {quota: QuotaValue(value=quota.default, source=QuotaSource.DEFAULT) for quota in CODES.values()}
        reasons = []
        for service in Service:
            try:
                # One by one as they come: what was told before a refusal stays.
                values.update(self._asked([quota for quota in values if quota.service is service]))
            except KubewireError as error:
                # One line: who answers in AWS's place may send a page.
                reasons.append(error.summary.partition("\n")[0])
                if not isinstance(error, RefusedError):
                    # No way there, or no answer in all of a client's patience: that won't differ for another service.
                    break
        named = {field: values[quota] for field, quota in CODES.items()}
        return GetQuotasResult.model_validate({**named, "reason": "; ".join(reasons)})

    def _asked(self, wanted: list[QuotaCode]) -> Iterator[tuple[QuotaCode, QuotaValue]]:
        """Give one service's quotas: what is applied to the account, then AWS's default of today for the others.

        A list leaves out what nothing is applied of:
        https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_ListServiceQuotas.html.
        """
        applied = self._applied(wanted)
        for quota in wanted:
            if quota.code in applied:
                yield quota, QuotaValue(value=applied[quota.code], source=QuotaSource.LIVE)
        for quota in wanted:
            if quota.code not in applied:
                yield quota, QuotaValue(value=self._default(quota), source=QuotaSource.DEFAULT)

    def _applied(self, wanted: list[QuotaCode]) -> dict[str, int]:
        service = wanted[0].service
        if len(wanted) == 1:
            # EC2 has some hundred quotas, of which one is needed.
            one = self._one(wanted[0])
            rows = [one] if one else []
        else:
            rows = self.cloud.service_quotas.list_service_quotas(ServiceCode=service)["Quotas"]
        # A quota that its service couldn't tell has an ErrorReason in the value's place.
        return {row["QuotaCode"]: int(row["Value"]) for row in rows if "Value" in row}

    def _one(self, quota: QuotaCode) -> ServiceQuotaTypeDef | None:
        try:
            answer = self.cloud.service_quotas.get_service_quota(ServiceCode=quota.service, QuotaCode=quota.code)
        except RefusedError as error:
            if error.code != NOT_LISTED:
                raise
            return None
        return answer["Quota"]

    def _default(self, quota: QuotaCode) -> int:
        try:
            answer = self.cloud.service_quotas.get_aws_default_service_quota(
                ServiceCode=quota.service, QuotaCode=quota.code
            )
        except CloudError as error:
            if error.code != NOT_LISTED:
                raise
            return quota.default
        return int(answer["Quota"].get("Value", quota.default))
