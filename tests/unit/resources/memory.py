"""A security group, and route tables, as EC2 keeps them: small, in memory, and cut off at any change if a test says."""

from __future__ import annotations

import copy
from collections.abc import Callable
from itertools import count
from typing import Any

from kubewire.errors import CloudError, NotFoundError, RefusedError
from kubewire.resources.route_table import NO_ROUTE

Row = dict[str, Any]


class Killed(BaseException):
    """What a SIGKILL is to the code that it ends: nothing catches it."""


class Memory:
    """Counts the calls that change something, and ends the run before one of them."""

    def __init__(self) -> None:
        self.changes = 0
        self.killed_at: int | None = None

    def changing(self) -> None:
        """Note a call that changes something."""
        if self.changes == self.killed_at:
            raise Killed
        self.changes += 1


def refused(code: str, message: str = "") -> CloudError:
    kind = NotFoundError if code.endswith(".NotFound") else RefusedError
    return kind(f"{code}: {message}", code=code, operation="ec2")


class GroupMemory(Memory):
    """One security group, sg-1. Every call is done whole or not at all."""

    def __init__(self, most: int = 60) -> None:
        super().__init__()
        self.rows: dict[str, Row] = {}
        self.most = most
        self._serial = count(1)

    def put(self, egress: bool, permission: Row, tags: list[Row]) -> None:  # noqa: FBT001 - as EC2's own field
        """Add one rule."""
        row_id = f"sgr-{next(self._serial)}"
        bounds = {"FromPort": -1, "ToPort": -1, **{key: permission[key] for key in permission if key.endswith("Port")}}
        row = {"SecurityGroupRuleId": row_id, "IsEgress": egress, "IpProtocol": permission["IpProtocol"], **bounds}
        for item in permission.get("IpRanges", []):
            row |= {"CidrIpv4": item["CidrIp"], "Description": item["Description"]}
        for item in permission.get("UserIdGroupPairs", []):
            row |= {"ReferencedGroupInfo": {"GroupId": item["GroupId"]}, "Description": item["Description"]}
        self.rows[row_id] = row | {"Tags": tags}

    def describe_security_groups(self, **_: Any) -> Row:
        return {"SecurityGroups": [{"GroupId": "sg-1"}]}

    def describe_security_group_rules(self, **_: Any) -> Row:
        return {"SecurityGroupRules": copy.deepcopy(list(self.rows.values()))}

    def create_tags(self, Resources: list[str], Tags: list[Row]) -> None:  # noqa: N803 - AWS's names, as below
        self.changing()
        for row_id in Resources:
            self.rows[row_id]["Tags"] += Tags

    def _authorize(self, egress: bool, permissions: list[Row], tags: list[Row]) -> None:  # noqa: FBT001 - as above
        self.changing()
        before = dict(self.rows)
        for permission in permissions:
            self.put(egress, permission, tags)
        same = [{**row, "SecurityGroupRuleId": "", "Tags": [], "Description": ""} for row in self.rows.values()]
        fault = ""
        if any(row in same[:number] for number, row in enumerate(same)):
            fault = "InvalidPermission.Duplicate"
        elif sum(row["IsEgress"] is egress for row in same) > self.most:
            fault = "RulesPerSecurityGroupLimitExceeded"
        if fault:
            self.rows = before
            raise refused(fault)

    def _revoke(self, egress: bool, ids: list[str]) -> None:  # noqa: FBT001 - as above
        self.changing()
        if any(row_id not in self.rows or self.rows[row_id]["IsEgress"] is not egress for row_id in ids):
            raise refused("InvalidSecurityGroupRuleId.NotFound")
        for row_id in ids:
            del self.rows[row_id]

    def _describe(self, egress: bool, descriptions: list[Row]) -> None:  # noqa: FBT001 - as above
        self.changing()
        for item in descriptions:
            row = self.rows[item["SecurityGroupRuleId"]]
            assert row["IsEgress"] is egress
            row["Description"] = item["Description"]

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        egress = operation.endswith("_egress")

        def call(**asked: Any) -> None:
            if operation.startswith("authorize_"):
                self._authorize(egress, asked["IpPermissions"], asked["TagSpecifications"][0]["Tags"])
            elif operation.startswith("revoke_"):
                self._revoke(egress, asked["SecurityGroupRuleIds"])
            elif operation.startswith("update_security_group_rule_descriptions"):
                self._describe(egress, asked["SecurityGroupRuleDescriptions"])
            else:
                raise AttributeError(operation)

        return call


