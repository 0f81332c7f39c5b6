"""A security group, and route tables, as EC2 keeps them: small, in memory, and cut off at any change if a test says."""

from __future__ import annotations

import copy
from collections.abc import Callable
from itertools import count
from typing import Any

from kubewire.resources.route_calls import NO_ROUTE
from tests.unit.resources.killable import Memory, Row, refused


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
        for item in permission.get("Ipv6Ranges", []):
            row |= {"CidrIpv6": item["CidrIpv6"], "Description": item["Description"]}
        for item in permission.get("PrefixListIds", []):
            row |= {"PrefixListId": item["PrefixListId"], "Description": item["Description"]}
        for item in permission.get("UserIdGroupPairs", []):
            row |= {"ReferencedGroupInfo": {"GroupId": item["GroupId"]}, "Description": item["Description"]}
        self.rows[row_id] = row | {"Tags": tags}

    def describe_security_groups(self, **_: Any) -> Row:
        return {"SecurityGroups": [{"GroupId": "sg-1"}]}

    def describe_security_group_rules(self, **_: Any) -> Row:
        return {"SecurityGroupRules": copy.deepcopy(list(self.rows.values()))}

    def describe_managed_prefix_lists(self, Filters: list[Row]) -> Row:  # noqa: N803 - AWS's names, as below
        return {"PrefixLists": [{"PrefixListId": one, "MaxEntries": 5} for one in Filters[0]["Values"]]}

    def create_tags(self, Resources: list[str], Tags: list[Row]) -> None:  # noqa: N803 - as above
        self.changing()
        for row_id in Resources:
            tags = {tag["Key"]: tag["Value"] for tag in [*self.rows[row_id]["Tags"], *Tags]}
            self.rows[row_id]["Tags"] = [{"Key": key, "Value": value} for key, value in sorted(tags.items())]

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
    """Route tables of one VPC, and which of them each subnet uses.

    Attributes:
        routes: table, then destination as the wire has it, to the target under its parameter's name.
        dead: ids of targets that are gone: routes to them are black holes.
    """

    def __init__(self, *tables: str) -> None:
        super().__init__()
        self.routes: dict[str, dict[str, Row]] = {table: {} for table in tables}
        self.dead: set[str] = set()
        self.users: dict[str, tuple[str, str]] = {}
        self._serial = count(1)

    def subnets_of(self, table: str) -> set[str]:
        """Give the subnets that use a table."""
        return {subnet for subnet, (_, user) in self.users.items() if user == table}

    def describe_route_tables(self, RouteTableIds: list[str] | None = None, Filters: Any = None) -> Row:  # noqa: N803 - AWS's names
        wanted = RouteTableIds or [user for _, user in self._holding(Filters[0]["Values"][0])]
        return {"RouteTables": [self._table(table) for table in wanted]}

    def _holding(self, subnet: str) -> list[tuple[str, str]]:
        return [self.users[subnet]] if subnet in self.users else []

    def _table(self, table: str) -> Row:
        rows = [
            {_member(text): text, "Origin": "CreateRoute", "State": self._state(target), **target}
            for text, target in self.routes[table].items()
        ]
        local = {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "Origin": "CreateRouteTable"}
        users = [
            {"SubnetId": subnet, "RouteTableAssociationId": association}
            for subnet, (association, user) in self.users.items()
            if user == table
        ]
        return {"RouteTableId": table, "VpcId": "vpc-1", "Routes": [local, *rows], "Associations": users}

    def _state(self, target: Row) -> str:
        return "blackhole" if self.dead & set(target.values()) else "active"

    def create_route(self, RouteTableId: str, **given: str) -> None:  # noqa: N803 - AWS's names
        self.changing()
        destination, target = _split(given)
        if self.routes[RouteTableId].get(destination, target) != target:
            raise refused("RouteAlreadyExists")
        self.routes[RouteTableId][destination] = target

    def replace_route(self, RouteTableId: str, **given: str) -> None:  # noqa: N803 - AWS's names
        self.changing()
        destination, target = _split(given)
        if destination not in self.routes[RouteTableId]:
            raise refused("InvalidParameterValue", NO_ROUTE)
        self.routes[RouteTableId][destination] = target

    def delete_route(self, RouteTableId: str, **given: str) -> None:  # noqa: N803 - AWS's names
        self.changing()
        destination, _ = _split(given)
        if self.routes[RouteTableId].pop(destination, None) is None:
            raise refused("InvalidRoute.NotFound")

    def associate_route_table(self, RouteTableId: str, SubnetId: str) -> None:  # noqa: N803 - AWS's names
        self.changing()
        if SubnetId in self.users:
            raise refused("Resource.AlreadyAssociated")
        self.users[SubnetId] = (f"rtbassoc-{next(self._serial)}", RouteTableId)

    def replace_route_table_association(self, AssociationId: str, RouteTableId: str) -> None:  # noqa: N803 - AWS's names
        self.changing()
        self.users[self._subnet_of(AssociationId)] = (f"rtbassoc-{next(self._serial)}", RouteTableId)

    def disassociate_route_table(self, AssociationId: str) -> None:  # noqa: N803 - AWS's names
        self.changing()
        del self.users[self._subnet_of(AssociationId)]

    def _subnet_of(self, association: str) -> str:
        found = [subnet for subnet, (held, _) in self.users.items() if held == association]
        if not found:
            raise refused("InvalidAssociationID.NotFound")
        return found[0]

    def delete_route_table(self, RouteTableId: str) -> None:  # noqa: N803 - AWS's names
        self.changing()
        if self.subnets_of(RouteTableId):
            raise refused("DependencyViolation")
        del self.routes[RouteTableId]


def _member(destination: str) -> str:
    if destination.startswith("pl-"):
        return "DestinationPrefixListId"
    return "DestinationIpv6CidrBlock" if ":" in destination else "DestinationCidrBlock"


def _split(given: Row) -> tuple[str, Row]:
    """Tell a route's destination from its target."""
    (member,) = [name for name in given if name.startswith("Destination")]
    destination = given[member]
    assert member == _member(destination)
    return destination, {name: value for name, value in given.items() if name != member}
