"""Whatever is done to routes and security groups, in whatever order, nothing refers to what isn't there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from random import Random
from typing import Any

from botocore.exceptions import ClientError
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.integration.local.aws.conftest import Server

SUBNETS = ("10.0.1.0/24", "10.0.2.0/24")
DESTINATIONS = ("0.0.0.0/0", "10.0.0.0/16", "10.0.1.0/24", "10.0.1.0/25", "192.0.2.0/24")
REFUSED = 400


class Play:
    """Two VPCs, and what can be done to what is in them; each thing that is done may be refused."""

    def __init__(self, ec2: Any) -> None:
        self.ec2 = ec2
        self._seen: dict[str, list[str]] = {}
        self.vpcs = [ec2.create_vpc(CidrBlock=cidr)["Vpc"]["VpcId"] for cidr in ("10.0.0.0/16", "10.1.0.0/16")]
        self.gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        for cidr in SUBNETS:
            ec2.create_subnet(VpcId=self.vpcs[0], CidrBlock=cidr)
        self.begin()
        self.moves: tuple[Callable[[int, int], Any], ...] = (
            lambda a, _: ec2.create_route_table(VpcId=self.vpcs[a % 2]),
            lambda a, _: ec2.delete_route_table(RouteTableId=self.one(a, self.tables)),
            lambda a, b: ec2.associate_route_table(
                RouteTableId=self.one(a, self.tables), SubnetId=self.one(b, self.subnets)
            ),
            lambda a, _: ec2.disassociate_route_table(AssociationId=self.one(a, self.associations)),
            lambda a, b: ec2.replace_route_table_association(
                AssociationId=self.one(a, self.associations), RouteTableId=self.one(b, self.tables)
            ),
            lambda a, b: ec2.create_route(**self.route(a, b), NetworkInterfaceId=self.one(b, self.interfaces)),
            lambda a, b: ec2.create_route(**self.route(a, b), GatewayId=self.gateway),
            lambda a, b: ec2.replace_route(**self.route(a, b), NetworkInterfaceId=self.one(a, self.interfaces)),
            lambda a, b: ec2.delete_route(**self.route(a, b)),
            lambda a, _: ec2.attach_internet_gateway(InternetGatewayId=self.gateway, VpcId=self.vpcs[a % 2]),
            lambda a, _: ec2.detach_internet_gateway(InternetGatewayId=self.gateway, VpcId=self.vpcs[a % 2]),
            lambda a, b: ec2.create_network_interface(
                SubnetId=self.one(a, self.subnets), Groups=[self.one(b, self.groups)]
            ),
            lambda a, b: ec2.modify_network_interface_attribute(
                NetworkInterfaceId=self.one(a, self.interfaces), Groups=[self.one(b, self.groups)]
            ),
            lambda a, _: ec2.delete_network_interface(NetworkInterfaceId=self.one(a, self.interfaces)),
            lambda a, b: ec2.create_security_group(GroupName=f"g{b % 4}", Description="g", VpcId=self.vpcs[a % 2]),
            lambda a, _: ec2.delete_security_group(GroupId=self.one(a, self.groups)),
            lambda a, b: ec2.authorize_security_group_ingress(
                GroupId=self.one(a, self.groups), IpPermissions=[self.from_group(b), self.from_range(a)]
            ),
            lambda a, b: ec2.authorize_security_group_egress(
                GroupId=self.one(a, self.groups), IpPermissions=[self.from_group(b)]
            ),
            lambda a, b: ec2.revoke_security_group_ingress(
                GroupId=self.one(a, self.groups), IpPermissions=[self.from_group(b)]
            ),
            lambda a, _: self.revoke(a),
            lambda a, _: ec2.delete_subnet(SubnetId=self.one(a, self.subnets)),
        )

    def begin(self) -> None:
        """Let there be something of everything, so that what is done next has something to break."""
        subnet, *_ = self.subnets()
        groups = [
            self.ec2.create_security_group(GroupName=f"g{number}", Description="g", VpcId=self.vpcs[0])["GroupId"]
            for number in range(3)
        ]
        for group, other in pairwise(groups):
            self.ec2.authorize_security_group_ingress(
                GroupId=group, IpPermissions=[{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": other}]}]
            )
        made = self.ec2.create_network_interface(SubnetId=subnet, Groups=groups[:1])
        interface = made["NetworkInterface"]["NetworkInterfaceId"]
        for vpc in self.vpcs:
            table = self.ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
            if vpc == self.vpcs[0]:
                self.ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
                self.ec2.create_route(
                    RouteTableId=table, DestinationCidrBlock="192.0.2.0/24", NetworkInterfaceId=interface
                )

    def make(self, move: int, first: int, second: int) -> bool:
        """Do one thing, and say whether it was done. AWS may refuse; it may not fail."""
        try:
            self.moves[move](first, second)
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] != REFUSED:
                raise
        except LookupError:
            pass  # there is nothing to do it to
        else:
            self._seen.clear()
            return True
        return False

    def one(self, number: int, among: Callable[[], list[str]]) -> str:
        """One of those that there are; they are looked up again after something was done."""
        if among.__name__ not in self._seen:
            self._seen[among.__name__] = among()
        found = self._seen[among.__name__]
        if not found:
            raise LookupError
        return found[number % len(found)]

    def route(self, table: int, destination: int) -> dict[str, str]:
        cidr = DESTINATIONS[destination % len(DESTINATIONS)]
        return {"RouteTableId": self.one(table, self.tables), "DestinationCidrBlock": cidr}

    def from_group(self, number: int) -> dict[str, Any]:
        return {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": self.one(number, self.groups)}]}

    def from_range(self, number: int) -> dict[str, Any]:
        return {"IpProtocol": "-1", "IpRanges": [{"CidrIp": f"10.{number}.0.0/16"}]}

    def revoke(self, number: int) -> None:
        rules = self.ec2.describe_security_group_rules()["SecurityGroupRules"]
        self._take_away(rules[number % len(rules)])

    def mine(self) -> list[dict[str, Any]]:
        return [{"Name": "vpc-id", "Values": self.vpcs}]

    def tables(self) -> list[str]:
        return [table["RouteTableId"] for table in self.route_tables()]

    def route_tables(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ec2.describe_route_tables(Filters=self.mine())["RouteTables"]
        return found

    def associations(self) -> list[str]:
        return [one["RouteTableAssociationId"] for table in self.route_tables() for one in table["Associations"]]

    def subnets(self) -> list[str]:
        return [subnet["SubnetId"] for subnet in self.ec2.describe_subnets(Filters=self.mine())["Subnets"]]

    def interfaces(self) -> list[str]:
        found = self.ec2.describe_network_interfaces(Filters=self.mine())["NetworkInterfaces"]
        return [interface["NetworkInterfaceId"] for interface in found]

    def groups(self) -> list[str]:
        return [group["GroupId"] for group in self.security_groups()]

    def security_groups(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ec2.describe_security_groups(Filters=self.mine())["SecurityGroups"]
        return found

    def dangling(self) -> list[str]:
        """Every reference to what isn't there."""
        return [*self._of_tables(), *self._of_groups()]

    def _of_tables(self) -> Iterator[str]:
        subnets, interfaces, tables = self.subnets(), self.interfaces(), self.route_tables()
        uses = [(table, one) for table in tables for one in table["Associations"]]
        users = [one["SubnetId"] for _, one in uses if "SubnetId" in one]
        yield from (f"a table has {subnet}" for subnet in users if subnet not in subnets)
        yield from (f"{subnet} has two tables" for subnet in users if users.count(subnet) > 1)
        mains = [table["VpcId"] for table, one in uses if one["Main"]]
        yield from (f"{vpc} has {mains.count(vpc)} main tables" for vpc in self.vpcs if mains.count(vpc) != 1)
        routes = [route for table in tables for route in table["Routes"] if route["State"] == "active"]
        targets = [route["NetworkInterfaceId"] for route in routes if "NetworkInterfaceId" in route]
        yield from (f"a route leads to {target}" for target in targets if target not in interfaces)

    def _of_groups(self) -> Iterator[str]:
        groups = self.groups()
        for group in self.security_groups():
            for permission in (*group["IpPermissions"], *group["IpPermissionsEgress"]):
                peers = [pair["GroupId"] for pair in permission["UserIdGroupPairs"]]
                yield from (f"{group['GroupId']} admits {peer}" for peer in peers if peer not in groups)
        for interface in self.ec2.describe_network_interfaces(Filters=self.mine())["NetworkInterfaces"]:
            mine = [group["GroupId"] for group in interface["Groups"]]
            yield from (f"{interface['NetworkInterfaceId']} is in {group}" for group in mine if group not in groups)

    def delete_everything(self) -> None:
        """In the order of what depends on what; nothing of it may be refused."""
        self._delete_tables()
        for interface in self.interfaces():
            self.ec2.delete_network_interface(NetworkInterfaceId=interface)
        self._delete_groups()
        for subnet in self.subnets():
            self.ec2.delete_subnet(SubnetId=subnet)
        attached = self.ec2.describe_internet_gateways(InternetGatewayIds=[self.gateway])["InternetGateways"][0]
        for one in attached["Attachments"]:
            self.ec2.detach_internet_gateway(InternetGatewayId=self.gateway, VpcId=one["VpcId"])
        self.ec2.delete_internet_gateway(InternetGatewayId=self.gateway)
        for vpc in self.vpcs:
            self.ec2.delete_vpc(VpcId=vpc)

    def _delete_tables(self) -> None:
        for table in self.route_tables():
            main = any(one["Main"] for one in table["Associations"])
            for one in (one for one in table["Associations"] if not one["Main"]):
                self.ec2.disassociate_route_table(AssociationId=one["RouteTableAssociationId"])
            if not main:
                self.ec2.delete_route_table(RouteTableId=table["RouteTableId"])

    def _delete_groups(self) -> None:
        for rule in self.ec2.describe_security_group_rules()["SecurityGroupRules"]:
            self._take_away(rule)
        for group in self.security_groups():
            if group["GroupName"] != "default":
                self.ec2.delete_security_group(GroupId=group["GroupId"])

    def _take_away(self, rule: dict[str, Any]) -> None:
        call = self.ec2.revoke_security_group_egress if rule["IsEgress"] else self.ec2.revoke_security_group_ingress
        call(GroupId=rule["GroupId"], SecurityGroupRuleIds=[rule["SecurityGroupRuleId"]])


@settings(max_examples=8, deadline=None, derandomize=True, database=None, phases=[Phase.generate])
@given(chance=st.randoms(use_true_random=True))
def test_nothing_ever_refers_to_what_is_not_there(server: Server, chance: Random) -> None:
    server.control("reset")
    server.control("config", clock="manual")
    play = Play(server.client("ec2"))
    # All moves and all that they are made with are as likely; drawn one by one they wouldn't be.
    for _ in range(50):
        if play.make(chance.randrange(len(play.moves)), chance.randrange(40), chance.randrange(40)):
            assert play.dangling() == []
    play.delete_everything()
    assert (play.tables(), play.interfaces(), play.groups(), play.subnets()) == ([], [], [], [])
    assert server.complaints() == []
