from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.local.aws.case import Case, Step, config, ec2
from tests.integration.local.aws.network import API, ERRORS, LIMITS, OTHER_VPC, SUBNET, VPC

GUIDE = "https://docs.aws.amazon.com/vpc/latest/userguide"
DEFAULT_PAGE = f"{GUIDE}/default-network-acl.html"
CREATE = f"{API}/API_CreateNetworkAclEntry.html"
REPLACE = f"{API}/API_ReplaceNetworkAclEntry.html"
ASSOCIATE = f"{API}/API_ReplaceNetworkAclAssociation.html"
MISSING = "acl-0123456789abcdef0"

ACL = ec2.create_network_acl(VpcId="$vpc").keep(acl="NetworkAcl.NetworkAclId")
DESCRIBE = ec2.describe_network_acls(NetworkAclIds=["$acl"])
DEFAULT = ec2.describe_network_acls(
    Filters=[{"Name": "vpc-id", "Values": ["$vpc"]}, {"Name": "default", "Values": ["true"]}]
)
KEPT = DEFAULT.keep(default="NetworkAcls[0].NetworkAclId")
USER = ec2.describe_network_acls(Filters=[{"Name": "association.subnet-id", "Values": ["$subnet"]}])
HELD = USER.keep(held="NetworkAcls[0].Associations[0].NetworkAclAssociationId")
MOVE = ec2.replace_network_acl_association(AssociationId="$held", NetworkAclId="$acl")
OWN = "NetworkAcls[0].Entries[?RuleNumber < `32767`]"
INGRESS = "NetworkAcls[0].Entries[?!Egress].[RuleNumber, RuleAction, CidrBlock, Ipv6CidrBlock]"


def said(**other: Any) -> dict[str, Any]:
    return {
        "NetworkAclId": "$acl",
        "RuleNumber": 100,
        "Protocol": "6",
        "RuleAction": "allow",
        "Egress": False,
        "CidrBlock": "10.0.0.0/16",
        "PortRange": {"From": 443, "To": 443},
        **other,
    }


def entry(*without: str, **other: Any) -> Step:
    given = {name: value for name, value in said(**other).items() if name not in without}
    return ec2.create_network_acl_entry(**given)


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

