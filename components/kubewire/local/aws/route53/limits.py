"""What the account's limits are, and how much of them is used; moto doesn't tell.

https://docs.aws.amazon.com/Route53/latest/APIReference/API_GetAccountLimit.html
https://docs.aws.amazon.com/Route53/latest/APIReference/API_GetHostedZoneLimit.html
"""

from __future__ import annotations

from typing import Final

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.refusal import Refusal
from kubewire.local.aws.route53.account import zone_of
from kubewire.local.aws.route53.hosted_zones import ZONES
from kubewire.local.aws.route53.private_zones import VPCS
from kubewire.local.aws.route53.record_limits import RECORDS
from kubewire.local.aws.rules import Proceed, answers

# https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html#limits-api-entities
HEALTH_CHECKS: Final = 200
DELEGATION_SETS: Final = 100
TRAFFIC_POLICIES: Final = 50
TRAFFIC_POLICY_INSTANCES: Final = 5


@answers("route53", "GetAccountLimit")
def account_limit(call: Call, proceed: Proceed) -> Answer:  # noqa: ARG001 - moto has no limits
    """One limit of the account's."""
    has, kind = call.route53, call.parameters["Type"]
    value, count = {
        "MAX_HEALTH_CHECKS_BY_OWNER": (HEALTH_CHECKS, len(has.health_checks)),
        "MAX_HOSTED_ZONES_BY_OWNER": (call.limit(ZONES), len(has.zones)),
        "MAX_REUSABLE_DELEGATION_SETS_BY_OWNER": (DELEGATION_SETS, len(has.delegation_sets)),
        # There are none of these here.
        "MAX_TRAFFIC_POLICIES_BY_OWNER": (TRAFFIC_POLICIES, 0),
        "MAX_TRAFFIC_POLICY_INSTANCES_BY_OWNER": (TRAFFIC_POLICY_INSTANCES, 0),
    }[kind]
    return {"Limit": {"Type": kind, "Value": value}, "Count": count}


@answers("route53", "GetHostedZoneLimit")
def zone_limit(call: Call, proceed: Proceed) -> Answer:  # noqa: ARG001 - as above
    """One limit of a zone's."""
    zone, kind = zone_of(call), call.parameters["Type"]
    if kind == "MAX_RRSETS_BY_ZONE":
        return {"Limit": {"Type": kind, "Value": call.limit(RECORDS)}, "Count": len(zone.rrsets)}
    if not zone.private_zone:
        raise Refusal("HostedZoneNotPrivate", "The specified hosted zone is a public hosted zone.")
    return {"Limit": {"Type": kind, "Value": call.limit(VPCS)}, "Count": len(zone.vpcs)}
