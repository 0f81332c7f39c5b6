from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.local.aws.case import Case, config, ec2
from tests.integration.local.aws.group_steps import VPC, admit, from_group, made, tcp

GUIDE = "https://docs.aws.amazon.com/vpc/latest/userguide"
LIMITS = f"{GUIDE}/amazon-vpc-limits.html"
BASE = (VPC, made())
FULL = ("RulesPerSecurityGroupLimitExceeded", "The maximum number of rules per security group has been reached.")
LIST = ec2.create_managed_prefix_list(PrefixListName="five", MaxEntries=5, AddressFamily="IPv4").keep(
    list="PrefixList.PrefixListId"
)

CASES = [
    Case(
        "sixty rules a direction and no more",
        LIMITS,
        *BASE,
        admit(*[tcp(port) for port in range(1, 61)]),
        admit(tcp(61)).refused(*FULL),
        ec2.authorize_security_group_egress(GroupId="$group", IpPermissions=[tcp(port) for port in range(1, 60)]),
        ec2.authorize_security_group_egress(GroupId="$group", IpPermissions=[tcp(61)]).refused(*FULL),
    ),
    Case(
        "IPv6 rules are counted apart, and a group counts as both",
        LIMITS,
        config(quotas={"rules-per-security-group": 2}),
        *BASE,
        admit(tcp(1), tcp(2)),
        admit(*[tcp(port, Ipv6Ranges=[{"CidrIpv6": "::/0"}]) for port in (1, 2)]),
        admit(tcp(3, Ipv6Ranges=[{"CidrIpv6": "::/0"}])).refused(*FULL),
        admit(from_group("$group")).refused(*FULL),
    ),
    Case(
        "a prefix list counts as the most entries that it can have",
        f"{GUIDE}/managed-prefix-lists.html",
        config(quotas={"rules-per-security-group": 6}),
        *BASE,
        LIST,
        admit(tcp(22, PrefixListIds=[{"PrefixListId": "$list"}])),
        admit(tcp(80), tcp(81)).refused(*FULL),
        admit(tcp(80)),
    ),
    Case(
        "rules a group and groups an interface, multiplied, are a thousand at most",
        LIMITS,
        config(quotas={"rules-per-security-group": 1000, "security-groups-per-interface": 16}),
        *BASE,
        admit(*[tcp(port) for port in range(1, 64)]).refused(*FULL),
        admit(*[tcp(port) for port in range(1, 63)]),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_rules_are_counted_as_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)