ACL_CASES = [
    Case(
        "a new subnet uses the default ACL",
        f"{GUIDE}/vpc-network-acls.html",
        VPC,
        KEPT,
        SUBNET,
        USER.answers({"NetworkAcls[].NetworkAclId": ["$default"]}),
    ),
    Case(
        "a subnet moves to another ACL, and its association gets another id",
        ASSOCIATE,
        VPC,
        KEPT,
        SUBNET,
        ACL,
        HELD,
        MOVE.keep(new="NewAssociationId"),
        USER.answers(
            {
                "NetworkAcls[].NetworkAclId": ["$acl"],
                "NetworkAcls[0].Associations": [
                    {"NetworkAclAssociationId": "$new", "NetworkAclId": "$acl", "SubnetId": "$subnet"}
                ],
            }
        ),
        DEFAULT.answers({"NetworkAcls[0].Associations": []}),
        MOVE.refused("InvalidAssociationID.NotFound", "The association ID '$held' does not exist"),
        ec2.replace_network_acl_association(AssociationId="$new", NetworkAclId="$default"),
        USER.answers({"NetworkAcls[].NetworkAclId": ["$default"]}),
    ),
    Case(
        "an ACL of another VPC",
        ASSOCIATE,
        VPC,
        SUBNET,
        HELD,
        OTHER_VPC,
        ec2.create_network_acl(VpcId="$other").keep(acl="NetworkAcl.NetworkAclId"),
        MOVE.refused("InvalidParameterValue", "network ACL $acl and subnet $subnet belong to different networks"),
    ),
    Case(
        "an ACL in use isn't deleted, and one that isn't is",
        f"{API}/API_DeleteNetworkAcl.html",
        VPC,
        SUBNET,
        ACL,
        HELD,
        MOVE,
        ec2.delete_network_acl(NetworkAclId="$acl").refused(
            "DependencyViolation", "The networkAcl '$acl' has dependencies and cannot be deleted."
        ),
        ec2.delete_subnet(SubnetId="$subnet"),
        ec2.delete_network_acl(NetworkAclId="$acl"),
        DESCRIBE.refused("InvalidNetworkAclID.NotFound", "The networkAcl ID '$acl' does not exist"),
    ),
    Case(
        "the default ACL stays",
        f"{API}/API_DeleteNetworkAcl.html",
        VPC,
        KEPT,
        ec2.delete_network_acl(NetworkAclId="$default").refused(
            "InvalidParameterValue", "cannot delete default network ACL $default"
        ),
    ),
    Case(
        "an ACL keeps its VPC",
        f"{API}/API_DeleteVpc.html",
        VPC,
        ACL,
        ec2.delete_vpc(VpcId="$vpc").refused(
            "DependencyViolation", "The vpc '$vpc' has dependencies and cannot be deleted."
        ),
        ec2.delete_network_acl(NetworkAclId="$acl"),
        ec2.delete_vpc(VpcId="$vpc"),
    ),
    Case(
        "an ACL that isn't there, and what can't be an id",
        ERRORS,
        ec2.delete_network_acl(NetworkAclId=MISSING).refused(
            "InvalidNetworkAclID.NotFound", f"The networkAcl ID '{MISSING}' does not exist"
        ),
        ec2.delete_network_acl(NetworkAclId="sg-1").refused(
            "InvalidNetworkAclId.Malformed", 'Invalid id: "sg-1" (expecting "acl-...")'
        ),
    ),
    Case(
        "two hundred ACLs a VPC, the default one counted",
        LIMITS,
        VPC,
        config(quotas={"network-acls-per-vpc": 2}),
        ACL,
        ACL.refused("NetworkAclLimitExceeded", "The maximum number of network ACLs has been reached."),
    ),
    Case(
        "ACLs by VPC, entry and tag",
        f"{API}/API_DescribeNetworkAcls.html",
        VPC,
        KEPT,
        ec2.create_network_acl(
            VpcId="$vpc",
            TagSpecifications=[{"ResourceType": "network-acl", "Tags": [{"Key": "team", "Value": "shop"}]}],
        ).keep(acl="NetworkAcl.NetworkAclId"),
        entry(),
        *[
            ec2.describe_network_acls(Filters=[{"Name": name, "Values": [value]}]).answers(
                {"NetworkAcls[].NetworkAclId": found}
            )
            for name, value, found in (
                ("vpc-id", "$vpc", ["$default", "$acl"]),
                ("entry.port-range.from", "443", ["$acl"]),
                ("entry.protocol", "6", ["$acl"]),
                ("tag:team", "shop", ["$acl"]),
            )
        ],
    ),
    Case(
        "pages of ACLs",
        f"{API}/API_DescribeNetworkAcls.html",
        VPC,
        *[ACL for _ in range(5)],
        ec2.describe_network_acls(MaxResults=5, Filters=[{"Name": "vpc-id", "Values": ["$vpc"]}])
        .keep(rest="NextToken")
        .answers({"length(NetworkAcls)": 5}),
        ec2.describe_network_acls(
            MaxResults=5, NextToken="$rest", Filters=[{"Name": "vpc-id", "Values": ["$vpc"]}]
        ).answers({"length(NetworkAcls)": 1, "NextToken": None}),
    ),
    Case(
        "an ACL made twice with a token",
        f"{API}/API_CreateNetworkAcl.html",
        VPC,
        ec2.create_network_acl(VpcId="$vpc", ClientToken="one").keep(acl="NetworkAcl.NetworkAclId"),
        ec2.create_network_acl(VpcId="$vpc", ClientToken="one").answers(
            {"NetworkAcl.NetworkAclId": "$acl", "ClientToken": "one"}
        ),
    ),
]


@pytest.mark.parametrize("case", [*ENTRY_CASES, *ACL_CASES], ids=repr)
def test_network_acls_are_as_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)
