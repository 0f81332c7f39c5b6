from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.local.aws.case import Case, config, ec2
from tests.integration.local.aws.network import ERRORS, LIMITS, VPC
from tests.integration.local.aws.network_acl_steps import (
    ACL,
    CREATE,
    DEFAULT,
    DEFAULT_PAGE,
    DESCRIBE,
    GUIDE,
    INGRESS,
    KEPT,
    OWN,
    REPLACE,
    entry,
    said,
)

ENTRY_CASES = [
    Case(
        "a new ACL denies everything",
        f"{GUIDE}/custom-network-acl.html",
        VPC,
        ACL.answers(
            {
                "NetworkAcl.IsDefault": False,
                "NetworkAcl.Entries[].[Egress, RuleNumber, RuleAction, Protocol, CidrBlock]": [
                    [True, 32767, "deny", "-1", "0.0.0.0/0"],
                    [False, 32767, "deny", "-1", "0.0.0.0/0"],
                ],
            }
        ),
    ),
    Case(
        "the default ACL lets everything pass",
        DEFAULT_PAGE,
        VPC,
        DEFAULT.answers({INGRESS: [[100, "allow", "0.0.0.0/0", None], [32767, "deny", "0.0.0.0/0", None]]}),
    ),
    Case(
        "with IPv6 come entries for it",
        DEFAULT_PAGE,
        VPC,
        ACL,
        ec2.associate_vpc_cidr_block(VpcId="$vpc", AmazonProvidedIpv6CidrBlock=True),
        DEFAULT.answers(
            {
                INGRESS: [
                    [100, "allow", "0.0.0.0/0", None],
                    [101, "allow", None, "::/0"],
                    [32767, "deny", "0.0.0.0/0", None],
                    [32768, "deny", None, "::/0"],
                ]
            }
        ),
        DESCRIBE.answers({INGRESS: [[32767, "deny", "0.0.0.0/0", None], [32768, "deny", None, "::/0"]]}),
    ),
    Case(
        "a default ACL that somebody changed lets no IPv6 pass by itself",
        DEFAULT_PAGE,
        VPC,
        KEPT,
        ec2.delete_network_acl_entry(NetworkAclId="$default", RuleNumber=100, Egress=False),
        ec2.associate_vpc_cidr_block(VpcId="$vpc", AmazonProvidedIpv6CidrBlock=True),
        DEFAULT.answers({INGRESS: [[32767, "deny", "0.0.0.0/0", None], [32768, "deny", None, "::/0"]]}),
    ),
    Case(
        "an entry, and the same number the other way",
        CREATE,
        VPC,
        ACL,
        entry(),
        entry(Egress=True, RuleAction="deny"),
        DESCRIBE.answers(
            {
                OWN: [
                    {
                        "RuleNumber": 100,
                        "Protocol": "6",
                        "RuleAction": action,
                        "Egress": egress,
                        "CidrBlock": "10.0.0.0/16",
                        "PortRange": {"From": 443, "To": 443},
                    }
                    for action, egress in (("deny", True), ("allow", False))
                ]
            }
        ),
    ),
    Case(
        "a number that is taken",
        CREATE,
        VPC,
        ACL,
        entry(),
        entry(CidrBlock="10.1.0.0/16").refused(
            "NetworkAclEntryAlreadyExists", "The network acl entry identified by 100 already exists."
        ),
    ),
    Case(
        "numbers that are AWS's",
        CREATE,
        VPC,
        ACL,
        *[
            entry(RuleNumber=number).refused(
                "InvalidParameterValue", f"Invalid value '{number}' for ruleNumber. Must be from 1 to 32766."
            )
            for number in (0, 32767)
        ],
        ec2.delete_network_acl_entry(NetworkAclId="$acl", RuleNumber=32767, Egress=True).refused(
            "InvalidParameterValue", "Invalid value '32767' for ruleNumber. Must be from 1 to 32766."
        ),
    ),
    Case(
        "host bits of a range are dropped",
        CREATE,
        VPC,
        ACL,
        entry(CidrBlock="100.68.0.18/18"),
        DESCRIBE.answers({f"{OWN}.CidrBlock": ["100.68.0.0/18"]}),
    ),
    Case(
        "no range, and two",
        CREATE,
        VPC,
        ACL,
        entry("CidrBlock").refused(
            "MissingParameter", "The request must contain exactly one of cidrBlock or ipv6CidrBlock"
        ),
        entry(Ipv6CidrBlock="::/0").refused(
            "InvalidParameterCombination", "The request must contain exactly one of cidrBlock or ipv6CidrBlock"
        ),
        entry(CidrBlock="10.0.0.0").refused(
            "InvalidParameterValue",
            "Value (10.0.0.0) for parameter cidrBlock is invalid. This is not a valid CIDR block.",
        ),
    ),
    Case(
        "TCP without ports, and ports that are none",
        CREATE,
        VPC,
        ACL,
        entry("PortRange").refused("MissingParameter", "The request must contain the parameter portRange"),
        entry(PortRange={"From": 2, "To": 1}).refused("InvalidParameterValue", "Invalid TCP/UDP port range (2:1)"),
        entry(PortRange={"From": 0, "To": 65536}).refused(
            "InvalidParameterValue", "Invalid TCP/UDP port range (0:65536)"
        ),
    ),
    Case(
        "ICMP has a type and a code",
        CREATE,
        VPC,
        ACL,
        entry("PortRange", Protocol="1").refused(
            "MissingParameter", "The request must contain the parameter icmpTypeCode"
        ),
        entry(Protocol="1", IcmpTypeCode={"Type": 256, "Code": 0}).refused(
            "InvalidParameterValue", "Invalid ICMP type or code (256:0)"
        ),
        entry("PortRange", Protocol="1", IcmpTypeCode={"Type": 8, "Code": -1}),
        entry(
            "PortRange",
            "CidrBlock",
            RuleNumber=101,
            Protocol="58",
            Ipv6CidrBlock="2001:db8::/56",
            IcmpTypeCode={"Type": -1, "Code": -1},
        ),
        DESCRIBE.answers(
            {f"{OWN}.[Protocol, IcmpTypeCode]": [["1", {"Type": 8, "Code": -1}], ["58", {"Type": -1, "Code": -1}]]}
        ),
    ),
    Case(
        "what doesn't belong to a protocol is left out",
        CREATE,
        VPC,
        ACL,
        entry(Protocol="-1"),
        entry(RuleNumber=101, Protocol="50", IcmpTypeCode={"Type": 1, "Code": 1}),
        DESCRIBE.answers({f"{OWN}.[Protocol, PortRange, IcmpTypeCode]": [["-1", None, None], ["50", None, None]]}),
    ),
    Case(
        "a protocol that is none",
        CREATE,
        VPC,
        ACL,
        entry(Protocol="256").refused("InvalidParameterValue", "Invalid value '256' for protocol."),
        entry(RuleAction="drop").refused("InvalidParameterValue", "Invalid value 'drop' for RuleAction."),
    ),
    Case(
        "an entry is replaced",
        REPLACE,
        VPC,
        ACL,
        entry(),
        ec2.replace_network_acl_entry(**said(RuleAction="deny", CidrBlock="10.1.0.0/16")),
        DESCRIBE.answers({f"{OWN}.[RuleAction, CidrBlock]": [["deny", "10.1.0.0/16"]]}),
    ),
    Case(
        "an entry that isn't there",
        ERRORS,
        VPC,
        ACL,
        entry(),
        ec2.replace_network_acl_entry(**said(Egress=True)).refused(
            "InvalidNetworkAclEntry.NotFound", "no egress entry with number 100 in network ACL $acl"
        ),
        ec2.delete_network_acl_entry(NetworkAclId="$acl", RuleNumber=7, Egress=False).refused(
            "InvalidNetworkAclEntry.NotFound", "no ingress entry with number 7 in network ACL $acl"
        ),
        ec2.delete_network_acl_entry(NetworkAclId="$acl", RuleNumber=100, Egress=False),
        DESCRIBE.answers({OWN: []}),
    ),
    Case(
        "twenty entries in a direction and family, AWS's own counted",
        LIMITS,
        ec2.create_vpc(CidrBlock="10.0.0.0/16", AmazonProvidedIpv6CidrBlock=True).keep(vpc="Vpc.VpcId"),
        ACL,
        config(quotas={"rules-per-network-acl": 2}),
        entry(),
        entry(RuleNumber=101).refused(
            "NetworkAclEntryLimitExceeded", "The maximum number of network acl entries has been reached."
        ),
        entry(Egress=True),
        entry("CidrBlock", RuleNumber=102, Ipv6CidrBlock="::/0"),
        entry("CidrBlock", RuleNumber=103, Ipv6CidrBlock="::/0").refused(
            "NetworkAclEntryLimitExceeded", "The maximum number of network acl entries has been reached."
        ),
        ec2.replace_network_acl_entry(**said(RuleAction="deny")),
    ),
]


@pytest.mark.parametrize("case", ENTRY_CASES, ids=repr)
def test_network_acls_are_as_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)
