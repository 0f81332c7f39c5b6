"""How many load balancers, listeners, target groups and targets there may be."""

from __future__ import annotations

from typing import Final

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.quotas import quota
from kubewire.local.aws.rules import Proceed, answers

_NLB: Final = "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-limits.html"
_ALB: Final = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html"

APPLICATION_BALANCERS: Final = quota("application-load-balancers", default=50, page=_ALB)
GATEWAY_BALANCERS: Final = quota(
    "gateway-load-balancers",
    default=100,
    page="https://docs.aws.amazon.com/elasticloadbalancing/latest/gateway/quotas-limits.html",
)
NETWORK_BALANCERS: Final = quota("network-load-balancers", default=50, page=_NLB)
LISTENERS: Final = quota("listeners-per-network-load-balancer", default=50, page=_NLB)
TARGET_GROUPS: Final = quota("target-groups", default=3000, page=_NLB)
TARGETS_OF_A_GROUP: Final = quota("targets-per-target-group", default=1000, page=_ALB)
TARGETS: Final = quota("targets-per-network-load-balancer", default=3000, page=_NLB)
TARGETS_IN_A_ZONE: Final = quota("targets-per-availability-zone-per-network-load-balancer", default=500, page=_NLB)
# With cross-zone load balancing, the quota of one zone is that of the whole load balancer.

_ALL: Final = (
    APPLICATION_BALANCERS,
    GATEWAY_BALANCERS,
    NETWORK_BALANCERS,
    LISTENERS,
    TARGET_GROUPS,
    TARGETS,
    TARGETS_IN_A_ZONE,
)


@answers("elbv2", "DescribeAccountLimits")
def account_limits(call: Call, _proceed: Proceed) -> Answer:
    """The limits as they are configured.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeAccountLimits.html
    """
    return {"Limits": [{"Name": one.name, "Max": str(call.limit(one))} for one in _ALL]}