class TableMemory(Memory):
    """Route tables of one VPC, and which of them each subnet uses."""

    def __init__(self, *tables: str) -> None:
        super().__init__()
        self.routes: dict[str, dict[str, Row]] = {table: {} for table in tables}
        self.users: dict[str, tuple[str, str]] = {}
        self._serial = count(1)

    def subnets_of(self, table: str) -> set[str]:
        """Give the subnets that use a table."""
        return {subnet for subnet, (_, user) in self.users.items() if user == table}

    def describe_route_tables(self, RouteTableIds: list[str] | None = None, Filters: Any = None) -> Row:  # noqa: N803
        wanted = RouteTableIds or [user for _, user in self._holding(Filters[0]["Values"][0])]
        return {"RouteTables": [self._table(table) for table in wanted]}

    def _holding(self, subnet: str) -> list[tuple[str, str]]:
        return [self.users[subnet]] if subnet in self.users else []

    def _table(self, table: str) -> Row:
        rows = [
            {"DestinationCidrBlock": cidr, "Origin": "CreateRoute", "State": "active", **target}
            for cidr, target in self.routes[table].items()
        ]
        local = {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "Origin": "CreateRouteTable"}
        users = [
            {"SubnetId": subnet, "RouteTableAssociationId": association}
            for subnet, (association, user) in self.users.items()
            if user == table
        ]
        return {"RouteTableId": table, "VpcId": "vpc-1", "Routes": [local, *rows], "Associations": users}

    def create_route(self, RouteTableId: str, DestinationCidrBlock: str, **target: str) -> None:  # noqa: N803
        self.changing()
        if DestinationCidrBlock in self.routes[RouteTableId]:
            raise refused("RouteAlreadyExists")
        self.routes[RouteTableId][DestinationCidrBlock] = target

    def replace_route(self, RouteTableId: str, DestinationCidrBlock: str, **target: str) -> None:  # noqa: N803
        self.changing()
        if DestinationCidrBlock not in self.routes[RouteTableId]:
            raise refused("InvalidParameterValue", NO_ROUTE)
        self.routes[RouteTableId][DestinationCidrBlock] = target

    def delete_route(self, RouteTableId: str, DestinationCidrBlock: str) -> None:  # noqa: N803
        self.changing()
        if self.routes[RouteTableId].pop(DestinationCidrBlock, None) is None:
            raise refused("InvalidRoute.NotFound")

    def associate_route_table(self, RouteTableId: str, SubnetId: str) -> None:  # noqa: N803
        self.changing()
        if SubnetId in self.users:
            raise refused("Resource.AlreadyAssociated")
        self.users[SubnetId] = (f"rtbassoc-{next(self._serial)}", RouteTableId)

    def replace_route_table_association(self, AssociationId: str, RouteTableId: str) -> None:  # noqa: N803
        self.changing()
        self.users[self._subnet_of(AssociationId)] = (f"rtbassoc-{next(self._serial)}", RouteTableId)

    def disassociate_route_table(self, AssociationId: str) -> None:  # noqa: N803
        self.changing()
        del self.users[self._subnet_of(AssociationId)]

    def _subnet_of(self, association: str) -> str:
        found = [subnet for subnet, (held, _) in self.users.items() if held == association]
        if not found:
            raise refused("InvalidAssociationID.NotFound")
        return found[0]

    def delete_route_table(self, RouteTableId: str) -> None:  # noqa: N803
        self.changing()
        if self.subnets_of(RouteTableId):
            raise refused("DependencyViolation")
        del self.routes[RouteTableId]
