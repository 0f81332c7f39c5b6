"""One VPC endpoint, vpce-1, as EC2 keeps it: small, in memory, and cut off at any change if a test says."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from kubewire.errors import NotFoundError
from tests.unit.resources.killable import Memory, Row, refused

# What ModifyVpcEndpoint adds and removes, and where a description has it.
SETS = {"RouteTableIds": "RouteTableIds", "SubnetIds": "SubnetIds", "SecurityGroupIds": "SecurityGroupIds"}


class EndpointMemory(Memory):
    """Pending for some looks after each change, and deleting for as many."""

    def __init__(self, looks: int = 2, *, one_by_one: bool = False, **row: Any) -> None:
        super().__init__()
        self.looks = looks
        # All subnets are in one zone then, which an endpoint must leave before it enters it anew.
        self.one_by_one = one_by_one
        self.waits = 0
        self.options: Row = {}
        self.row: Row | None = {
            "VpcEndpointId": "vpce-1",
            "VpcId": "vpc-1",
            "VpcEndpointType": "Gateway" if row.get("ServiceName", "").endswith("s3") else "Interface",
            "State": "Available",
            "PrivateDnsEnabled": False,
            **{name: [] for name in SETS},
            **row,
        }

    def describe_vpc_endpoints(self, **_: Any) -> Row:
        if self.row is None:
            raise refused("InvalidVpcEndpointId.NotFound")
        answer = copy.deepcopy(self.row)
        answer["Groups"] = [{"GroupId": group} for group in answer["SecurityGroupIds"]]
        answer["DnsEntries"] = [{"DnsName": f"vpce-1-{subnet}.sts"} for subnet in answer["SubnetIds"]]
        if self.waits:
            self.waits -= 1
            answer["State"] = "deleting" if answer["State"] == "deleting" else "pending"
        elif answer["State"] == "deleting":
            self.row = None
        return {"VpcEndpoints": [answer]}

    def describe_managed_prefix_lists(self, **_: Any) -> Row:
        return {"PrefixLists": [{"PrefixListId": "pl-1"}]}

    def modify_vpc_endpoint(self, VpcEndpointId: str, **change: Any) -> None:  # noqa: N803 - AWS's name, as below
        self.changing()
        assert (VpcEndpointId, self.waits) == ("vpce-1", 0), "AWS changes no pending endpoint"
        assert self.row is not None
        if self.one_by_one and "AddSubnetIds" in change and self.row["SubnetIds"]:
            raise refused("DuplicateSubnetsInSameZone")
        wanted: Mapping[str, Any] = copy.deepcopy(self.row)
        for name in SETS:
            if set(wanted[name]) & set(change.get(f"Add{name}", ())):
                raise refused("RouteAlreadyExists" if name == "RouteTableIds" else "DuplicateSubnetsInSameZone")
            kept = [one for one in wanted[name] if one not in change.get(f"Remove{name}", ())]
            wanted[name][:] = kept + change.get(f"Add{name}", [])
        self.options |= change.get("DnsOptions", {})
        self.row |= {**wanted, "PrivateDnsEnabled": change.get("PrivateDnsEnabled", wanted["PrivateDnsEnabled"])}
        self.waits = self.looks

    def delete_vpc_endpoints(self, VpcEndpointIds: list[str]) -> Row:  # noqa: N803 - AWS's names
        self.changing()
        if self.row is None:
            error = {"Code": "InvalidVpcEndpoint.NotFound", "Message": "gone"}
            return {"Unsuccessful": [{"ResourceId": VpcEndpointIds[0], "Error": error}]}
        self.row["State"] = "deleting"
        self.waits = self.looks
        return {"Unsuccessful": []}


def is_gone(memory: EndpointMemory) -> bool:
    """Whether the endpoint is there no more."""
    try:
        memory.describe_vpc_endpoints()
    except NotFoundError:
        return True
    return False
