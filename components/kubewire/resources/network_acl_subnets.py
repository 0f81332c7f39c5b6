"""Which subnets use a network ACL: each uses exactly one, so it never leaves one but for another.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReplaceNetworkAclAssociation.html
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from kubewire.errors import NotFoundError, RefusedError
from kubewire.resources.tagging import where

if TYPE_CHECKING:
    from types_boto3_ec2.type_defs import NetworkAclTypeDef

    from kubewire.resources.base import Cloud

LOOKS = 4
"""How often a subnet's association is looked for; it gets another id whenever somebody moves the subnet."""


def associations(acl: NetworkAclTypeDef) -> dict[str, str]:
    """Give an ACL's subnets with the ids of their associations."""
    return {row["SubnetId"]: row["NetworkAclAssociationId"] for row in acl.get("Associations", [])}


class AclSubnets:
    """The subnets of one ACL."""

    def __init__(self, cloud: Cloud, acl: str) -> None:
        self._ec2 = cloud.ec2
        self._acl = acl

    def take(self, subnets: Iterable[str]) -> None:
        """Let subnets use this ACL, whichever they use now."""
        for subnet in subnets:
            self._move(subnet, self._acl)

    def release(self, vpc: str, subnets: set[str] | None) -> None:
        """Give subnets back to the VPC's default ACL, those that still use this one; None for all of them."""
        if subnets is not None and not subnets:
            return
        found = self._ec2.describe_network_acls(NetworkAclIds=[self._acl])["NetworkAcls"]
        users = sorted(associations(found[0])) if found else []
        leaving = [subnet for subnet in users if subnets is None or subnet in subnets]
        if leaving:
            filters = where({"vpc-id": vpc, "default": "true"})
            default = self._ec2.describe_network_acls(Filters=filters)["NetworkAcls"][0]["NetworkAclId"]
            for subnet in leaving:
                self._move(subnet, default, only_from=self._acl)

    def _move(self, subnet: str, acl: str, only_from: str | None = None) -> None:
        """Let a subnet use an ACL, unless it does, or has left the one that it was to leave."""
        for look in range(LOOKS):
            found = self._ec2.describe_network_acls(Filters=where({"association.subnet-id": subnet}))["NetworkAcls"]
            held = {holder["NetworkAclId"]: associations(holder)[subnet] for holder in found}
            if acl in held or (only_from and only_from not in held):
                return
            if not held:
                message, detail = f"subnet {subnet} uses no network ACL", "It may be gone: `pulumi refresh` tells."
                raise RefusedError(message, code="NoAssociation", operation="ec2:DescribeNetworkAcls", detail=detail)
            try:
                self._ec2.replace_network_acl_association(AssociationId=next(iter(held.values())), NetworkAclId=acl)
            except NotFoundError as error:
                # Somebody else moved it since we looked.
                if error.code != "InvalidAssociationID.NotFound" or look == LOOKS - 1:
                    raise
            else:
                return
