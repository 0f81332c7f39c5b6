from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.local.aws.case import Case, config, ec2
from tests.integration.local.aws.network import API, ERRORS, LIMITS, OTHER_VPC, SUBNET, VPC
from tests.integration.local.aws.network_acl_steps import (
    ACL,
    ASSOCIATE,
    DEFAULT,
    DESCRIBE,
    GUIDE,
    HELD,
    KEPT,
    MISSING,
    MOVE,
    USER,
    entry,
)

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


@pytest.mark.parametrize("case", ACL_CASES, ids=repr)
def test_network_acls_are_as_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)
