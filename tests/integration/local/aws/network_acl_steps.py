"""Steps that cases about network ACLs share."""

from __future__ import annotations

from typing import Any

from tests.integration.local.aws.case import Step, ec2
from tests.integration.local.aws.network import API

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
