"""Network ACLs of one VPC as EC2 keeps them: small, in memory, and cut off at any change if a test says."""

from __future__ import annotations

from itertools import count
from typing import Any

from tests.unit.resources.killable import Memory, Row, refused

DEFAULT = "acl-default"
LAST = {"RuleNumber": 32767, "Protocol": "-1", "RuleAction": "deny", "CidrBlock": "0.0.0.0/0"}


class AclMemory(Memory):
    """The default ACL and others, and which of them each subnet uses."""

    def __init__(self, *acls: str, most: int = 40) -> None:
        super().__init__()
        self.entries: dict[str, dict[tuple[bool, int], Row]] = {acl: {} for acl in (DEFAULT, *acls)}
        self.users: dict[str, tuple[str, str]] = {}
        self.most = most
        self._serial = count(1)

    def use(self, subnet: str, acl: str) -> None:
        """Let a subnet use an ACL."""
        self.users[subnet] = (f"aclassoc-{next(self._serial)}", acl)

    def subnets_of(self, acl: str) -> set[str]:
        """Give the subnets that use an ACL."""
        return {subnet for subnet, (_, user) in self.users.items() if user == acl}

    def describe_network_acls(self, NetworkAclIds: list[str] | None = None, Filters: Any = ()) -> Row:  # noqa: N803 - AWS's names
        wanted = {one["Name"]: one["Values"][0] for one in Filters}
        found = [self._acl(acl) for acl in NetworkAclIds or self.entries]
        if "default" in wanted:
            found = [acl for acl in found if acl["NetworkAclId"] == DEFAULT]
        if "association.subnet-id" in wanted:
            subnet = wanted["association.subnet-id"]
            found = [acl for acl in found if subnet in {row["SubnetId"] for row in acl["Associations"]}]
        return {"NetworkAcls": found}

    def _acl(self, acl: str) -> Row:
        return {
            "NetworkAclId": acl,
            "VpcId": "vpc-1",
            "Entries": [*self.entries[acl].values(), *({**LAST, "Egress": egress} for egress in (False, True))],
            "Associations": [
                {"SubnetId": subnet, "NetworkAclAssociationId": association, "NetworkAclId": acl}
                for subnet, (association, user) in self.users.items()
                if user == acl
            ],
        }

    def create_network_acl_entry(self, NetworkAclId: str, **row: Any) -> None:  # noqa: N803 - AWS's names, as below
        self.changing()
        entries, key = self.entries[NetworkAclId], (row["Egress"], row["RuleNumber"])
        if key in entries:
            raise refused("NetworkAclEntryAlreadyExists")
        if sum(egress is row["Egress"] for egress, _ in entries) + 1 >= self.most:
            raise refused("NetworkAclEntryLimitExceeded")
        entries[key] = row

    def replace_network_acl_entry(self, NetworkAclId: str, **row: Any) -> None:  # noqa: N803 - AWS's names
        self.changing()
        if (row["Egress"], row["RuleNumber"]) not in self.entries[NetworkAclId]:
            raise refused("InvalidNetworkAclEntry.NotFound")
        self.entries[NetworkAclId][row["Egress"], row["RuleNumber"]] = row

    def delete_network_acl_entry(self, NetworkAclId: str, RuleNumber: int, Egress: bool) -> None:  # noqa: N803, FBT001 - AWS's names
        self.changing()
        if self.entries[NetworkAclId].pop((Egress, RuleNumber), None) is None:
            raise refused("InvalidNetworkAclEntry.NotFound")

    def replace_network_acl_association(self, AssociationId: str, NetworkAclId: str) -> None:  # noqa: N803 - AWS's names
        self.changing()
        found = [subnet for subnet, (held, _) in self.users.items() if held == AssociationId]
        if not found:
            raise refused("InvalidAssociationID.NotFound")
        self.use(found[0], NetworkAclId)

    def delete_network_acl(self, NetworkAclId: str) -> None:  # noqa: N803 - AWS's names
        self.changing()
        if self.subnets_of(NetworkAclId):
            raise refused("DependencyViolation")
        del self.entries[NetworkAclId]
