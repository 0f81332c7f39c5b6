"""Network ACLs: how many, which subnets use one, how they are listed, and what keeps one from being deleted."""

from __future__ import annotations

from typing import Any, Final

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.ec2.identities import well_formed
from kubewire.local.aws.ec2.network_acl_entries import LAST, allow_all_ipv6, deny_the_rest, entry_row
from kubewire.local.aws.ec2.ranges import vpc_ipv6
from kubewire.local.aws.ec2.selection import listed, selected
from kubewire.local.aws.ec2.tags import tags_of
from kubewire.local.aws.quotas import quota
from kubewire.local.aws.refusal import Refusal, dependency_violation, invalid_parameter
from kubewire.local.aws.rules import Proceed, after, answers, before, exists

_LIMITS: Final = "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html"
ACLS: Final = quota("network-acls-per-vpc", default=200, page=_LIMITS)

_IPV4, _IPV6 = LAST

# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeNetworkAcls.html
_FILTERS: Final = {
    "association.association-id": "Associations.NetworkAclAssociationId",
    "association.network-acl-id": "Associations.NetworkAclId",
    "association.subnet-id": "Associations.SubnetId",
    "default": "IsDefault",
    "entry.cidr": "Entries.CidrBlock",
    "entry.egress": "Entries.Egress",
    "entry.icmp.code": "Entries.IcmpTypeCode.Code",
    "entry.icmp.type": "Entries.IcmpTypeCode.Type",
    "entry.ipv6-cidr": "Entries.Ipv6CidrBlock",
    "entry.port-range.from": "Entries.PortRange.From",
    "entry.port-range.to": "Entries.PortRange.To",
    "entry.protocol": "Entries.Protocol",
    "entry.rule-action": "Entries.RuleAction",
    "entry.rule-number": "Entries.RuleNumber",
    "network-acl-id": "NetworkAclId",
    "owner-id": "OwnerId",
    "vpc-id": "VpcId",
}


@exists("ec2", "NetworkAclId", "NetworkAclIds")
def acl_exists(call: Call, acl_id: str) -> None:
    """Refuse a network ACL that isn't the caller's, or isn't at all.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
    """
    well_formed("InvalidNetworkAclId", "acl", acl_id)
    if acl_id not in call.ec2.network_acls:
        raise Refusal("InvalidNetworkAclID.NotFound", f"The networkAcl ID '{acl_id}' does not exist")


@before("ec2", "CreateNetworkAcl")
def acl_quota(call: Call) -> None:
    """Refuse one network ACL too many in a VPC; the default one counts."""
    vpc_id = call.parameters["VpcId"]
    if sum(one.vpc_id == vpc_id for one in call.ec2.network_acls.values()) >= call.limit(ACLS):
        raise Refusal("NetworkAclLimitExceeded", "The maximum number of network ACLs has been reached.")


@after("ec2", "CreateNetworkAcl")
def made_acl(call: Call, answer: Answer) -> None:
    """A new one denies everything, by entries that moto doesn't give it.

    https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html
    """
    acl = call.ec2.network_acls[answer["NetworkAcl"]["NetworkAclId"]]
    families = (_IPV4, _IPV6) if vpc_ipv6(call.ec2.vpcs[acl.vpc_id]) else (_IPV4,)
    deny_the_rest(call, acl, *families)
    answer["NetworkAcl"] = _row(call, acl)
    if "ClientToken" in call.parameters:
        answer["ClientToken"] = call.parameters["ClientToken"]


@after("ec2", "CreateVpc", "AssociateVpcCidrBlock")
def ipv6_comes_to_a_vpc(call: Call, answer: Answer) -> None:
    """With an IPv6 range, all network ACLs of a VPC get entries for it.

    https://docs.aws.amazon.com/vpc/latest/userguide/default-network-acl.html
    """
    vpc_id = call.parameters.get("VpcId") or answer["Vpc"]["VpcId"]
    if vpc_ipv6(call.ec2.vpcs[vpc_id]):
        for acl in [one for one in call.ec2.network_acls.values() if one.vpc_id == vpc_id]:
            if acl.default and not any(one.ipv6_cidr_block for one in acl.network_acl_entries):
                allow_all_ipv6(call, acl)
            deny_the_rest(call, acl, _IPV6)


@answers("ec2", "DescribeNetworkAcls")
def listed_acls(call: Call, proceed: Proceed) -> Answer:
    """List them with all that AWS says of their entries, by all filters, of which moto has a part."""
    answer = listed(call, proceed)
    rows = [_row(call, call.ec2.network_acls[one["NetworkAclId"]]) for one in answer.get("NetworkAcls", [])]
    answer["NetworkAcls"] = selected(call, rows, _FILTERS)
    return answer


@before("ec2", "ReplaceNetworkAclAssociation")
def association_and_acl(call: Call) -> None:
    """Refuse an association that isn't there, and an ACL of another VPC than the subnet's.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReplaceNetworkAclAssociation.html
    """
    association_id, acl_id = call.parameters["AssociationId"], call.parameters["NetworkAclId"]
    acls: Any = call.ec2.network_acls
    held = [one for one in acls.values() if association_id in {other.id for other in one.associations}]
    if not held:
        raise Refusal("InvalidAssociationID.NotFound", f"The association ID '{association_id}' does not exist")
    if held[0].vpc_id != acls[acl_id].vpc_id:
        subnet_id = next(one.subnet_id for one in held[0].associations if one.id == association_id)
        # Its words about route tables, since nobody has reported those about ACLs.
        raise invalid_parameter(f"network ACL {acl_id} and subnet {subnet_id} belong to different networks")


@before("ec2", "DeleteNetworkAcl")
def acl_in_use(call: Call) -> None:
    """Refuse to delete a VPC's default one, or one that a subnet uses.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteNetworkAcl.html
    """
    acl: Any = call.ec2.network_acls[call.parameters["NetworkAclId"]]
    if acl.default:
        raise invalid_parameter(f"cannot delete default network ACL {acl.id}")
    if acl.associations:
        raise dependency_violation("networkAcl", acl.id)


def _row(call: Call, acl: Any) -> dict[str, Any]:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkAcl.html."""
    entries = sorted(acl.network_acl_entries, key=lambda one: (not one.egress, one.rule_number))
    return {
        "NetworkAclId": acl.id,
        "VpcId": acl.vpc_id,
        "OwnerId": acl.owner_id,
        "IsDefault": acl.default,
        "Associations": [
            {"NetworkAclAssociationId": one.id, "NetworkAclId": acl.id, "SubnetId": one.subnet_id}
            for one in acl.associations
        ],
        "Entries": [entry_row(one) for one in entries],
        "Tags": tags_of(call, acl.id),
    }
