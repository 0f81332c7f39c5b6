"""How many rules a security group may have."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from moto.ec2.models.security_groups import SecurityGroupRule

from kubewire.local.aws.call import Call
from kubewire.local.aws.ec2.group_rows import as_wanted
from kubewire.local.aws.ec2.permission_peers import IPV4, IPV6, PREFIX_LIST
from kubewire.local.aws.ec2.permissions import Wanted
from kubewire.local.aws.ec2.prefix_lists import weight
from kubewire.local.aws.quotas import quota
from kubewire.local.aws.refusal import Refusal

_LIMITS: Final = "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html"
RULES: Final = quota("rules-per-security-group", default=60, page=_LIMITS)
GROUPS_PER_INTERFACE: Final = quota("security-groups-per-interface", default=5, page=_LIMITS)
MOST_ON_AN_INTERFACE: Final = 1000
"""What an account's two quotas may be, multiplied: AWS grants no more. https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html"""


def check_quota(call: Call, present: Iterable[SecurityGroupRule], added: Iterable[Wanted]) -> None:
    """Refuse one rule too many in a direction; IPv4 and IPv6 are counted apart.

    A group counts as a rule in both, and a prefix list as the most entries that it can have.

    https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
    """
    rules = [*(as_wanted(rule) for rule in present), *added]
    groups = max(call.limit(GROUPS_PER_INTERFACE), 1)
    most = min(call.limit(RULES), MOST_ON_AN_INTERFACE // groups)
    for other_family in (IPV4, IPV6):
        if sum(_weight(call, rule) for rule in rules if rule.kind != other_family) > most:
            raise Refusal(
                "RulesPerSecurityGroupLimitExceeded",
                "The maximum number of rules per security group has been reached.",
            )


def _weight(call: Call, rule: Wanted) -> int:
    found = call.ec2.managed_prefix_lists.get(rule.peer) if rule.kind == PREFIX_LIST else None
    return weight(found) if found is not None else 1
