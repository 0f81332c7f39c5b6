"""A VPC's ranges as EC2 keeps them: in memory, and cut off at any change if a test says."""

from __future__ import annotations

import copy
from itertools import count
from typing import Any

from kubewire.errors import InUseError
from tests.unit.resources.killable import Memory, refused

Row = dict[str, Any]


class VpcMemory(Memory):
    """One VPC, vpc-1. What comes and goes does so one look later."""

    def __init__(self, primary: str = "10.0.0.0/16") -> None:
        super().__init__()
        self.primary = primary
        self.rows: dict[str, Row] = {}
        self.tags: dict[str, str] = {}
        self.in_use: set[str] = set()
        self._serial = count(1)
        self.put(primary)
        self.settle()

    def put(self, cidr: str, state: str = "associating") -> str:
        """Add a range, as somebody would; give its id."""
        identity = f"assoc-{next(self._serial)}"
        self.rows[identity] = {"AssociationId": identity, "Cidr": cidr, "State": state}
        return identity

    def live(self) -> set[str]:
        """Give the further ranges that are there, or are coming."""
        there = {row["Cidr"] for row in self.rows.values() if row["State"] in ("associating", "associated")}
        return there - {self.primary}

    def settle(self) -> None:
        """Let what is coming be there, and what is going be gone."""
        after = {"associating": "associated", "disassociating": "disassociated", "failing": "failed"}
        for row in self.rows.values():
            row["State"] = after.get(row["State"], row["State"])

    def describe_vpcs(self, **_: Any) -> Row:
        four = [
            {"AssociationId": row["AssociationId"], "CidrBlock": row["Cidr"], "CidrBlockState": {"State": row["State"]}}
            for row in self.rows.values()
            if ":" not in row["Cidr"]
        ]
        six = [
            {
                "AssociationId": row["AssociationId"],
                "Ipv6CidrBlock": row["Cidr"],
                "Ipv6CidrBlockState": {"State": row["State"]},
                "Ipv6Pool": "Amazon",
            }
            for row in self.rows.values()
            if ":" in row["Cidr"]
        ]
        tags = [{"Key": key, "Value": value} for key, value in self.tags.items()]
        ranges = {"CidrBlockAssociationSet": four, "Ipv6CidrBlockAssociationSet": six}
        vpc = {"VpcId": "vpc-1", "State": "available", "CidrBlock": self.primary, "Tags": tags, **ranges}
        seen = copy.deepcopy(vpc)
        self.settle()
        return {"Vpcs": [seen]}

    def associate_vpc_cidr_block(
        self,
        VpcId: str,  # noqa: N803, ARG002 - AWS's names, as below
        CidrBlock: str = "2600:1f18:0:100::/56",  # noqa: N803 - AWS's names
        AmazonProvidedIpv6CidrBlock: bool = False,  # noqa: N803, FBT001, FBT002 - AWS's names
    ) -> Row:
        self.changing()
        if CidrBlock in self.live():
            raise refused("InvalidVpc.Range")
        answer = {"AssociationId": self.put(CidrBlock)}
        return {"Ipv6CidrBlockAssociation" if AmazonProvidedIpv6CidrBlock else "CidrBlockAssociation": answer}

    def disassociate_vpc_cidr_block(self, AssociationId: str) -> None:  # noqa: N803 - AWS's names
        self.changing()
        row = self.rows.get(AssociationId)
        if row is None or row["State"] not in ("associating", "associated"):
            raise refused("InvalidVpcCidrBlockAssociationID.NotFound")
        if row["Cidr"] in self.in_use:
            raise InUseError("a subnet is in it", code="InvalidCidrBlock.InUse", operation="ec2")
        row["State"] = "disassociating"

    def create_tags(self, Resources: list[str], Tags: list[Row]) -> None:  # noqa: N803, ARG002 - AWS's names
        self.changing()
        self.tags |= {tag["Key"]: tag["Value"] for tag in Tags}

    def delete_tags(self, Resources: list[str], Tags: list[Row]) -> None:  # noqa: N803, ARG002 - AWS's names
        self.changing()
        for tag in Tags:
            self.tags.pop(tag["Key"], None)
